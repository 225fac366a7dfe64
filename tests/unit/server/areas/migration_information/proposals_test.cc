// Answers that a node proposes to the partner's requests, from question to sent answer.
#include "server/areas/migration_information/proposals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/migration_information/v1/list_match.pb.h"
#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ProposalsTest : public testing::Test, protected ProcedureCalls {
 protected:
  absl::StatusOr<pv::ProposedAnswer> Propose(NodeOnDisk& at, const std::string& name,
                                             const As& as = Officer()) {
    pv::ProposeAnswerRequest request;
    request.set_name(name);
    return Call<pv::ProposedAnswer>(at, "ProposeAnswer", as, request);
  }
  // Asked by IDN, arrived at KHM.
  std::string Asked(const mi::RecordRequest& request) {
    const auto asked = Open(idn, request);
    EXPECT_TRUE(asked.ok()) << asked.status();
    Settle();
    return asked.ok() ? asked->name() : "";
  }
  std::string AskedList(const mi::ListMatch& list) {
    pv::OpenProcedureRequest request;
    request.set_procedure("list_match");
    request.set_step("ASK");
    request.mutable_content()->PackFrom(list);
    request.set_request_id(NextRequestId());
    const auto asked = Call<pv::Procedure>(idn, "OpenProcedure", Officer(), request);
    EXPECT_TRUE(asked.ok()) << asked.status();
    Settle();
    return asked.ok() ? asked->name() : "";
  }
  static mi::RecordAnswer Records(const pv::ProposedAnswer& proposed) {
    mi::RecordAnswer answer;
    EXPECT_TRUE(proposed.content().UnpackTo(&answer));
    return answer;
  }
  mi::Crossing At(int64_t days_ago, mi::Crossing::Direction direction) {
    mi::Crossing crossing = MakeCrossing();
    crossing.set_direction(direction);
    crossing.mutable_crossing_time()->set_seconds(crossing.crossing_time().seconds() -
                                                  days_ago * 86400);
    return crossing;
  }
};

