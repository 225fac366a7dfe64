// Records of every type through the methods of any record, on two whole nodes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "client/export/record_csv.h"
#include "client/import/csv_rows.h"
#include "client/import/ndjson_rows.h"
#include "server/areas/migration_information/bulk_stream.h"
#include "server/base/error.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void SetDocument(types::v1::DocumentReference* document) {
  document->set_code("P");
  document->set_number("X0000001");
  document->set_issuer("IDN");
}

// SYNTHETIC.
mi::AnyRecord MakeVisa(const PersonForTest& person = {}) {
  mi::AnyRecord any;
  mi::Visa& visa = *any.mutable_visa();
  *visa.mutable_person() = MakePerson(person);
  SetDocument(visa.mutable_document());
  visa.set_visa_number("V-2026-1");
  visa.set_visa_class("C1");
  visa.set_list_version("IDN-2025");
  visa.set_start_date("2026-01-01");
  visa.set_end_date("2026-03-01");
  visa.set_sponsor(kHostForTest);
  return any;
}

mi::AnyRecord MakePresence(const PersonForTest& person = {}) {
  mi::AnyRecord any;
  mi::Presence& presence = *any.mutable_presence();
  *presence.mutable_person() = MakePerson(person);
  SetDocument(presence.mutable_document());
  presence.set_start_date("2026-02-01");
  presence.set_address(kAddressForTest);
  presence.set_host(kHostForTest);
  presence.set_province("KH-12");
  presence.set_registration_number("FPCS-1");
  return any;
}

mi::AnyRecord MakeBan(const PersonForTest& person = {}) {
  mi::AnyRecord any;
  mi::Ban& ban = *any.mutable_ban();
  *ban.mutable_person() = MakePerson(person);
  SetDocument(ban.mutable_document());
  ban.set_order_number("IMI-7");
  ban.set_kind(mi::Ban::EXIT_BAN);
  ban.set_rule_set("IDN-2024");
  ban.set_start_date("2026-01-01");
  ban.set_end_date("2026-06-30");
  ban.set_ground("TAX");
  ban.set_note("internal");
  return any;
}

mi::AnyRecord MakeOverstay(const PersonForTest& person = {}) {
  mi::AnyRecord any;
  mi::Overstay& overstay = *any.mutable_overstay();
  *overstay.mutable_person() = MakePerson(person);
  SetDocument(overstay.mutable_document());
  overstay.set_permitted_until_date("2026-01-31");
  overstay.set_departure_date("2026-02-10");
  overstay.set_days(10);
  overstay.set_fine_amount(10'000'000);
  overstay.set_fine_currency("IDR");
  overstay.set_fine_status(mi::Overstay::WAIVED);
  overstay.set_waived_amount(10'000'000);
  overstay.set_waiver_ground("PROTECTION");
  return any;
}

mi::AnyRecord MakePassengerList(const PersonForTest& = {}) {
  mi::AnyRecord any;
  mi::PassengerList& list = *any.mutable_passenger_list();
  list.set_list_number("GA0864-0301");
  list.set_kind(mi::PassengerList::PASSENGERS);
  list.set_flight("GA 864");
  mi::PassengerList::Leg* leg = list.add_legs();
  leg->set_departure_port("IDCGK");
  leg->set_arrival_port("SGSIN");
  leg = list.add_legs();
  leg->set_departure_port("SGSIN");
  leg->set_arrival_port("KHPNH");
  list.set_stated_count(136);
  list.set_listed_count(10);
  return any;
}

mi::AnyRecord MakeAnyCrossing(const PersonForTest& person = {}) {
  mi::AnyRecord any;
  *any.mutable_crossing() = MakeCrossing(person);
  return any;
}

const google::protobuf::Message& Inside(const mi::AnyRecord& any) {
  const auto* field = any.GetDescriptor()->FindFieldByNumber(any.record_case());
  return any.GetReflection()->GetMessage(any, field);
}
std::string NameOf(const mi::AnyRecord& any) {
  const auto& record = Inside(any);
  return record.GetReflection()->GetString(record, record.GetDescriptor()->FindFieldByName("name"));
}
const mi::RecordMeta& MetaOf(const mi::AnyRecord& any) {
  const auto& record = Inside(any);
  return static_cast<const mi::RecordMeta&>(
      record.GetReflection()->GetMessage(record, record.GetDescriptor()->FindFieldByName("meta")));
}

