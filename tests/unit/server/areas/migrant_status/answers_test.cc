// The status query and the check of a list through both nodes: what each role gets, what stays
// apart, and R2 and R7 as attacks. All people are synthetic.
#include "server/areas/migrant_status/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

namespace ms = migrant_status::v1;
using ms::AxisStatus;
using ms::Finding;
using ms::LineResult;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kService[] = "lintas.migrant_status.v1.StatusService/";

As Checker() { return {Role::kOfficer, "STATUS_DETERMINATION", "S-1", "officer-1"}; }

const AxisStatus* AxisOf(const ms::PersonStatus& person, AxisStatus::Axis axis,
                         const std::string& host) {
  for (const AxisStatus& each : person.axes()) {
    if (each.axis() == axis && each.host_country() == host) return &each;
  }
  return nullptr;
}

class StatusTest : public testing::Test {
 protected:
  // Both countries' border saw the same passport.
  static absl::Time Noon(int month, int day) {
    return absl::FromCivil(absl::CivilHour(2026, month, day, 5), absl::UTCTimeZone());
  }
  mi::Crossing Crossed(const std::string& port, mi::Crossing::Direction direction, int month,
                       int day, const std::string& number = "X0000001",
                       const PersonForTest& person = {}) {
    mi::Crossing crossing = MakeCrossing(person, number);
    crossing.set_port(port);
    crossing.set_direction(direction);
    crossing.mutable_crossing_time()->set_seconds(absl::ToUnixSeconds(Noon(month, day)));
    return crossing;
  }
  mi::Crossing EnteredKhm(int month, int day, const std::string& until,
                          const std::string& number = "X0000001",
                          const PersonForTest& person = {}) {
    mi::Crossing crossing = Crossed("KHPNH", mi::Crossing::ENTRY, month, day, number, person);
    crossing.set_visa_class("T");
    crossing.set_visa_list_version("KHM-2024");
    crossing.set_permitted_until_date(until);
    return crossing;
  }
  void Put(NodeOnDisk& at, const mi::Crossing& crossing) {
    const auto created = nodes_.Create(at, crossing);
    ASSERT_TRUE(created.ok()) << created.status();
  }
  void PutAny(NodeOnDisk& at, const mi::AnyRecord& record) {
    mi::CreateRecordRequest request;
    request.set_parent("countries/" + at.country());
    *request.mutable_record() = record;
    request.set_request_id(nodes_.NextRequestId());
    const auto created = nodes_.Call<mi::AnyRecord>(at, "CreateRecord", Officer(), request);
    ASSERT_TRUE(created.ok()) << created.status();
  }
  absl::StatusOr<ms::GetStatusResponse> Get(NodeOnDisk& at, const ms::PersonQuery& person,
                                            const As& as = Officer(),
                                            const std::string& day = "2026-06-01") {
    ms::GetStatusRequest request;
    *request.mutable_person() = person;
    request.set_at_date(day);
    return nodes_.Call<ms::GetStatusResponse>(at, absl::StrCat(kService, "GetStatus"), as, request);
  }
  absl::StatusOr<ms::CheckStatusResponse> Check(NodeOnDisk& at,
                                                const std::vector<ms::PersonQuery>& persons,
                                                const As& as = Checker()) {
    ms::CheckStatusRequest request;
    uint64_t number = 0;
    for (const ms::PersonQuery& person : persons) {
      auto* line = request.add_lines();
      line->set_line_number(++number);
      *line->mutable_person() = person;
    }
    request.set_at_date("2026-06-01");
    return nodes_.Call<ms::CheckStatusResponse>(at, absl::StrCat(kService, "CheckStatus"), as,
                                                request);
  }
  static ms::PersonQuery Passport(const std::string& number, const std::string& issuer = "IDN") {
    ms::PersonQuery query;
    query.set_document_number(number);
    query.set_document_issuer(issuer);
    return query;
  }
  static ms::PersonQuery Named(const std::string& name, const std::string& born) {
    ms::PersonQuery query;
    query.set_person_name(name);
    query.set_birth_date(born);
    return query;
  }
  ledger::v1::Access LastAccess(NodeOnDisk& at) {
    ledger::v1::Access access;
    EXPECT_TRUE(access.ParseFromString(
        at.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS).back().content()));
    return access;
  }

  MigrationCalls nodes_;
};

