#include "server/areas/migration_information/subscription.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using mi::RecordEvent;
using testing::ElementsAre;
using testing::IsEmpty;

As Feed(const std::string& id = "border-1") { return {Role::kAgency, "SYSTEM_FEED", "", id}; }
As Desk() { return {Role::kOfficer, "SYSTEM_FEED", "", "officer-1"}; }

// One open WatchRecords, as the edge drives it. `reading` false: a client that does not read.
class Subscriber {
 public:
  Subscriber(MigrationCalls* nodes, NodeOnDisk* at, const As& as,
             const mi::WatchRecordsRequest& request = {}) {
    Admission& admission = at->node->admission();
    const Method* method = TwoNodes::Find(admission, "WatchRecords");
    CallMetadata metadata;
    metadata.purpose = as.purpose;
    admission.OpenStream(
        *method,
        admission.Admit(TwoNodes::PrincipalAt(*at, as), *method, metadata, nodes->clock.now),
        [this](std::unique_ptr<google::protobuf::Message> message) {
          if (on_write) on_write();
          batches.push_back(static_cast<const mi::WatchRecordsResponse&>(*message));
          ++unread_;
        },
        [this, request](absl::StatusOr<std::unique_ptr<StreamHandler>> opened) {
          if (!opened.ok()) {
            ended = opened.status();
            return;
          }
          handler_ = *std::move(opened);
          handler_->OnMessage(std::make_unique<mi::WatchRecordsRequest>(request),
                              [this](const absl::Status& ready) {
                                if (!ready.ok()) ended = ready;
                              });
          if (ended) return;
          handler_->OnEnd([this](const absl::Status& status) { ended = status; });
        });
  }

  void Read() {
    for (; reading && unread_ > 0 && !ended; --unread_) handler_->OnWritten();
  }
  void Close() { handler_.reset(); }

  std::vector<RecordEvent> Events() const {
    std::vector<RecordEvent> all;
    for (const auto& batch : batches) {
      all.insert(all.end(), batch.events().begin(), batch.events().end());
    }
    return all;
  }
  std::vector<RecordEvent::Kind> Kinds() const {
    std::vector<RecordEvent::Kind> kinds;
    for (const RecordEvent& event : Events()) kinds.push_back(event.kind());
    return kinds;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const RecordEvent& event : Events()) names.push_back(event.record_name());
    return names;
  }
  std::string Cursor() const { return batches.empty() ? "" : batches.back().cursor(); }

  bool reading = true;
  std::function<void()> on_write;
  std::vector<mi::WatchRecordsResponse> batches;
  absl::optional<absl::Status> ended;

 private:
  std::unique_ptr<StreamHandler> handler_;
  int unread_ = 0;
};

class SubscriptionTest : public testing::Test {
 protected:
  SubscriptionTest() {
    nodes_.on_turn = [this] {
      for (NodeOnDisk* each : {&nodes_.idn, &nodes_.khm}) {
        for (int i = 0; i < 20 && each->node->FeedStep(nodes_.clock.now); ++i) {
        }
      }
      for (auto& subscriber : subscribers_) subscriber->Read();
    };
  }
  ~SubscriptionTest() override {
    nodes_.on_turn = nullptr;
    for (auto& subscriber : subscribers_) subscriber->Close();
  }

  Subscriber* Open(const As& as, const mi::WatchRecordsRequest& request = {},
                   NodeOnDisk* at = nullptr) {
    subscribers_.push_back(
        std::make_unique<Subscriber>(&nodes_, at == nullptr ? &nodes_.idn : at, as, request));
    return subscribers_.back().get();
  }
  Subscriber* OpenFrom(const std::string& cursor, const As& as = Feed()) {
    mi::WatchRecordsRequest request;
    request.set_cursor(cursor);
    return Open(as, request);
  }
  // Long enough for a commit, an access entry and a batch.
  void Run() { nodes_.RunFor(absl::Milliseconds(300)); }

  std::string CreateOne(const std::string& number = "X0000001", const PersonForTest& person = {}) {
    const auto created = nodes_.Create(nodes_.idn, MakeCrossing(person, number));
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? created->name() : "";
  }
  std::vector<std::string> NamesOnRecord() {
    std::vector<std::string> names;
    for (const auto& held : nodes_.idn.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS)) {
      ledger::v1::Access access;
      EXPECT_TRUE(access.ParseFromString(held.content()));
      if (access.method().find("/WatchRecords") == std::string::npos) continue;
      names.insert(names.end(), access.record_names().begin(), access.record_names().end());
    }
    return names;
  }

  MigrationCalls nodes_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
};