class AnyRecordTest : public testing::Test, protected MigrationCalls {
 protected:
  using Make = mi::AnyRecord (*)(const PersonForTest&);
  static constexpr Make kNewTypes[] = {MakeVisa, MakePresence, MakeBan, MakeOverstay,
                                       MakePassengerList};

  absl::StatusOr<mi::AnyRecord> CreateAny(NodeOnDisk& at, const mi::AnyRecord& record) {
    mi::CreateRecordRequest request;
    request.set_parent("countries/" + at.country());
    *request.mutable_record() = record;
    request.set_request_id(NextRequestId());
    return Call<mi::AnyRecord>(at, "CreateRecord", Officer(), request);
  }
  absl::StatusOr<mi::AnyRecord> GetAny(NodeOnDisk& at, const std::string& name,
                                       const As& as = Officer()) {
    mi::GetRecordRequest request;
    request.set_name(name);
    request.set_view(mi::FULL);
    return Call<mi::AnyRecord>(at, "GetRecord", as, request);
  }
  absl::StatusOr<mi::ListRecordsResponse> ListAny(NodeOnDisk& at, const std::string& type,
                                                  const std::string& country,
                                                  absl::Time since = absl::UnixEpoch()) {
    mi::ListRecordsRequest request;
    request.set_parent("countries/" + country);
    request.set_type(type);
    request.set_view(mi::FULL);
    request.mutable_since_time()->set_seconds(absl::ToUnixSeconds(since));
    return Call<mi::ListRecordsResponse>(at, "ListRecords", Officer(), request);
  }
  static std::string TypeOf(const mi::AnyRecord& any) {
    return any.GetDescriptor()->FindFieldByNumber(any.record_case())->name();
  }
};

TEST_F(AnyRecordTest, OfEveryTypeIsCreatedReadListedCorrectedWithdrawnAndRecalled) {
  for (const Make make : kNewTypes) {
    const mi::AnyRecord record = make({});
    const std::string type = TypeOf(record);
    const auto created = CreateAny(idn, record);
    ASSERT_TRUE(created.ok()) << type << created.status();
    const std::string name = NameOf(*created);
    const auto read = GetAny(idn, name);
    ASSERT_TRUE(read.ok()) << type << read.status();
    EXPECT_EQ(TypeOf(*read), type);
    const auto listed = ListAny(idn, type, "idn");
    ASSERT_TRUE(listed.ok()) << listed.status();
    ASSERT_EQ(listed->records_size(), 1) << type;
    EXPECT_EQ(NameOf(listed->records(0)), name);
    mi::CorrectRecordRequest correct;
    *correct.mutable_record() = record;
    auto* change = correct.mutable_record();
    auto* inside = change->GetReflection()->MutableMessage(
        change, change->GetDescriptor()->FindFieldByNumber(change->record_case()));
    inside->GetReflection()->SetString(inside, inside->GetDescriptor()->FindFieldByName("name"),
                                       name);
    correct.set_request_id(NextRequestId());
    correct.set_etag(MetaOf(*read).etag());
    const auto corrected = Call<mi::AnyRecord>(idn, "CorrectRecord", Officer(), correct);
    ASSERT_TRUE(corrected.ok()) << type << corrected.status();
    EXPECT_EQ(MetaOf(*corrected).revision(), 2u) << type;
    correct.set_request_id(NextRequestId());
    EXPECT_EQ(Call<mi::AnyRecord>(idn, "CorrectRecord", Officer(), correct).status().code(),
              absl::StatusCode::kAborted);
    EXPECT_EQ(MetaOf(*Withdraw(idn, name)).state(), mi::RecordMeta::WITHDRAWN) << type;
    EXPECT_TRUE(Recall(idn, name).ok()) << type;
    EXPECT_EQ(ErrorReason(GetAny(idn, name).status()), "NOTHING_TO_SHARE") << type;
  }
}