TEST_F(StatusTest, AConflictBetweenTheCountriesStaysVisibleAtBothNodes) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08"));
  Put(nodes_.idn, Crossed("IDCGK", mi::Crossing::ENTRY, 2, 20));
  nodes_.Settle();
  std::set<std::string> axes_seen;
  for (NodeOnDisk* node : {&nodes_.idn, &nodes_.khm}) {
    const auto found = Get(*node, Passport("X0000001"), Officer(), "2026-02-28");
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->persons_size(), 1);
    const ms::PersonStatus& person = found->persons(0);
    const AxisStatus* residence = AxisOf(person, AxisStatus::RESIDENCE, "khm");
    ASSERT_NE(residence, nullptr);
    EXPECT_TRUE(residence->conflict());
    ASSERT_EQ(residence->findings_size(), 2);
    EXPECT_EQ(residence->findings(0).owner_country(), "khm");
    EXPECT_EQ(residence->findings(0).value(), Finding::VISITOR);
    EXPECT_EQ(residence->findings(0).since_date(), "2026-01-10");
    EXPECT_EQ(residence->findings(1).owner_country(), "idn");
    EXPECT_EQ(residence->findings(1).value(), Finding::NOT_THERE);
    EXPECT_EQ(residence->findings(1).since_date(), "2026-02-20");
    EXPECT_THAT(residence->findings(1).evidence_names(0), HasSubstr("countries/idn/crossings/"));
    const AxisStatus* regularity = AxisOf(person, AxisStatus::REGULARITY, "khm");
    ASSERT_NE(regularity, nullptr);
    EXPECT_EQ(regularity->findings(0).value(), Finding::IRREGULAR_BY_OVERSTAY);
    EXPECT_EQ(regularity->findings(0).days(), 20);
    EXPECT_THAT(regularity->findings(0).rule().source(), HasSubstr("parameter"));
    axes_seen.insert(absl::StrCat(residence->SerializeAsString(), regularity->SerializeAsString()));
  }
  EXPECT_EQ(axes_seen.size(), 1u);  // Both nodes say the same of the host and of each other.
}

TEST_F(StatusTest, IsAnsweredAsOfAnyDay) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08"));
  Put(nodes_.khm, Crossed("KHPNH", mi::Crossing::EXIT, 2, 20));
  const auto value_on = [&](const char* day) {
    const auto found = Get(nodes_.khm, Passport("X0000001"), Officer(), day);
    const AxisStatus* axis = AxisOf(found->persons(0), AxisStatus::RESIDENCE, "khm");
    return axis->findings(0).value();
  };
  EXPECT_EQ(value_on("2026-01-01"), Finding::CANNOT_SAY);
  EXPECT_EQ(value_on("2026-01-10"), Finding::VISITOR);
  EXPECT_EQ(value_on("2026-02-20"), Finding::NOT_THERE);
  // Left out: today at the seat.
  EXPECT_EQ(Get(nodes_.khm, Passport("X0000001"), Officer(), "")->at_date(), "2026-03-01");
  EXPECT_EQ(ErrorReason(Get(nodes_.khm, Passport("X0000001"), Officer(), "2026-02-30").status()),
            "INVALID_FIELDS");
}

TEST_F(StatusTest, FollowsAPersonsFurtherDocumentsAndNumbers) {
  PersonForTest person;
  person.national_number = "3171234567890001";
  Put(nodes_.idn, Crossed("IDCGK", mi::Crossing::EXIT, 1, 9, "X0000002", person));
  mi::AnyRecord known;
  *known.mutable_traveller()->mutable_person() = MakePerson(person);
  for (const char* number : {"X0000001", "X0000002"}) {
    auto* document = known.mutable_traveller()->add_documents();
    document->set_number(number);
    document->set_issuer("IDN");
  }
  PutAny(nodes_.idn, known);
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", "X0000001"));
  nodes_.Settle();
  for (const ms::PersonQuery& query : {Passport("X0000002"), [] {
                                         ms::PersonQuery by_number;
                                         by_number.set_national_number("3171234567890001");
                                         return by_number;
                                       }()}) {
    const auto found = Get(nodes_.idn, query);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->persons_size(), 1);
    EXPECT_NE(AxisOf(found->persons(0), AxisStatus::REGULARITY, "khm"), nullptr);
  }
  // A reference of an earlier answer asks for the same person again.
  ms::PersonQuery again;
  again.set_reference(Get(nodes_.idn, Passport("X0000002"))->persons(0).reference());
  const auto found = Get(nodes_.idn, again);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_NE(AxisOf(found->persons(0), AxisStatus::REGULARITY, "khm"), nullptr);
}

