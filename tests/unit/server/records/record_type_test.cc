// All data about people here is synthetic.
#include "server/records/record_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lintas/migration_information/v1/migration_information.pb.h"

namespace lintas {
namespace {

namespace area = migration_information::v1;
using ::testing::ElementsAre;

const RecordTypes& Types() {
  static const RecordTypes* const types = new RecordTypes(
      {area::Traveller::descriptor()->file(), area::TravelDocument::descriptor()->file(),
       area::Crossing::descriptor()->file(), area::StayPermit::descriptor()->file(),
       area::WorkPermit::descriptor()->file()});
  return *types;
}

area::StayPermit Permit() {
  area::StayPermit permit;
  permit.mutable_person()->add_names()->set_given_name("BUDI");
  permit.mutable_document()->set_number("C1234567");
  permit.set_permit_number("E-17");
  permit.set_status(area::StayPermit::VALID);
  permit.set_address("Street 1");
  permit.set_host("Example Ltd");
  return permit;
}

template <typename Record>
std::array<std::string, kSectionCount> SplitOk(const Record& record) {
  const RecordType* type = Types().ByDescriptor(Record::descriptor());
  const auto sections = type->Split(record.SerializeAsString());
  EXPECT_TRUE(sections.ok()) << sections.status();
  return sections.ok() ? *sections : std::array<std::string, kSectionCount>();
}

std::string SplitReason(const std::string& bytes) {
  return ErrorReason(Types().ByCode("crossing")->Split(bytes).status());
}

TEST(RecordTypes, FindsEveryDeclaredType) {
  std::vector<std::string> codes;
  for (const auto& type : Types().all()) codes.push_back(type->code());
  EXPECT_THAT(
      codes, ElementsAre("traveller", "travel_document", "crossing", "stay_permit", "work_permit"));
  EXPECT_EQ(Types().ByCollection("stayPermits"), Types().ByCode("stay_permit"));
  EXPECT_EQ(Types().ByCode("stay_permits"), nullptr);
  EXPECT_EQ(Types().ByCollection("crossing"), nullptr);
  EXPECT_EQ(Types().ByDescriptor(area::RecordMeta::descriptor()), nullptr);
}

TEST(RecordType, KnowsItsDeclaration) {
  const RecordType& crossing = *Types().ByCode("crossing");
  EXPECT_EQ(crossing.collection(), "crossings");
  EXPECT_EQ(crossing.retention_class(), "crossing");
  EXPECT_FALSE(crossing.sensitive());
  EXPECT_TRUE(crossing.basic_only());
  EXPECT_FALSE(Types().ByCode("stay_permit")->basic_only());
  EXPECT_EQ(crossing.NewMessage()->GetDescriptor(), area::Crossing::descriptor());
}

TEST(Split, KeepsBytesOfABasicRecordWhole) {
  area::Crossing crossing;
  crossing.set_port("KHPNH");
  crossing.set_utc_offset_minutes(-210);
  crossing.mutable_crossing_time()->set_seconds(1767225600);
  const auto sections = SplitOk(crossing);
  EXPECT_EQ(sections[0], crossing.SerializeAsString());
  EXPECT_EQ(sections[1] + sections[2] + sections[3], "");
}

TEST(Split, PutsSensitiveFieldsApart) {
  const area::StayPermit permit = Permit();
  const auto sections = SplitOk(permit);
  area::StayPermit basic;
  ASSERT_TRUE(basic.ParseFromString(sections[0]));
  EXPECT_EQ(basic.permit_number(), "E-17");
  EXPECT_EQ(basic.address(), "");
  EXPECT_EQ(basic.host(), "");
  area::StayPermit sensitive;
  ASSERT_TRUE(sensitive.ParseFromString(sections[1]));
  EXPECT_EQ(sensitive.address(), "Street 1");
  EXPECT_EQ(sensitive.host(), "Example Ltd");
  EXPECT_FALSE(sensitive.has_person());
  area::StayPermit joined;
  ASSERT_TRUE(joined.ParseFromString(absl::StrJoin(sections, "")));
  EXPECT_EQ(joined.SerializeAsString(), permit.SerializeAsString());
}

TEST(Split, DropsNameAndMetaWhereverTheyStand) {
  area::StayPermit permit = Permit();
  const std::string expected = permit.SerializeAsString();
  area::StayPermit own;
  own.set_name("countries/idn/stayPermits/00");
  own.mutable_meta()->set_revision(3);
  const std::string bytes = own.SerializeAsString() + expected + own.SerializeAsString();
  const auto sections = Types().ByCode("stay_permit")->Split(bytes);
  ASSERT_TRUE(sections.ok());
  EXPECT_EQ(absl::StrJoin(*sections, ""), expected);
}

TEST(Split, GathersFieldsThatComeInAnyOrder) {
  area::StayPermit host;
  host.set_host("Example Ltd");
  area::StayPermit number;
  number.set_permit_number("E-17");
  area::StayPermit address;
  address.set_address("Street 1");
  const auto sections = Types()
                            .ByCode("stay_permit")
                            ->Split(host.SerializeAsString() + number.SerializeAsString() +
                                    address.SerializeAsString());
  ASSERT_TRUE(sections.ok());
  EXPECT_EQ((*sections)[0], number.SerializeAsString());
  EXPECT_EQ((*sections)[1], host.SerializeAsString() + address.SerializeAsString());
}

TEST(Split, RefusesFieldsThatAreNotDeclared) {
  EXPECT_EQ(SplitReason(std::string("\x70\x01", 2)), "UNDECLARED_FIELD");      // Field 14.
  EXPECT_EQ(SplitReason(std::string("\xc0\x3e\x01", 3)), "UNDECLARED_FIELD");  // Field 1000.
  // Field 5 (port, a text) as a number: a parser would take it for an unknown field.
  EXPECT_EQ(SplitReason(std::string("\x28\x01", 2)), "UNDECLARED_FIELD");
  EXPECT_EQ(SplitReason(std::string("\x08\x01", 2)), "UNDECLARED_FIELD");  // Field 1 likewise.
}

TEST(Split, RefusesBytesThatAreNotWellFormed) {
  for (const std::string& bytes : {
           std::string("\x2a"),         // No length.
           std::string("\x2a\x05KHP"),  // Cut off.
           std::string("\x20"),         // No value.
           std::string("\x20\xff"),     // Value without an end.
           std::string("\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),  // Eleven bytes.
           std::string("\x02\x00", 2),                                       // Field 0.
           std::string("\x2b\x2c"),                                          // A group.
           std::string("\x2f"),                                              // Wire type 7.
           std::string("\xaa\xaa\xaa\xaa\xaa\x01"),                          // A tag of six bytes.
           std::string("\x2a\xff\xff\xff\xff\x0f"),  // A length beyond the end.
       }) {
    EXPECT_EQ(SplitReason(bytes), "MALFORMED_RECORD");
  }
}

TEST(Split, TakesNoBytesForAnEmptyRecord) {
  const auto sections = Types().ByCode("crossing")->Split("");
  ASSERT_TRUE(sections.ok());
  EXPECT_EQ(absl::StrJoin(*sections, ""), "");
}

TEST(Split, RefusesASectionOverOneMebibyte) {
  area::Crossing crossing;
  crossing.set_carrier(std::string(kSectionBytesMax - 4, 'a'));
  ASSERT_EQ(crossing.ByteSizeLong(), kSectionBytesMax);
  EXPECT_EQ(SplitReason(crossing.SerializeAsString()), "");
  crossing.mutable_carrier()->push_back('a');
  EXPECT_EQ(SplitReason(crossing.SerializeAsString()), "SECTION_TOO_LARGE");
}

TEST(Split, EveryDeclaredFieldGoesToTheSectionItDeclares) {
  for (const auto& type : Types().all()) {
    for (int i = 0; i < type->descriptor()->field_count(); ++i) {
      const auto* field = type->descriptor()->field(i);
      const auto record = type->NewMessage();
      const auto* reflection = record->GetReflection();
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        reflection->SetString(record.get(), field, "X");
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM) {
        reflection->SetEnumValue(record.get(), field, 1);
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT32) {
        reflection->SetInt32(record.get(), field, 1);
      } else if (field->is_repeated()) {
        reflection->AddMessage(record.get(), field);
      } else {
        reflection->MutableMessage(record.get(), field);
      }
      const auto sections = type->Split(record->SerializeAsString());
      ASSERT_TRUE(sections.ok()) << field->full_name();
      const int section = field->options().GetExtension(options::v1::field).section();
      for (int s = 1; s <= kSectionCount; ++s) {
        EXPECT_EQ(!(*sections)[static_cast<size_t>(s - 1)].empty(), s == section)
            << field->full_name();
      }
    }
  }
}

TEST(RecordName, ReadsBackWhatItWrites) {
  const RecordType& type = *Types().ByCode("stay_permit");
  const std::string id("\x00\x01\xfe\xff\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0", 16);
  const std::string name = RecordName("khm", type, id);
  EXPECT_EQ(name, "countries/khm/stayPermits/0001feff102030405060708090a0b0c0");
  const auto parsed = ParseRecordName(name, Types());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->country, "khm");
  EXPECT_EQ(parsed->type, &type);
  EXPECT_EQ(parsed->record_id, id);
}

TEST(RecordName, RefusesOtherForms) {
  const std::string id(32, 'a');
  for (const std::string& name :
       {std::string(), absl::StrCat("countries/idn/crossings/", id, "/x"),
        absl::StrCat("countries/idn/crossing/", id), absl::StrCat("countries/IDN/crossings/", id),
        absl::StrCat("countries/id/crossings/", id), absl::StrCat("country/idn/crossings/", id),
        std::string("countries/idn/crossings/"), absl::StrCat("countries/idn/crossings/", id, "a"),
        absl::StrCat("countries/idn/crossings/", std::string(32, 'A')),
        absl::StrCat("countries/idn/crossings/", std::string(32, 'g')),
        absl::StrCat("/countries/idn/crossings/", id)}) {
    const auto parsed = ParseRecordName(name, Types());
    ASSERT_FALSE(parsed.ok()) << name;
    const auto violations = FieldViolations(parsed.status());
    ASSERT_EQ(violations.size(), 1u);
    EXPECT_EQ(violations[0].field, "name");
    EXPECT_EQ(violations[0].rule, "RECORD_NAME");
  }
}

}  // namespace
}  // namespace lintas