TEST_F(AnyRecordTest, IsFoundByItsNumberAndByEveryFormOfTheName) {
  mi::AnyRecord ban = MakeBan();
  ban.mutable_ban()->mutable_person()->add_latin_forms("BOEDI SANTOSA");
  ban.mutable_ban()->mutable_person()->add_aliases("Mas Kancil");
  ASSERT_TRUE(CreateAny(idn, ban).ok());
  mi::FindRecordsRequest by_number;
  by_number.set_permit_number("imi-7");
  EXPECT_EQ(Count(idn, by_number), 1);
  EXPECT_EQ(Count(idn, ByName("Boedi Santosa")), 1);
  EXPECT_EQ(Count(idn, ByName("Kancil")), 1);
  EXPECT_EQ(Count(idn, ByName("Nobody")), 0);
  ASSERT_TRUE(CreateAny(idn, MakePassengerList()).ok());
  by_number.set_permit_number("GA0864-0301");
  EXPECT_EQ(Count(idn, by_number), 1);
}

TEST_F(AnyRecordTest, CrossesOnlyAsTheDefaultAgreementSays) {
  std::vector<std::string> crossed;
  for (const Make make : kNewTypes) {
    const auto created = CreateAny(idn, make({}));
    ASSERT_TRUE(created.ok()) << created.status();
    Settle();
    const auto there = GetAny(khm, NameOf(*created));
    EXPECT_EQ(there.ok(), MetaOf(*created).released());
    if (!there.ok()) continue;
    crossed.push_back(TypeOf(*there));
    EXPECT_EQ(there->DebugString().find(kHostForTest), std::string::npos);
    EXPECT_EQ(there->DebugString().find("PROTECTION"), std::string::npos);
    EXPECT_EQ(there->overstay().fine_status(), mi::Overstay::FINE_STATUS_UNSPECIFIED);
  }
  EXPECT_THAT(crossed, ElementsAre("visa", "overstay"));
}

TEST_F(AnyRecordTest, OfAThirdCountryNationalNeverCrosses) {
  for (const Make make : kNewTypes) {
    const auto created = CreateAny(idn, make({{"MYS"}}));
    ASSERT_TRUE(created.ok()) << created.status();
    EXPECT_FALSE(MetaOf(*created).released()) << TypeOf(*created);
    Settle();
    EXPECT_EQ(ErrorReason(GetAny(khm, NameOf(*created)).status()), "NOTHING_TO_SHARE");
  }
}

// What the State of origin can get of a person by asking and by looking at what comes.
class RedLinesTest : public AnyRecordTest {
 protected:
  // Every answer to questions on the person's document, opened as far as it goes, as one text.
  std::string AllThatCanBeAsked() {
    const As as = OfficerIn("C-1");
    const auto hits = Ask(khm, "X0000001", as);
    if (!hits.ok()) return hits.status().ToString();
    std::string all;
    for (const auto& hit : hits->hits()) {
      const auto opened = Open(khm, hit.reference(), as);
      if (!opened.ok()) return opened.status().ToString();
      mi::AnyRecord record = opened->record();
      if (record.has_overstay()) record.mutable_overstay()->clear_meta();
      absl::StrAppend(&all, hit.type(), record.DebugString());
    }
    return all;
  }
  // Everything of the type that the partner holds, without when it was written.
  std::string Held(const std::string& type) {
    std::string all;
    const auto held = ListAny(khm, type, "idn");
    for (mi::AnyRecord record : held->records()) {
      if (record.has_overstay()) record.mutable_overstay()->clear_meta();
      if (record.has_overstay()) record.mutable_overstay()->clear_name();
      if (record.has_visa()) record.mutable_visa()->clear_meta();
      if (record.has_visa()) record.mutable_visa()->clear_name();
      all += record.DebugString();
    }
    return all;
  }
};