TEST_F(SubscriptionTest, TellsEveryChangeInTheOrderOfTheLedger) {
  const std::string first = CreateOne();
  Subscriber* feed = Open(Feed());
  mi::Crossing change;
  change.set_name(first);
  change.set_port("IDDPS");
  ASSERT_TRUE(nodes_.Correct(nodes_.idn, change).ok());
  ASSERT_TRUE(nodes_.Withdraw(nodes_.idn, first).ok());
  const std::string second = CreateOne("X0000002");
  ASSERT_TRUE(nodes_.Recall(nodes_.idn, second).ok());
  Run();
  EXPECT_THAT(feed->Names(), testing::Contains(first));
  std::vector<RecordEvent::Kind> of_first;
  for (const RecordEvent& event : feed->Events()) {
    if (event.record_name() == first) of_first.push_back(event.kind());
  }
  EXPECT_THAT(of_first,
              ElementsAre(RecordEvent::CREATED, RecordEvent::CORRECTED, RecordEvent::WITHDRAWN));
  EXPECT_EQ(feed->Events().back().kind(), RecordEvent::RECALLED);
  EXPECT_EQ(feed->Events().back().record_name(), second);
  EXPECT_FALSE(feed->Events().back().has_record());
  EXPECT_TRUE(feed->batches.back().level());
}

TEST_F(SubscriptionTest, ShowsEachRevisionAsItWasThen) {
  const std::string name = CreateOne();
  mi::Crossing change;
  change.set_name(name);
  change.set_port("IDDPS");
  ASSERT_TRUE(nodes_.Correct(nodes_.idn, change).ok());
  Subscriber* feed = Open(Feed());
  Run();
  ASSERT_EQ(feed->Events().size(), 2u);
  EXPECT_EQ(feed->Events()[0].record().crossing().port(), "IDCGK");
  EXPECT_EQ(feed->Events()[1].record().crossing().port(), "IDDPS");
}

TEST_F(SubscriptionTest, TellsThePartnersRecordsWithinASecondOfTheirCommit) {
  Subscriber* feed = Open(Feed());
  Run();
  EXPECT_THAT(feed->Kinds(), IsEmpty());
  const auto created = nodes_.Create(nodes_.khm, MakeCrossing());
  ASSERT_TRUE(created.ok());
  nodes_.RunFor(absl::Seconds(1));
  EXPECT_THAT(feed->Names(), ElementsAre(created->name()));
  EXPECT_EQ(feed->Events()[0].ledger(), "replica");
}

TEST_F(SubscriptionTest, GoesOnFromTheCursorAfterARestart) {
  const std::string before = CreateOne();
  Subscriber* feed = Open(Feed());
  Run();
  ASSERT_THAT(feed->Names(), ElementsAre(before));
  const std::string cursor = feed->Cursor();
  feed->Close();
  const std::string meanwhile = CreateOne("X0000002");
  nodes_.Reopen(&nodes_.idn);
  Subscriber* again = OpenFrom(cursor);
  Run();
  EXPECT_THAT(again->Names(), ElementsAre(meanwhile));
}

TEST_F(SubscriptionTest, LosesNothingForASlowClientAndHoldsNobodyUp) {
  std::vector<std::string> names;
  for (int i = 0; i < 130; ++i) names.push_back(CreateOne(absl::StrCat("X", 1000000 + i)));
  Subscriber* slow = Open(Feed());
  slow->reading = false;
  Subscriber* quick = Open(Feed("border-2"));
  Run();
  EXPECT_EQ(slow->batches.size(), 1u);
  EXPECT_EQ(slow->Names().size(), 100u);
  EXPECT_EQ(quick->Names(), names);
  names.push_back(CreateOne("X2000000"));
  Run();
  EXPECT_EQ(slow->batches.size(), 1u);
  EXPECT_EQ(quick->Names(), names);
  slow->reading = true;
  Run();
  EXPECT_EQ(slow->Names(), names);
}

