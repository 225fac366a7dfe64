#include "server/admission/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/options/v1/options.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/admission/outward.h"
#include "server/admission/reasons.h"
#include "server/base/error.h"
#include "server/crypto/os_random.h"
#include "tests/support/signed_agreement.h"
#include "tests/unit/server/admission/fake_access_log.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using options::v1::Field;
using testing::ElementsAre;
using testing::IsEmpty;

// A request and an answer that are told apart by their number.
using Body = types::v1::PartialDate;

class FakeClock final : public Clock {
 public:
  absl::Time Now() override { return now; }
  absl::Time now = SigningDayForTest();
};

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest() : admission_({"idn", {}}, &book_, &log_, random_.get(), &clock_) {
    AddUnary("Find", Operation::kFind);
    AddUnary("Read", Operation::kRead);
    AddUnary("Ask", Operation::kAskPartner);
    AddUnary("Create", Operation::kCreate);
    AddUnary("Adopt", Operation::kAdopt);
    AddUnary("Status", Operation::kReadStatus);
  }

  void AddUnary(const std::string& name, Operation operation) {
    Method method;
    method.full_name = "test.Service/" + name;
    method.operation = operation;
    method.unary = [this](const Call& call, const Message& request, Reply reply) {
      ++handled_;
      handled_call_ = call;
      handled_year_ = static_cast<const Body&>(request).year();
      reply(answer_());
    };
    admission_.Register(std::move(method));
  }

  static absl::StatusOr<Answered> Found() {
    Answered answered;
    auto body = std::make_unique<Body>();
    body->set_year(2026);
    answered.response = std::move(body);
    answered.disclosure.record_names = {"countries/idn/crossings/00"};
    answered.disclosure.record_count = 1;
    return answered;
  }

  void PutAgreementInForce(const agreement::v1::Agreement& agreement = DefaultAgreementForTest()) {
    const AgreementVersionPtr version = VersionForTest(agreement);
    book_.Adopt("idn", version);
    book_.Adopt("khm", version);
  }

  Principal Who(Role role, const std::string& country = "idn", const std::string& id = "one") {
    return *MakePrincipal(country, role, id);
  }

  Attempt Try(Role role, const std::string& method, const std::string& purpose,
              const std::string& case_id = "", const std::string& country = "idn") {
    return admission_.Admit(Who(role, country), *admission_.Find("test.Service/" + method),
                            {purpose, case_id, "", absl::InfiniteFuture()}, clock_.now);
  }

  absl::StatusOr<std::unique_ptr<Message>> Handle(const std::string& method, Attempt attempt) {
    absl::StatusOr<std::unique_ptr<Message>> got = absl::InternalError("no answer");
    Body request;
    request.set_year(1990);
    admission_.HandleUnary(*admission_.Find("test.Service/" + method), std::move(attempt), request,
                           [&](auto answer) {
                             got = std::move(answer);
                             ++answers_;
                           });
    return got;
  }

  AgreementBook book_{"idn-khm", "idn", "khm"};
  FakeAccessLog log_;
  FakeClock clock_;
  std::unique_ptr<Random> random_ = MakeOsRandom();
  Admission admission_;
  std::function<absl::StatusOr<Answered>()> answer_ = Found;
  int handled_ = 0, answers_ = 0, handled_year_ = 0;
  Call handled_call_;
};

TEST_F(AdmissionTest, KnowsRegisteredMethodsOnly) {
  EXPECT_NE(admission_.Find("test.Service/Find"), nullptr);
  EXPECT_EQ(admission_.Find("test.Service/Drop"), nullptr);
  EXPECT_EQ(admission_.methods().size(), 6u);
}

TEST_F(AdmissionTest, RefusesToRegisterAMethodTwiceOrWithoutAHandler) {
  Method method;
  method.full_name = "test.Service/Find";
  method.unary = [](const Call&, const Message&, Reply) {};
  EXPECT_DEATH(admission_.Register(method), "emplace");
  method.full_name = "test.Service/Other";
  method.unary = nullptr;
  EXPECT_DEATH(admission_.Register(method), "unary");
}