TEST_F(RedLinesTest, TheAddressOfAPresenceCannotBeAskedFor) {  // R2, R5
  ASSERT_TRUE(CreateAny(idn, MakePresence()).ok());
  Settle();
  const std::string all = AllThatCanBeAsked();
  EXPECT_THAT(all, HasSubstr("presence"));
  EXPECT_THAT(all, HasSubstr("2026-02-01"));
  for (const char* hidden : {kAddressForTest, kHostForTest, "KH-12"}) {
    EXPECT_EQ(all.find(hidden), std::string::npos) << hidden;
  }
}

TEST_F(RedLinesTest, AProtectionMarkIsSilent) {  // R2
  mi::AnyRecord overstay = MakeOverstay();
  overstay.mutable_overstay()->clear_waiver_ground();
  const auto created = CreateAny(idn, overstay);
  ASSERT_TRUE(created.ok()) << created.status();
  Settle();
  const std::string held = Held("overstay");
  const std::string asked = AllThatCanBeAsked();
  EXPECT_THAT(asked, HasSubstr("overstay"));
  mi::CorrectRecordRequest mark;
  *mark.mutable_record() = MakeOverstay();
  mark.mutable_record()->mutable_overstay()->set_name(NameOf(*created));
  mark.set_request_id(NextRequestId());
  ASSERT_TRUE((Call<mi::AnyRecord>(idn, "CorrectRecord", Officer(), mark).ok()));
  Settle();
  EXPECT_EQ(Held("overstay"), held) << "no word, no recall";
  EXPECT_EQ(AllThatCanBeAsked(), asked) << "asking tells no more than the copy";
}

TEST_F(RedLinesTest, AMarkOnWhatThePartnerDoesNotHoldIsNothingToShare) {  // R2, P26
  mi::AnyRecord overstay = MakeOverstay({{"MYS"}});
  ASSERT_TRUE(CreateAny(idn, overstay).ok());
  Settle();
  EXPECT_EQ(AllThatCanBeAsked(), Ask(khm, "X7654321", OfficerIn("C-1")).status().ToString());
}

TEST_F(RedLinesTest, TwoListsJoinedTellNothingOfProtection) {  // R2
  mi::AnyRecord plain = MakeOverstay();
  plain.mutable_overstay()->clear_waiver_ground();
  ASSERT_TRUE(CreateAny(idn, plain).ok() && CreateAny(idn, MakeVisa()).ok());
  Settle();
  const std::string once = absl::StrCat(Held("overstay"), Held("visa"));
  ASSERT_TRUE(CreateAny(idn, MakeOverstay()).ok() && CreateAny(idn, MakeVisa()).ok());
  Settle();
  EXPECT_EQ(absl::StrCat(Held("overstay"), Held("visa")),
            absl::StrCat(once.substr(0, once.find("visa {")), once.substr(0, once.find("visa {")),
                         once.substr(once.find("visa {")), once.substr(once.find("visa {"))))
      << "the protected and the unprotected person leave the same rows in both lists";
}

TEST_F(AnyRecordTest, IsListedSinceATime) {
  ASSERT_TRUE(CreateAny(idn, MakeVisa()).ok());
  clock.now += absl::Hours(3);
  const absl::Time then = clock.now;
  ASSERT_TRUE(CreateAny(idn, MakeVisa()).ok());
  EXPECT_EQ(ListAny(idn, "visa", "idn")->records_size(), 2);
  EXPECT_EQ(ListAny(idn, "visa", "idn", then)->records_size(), 1);
  EXPECT_EQ(ListAny(idn, "visa", "idn", then + absl::Hours(1))->records_size(), 0);
  // Of a sensitive type a header has the hour only; nothing may be missed for it.
  clock.now += absl::Minutes(50);
  ASSERT_TRUE(CreateAny(idn, MakeBan()).ok());
  EXPECT_EQ(ListAny(idn, "ban", "idn", clock.now)->records_size(), 1);
  EXPECT_EQ(ErrorReason(ListAny(idn, "boat", "idn").status()), "INVALID_FIELDS");
}

