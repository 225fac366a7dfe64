#include "server/admission/access_log.h"

#include <gtest/gtest.h>

#include "server/crypto/os_random.h"
#include "server/ledger/ledgers.h"
#include "server/store/memory/memory_store.h"
#include "tests/support/signed_agreement.h"

namespace lintas {
namespace {

// Folds nothing.
class NoFold final : public Projector {
 public:
  absl::Status Project(const Store&, const std::vector<CommittedEntry>&, Batch*) override {
    return absl::OkStatus();
  }
  void Committed() override {}
  absl::Status CheckOwn(const ledger::v1::EntryHeader&) override { return absl::OkStatus(); }
  uint32_t AdoptedVersion() const override { return 0; }
};

class LedgerAccessLogTest : public testing::Test {
 protected:
  LedgerAccessLogTest()
      : disk_(std::make_shared<MemoryDisk>()),
        store_(MemoryStore::Open(disk_)),
        heads_(std::make_shared<MemoryHeadDisk>()),
        random_(MakeOsRandom()),
        sealer_(Secret(random_->Bytes(32)), random_.get()) {
    LedgersOptions options;
    options.partnership = "idn-khm";
    options.country = "idn";
    options.partner_country = "khm";
    options.trust_domain = "imigrasi.go.id";
    options.partner_trust_domain = "immigration.gov.kh";
    auto opened =
        Ledgers::Open(options, store_.get(), &heads_, KeyForTest("log"), &fold_, random_.get());
    LINTAS_CHECK(opened.ok());
    ledgers_ = *std::move(opened);
    call_.principal = *MakePrincipal("idn", Role::kOfficer, "one");
    call_.method = "lintas.test.v1.TestService/Find";
    call_.purpose = "BORDER_CHECK";
    call_.case_id = "C-1";
    call_.agreement_version = 1;
  }

  std::shared_ptr<MemoryDisk> disk_;
  std::unique_ptr<MemoryStore> store_;
  MemoryHeadStore heads_;
  std::unique_ptr<Random> random_;
  PayloadSealer sealer_;
  NoFold fold_;
  std::unique_ptr<Ledgers> ledgers_;
  Call call_;
};

TEST_F(LedgerAccessLogTest, AppendsOneSealedHomeEntryAndAnswersWhenItIsDurable) {
  LedgerAccessLog log(ledgers_.get(), &sealer_, random_.get());
  Disclosure disclosed;
  disclosed.record_names = {"countries/idn/crossings/00"};
  disclosed.record_count = 1;
  AccessFacts facts;
  facts.now = SigningDayForTest();
  facts.disclosure = &disclosed;
  absl::Status durable = absl::UnknownError("nothing yet");
  log.Append(call_, facts, [&](const absl::Status& status) { durable = status; });
  EXPECT_EQ(durable.code(), absl::StatusCode::kUnknown);
  ASSERT_TRUE(ledgers_->Step(SigningDayForTest()).ok());
  EXPECT_TRUE(durable.ok()) << durable;

  EXPECT_EQ(ledgers_->size(LedgerId::kHome).value(), 1u);
  EXPECT_EQ(ledgers_->size(LedgerId::kExchange).value(), 0u);
  const auto row = store_->GetEntry({LedgerId::kHome, Index(0)});
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->payload.find("BORDER_CHECK"), std::string::npos);
  const auto header = ParseHeader(row->header);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->kind(), ledger::v1::EntryHeader::ACCESS);
  const auto payload = sealer_.Open(*row);
  ASSERT_TRUE(payload.ok());
  const std::string* content = FindSection(*payload, 4);
  ASSERT_NE(content, nullptr);
  ledger::v1::Access access;
  ASSERT_TRUE(access.ParseFromString(*content));
  EXPECT_EQ(access.principal(), "spiffe://imigrasi.go.id/officer/one");
  EXPECT_EQ(access.case_id(), "C-1");
  EXPECT_EQ(access.record_count(), 1u);
}

TEST_F(LedgerAccessLogTest, SharesOneCommitAmongCallsThatRunAtOnce) {
  LedgerAccessLog log(ledgers_.get(), &sealer_, random_.get());
  AccessFacts facts;
  facts.now = SigningDayForTest();
  int durable = 0;
  for (int i = 0; i < 64; ++i) {
    log.Append(call_, facts, [&](const absl::Status& status) { durable += status.ok() ? 1 : 0; });
  }
  ASSERT_TRUE(ledgers_->Step(SigningDayForTest()).ok());
  EXPECT_EQ(durable, 64);
}

TEST_F(LedgerAccessLogTest, SaysWhenTheEntryWasLost) {
  LedgerAccessLog log(ledgers_.get(), &sealer_, random_.get());
  disk_->FailNthCommit(1, CommitFault::kCrashBeforeCommit);
  absl::Status durable;
  log.Append(call_, AccessFacts(), [&](const absl::Status& status) { durable = status; });
  EXPECT_FALSE(ledgers_->Step(SigningDayForTest()).ok());
  EXPECT_FALSE(durable.ok());
}

TEST_F(LedgerAccessLogTest, RaisesAnAlarmWhenACallMetWhatCannotBeRead) {
  Alarms alarms;
  LedgerAccessLog log(ledgers_.get(), &sealer_, random_.get(), &alarms);
  AccessFacts facts;
  facts.now = SigningDayForTest();
  facts.outcome = absl::InternalError("a mistake of ours");
  log.Append(call_, facts, [](const absl::Status&) {});
  EXPECT_TRUE(alarms.all().empty());
  facts.outcome = absl::DataLossError("a header is missing");
  log.Append(call_, facts, [](const absl::Status&) {});
  EXPECT_TRUE(alarms.raised("STORE_UNREADABLE"));
}

}  // namespace
}  // namespace lintas