TEST_F(AdmissionTest, GrantsOnlyTheAdoptionBeforeAnAgreementIsInForce) {
  EXPECT_TRUE(Try(Role::kOperator, "Adopt", "OPERATION").verdict.ok());
  EXPECT_TRUE(Try(Role::kOperator, "Status", "OPERATION").verdict.ok());
  EXPECT_EQ(ErrorReason(Try(Role::kOperator, "Adopt", "").verdict), kPurposeNotGranted);
  EXPECT_EQ(ErrorReason(Try(Role::kOperator, "Find", "OPERATION").verdict), kOperationNotGranted);
  EXPECT_EQ(ErrorReason(Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict), kOperationNotGranted);
  book_.Adopt("idn", VersionForTest(DefaultAgreementForTest()));  // One side alone changes nothing.
  EXPECT_EQ(ErrorReason(Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict), kOperationNotGranted);
}

TEST_F(AdmissionTest, GivesTheCallWhatTheGrantSays) {
  PutAgreementInForce();
  const Attempt officer = Try(Role::kOfficer, "Find", "BORDER_CHECK");
  ASSERT_TRUE(officer.verdict.ok());
  EXPECT_THAT(officer.call.sections, ElementsAre(Field::BASIC, Field::SENSITIVE, Field::INTERNAL));
  EXPECT_FALSE(officer.call.own_nationals_only);
  EXPECT_EQ(officer.call.agreement_version, 1u);
  const Attempt attache = Try(Role::kAttache, "Find", "CONSULAR_PROTECTION", "KBRI/2026-17");
  ASSERT_TRUE(attache.verdict.ok());
  EXPECT_THAT(attache.call.sections, ElementsAre(Field::BASIC));
  EXPECT_TRUE(attache.call.own_nationals_only);
}

TEST_F(AdmissionTest, RefusesThePartnersOfficers) {
  PutAgreementInForce();
  EXPECT_EQ(ErrorReason(Try(Role::kOfficer, "Find", "BORDER_CHECK", "", "khm").verdict),
            kNotServedHere);
}

TEST_F(AdmissionTest, RefusesNodes) {
  PutAgreementInForce();
  EXPECT_EQ(ErrorReason(Try(Role::kNode, "Find", "BORDER_CHECK").verdict), kNotServedHere);
}

TEST_F(AdmissionTest, RefusesAMissingOrUnknownPurpose) {
  PutAgreementInForce();
  for (const char* purpose : {"", "CURIOSITY", "SUPERVISION", "border_check", "BORDER_CHECK "}) {
    const absl::Status verdict = Try(Role::kOfficer, "Find", purpose).verdict;
    EXPECT_EQ(verdict.code(), absl::StatusCode::kPermissionDenied) << purpose;
    EXPECT_EQ(ErrorReason(verdict), kPurposeNotGranted) << purpose;
  }
}

TEST_F(AdmissionTest, AsksForACaseWhereThePurposeNeedsOne) {
  PutAgreementInForce();
  EXPECT_EQ(ErrorReason(Try(Role::kAttache, "Find", "CONSULAR_PROTECTION").verdict), kCaseRequired);
  EXPECT_TRUE(Try(Role::kAttache, "Find", "CONSULAR_PROTECTION", "A/1.2-b").verdict.ok());
}