TEST_F(StatusTest, ByAMisspeltNameListsEachCandidateWithReasons) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", "X0000001"));
  PersonForTest other;
  other.given = "HARTATI";
  Put(nodes_.khm, EnteredKhm(1, 11, "2026-02-09", "X0000002", other));
  const auto found = Get(nodes_.khm, Named("Boedi Santoso Synthetica", "1990-05-17"));
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_GE(found->persons_size(), 1);
  const ms::Match& match = found->persons(0).match();
  EXPECT_EQ(match.found_by(), "NAME");
  EXPECT_GT(match.bits(), 3);
  EXPECT_THAT(match.reasons(), Contains(HasSubstr("other spelling")));
  EXPECT_EQ(found->persons(0).identities(0).documents(0).number(), "X0000001");
}

TEST_F(StatusTest, NamesakesAreNeverMerged) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", "X0000001"));
  Put(nodes_.khm, EnteredKhm(1, 11, "2026-12-09", "X0000002"));
  const auto found = Get(nodes_.khm, Named("Budi Santoso Synthetica", "1990-05-17"));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->persons_size(), 2);
  const auto checked = Check(nodes_.khm, {Named("Budi Santoso Synthetica", "1990-05-17")});
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_THAT(checked->results(0).gaps(), ElementsAre(LineResult::SEVERAL_PERSONS));
  EXPECT_THAT(checked->results(0).axes(), IsEmpty());
  EXPECT_TRUE(checked->results(0).screen_first());
}

TEST_F(StatusTest, ANameNeedsABirthDate) {
  EXPECT_EQ(ErrorReason(Get(nodes_.khm, Named("Budi Santoso", "")).status()),
            "INSUFFICIENT_IDENTIFIERS");
  EXPECT_EQ(ErrorReason(Get(nodes_.khm, ms::PersonQuery()).status()), "INSUFFICIENT_IDENTIFIERS");
}

TEST_F(StatusTest, ADocumentOfSomebodyElseIsShownWithItsDoubts) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", "X0000001"));
  PersonForTest other;
  other.family = "";
  other.given = "HARTATI SUKARNI";
  other.year = 1970;
  Put(nodes_.idn, Crossed("IDCGK", mi::Crossing::ENTRY, 2, 20, "X0000001", other));
  nodes_.Settle();
  const auto found = Get(nodes_.khm, Passport("X0000001"));
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->persons_size(), 1);
  EXPECT_THAT(found->persons(0).doubts(), Contains(ms::PersonStatus::NAMES_DIFFER));
  EXPECT_THAT(found->persons(0).doubts(), Contains(ms::PersonStatus::BIRTH_DATES_DIFFER));
  EXPECT_EQ(found->persons(0).identities_size(), 2);
}

TEST_F(StatusTest, TheAccessEntryIsThereBeforeTheAnswerAndNamesTheRecords) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08"));
  const auto found = Get(nodes_.khm, Passport("X0000001"));
  ASSERT_TRUE(found.ok());
  const ledger::v1::Access access = LastAccess(nodes_.khm);
  EXPECT_EQ(access.method(), absl::StrCat(kService, "GetStatus"));
  EXPECT_THAT(access.record_names(), ElementsAre(found->persons(0).reference()));
  EXPECT_EQ(access.subject_tokens_size(), 1);
  // A miss leaves who asked about whom, too.
  ASSERT_TRUE(Get(nodes_.khm, Passport("Z9999999")).ok());
  EXPECT_EQ(LastAccess(nodes_.khm).subject_tokens_size(), 1);
  EXPECT_EQ(LastAccess(nodes_.khm).record_count(), 0u);
}