TEST_F(SubscriptionTest, IsOnRecordBeforeItLeaves) {
  const std::string name = CreateOne();
  Subscriber* feed = Open(Feed());
  std::vector<std::string> on_record;
  feed->on_write = [&] { on_record = NamesOnRecord(); };
  Run();
  ASSERT_THAT(feed->Names(), ElementsAre(name));
  EXPECT_THAT(on_record, ElementsAre(name));
  // And what the stream came to, when it ends.
  feed->Close();
  Run();
  const auto entries = nodes_.idn.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS);
  ledger::v1::Access last;
  ASSERT_TRUE(last.ParseFromString(entries.back().content()));
  EXPECT_EQ(last.record_count(), 1u);
  EXPECT_EQ(last.status_code(), static_cast<int>(absl::StatusCode::kCancelled));
}

TEST_F(SubscriptionTest, WritesNoAccessEntryWhileNothingIsDisclosed) {
  Open(Feed());
  Run();
  const size_t before = nodes_.idn.Entries(LedgerId::kHome).size();
  nodes_.RunFor(absl::Seconds(2));
  EXPECT_EQ(nodes_.idn.Entries(LedgerId::kHome).size(), before);
}

TEST_F(SubscriptionTest, EndsWhenAnotherAgreementComesIntoForce) {
  Subscriber* feed = Open(Feed());
  Run();
  const auto next = SignForTest(NextVersionForTest(*VersionForTest(DefaultAgreementForTest())));
  ASSERT_TRUE(nodes_.Adopt(nodes_.idn, next).ok());
  ASSERT_TRUE(nodes_.Adopt(nodes_.khm, next).ok());
  nodes_.Settle();
  ASSERT_TRUE(feed->ended.has_value());
  EXPECT_EQ(feed->ended->code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(*feed->ended), "AGREEMENT_CHANGED");
  const std::string name = CreateOne();
  Subscriber* again = OpenFrom(feed->Cursor());
  Run();
  EXPECT_THAT(again->Names(), ElementsAre(name));
}

