// What `share preview` says against what a node would do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "client/share/preview.h"
#include "google/protobuf/text_format.h"
#include "lintas/options/v1/options.pb.h"
#include "server/agreement/release.h"
#include "tests/support/signed_agreement.h"

namespace lintas::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::ElementsAre;
using testing::IsEmpty;

// SYNTHETIC: one text in every text field, so that each section is filled.
void Fill(Message* message, const std::vector<std::string>& nationalities, bool top) {
  const auto* reflection = message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (top && !field->options().HasExtension(options::v1::field)) continue;
    if (field->name() == "nationalities") {
      for (const auto& each : nationalities) reflection->AddString(message, field, each);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Fill(field->is_repeated() ? reflection->AddMessage(message, field)
                                : reflection->MutableMessage(message, field),
           nationalities, false);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      field->is_repeated() ? reflection->AddString(message, field, "A")
                           : reflection->SetString(message, field, "A");
    }
  }
}

AnyRecord Example(const RecordKind& kind, const std::vector<std::string>& nationalities) {
  AnyRecord any;
  Fill(any.GetReflection()->MutableMessage(&any, kind.field), nationalities, true);
  return any;
}

// The sections that are filled in an example.
std::array<bool, kSectionCount> FilledSections(const RecordKind& kind, const AnyRecord& any) {
  std::array<bool, kSectionCount> filled{};
  std::vector<const FieldDescriptor*> fields;
  const Message& record = *RecordIn(any);
  record.GetReflection()->ListFields(record, &fields);
  for (const FieldDescriptor* field : fields) {
    const int section = field->options().GetExtension(options::v1::field).section();
    filled[static_cast<size_t>(section == 0 ? 0 : section - 1)] = true;
  }
  (void)kind;
  return filled;
}

TEST(SharePreview, SaysWhatTheNodeWouldRelease) {
  const AgreementVersionPtr version = VersionForTest(DefaultAgreementForTest());
  SharePreview preview(DefaultAgreementForTest());
  const std::vector<std::vector<std::string>> all = {{"IDN"}, {"KHM"}, {"MYS"}, {}, {"MYS", "KHM"}};
  for (const RecordKind& kind : RecordKinds()) {
    for (const auto& nationalities : all) {
      const AnyRecord any = Example(kind, nationalities);
      const bool person = kind.message()->FindFieldByName("person") != nullptr;
      const ReleasePlan plan =
          PlanRelease(version.get(), kind.type, person ? nationalities : std::vector<std::string>(),
                      FilledSections(kind, any));
      const RecordFate fate = preview.Add(any);
      EXPECT_EQ(fate.fate == Fate::kReplicated, plan.replicate) << kind.type;
      EXPECT_EQ(fate.released_sections, plan.released_sections) << kind.type;
    }
  }
}

TEST(SharePreview, ShowsThirdCountryNationalsAsNeverLeaving) {
  SharePreview preview(DefaultAgreementForTest());
  for (const RecordKind& kind : RecordKinds()) {
    if (kind.message()->FindFieldByName("person") == nullptr) continue;
    const RecordFate foreign = preview.Add(Example(kind, {"MYS"}));
    EXPECT_EQ(foreign.fate, Fate::kStaysHome) << kind.type;
    EXPECT_EQ(foreign.reason, "THIRD_COUNTRY") << kind.type;
    EXPECT_THAT(foreign.released_sections, IsEmpty()) << kind.type;
    EXPECT_EQ(preview.Add(Example(kind, {})).reason, "NO_NATIONALITY") << kind.type;
  }
}

TEST(SharePreview, NamesWithheldFieldsAndWhatMayBeAskedFor) {
  SharePreview preview(DefaultAgreementForTest());
  const RecordFate permit = preview.Add(Example(**KindOfType("stay_permit"), {"IDN"}));
  EXPECT_EQ(permit.fate, Fate::kReplicated);
  EXPECT_THAT(permit.withheld_fields, ElementsAre("address", "host"));
  EXPECT_EQ(SectionNames(permit.request_sections), "SENSITIVE");
  const RecordFate presence = preview.Add(Example(**KindOfType("presence"), {"IDN"}));
  EXPECT_EQ(presence.fate, Fate::kOnRequest);
  const RecordFate overstay = preview.Add(Example(**KindOfType("overstay"), {"IDN"}));
  EXPECT_THAT(overstay.withheld_fields, testing::Contains("waiver_ground"));
  EXPECT_THAT(overstay.request_sections, IsEmpty());
  EXPECT_EQ(preview.counts().at("presence|on request|ON_REQUEST"), 1u);
}

TEST(SharePreview, WarnsOfSmallGroupsAndOfWhatAnotherFieldOrRecordTells) {
  SharePreview preview(DefaultAgreementForTest());
  preview.Add(Example(**KindOfType("work_permit"), {"IDN"}));
  preview.Add(Example(**KindOfType("crossing"), {"IDN"}));
  std::set<std::string> codes;
  for (const auto& inference : preview.Inferences()) codes.insert(inference.code);
  EXPECT_THAT(codes, ElementsAre("SMALL_GROUP", "TOLD_BY_ANOTHER_FIELD"));
  // The same document with a withheld address.
  preview.Add(Example(**KindOfType("stay_permit"), {"IDN"}));
  codes.clear();
  for (const auto& inference : preview.Inferences()) codes.insert(inference.code);
  EXPECT_EQ(codes.count("TOLD_BY_ANOTHER_RECORD"), 1u);
  SharePreview many(DefaultAgreementForTest());
  for (uint64_t i = 0; i < SharePreview::kSmallGroup; ++i) {
    many.Add(Example(**KindOfType("crossing"), {"IDN"}));
  }
  EXPECT_THAT(many.Inferences(), IsEmpty());
}

}  // namespace
}  // namespace lintas::client