TEST_F(StatusTest, AListGivesFindingsAndGapsLineByLineAndNamesNobody) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", "X0000001"));
  ms::PersonQuery bad;
  bad.set_person_name("Budi");
  const auto checked = Check(nodes_.khm, {Passport("X0000001"), Passport("Z9999999"), bad});
  ASSERT_TRUE(checked.ok()) << checked.status();
  ASSERT_EQ(checked->results_size(), 3);
  const LineResult& found = checked->results(0);
  EXPECT_EQ(found.line_number(), 1u);
  EXPECT_THAT(found.screen_reasons(),
              ElementsAre(LineResult::IRREGULAR_SITUATION, LineResult::NO_VALID_WORK_PERMIT));
  EXPECT_THAT(checked->results(1).gaps(), ElementsAre(LineResult::NOTHING_TO_SHARE));
  EXPECT_TRUE(checked->results(1).screen_first());  // Nobody is cleared by silence (R4).
  EXPECT_THAT(checked->results(2).gaps(), ElementsAre(LineResult::INVALID_LINE));
  EXPECT_EQ(checked->results(2).violations(0).rule(), "INSUFFICIENT_IDENTIFIERS");
  EXPECT_THAT(checked->SerializeAsString(), Not(HasSubstr("SANTOSO")));
  EXPECT_EQ(LastAccess(nodes_.khm).subject_tokens_size(), 2);
}

TEST_F(StatusTest, APageHoldsFiveHundredLines) {
  EXPECT_EQ(
      ErrorReason(Check(nodes_.khm, std::vector<ms::PersonQuery>(501, Passport("X1"))).status()),
      "INVALID_FIELDS");
  EXPECT_EQ(ErrorReason(Check(nodes_.khm, {}).status()), "INVALID_FIELDS");
  EXPECT_TRUE(Check(nodes_.khm, std::vector<ms::PersonQuery>(500, Passport("X1"))).ok());
}

TEST_F(StatusTest, EachRoleDoesWhatTheAgreementGrants) {
  const As attache_list{Role::kAttache, "CONSULAR_PROTECTION", "C-1", "attache-1"};
  const As supervisor = Supervisor();
  EXPECT_EQ(ErrorReason(Check(nodes_.idn, {Passport("X1")}, attache_list).status()),
            "OPERATION_NOT_GRANTED");
  EXPECT_EQ(ErrorReason(Check(nodes_.idn, {Passport("X1")}, Officer()).status()),
            "PURPOSE_NOT_GRANTED");
  for (const As& as : {Agency(), Operator(), supervisor}) {
    EXPECT_EQ(ErrorReason(Get(nodes_.idn, Passport("X1"), as).status()), "OPERATION_NOT_GRANTED");
    EXPECT_EQ(ErrorReason(Check(nodes_.idn, {Passport("X1")}, as).status()),
              "OPERATION_NOT_GRANTED");
  }
  As without_case = Checker();
  without_case.case_id = "";
  EXPECT_EQ(ErrorReason(Check(nodes_.idn, {Passport("X1")}, without_case).status()),
            "CASE_REQUIRED");
}

TEST_F(StatusTest, TheEmployerIsReadOnlyByWhomTheSectionIsFor) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-12-31"));
  for (const char* employer : {"PABRIK SINTETIS", "TOKO SINTETIS"}) {
    mi::AnyRecord any;
    mi::WorkPermit* permit = any.mutable_work_permit();
    *permit->mutable_person() = MakePerson({});
    permit->mutable_document()->set_number("X0000001");
    permit->mutable_document()->set_issuer("IDN");
    permit->set_permit_number("WP-1");
    permit->set_year(2026);
    permit->set_employer(employer);
    PutAny(nodes_.khm, any);
  }
  nodes_.Settle();
  const auto rules_at = [&](NodeOnDisk& node) {
    std::set<std::string> rules;
    const auto found = Get(node, Passport("X0000001"));
    for (const Finding& finding :
         AxisOf(found->persons(0), AxisStatus::REGULARITY, "khm")->findings()) {
      rules.insert(finding.rule().code());
    }
    return rules;
  };
  EXPECT_THAT(rules_at(nodes_.khm), Contains("EMPLOYER_CHANGE"));
  EXPECT_THAT(rules_at(nodes_.idn),
              Not(Contains("EMPLOYER_CHANGE")));  // Withheld from the partner.
}

// ---- R7, as an attaché who fishes ------------------------------------------------------------