TEST_F(AnyRecordTest, RefusesARequestWithoutARecordOrWithAnotherAreas) {
  EXPECT_EQ(ErrorReason(CreateAny(idn, {}).status()), "INVALID_FIELDS");
  mi::CorrectRecordRequest correct;
  correct.set_request_id(NextRequestId());
  EXPECT_EQ(ErrorReason(Call<mi::AnyRecord>(idn, "CorrectRecord", Officer(), correct).status()),
            "INVALID_FIELDS");
  EXPECT_EQ(ErrorReason(ListAny(idn, "institution", "idn").status()), "INVALID_FIELDS");
}

TEST_F(AnyRecordTest, NamesTheRulesSourceInAnError) {
  mi::AnyRecord ban = MakeBan();
  ban.mutable_ban()->set_end_date("2027-01-01");
  const auto violations = FieldViolations(CreateAny(idn, ban).status());
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "ban.end_date");
  EXPECT_EQ(violations[0].rule, "BAN_TOO_LONG");
  EXPECT_THAT(violations[0].description, HasSubstr("parameter; after Indonesian Law 63/2024"));
}

// A submission on one stream; counts of all its responses.
class ExportTest : public AnyRecordTest {
 protected:
  mi::SubmitRecordsResponse Submit(NodeOnDisk& at, const std::string& import_id,
                                   const std::vector<std::pair<std::string, mi::AnyRecord>>& rows) {
    mi::SubmitRecordsResponse sum;
    const auto add = [&sum](std::unique_ptr<google::protobuf::Message> message) {
      const auto& one = static_cast<const mi::SubmitRecordsResponse&>(*message);
      sum.set_created_count(sum.created_count() + one.created_count());
      sum.set_revised_count(sum.revised_count() + one.revised_count());
      sum.set_unchanged_count(sum.unchanged_count() + one.unchanged_count());
      sum.mutable_rejected_rows()->MergeFrom(one.rejected_rows());
    };
    auto request = std::make_unique<mi::SubmitRecordsRequest>();
    request->set_import_id(import_id);
    request->set_synthetic(true);
    for (const auto& [key, record] : rows) {
      auto* row = request->add_rows();
      row->set_row_number(static_cast<uint64_t>(request->rows_size()));
      row->set_source_key(key);
      *row->mutable_record() = record;
    }
    SubmitAll(at, std::move(request), add);
    return sum;
  }
  // Opens, sends, ends.
  void SubmitAll(NodeOnDisk& at, std::unique_ptr<mi::SubmitRecordsRequest> request,
                 StreamWriter write) {
    const Method* method = TwoNodes::Find(at.node->admission(), "SubmitRecords");
    CallMetadata metadata;
    metadata.purpose = "DATA_SUBMISSION";
    std::unique_ptr<StreamHandler> stream;
    at.node->admission().OpenStream(
        *method,
        at.node->admission().Admit(PrincipalAt(at, Agency()), *method, metadata, clock.now),
        std::move(write), [&stream](absl::StatusOr<std::unique_ptr<StreamHandler>> opened) {
          LINTAS_CHECK(opened.ok());
          stream = *std::move(opened);
        });
    for (int i = 0; i < 100 && !stream; ++i) Turn();
    LINTAS_CHECK(stream != nullptr);
    absl::optional<absl::Status> taken, finished;
    stream->OnMessage(std::move(request), [&](absl::Status status) { taken = status; });
    for (int i = 0; i < 400 && !taken; ++i) Turn();
    stream->OnEnd([&](absl::Status status) { finished = status; });
    for (int i = 0; i < 400 && !finished; ++i) Turn();
    LINTAS_CHECK(finished.has_value() && finished->ok());
  }
  std::vector<std::string> Contents(NodeOnDisk& at, const std::string& type) {
    std::vector<std::string> contents;
    const auto page = ListAny(at, type, at.country());
    if (!page.ok()) return {page.status().ToString()};
    for (mi::AnyRecord any : page->records()) {
      auto* record = any.GetReflection()->MutableMessage(
          &any, any.GetDescriptor()->FindFieldByNumber(any.record_case()));
      for (const char* own : {"name", "meta"}) {
        record->GetReflection()->ClearField(record, record->GetDescriptor()->FindFieldByName(own));
      }
      contents.push_back(any.DebugString());
    }
    return contents;
  }
};