TEST_F(SubscriptionTest, IsCutWhenTheAgreementTakesTheOperationAway) {
  Subscriber* feed = Open(Feed());
  Run();
  agreement::v1::Agreement narrower =
      NextVersionForTest(*VersionForTest(DefaultAgreementForTest()));
  for (auto& grant : *narrower.mutable_grants()) {
    if (grant.operations(0) == "SUBSCRIBE") grant.set_operations(0, "PROVE");
  }
  ASSERT_TRUE(nodes_.Adopt(nodes_.idn, SignForTest(narrower)).ok());
  ASSERT_TRUE(nodes_.Adopt(nodes_.khm, SignForTest(narrower)).ok());
  nodes_.Settle();
  ASSERT_TRUE(feed->ended.has_value());
  EXPECT_EQ(feed->ended->code(), absl::StatusCode::kPermissionDenied);
  CreateOne();
  Run();
  EXPECT_THAT(feed->Kinds(), IsEmpty());
  EXPECT_EQ(Open(Feed())->ended.has_value(), false);
  Run();
  EXPECT_EQ(subscribers_.back()->ended->code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(SubscriptionTest, LivesAnHourAtMost) {
  Subscriber* feed = Open(Feed());
  Run();
  nodes_.clock.now += absl::Hours(1);
  Run();
  ASSERT_TRUE(feed->ended.has_value());
  EXPECT_EQ(ErrorReason(*feed->ended), "STREAM_AGE");
}

TEST_F(SubscriptionTest, ShowsOnlyTheSectionsOfTheRole) {
  ASSERT_TRUE(nodes_.Create(nodes_.idn, MakeStayPermit()).ok());
  mi::WatchRecordsRequest full;
  full.set_view(mi::FULL);
  Subscriber* agency = Open(Feed(), full);
  Subscriber* desk = Open(Desk(), full);
  Run();
  ASSERT_EQ(agency->Events().size(), 1u);
  ASSERT_EQ(desk->Events().size(), 1u);
  EXPECT_EQ(agency->Events()[0].record().stay_permit().address(), "");
  EXPECT_EQ(desk->Events()[0].record().stay_permit().address(), kAddressForTest);
}

TEST_F(SubscriptionTest, NamesNobodyInASummary) {
  CreateOne();
  Subscriber* feed = Open(Feed());
  Run();
  ASSERT_EQ(feed->Events().size(), 1u);
  EXPECT_FALSE(feed->Events()[0].record().crossing().has_person());
}

TEST_F(SubscriptionTest, SaysOfWhatWasErasedOnlyThatItIsGone) {
  const std::string name = CreateOne();
  ASSERT_TRUE(nodes_.Recall(nodes_.idn, name).ok());
  Run();
  Subscriber* late = Open(Desk());
  Run();
  EXPECT_THAT(late->Kinds(), ElementsAre(RecordEvent::RECALLED));
}

TEST_F(SubscriptionTest, NeverSendsThirdCountryNationalsToThePartner) {
  PersonForTest third;
  third.nationalities = {"AUS"};
  const std::string name = CreateOne("X0000001", third);
  Subscriber* here = Open(Desk());
  Subscriber* there = Open(Desk(), {}, &nodes_.khm);
  nodes_.Settle();
  EXPECT_THAT(here->Names(), ElementsAre(name));
  EXPECT_EQ(here->Events()[0].ledger(), "home");
  EXPECT_THAT(there->Names(), IsEmpty());
}

TEST_F(SubscriptionTest, KeepsToItsConditions) {
  PersonForTest khmer;
  khmer.nationalities = {"KHM"};
  const std::string indonesian = CreateOne("X0000001");
  const std::string cambodian = CreateOne("X0000002", khmer);
  ASSERT_TRUE(nodes_.Create(nodes_.idn, MakeStayPermit()).ok());
  const auto theirs = nodes_.Create(nodes_.khm, MakeCrossing());
  ASSERT_TRUE(theirs.ok());
  nodes_.Settle();
  mi::WatchRecordsRequest crossings, from_khm, of_khm;
  crossings.add_types("crossing");
  from_khm.set_country("khm");
  of_khm.set_nationality("KHM");
  Subscriber* by_type = Open(Feed(), crossings);
  Subscriber* by_country = Open(Feed(), from_khm);
  Subscriber* by_nationality = Open(Feed(), of_khm);
  Run();
  EXPECT_THAT(by_type->Names(),
              testing::UnorderedElementsAre(indonesian, cambodian, theirs->name()));
  EXPECT_THAT(by_country->Names(), ElementsAre(theirs->name()));
  EXPECT_THAT(by_nationality->Names(), ElementsAre(cambodian));
}

TEST_F(SubscriptionTest, RefusesUnknownConditionsAllAtOnce) {
  mi::WatchRecordsRequest request;
  request.add_types("passport");
  request.set_country("aus");
  request.set_nationality("khm");
  Subscriber* feed = Open(Feed(), request);
  Run();
  ASSERT_TRUE(feed->ended.has_value());
  EXPECT_EQ(feed->ended->code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SubscriptionTest, TakesACursorOnlyFromWhomItWasGivenTo) {
  CreateOne();
  Subscriber* feed = Open(Feed());
  Run();
  const std::string cursor = feed->Cursor();
  Subscriber* other = OpenFrom(cursor, Feed("border-2"));
  mi::WatchRecordsRequest narrower;
  narrower.set_cursor(cursor);
  narrower.add_types("crossing");
  Subscriber* differently = Open(Feed(), narrower);
  std::string forged = cursor;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  Subscriber* forger = OpenFrom(forged);
  Run();
  for (const Subscriber* each : {other, differently, forger}) {
    ASSERT_TRUE(each->ended.has_value());
    EXPECT_EQ(ErrorReason(*each->ended), "BAD_CURSOR");
    EXPECT_THAT(each->Kinds(), IsEmpty());
  }
}

TEST(Cursor, IsAheadOfANodeThatLostEntries) {
  const Tokenizer tokens(Secret(std::string(32, 'k')));
  Sizes seen;
  seen.exchange = TreeSize(7);
  Sizes held = seen;
  const std::string cursor = migration_information::MakeCursor(tokens, "b", seen);
  EXPECT_EQ(*migration_information::ParseCursor(tokens, "b", cursor, held), seen);
  held.exchange = TreeSize(6);
  const auto lost = migration_information::ParseCursor(tokens, "b", cursor, held);
  EXPECT_EQ(lost.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorReason(lost.status()), "CURSOR_AHEAD");
}

TEST_F(SubscriptionTest, IsRefusedToAnAttache) {
  Subscriber* attache = Open({Role::kAttache, "CONSULAR_PROTECTION", "C-1", "attache-1"});
  Run();
  ASSERT_TRUE(attache->ended.has_value());
  EXPECT_EQ(attache->ended->code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lintas