TEST_F(StatusTest, AnAttacheGetsOwnNationalsOnlyAndMissesLookAlike) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", "X0000001"));
  PersonForTest stranger;
  stranger.nationalities = {"KHM"};
  Put(nodes_.khm, Crossed("KHPNH", mi::Crossing::EXIT, 1, 10, "N0000001", stranger));
  nodes_.Settle();
  const auto own = Get(nodes_.idn, Passport("X0000001"), Attache("C-1"));
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->persons_size(), 1);
  auto other = Get(nodes_.idn, Passport("N0000001"), Attache("C-1"));
  auto absent = Get(nodes_.idn, Passport("N0000009"), Attache("C-1"));
  ASSERT_TRUE(other.ok() && absent.ok());
  EXPECT_THAT(other->persons(), IsEmpty());
  other->clear_replica_age_s();
  absent->clear_replica_age_s();
  EXPECT_EQ(other->SerializeAsString(), absent->SerializeAsString());
  // Nor by a record's name, should it have been heard somewhere.
  const auto named = nodes_.Find(nodes_.idn, ByDocument("N0000001"));
  ASSERT_EQ(named->records_size(), 1);
  ms::PersonQuery reference;
  reference.set_reference(named->records(0).crossing().name());
  EXPECT_THAT(Get(nodes_.idn, reference, Attache("C-1"))->persons(), IsEmpty());
}

TEST_F(StatusTest, AnAttacheNeedsACaseAndEnoughToAskBy) {
  EXPECT_EQ(ErrorReason(Get(nodes_.idn, Passport("X1"), Attache("")).status()), "CASE_REQUIRED");
  ms::PersonQuery national;
  national.set_national_number("3171234567890001");
  for (const ms::PersonQuery& query :
       {national, Named("Budi Santoso", "1990-05-00"), Named("Budi Santoso", "1990-00-00")}) {
    EXPECT_EQ(ErrorReason(Get(nodes_.idn, query, Attache("C-1")).status()),
              "INSUFFICIENT_IDENTIFIERS");
  }
}

TEST_F(StatusTest, AnAttacheWhoWalksThroughNumbersIsStoppedAcrossBothMethods) {
  Put(nodes_.idn, Crossed("IDCGK", mi::Crossing::ENTRY, 2, 20));
  const uint32_t misses = DefaultAgreementForTest().attache_limits().misses_per_day();
  for (uint32_t i = 0; i < misses; ++i) {
    const std::string number = absl::StrCat("Z", 1000000 + i);
    if (i % 2 == 0) {
      ASSERT_TRUE(Get(nodes_.idn, Passport(number), Attache("C-1")).ok());
    } else {
      ASSERT_TRUE(nodes_.Find(nodes_.idn, ByDocument(number), Attache("C-1")).ok());
    }
  }
  // Whatever the next one would have met.
  for (const char* number : {"X0000001", "Z9999999"}) {
    EXPECT_EQ(ErrorReason(Get(nodes_.idn, Passport(number), Attache("C-1")).status()), "QUOTA");
    EXPECT_EQ(ErrorReason(nodes_.Find(nodes_.idn, ByDocument(number), Attache("C-1")).status()),
              "QUOTA");
  }
}

TEST_F(StatusTest, AnAttacheWhoPilesUpNamesIsShownNobodyOfAnother) {
  Put(nodes_.idn, Crossed("IDCGK", mi::Crossing::ENTRY, 2, 20));
  const auto heard =
      Get(nodes_.idn, Named("Boedi Santoso Synthetica", "1990-05-17"), Attache("C-1"));
  ASSERT_TRUE(heard.ok()) << heard.status();
  EXPECT_EQ(heard->persons_size(), 1);
  const auto piled =
      Get(nodes_.idn, Named("Hartati Sukarni Wahyudi Santoso", "1990-05-17"), Attache("C-1"));
  ASSERT_TRUE(piled.ok());
  EXPECT_THAT(piled->persons(), IsEmpty());
}

// ---- R2, at the node of the State of origin --------------------------------------------------

// The answer without what differs between any two records: ids.
std::string WithoutIds(std::string text) {
  static const std::regex id("[0-9a-f]{32}");
  return std::regex_replace(text, id, "ID");
}

