// Every role × operation × purpose, with and without a case, through Admission, against a table
// that a lawyer can read (default_agreement.v1.matrix.txt).
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/admission/admission.h"
#include "server/admission/reasons.h"
#include "server/base/error.h"
#include "server/crypto/os_random.h"
#include "tests/support/signed_agreement.h"

namespace lintas {
namespace {

class NoClock final : public Clock {
 public:
  absl::Time Now() override { return SigningDayForTest(); }
};

class NoLog final : public AccessLog {
 public:
  void Append(const Call&, const AccessFacts&, std::function<void(absl::Status)> done) override {
    done(absl::OkStatus());
  }
};

// `role|operation` to purposes; true: refused without a case.
using Table = std::map<std::string, std::map<std::string, bool>>;

Table ExpectedTable() {
  std::ifstream file(std::string(LINTAS_SOURCE_DIR) +
                     "/tests/contract/admission/default_agreement.v1.matrix.txt");
  Table table;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.empty() || words[0] == "#") continue;
    std::map<std::string, bool>& purposes = table[words[0] + "|" + words[1]];
    for (size_t i = 2; i < words.size(); ++i) {
      if (words[i] == "-") continue;
      absl::string_view code = words[i];
      const bool needs_case = absl::ConsumeSuffix(&code, "*");
      purposes.emplace(code, needs_case);
    }
  }
  return table;
}

class MatrixTest : public testing::Test {
 protected:
  MatrixTest() : admission_({"idn", {}}, &book_, &log_, random_.get(), &clock_) {
    agreement::v1::Agreement agreement = DefaultAgreementForTest();
    agreement.mutable_limits()->set_searches_per_minute(1000000);  // Quotas have their own tests.
    agreement.mutable_limits()->set_questions_per_officer_day(1000000);
    version_ = VersionForTest(agreement);
    for (Operation operation : kAllOperations) {
      Method method;
      method.full_name = std::string(OperationName(operation));
      method.operation = operation;
      method.unary = [](const Call&, const google::protobuf::Message&, Reply) {};
      admission_.Register(std::move(method));
    }
  }

  void PutInForce() {
    book_.Adopt("idn", version_);
    book_.Adopt("khm", version_);
  }
  // All declared purposes, and what nobody declared.
  std::vector<std::string> Purposes() const {
    std::vector<std::string> codes = {"", "CURIOSITY"};
    for (const auto& purpose : version_->agreement().purposes()) codes.push_back(purpose.code());
    return codes;
  }
  absl::Status Verdict(Role role, Operation operation, const std::string& purpose,
                       const std::string& case_id, const std::string& country = "idn") {
    return admission_
        .Admit(*MakePrincipal(country, role, "one"), *admission_.Find(OperationName(operation)),
               {purpose, case_id, "", absl::InfiniteFuture()}, clock_.Now())
        .verdict;
  }

  AgreementBook book_{"idn-khm", "idn", "khm"};
  NoLog log_;
  NoClock clock_;
  std::unique_ptr<Random> random_ = MakeOsRandom();
  Admission admission_;
  AgreementVersionPtr version_;
};

TEST_F(MatrixTest, IsWhatTheTableSays) {
  PutInForce();
  const Table table = ExpectedTable();
  for (Role role : kAllRoles) {
    for (Operation operation : kAllOperations) {
      const std::string row =
          std::string(RoleName(role)) + "|" + std::string(OperationName(operation));
      ASSERT_EQ(table.count(row), 1u) << "the table has no row " << row;
      for (const std::string& purpose : Purposes()) {
        auto cell = table.at(row).find(purpose);
        const bool granted = cell != table.at(row).end();
        const absl::Status with_case = Verdict(role, operation, purpose, "C-1");
        const absl::Status without = Verdict(role, operation, purpose, "");
        EXPECT_EQ(with_case.ok(), granted) << row << " " << purpose;
        EXPECT_EQ(without.ok(), granted && !cell->second) << row << " " << purpose;
        if (!granted) {
          EXPECT_EQ(with_case.code(), absl::StatusCode::kPermissionDenied);
          EXPECT_EQ(with_case, without) << row << " " << purpose;
        } else if (cell->second) {
          EXPECT_EQ(ErrorReason(without), kCaseRequired) << row << " " << purpose;
        }
      }
    }
  }
  EXPECT_EQ(table.size(), std::size(kAllRoles) * std::size(kAllOperations));
}

TEST_F(MatrixTest, IsEmptyForThePartnersPeople) {
  PutInForce();
  for (Role role : kAllRoles) {
    for (Operation operation : kAllOperations) {
      for (const std::string& purpose : Purposes()) {
        EXPECT_EQ(ErrorReason(Verdict(role, operation, purpose, "C-1", "khm")), kNotServedHere);
      }
    }
  }
}

TEST_F(MatrixTest, GrantsOnlyTheAdoptionBeforeAnAgreementIsInForce) {
  int admitted = 0;
  for (Role role : kAllRoles) {
    for (Operation operation : kAllOperations) {
      for (const std::string& purpose : Purposes()) {
        if (!Verdict(role, operation, purpose, "C-1").ok()) continue;
        ++admitted;
        EXPECT_EQ(RoleName(role), "operator");
        EXPECT_EQ(purpose, "OPERATION");
      }
    }
  }
  EXPECT_EQ(admitted, 3);  // READ_STATUS, PROVE, ADOPT.
}

}  // namespace
}  // namespace lintas