TEST_F(AdmissionTest, RefusesAMalformedCaseAndDoesNotKeepIt) {
  PutAgreementInForce();
  for (const std::string& text : {std::string("two words"), std::string(65, 'a'),
                                  std::string("x\n"), std::string("nama: Siti")}) {
    const Attempt attempt = Try(Role::kOfficer, "Find", "BORDER_CHECK", text);
    EXPECT_EQ(attempt.verdict.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(attempt.call.case_id, "");
  }
}

TEST_F(AdmissionTest, ReplacesATraceIdThatIsNone) {
  PutAgreementInForce();
  const Method& method = *admission_.Find("test.Service/Find");
  const std::string good(32, 'A');
  EXPECT_EQ(
      admission_.Admit(Who(Role::kOfficer), method, {"BORDER_CHECK", "", good, {}}, clock_.now)
          .call.trace_id,
      std::string(32, 'a'));
  const std::string made =
      admission_.Admit(Who(Role::kOfficer), method, {"BORDER_CHECK", "", "zz", {}}, clock_.now)
          .call.trace_id;
  EXPECT_EQ(made.size(), 32u);
}

TEST_F(AdmissionTest, CountsSearchesPerMinuteAndPrincipal) {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_searches_per_minute(2);
  PutAgreementInForce(agreement);
  EXPECT_TRUE(Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict.ok());
  EXPECT_TRUE(Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict.ok());
  const absl::Status third = Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict;
  EXPECT_EQ(third.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrorReason(third), "QUOTA");
  EXPECT_TRUE(Try(Role::kOfficer, "Read", "BORDER_CHECK").verdict.ok());  // No search.
  EXPECT_TRUE(Try(Role::kAttache, "Find", "CONSULAR_PROTECTION", "c").verdict.ok());
  clock_.now += absl::Minutes(1);
  EXPECT_TRUE(Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict.ok());
}

TEST_F(AdmissionTest, CountsQuestionsToThePartnerPerDay) {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_questions_per_officer_day(1);
  PutAgreementInForce(agreement);
  EXPECT_TRUE(Try(Role::kOfficer, "Ask", "BORDER_CHECK").verdict.ok());
  clock_.now += absl::Hours(1);
  EXPECT_EQ(ErrorReason(Try(Role::kOfficer, "Ask", "BORDER_CHECK").verdict), "QUOTA");
  clock_.now += absl::Hours(24);
  EXPECT_TRUE(Try(Role::kOfficer, "Ask", "BORDER_CHECK").verdict.ok());
}

TEST_F(AdmissionTest, RefusedCallsTakeNothingFromAQuota) {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_searches_per_minute(1);
  PutAgreementInForce(agreement);
  EXPECT_FALSE(Try(Role::kOfficer, "Find", "CURIOSITY").verdict.ok());
  EXPECT_TRUE(Try(Role::kOfficer, "Find", "BORDER_CHECK").verdict.ok());
}

TEST_F(AdmissionTest, ChargesRowsPerAgencyAndDay) {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_import_rows_per_day(10);
  PutAgreementInForce(agreement);
  Call call;
  call.principal = Who(Role::kAgency);
  EXPECT_TRUE(admission_.ChargeRows(call, 10).ok());
  EXPECT_EQ(ErrorReason(admission_.ChargeRows(call, 1)), "QUOTA");
}

TEST_F(AdmissionTest, LowersLimitsButNeverRaisesThem) {
  agreement::v1::Limits limits;
  limits.set_searches_per_minute(1000000);
  limits.set_import_rows_per_day(3);
  Admission lowered({"idn", limits}, &book_, &log_, random_.get(), &clock_);
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_searches_per_minute(1);
  PutAgreementInForce(agreement);
  Method method = *admission_.Find("test.Service/Find");
  const CallMetadata metadata{"BORDER_CHECK", "", "", absl::InfiniteFuture()};
  EXPECT_TRUE(lowered.Admit(Who(Role::kOfficer), method, metadata, clock_.now).verdict.ok());
  EXPECT_FALSE(lowered.Admit(Who(Role::kOfficer), method, metadata, clock_.now).verdict.ok());
  Call call;
  call.principal = Who(Role::kAgency);
  EXPECT_FALSE(lowered.ChargeRows(call, 4).ok());
}

TEST_F(AdmissionTest, AnswersAndRecordsWhatWasDisclosed) {
  PutAgreementInForce();
  auto answer = Handle("Find", Try(Role::kOfficer, "Find", "BORDER_CHECK", "C-1"));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(static_cast<const Body&>(**answer).year(), 2026);
  EXPECT_EQ(handled_year_, 1990);
  ASSERT_EQ(log_.entries.size(), 1u);
  EXPECT_EQ(log_.entries[0].code, absl::StatusCode::kOk);
  EXPECT_EQ(log_.entries[0].call.principal.spiffe_uri, "spiffe://imigrasi.go.id/officer/one");
  EXPECT_EQ(log_.entries[0].call.method, "test.Service/Find");
  EXPECT_EQ(log_.entries[0].call.purpose, "BORDER_CHECK");
  EXPECT_EQ(log_.entries[0].call.case_id, "C-1");
  EXPECT_EQ(log_.entries[0].disclosure.record_count, 1u);
}

TEST_F(AdmissionTest, LetsNoAnswerLeaveBeforeItsEntryIsDurable) {
  PutAgreementInForce();
  log_.hold = true;
  (void)Handle("Find", Try(Role::kOfficer, "Find", "BORDER_CHECK"));
  EXPECT_EQ(handled_, 1);
  EXPECT_EQ(answers_, 0);
}

TEST_F(AdmissionTest, AnswersNothingWhenTheEntryFails) {
  PutAgreementInForce();
  log_.fail = true;
  EXPECT_EQ(ErrorReason(Handle("Find", Try(Role::kOfficer, "Find", "BORDER_CHECK")).status()),
            kAccessNotRecorded);
  EXPECT_EQ(ErrorReason(Handle("Find", Try(Role::kOfficer, "Find", "")).status()),
            kAccessNotRecorded);
}

TEST_F(AdmissionTest, RecordsARefusalWithoutRunningTheHandler) {
  PutAgreementInForce();
  const auto answer = Handle("Find", Try(Role::kOfficer, "Find", "CURIOSITY"));
  EXPECT_EQ(ErrorReason(answer.status()), kPurposeNotGranted);
  EXPECT_EQ(handled_, 0);
  ASSERT_EQ(log_.entries.size(), 1u);
  EXPECT_EQ(log_.entries[0].reason, kPurposeNotGranted);
  EXPECT_EQ(log_.entries[0].call.purpose, "CURIOSITY");
}

TEST_F(AdmissionTest, GivesOneAnswerForAbsentAndProtectedAndKeepsTheReasonAtHome) {
  PutAgreementInForce();
  answer_ = [] { return absl::NotFoundError("no such record"); };
  const absl::Status absent = Handle("Read", Try(Role::kOfficer, "Read", "BORDER_CHECK")).status();
  answer_ = [] {
    return MakeError(absl::StatusCode::kNotFound, "PROTECTED", "a mark stands", {{"mark", "1"}});
  };
  const absl::Status hidden = Handle("Read", Try(Role::kOfficer, "Read", "BORDER_CHECK")).status();
  EXPECT_EQ(absent, hidden);
  EXPECT_EQ(SerializeErrorDetails(absent, "d"), SerializeErrorDetails(hidden, "d"));
  EXPECT_EQ(absent.message(), kNothingToShare);
  EXPECT_EQ(log_.entries[1].reason, "PROTECTED");
}

TEST_F(AdmissionTest, RecordsNoSecondEntryForAWriteThatHoldsItsOwn) {
  PutAgreementInForce();
  answer_ = [] {
    auto answered = Found();
    answered->access_recorded = true;
    return answered;
  };
  EXPECT_TRUE(Handle("Create", Try(Role::kOfficer, "Create", "MIGRATION_MANAGEMENT")).ok());
  EXPECT_THAT(log_.entries, IsEmpty());
}

TEST_F(AdmissionTest, RefusalReadsTheSameWhateverIsAsked) {
  PutAgreementInForce();
  const absl::Status one = Try(Role::kOfficer, "Find", "SUPERVISION").verdict;
  answer_ = [] { return absl::NotFoundError("x"); };
  EXPECT_EQ(one, Handle("Find", Try(Role::kOfficer, "Find", "SUPERVISION")).status());
}

}  // namespace
}  // namespace lintas