TEST_F(StatusTest, NothingAboutProtectionShowsAtTheStateOfOriginWhateverTheGrant) {
  // Two people with the same story; at home the host knows of one that she was found to be a
  // victim.
  const auto overstay = [](const std::string& number, bool victim) {
    mi::AnyRecord any;
    mi::Overstay* record = any.mutable_overstay();
    *record->mutable_person() = MakePerson({});
    record->mutable_document()->set_number(number);
    record->mutable_document()->set_issuer("IDN");
    record->set_permitted_until_date("2026-02-08");
    record->set_fine_amount(200);
    record->set_fine_currency("USD");
    record->set_fine_status(victim ? mi::Overstay::WAIVED : mi::Overstay::DUE);
    if (victim) {
      record->set_waived_amount(200);
      record->set_waiver_authority("SYNTHETIC OFFICE");
      record->set_waiver_ground("VICTIM");
    }
    return any;
  };
  for (const auto& [number, victim] : {std::make_pair("X0000001", false), {"X0000002", true}}) {
    Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08", number));
    PutAny(nodes_.khm, overstay(number, victim));
  }
  // The origin grants its officers everything, PROTECTED too.
  agreement::v1::Agreement agreement = NextVersionForTest(*nodes_.idn.node->book().InForce());
  for (auto& grant : *agreement.mutable_grants()) {
    if (grant.role() == "officer" && grant.sections_size() > 0) {
      grant.add_sections(options::v1::Field::PROTECTED);
    }
  }
  ASSERT_TRUE(nodes_.Adopt(nodes_.idn, SignForTest(agreement)).ok());
  ASSERT_TRUE(nodes_.Adopt(nodes_.khm, SignForTest(agreement)).ok());
  nodes_.Settle();
  const auto text = [&](NodeOnDisk& node, std::string number) {
    const auto found = Get(node, Passport(number));
    EXPECT_TRUE(found.ok()) << found.status();
    std::string all;
    for (const auto& axis : found->persons(0).axes()) all += axis.DebugString();
    for (const int doubt : found->persons(0).doubts()) absl::StrAppend(&all, doubt);
    return WithoutIds(all);
  };
  const std::string plain = text(nodes_.idn, "X0000001");
  EXPECT_THAT(plain, HasSubstr("OVERSTAY_RECORDED"));
  EXPECT_EQ(text(nodes_.idn, "X0000002"), plain);
  for (const char* word : {"TRAFFICKING", "ASSESSMENT", "VICTIM", "WAIVE", "assess"}) {
    EXPECT_THAT(plain, Not(HasSubstr(word)));
  }
  const auto lines = Check(nodes_.idn, {Passport("X0000001"), Passport("X0000002")});
  ASSERT_TRUE(lines.ok()) << lines.status();
  LineResult first = lines->results(0), second = lines->results(1);
  second.set_line_number(first.line_number());
  EXPECT_EQ(WithoutIds(first.DebugString()), WithoutIds(second.DebugString()));
  // At the host the axis is there for whoever sees PROTECTED, and says nothing of the person.
  EXPECT_THAT(text(nodes_.khm, "X0000002"), HasSubstr("NOT_ASSESSED"));
}

TEST_F(StatusTest, WithoutTheGrantTheHostsOfficerHasNoTraffickingAxisEither) {
  Put(nodes_.khm, EnteredKhm(1, 10, "2026-02-08"));
  const auto found = Get(nodes_.khm, Passport("X0000001"));
  EXPECT_EQ(AxisOf(found->persons(0), AxisStatus::TRAFFICKING, "khm"), nullptr);
}

TEST_F(StatusTest, LinesOfADayEnd) {
  agreement::v1::Agreement agreement = NextVersionForTest(*nodes_.khm.node->book().InForce());
  agreement.mutable_status_terms()->set_lines_per_day(3);
  ASSERT_TRUE(nodes_.Adopt(nodes_.idn, SignForTest(agreement)).ok());
  ASSERT_TRUE(nodes_.Adopt(nodes_.khm, SignForTest(agreement)).ok());
  nodes_.Settle();
  EXPECT_TRUE(Check(nodes_.khm, {Passport("X1"), Passport("X2")}).ok());
  EXPECT_EQ(ErrorReason(Check(nodes_.khm, {Passport("X1"), Passport("X2")}).status()), "QUOTA");
}

}  // namespace
}  // namespace lintas