TEST_F(ProposalsTest, TheLastEntryIsTheNewestOfThoseLetIn) {
  ASSERT_TRUE(Create(khm, At(30, mi::Crossing::ENTRY)).ok());
  const auto last = Create(khm, At(20, mi::Crossing::ENTRY));
  mi::Crossing refused = At(5, mi::Crossing::ENTRY);
  refused.set_outcome(mi::Crossing::REFUSED);
  ASSERT_TRUE(last.ok() && Create(khm, refused).ok());
  ASSERT_TRUE(Create(khm, At(10, mi::Crossing::EXIT)).ok());
  const std::string name = Asked(RecordRequestForTest());
  const auto proposed = Propose(khm, name);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_EQ(proposed->step(), "ANSWER");
  EXPECT_THAT(proposed->record_names(), ElementsAre(last->name()));
  const mi::RecordAnswer answer = Records(*proposed);
  ASSERT_THAT(answer.records(), SizeIs(1));
  EXPECT_FALSE(answer.records(0).crossing().has_meta());
  // As it is, it may be sent.
  const auto sent = Take(khm, name, proposed->step(), &answer, Officer(), proposed->etag());
  ASSERT_TRUE(sent.ok()) << sent.status();
  Settle();
  EXPECT_EQ(Look(idn, name)->state(), "answered");
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

// The newest records come last: what a cut leaves is older than the last entry.
TEST_F(ProposalsTest, TheLastEntryOfAFrequentTravellerIsTheNewestToo) {
  for (int i = 0; i < 520; ++i) ASSERT_TRUE(Create(khm, At(30, mi::Crossing::ENTRY)).ok());
  const auto last = Create(khm, At(20, mi::Crossing::ENTRY));
  ASSERT_TRUE(last.ok());
  const auto proposed = Propose(khm, Asked(RecordRequestForTest()));
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_EQ(proposed->step(), "ANSWER");
  EXPECT_THAT(proposed->record_names(), ElementsAre(last->name()));
}

TEST_F(ProposalsTest, NothingAndWhatMayNotBeAskedForAreOneAnswer) {  // P26, R8
  PersonForTest third;
  third.nationalities = {"MYS"};
  ASSERT_TRUE(Create(khm, MakeCrossing(third)).ok());
  const auto hidden = Propose(khm, Asked(RecordRequestForTest()));
  const auto absent = Propose(khm, Asked(RecordRequestForTest("X7654321")));
  ASSERT_TRUE(hidden.ok() && absent.ok());
  EXPECT_EQ(hidden->content().value(), absent->content().value());
  EXPECT_EQ(Records(*hidden).outcome(), mi::RecordAnswer::NOTHING_TO_SHARE);
  EXPECT_THAT(hidden->record_names(), IsEmpty());
}

TEST_F(ProposalsTest, OnlyWhatWaitsHereForAnAnswerHasOne) {
  const auto asked = Open(idn, RecordRequestForTest());
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(ErrorReason(Propose(idn, asked->name()).status()), "NOTHING_TO_ANSWER");
  Settle();
  const auto refusal = [] {
    mi::RecordRefusal content;
    content.set_ground(mi::RecordRefusal::NOT_COMPETENT);
    return content;
  }();
  ASSERT_TRUE(Take(khm, asked->name(), "REFUSE", &refusal).ok());
  EXPECT_EQ(ErrorReason(Propose(khm, asked->name()).status()), "NOTHING_TO_ANSWER");
}

TEST_F(ProposalsTest, AListIsMatchedLineByLineAndCarriesNoFile) {
  ASSERT_TRUE(Create(khm, MakeCrossing()).ok());
  mi::ListMatch list;
  list.set_justification("GROUP_DEPARTURE");
  for (const char* number : {"X7654321", "X0000001"}) {
    auto* person = list.add_people();
    person->mutable_document()->set_number(number);
    person->mutable_document()->set_issuer("IDN");
    person->add_nationalities("IDN");
  }
  const std::string name = AskedList(list);
  const auto proposed = Propose(khm, name);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  mi::ListMatchAnswer answer;
  ASSERT_TRUE(proposed->content().UnpackTo(&answer));
  ASSERT_THAT(answer.lines(), SizeIs(1));
  EXPECT_EQ(answer.lines(0).line(), 2u);
  EXPECT_THAT(answer.lines(0).types(), ElementsAre("crossing"));
  ASSERT_TRUE(Take(khm, name, "ANSWER", &answer).ok());
  Settle();
  EXPECT_EQ(Look(idn, name)->state(), "answered");
}

TEST_F(ProposalsTest, ALineOfANameAloneIsNoHit) {  // R7
  ASSERT_TRUE(Create(khm, MakeCrossing()).ok());
  const types::v1::Person person = MakeCrossing().person();
  mi::ListMatch list;
  list.set_justification("GROUP_DEPARTURE");
  auto* line = list.add_people();
  line->set_person_name(person.names(0).given_name());
  line->add_nationalities("IDN");
  const auto proposed = Propose(khm, AskedList(list));
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  mi::ListMatchAnswer answer;
  ASSERT_TRUE(proposed->content().UnpackTo(&answer));
  EXPECT_THAT(answer.lines(), IsEmpty());
}

TEST_F(ProposalsTest, AListOfMoreThan500IsNotAnswered) {
  mi::ListMatch list;
  list.set_justification("GROUP_DEPARTURE");
  for (int i = 0; i < 501; ++i) {
    auto* person = list.add_people();
    person->mutable_document()->set_number("X7654321");
    person->mutable_document()->set_issuer("IDN");
    person->add_nationalities("IDN");
  }
  EXPECT_EQ(ErrorReason(Propose(khm, AskedList(list)).status()), "NOTHING_TO_ANSWER");
}

TEST_F(ProposalsTest, AListNamesNationalsOfAPartyOnly) {  // R8
  mi::ListMatch list;
  list.set_justification("GROUP_DEPARTURE");
  auto* person = list.add_people();
  person->mutable_document()->set_number("X0000001");
  person->mutable_document()->set_issuer("MYS");
  person->add_nationalities("MYS");
  pv::OpenProcedureRequest request;
  request.set_procedure("list_match");
  request.set_step("ASK");
  request.mutable_content()->PackFrom(list);
  request.set_request_id(NextRequestId());
  EXPECT_EQ(ErrorReason(Call<pv::Procedure>(idn, "OpenProcedure", Officer(), request).status()),
            "THIRD_COUNTRY");
}

}  // namespace
}  // namespace lintas