TEST_F(ExportTest, OfEveryDayCostsOnlyItsChanges) {
  constexpr int kRows = 200;
  std::vector<std::pair<std::string, mi::AnyRecord>> rows;
  for (int i = 0; i < kRows; ++i) {
    mi::AnyRecord visa = MakeVisa();
    visa.mutable_visa()->set_visa_number(absl::StrCat("V-", i));
    rows.emplace_back(absl::StrCat("SYN-", i), visa);
  }
  EXPECT_EQ(Submit(idn, "monday", rows).created_count(), kRows);
  const auto entries = [this] { return idn.node->ledgers().size(LedgerId::kExchange).value(); };
  const uint64_t after_first = entries();
  const mi::SubmitRecordsResponse same = Submit(idn, "tuesday", rows);
  EXPECT_EQ(same.unchanged_count(), kRows);
  EXPECT_EQ(same.created_count() + same.revised_count(), 0u);
  EXPECT_EQ(entries(), after_first);
  rows[7].second.mutable_visa()->set_status(mi::Visa::CANCELLED);
  rows[9].second.mutable_visa()->set_stay_days(60);
  const mi::SubmitRecordsResponse changed = Submit(idn, "wednesday", rows);
  EXPECT_EQ(changed.revised_count(), 2u);
  EXPECT_EQ(changed.unchanged_count(), kRows - 2u);
  EXPECT_EQ(entries(), after_first + 2);
}

TEST_F(ExportTest, ImportsAgainEqualAsCsvAndAsNdjson) {
  constexpr Make kTypes[] = {MakeVisa, MakePresence, MakePassengerList, MakeAnyCrossing};
  for (const Make make : kTypes) {
    mi::AnyRecord record = make({});
    if (record.has_visa()) {
      auto* person = record.mutable_visa()->mutable_person();
      person->add_latin_forms("BOEDI");
      person->mutable_birth_date()->set_day(0);
      person->add_names()->set_native_script("\xe1\x9e\x9f\xe1\x9e\xbb\xe1\x9e\x97\xe1\x9e\xb6");
    }
    const std::string type = TypeOf(record);
    ASSERT_TRUE(CreateAny(idn, record).ok()) << type;
    const auto page = ListAny(idn, type, "idn");
    ASSERT_TRUE(page.ok()) << page.status();
    const client::RecordCsv csv(Inside(record).GetDescriptor());
    std::string table = csv.Header();
    std::string lines;
    for (const mi::AnyRecord& any : page->records()) {
      table += *csv.Line("SYN-" + NameOf(any), Inside(any));
      lines += client::NdjsonLine("SYN-n" + NameOf(any), any) + "\n";
    }
    std::vector<std::pair<std::string, mi::AnyRecord>> rows;
    client::CsvRows reader(Inside(record).GetDescriptor(), {});
    std::istringstream csv_in(table);
    ASSERT_TRUE(reader
                    .Read(csv_in,
                          [&](client::CsvRow* row) {
                            EXPECT_TRUE(row->errors.empty());
                            rows.emplace_back(row->source_key, mi::AnyRecord());
                            auto& any = rows.back().second;
                            any.GetReflection()
                                ->MutableMessage(&any, any.GetDescriptor()->FindFieldByName(type))
                                ->CopyFrom(*row->record);
                            return absl::OkStatus();
                          })
                    .ok());
    std::istringstream json_in(lines);
    ASSERT_TRUE(client::ReadNdjson(json_in, [&](client::NdjsonRow* row) {
                  EXPECT_TRUE(row->errors.empty());
                  rows.emplace_back(row->source_key, row->record);
                  return absl::OkStatus();
                }).ok());
    const mi::SubmitRecordsResponse taken = Submit(khm, "again-" + type, rows);
    EXPECT_EQ(taken.created_count(), 2u) << taken.DebugString();
    const std::vector<std::string> once = Contents(idn, type);
    ASSERT_EQ(once.size(), 1u);
    EXPECT_THAT(Contents(khm, type), ElementsAre(once[0], once[0]));
  }
}

}  // namespace
}  // namespace lintas
