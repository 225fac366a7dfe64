// Writes repeated by their request id on one node, where the sweep once found a wrong answer.
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "tests/simulation/sim_node.h"

namespace lintas::simulation {
namespace {

namespace mi = migration_information::v1;

class RepeatedWrite : public testing::Test {
 protected:
  RepeatedWrite() : network_(&now_, &random_), node_(0, &now_, 2, &network_) {
    EXPECT_TRUE(node_.Start().ok());
    traveller_.mutable_person()->add_names()->set_family_name("SYNTHETIC");
    traveller_.mutable_person()->add_nationalities("IDN");
    call_.principal = *MakePrincipal("idn", Role::kOfficer, "officer-1");
    call_.method = "Correct";
    call_.now = now_;
  }

  std::string Id(int number) {
    return absl::StrCat(10000000 + number, "-0000-4000-8000-000000000001");
  }
  const RecordType& Type() {
    return *node_.node()->deps().types->ByDescriptor(mi::Traveller::descriptor());
  }
  Writer::Done Keep() {
    return [this](absl::StatusOr<Writer::Written> written) { written_ = std::move(written); };
  }
  void Step() { ASSERT_TRUE(node_.node()->CommitStep(now_).ok()); }
  // A correction of the address as it is sent: the whole record follows from what is there.
  void Correct(const std::string& name, const std::string& address, int request) {
    const absl::StatusOr<ParsedName> parsed = ParseRecordName(name, *node_.node()->deps().types);
    ASSERT_TRUE(parsed.ok());
    const absl::StatusOr<FoundRecord> found = node_.node()->reader().Get(*parsed);
    ASSERT_TRUE(found.ok());
    const auto merged = node_.node()->reader().Whole(*found);
    auto* traveller = static_cast<mi::Traveller*>(merged.get());
    (address.empty() ? *traveller->mutable_contact() : *traveller->mutable_address()) =
        address.empty() ? "synthetic contact" : address;
    node_.node()->writer().Correct(call_, *parsed, *merged, address, Id(request), "", Keep());
    Step();
  }

  absl::Time now_ = StartTime();
  SimRandom random_{1};
  SimNetwork network_;
  SimNode node_;
  mi::Traveller traveller_;
  Call call_;
  absl::StatusOr<Writer::Written> written_ = absl::UnknownError("no answer");
};

TEST_F(RepeatedWrite, CorrectionGetsItsFirstAnswerAfterAnotherCorrection) {
  node_.node()->writer().Create(call_, Type(), traveller_, Id(1), Keep());
  Step();
  ASSERT_TRUE(written_.ok()) << written_.status();
  const std::string name = written_->name;
  Correct(name, "synthetic address", 2);
  ASSERT_TRUE(written_.ok()) << written_.status();
  Correct(name, "", 3);
  ASSERT_TRUE(written_.ok()) << written_.status();
  const Sizes before = node_.store()->sizes();
  Correct(name, "synthetic address", 2);
  ASSERT_TRUE(written_.ok()) << written_.status();
  EXPECT_TRUE(written_->repeated);
  EXPECT_EQ(written_->name, name);
  EXPECT_TRUE(node_.store()->sizes() == before);
}

TEST_F(RepeatedWrite, OtherCorrectionUnderTheSameIdIsRefused) {
  node_.node()->writer().Create(call_, Type(), traveller_, Id(1), Keep());
  Step();
  const std::string name = written_->name;
  Correct(name, "synthetic address", 2);
  Correct(name, "another synthetic address", 2);
  EXPECT_TRUE(absl::IsInvalidArgument(written_.status())) << written_.status();
}

}  // namespace
}  // namespace lintas::simulation
