#include "server/areas/migrant_status/axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using v1::AxisStatus;
using v1::Finding;
using v1::LineResult;

Viewpoint At(const std::string& own, bool sees_protected = false) {
  return {own, own == "idn" ? "khm" : "idn", sees_protected, TermsForTest()};
}

const AxisStatus* Of(const std::vector<AxisStatus>& axes, AxisStatus::Axis axis,
                     const std::string& host) {
  for (const AxisStatus& each : axes) {
    if (each.axis() == axis && each.host_country() == host) return &each;
  }
  return nullptr;
}

// An Indonesian of whom Cambodia knows an entry and Indonesia a return.
PersonFacts ReturnedByOneWordOnly() {
  PersonFacts person;
  person.nationalities = {"IDN"};
  person.by_owner = {FactsForTest({Entered(Day(2026, 3, 20), "")}, "idn"),
                     FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30))}, "khm")};
  return person;
}

TEST(Evaluate, LeavesAConflictBetweenTheCountriesVisible) {
  const auto axes = Evaluate(ReturnedByOneWordOnly(), At("idn"), Day(2026, 6, 1));
  const AxisStatus* residence = Of(axes, AxisStatus::RESIDENCE, "khm");
  ASSERT_NE(residence, nullptr);
  EXPECT_TRUE(residence->conflict());
  ASSERT_EQ(residence->findings_size(), 2);
  EXPECT_EQ(residence->findings(0).owner_country(), "khm");
  EXPECT_EQ(residence->findings(0).value(), Finding::VISITOR);
  EXPECT_EQ(residence->findings(1).owner_country(), "idn");
  EXPECT_EQ(residence->findings(1).value(), Finding::NOT_THERE);
  // The host's own word on its axes stands unchanged beside it (S2).
  const AxisStatus* regularity = Of(axes, AxisStatus::REGULARITY, "khm");
  ASSERT_NE(regularity, nullptr);
  EXPECT_EQ(regularity->findings(0).value(), Finding::IRREGULAR_BY_OVERSTAY);
}

TEST(Evaluate, GivesBothNodesTheSameWordOfTheHost) {
  const auto idn = Evaluate(ReturnedByOneWordOnly(), At("idn"), Day(2026, 6, 1));
  const auto khm = Evaluate(ReturnedByOneWordOnly(), At("khm"), Day(2026, 6, 1));
  ASSERT_EQ(idn.size(), khm.size());
  for (size_t i = 0; i < idn.size(); ++i) {
    EXPECT_EQ(idn[i].SerializeAsString(), khm[i].SerializeAsString());
  }
}

TEST(Evaluate, KnowsNoMigrantAtHome) {
  PersonFacts person = ReturnedByOneWordOnly();
  EXPECT_EQ(Of(Evaluate(person, At("idn"), Day(2026, 6, 1)), AxisStatus::RESIDENCE, "idn"),
            nullptr);
  // Unless the records disagree on whose national it is.
  person.nationalities = {"IDN", "KHM"};
  EXPECT_NE(Of(Evaluate(person, At("idn"), Day(2026, 6, 1)), AxisStatus::RESIDENCE, "idn"),
            nullptr);
}

TEST(Evaluate, JudgesNobodyWhoHasLeft) {
  PersonFacts person;
  person.nationalities = {"IDN"};
  person.by_owner = {
      FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30)), Left(Day(2026, 5, 1))})};
  const auto axes = Evaluate(person, At("khm"), Day(2026, 6, 1));
  EXPECT_NE(Of(axes, AxisStatus::RESIDENCE, "khm"), nullptr);
  EXPECT_EQ(Of(axes, AxisStatus::REGULARITY, "khm"), nullptr);
  EXPECT_EQ(Of(axes, AxisStatus::LABOUR, "khm"), nullptr);
  // On a day before, the overstay was there.
  const auto then = Evaluate(person, At("khm"), Day(2026, 4, 10));
  EXPECT_EQ(Of(then, AxisStatus::REGULARITY, "khm")->findings(0).days(), 11);
}

TEST(Evaluate, HasNoTraffickingAxisAtTheStateOfOrigin) {
  const PersonFacts person = ReturnedByOneWordOnly();
  EXPECT_EQ(Of(Evaluate(person, At("idn", true), Day(2026, 6, 1)), AxisStatus::TRAFFICKING, "khm"),
            nullptr);
  EXPECT_EQ(Of(Evaluate(person, At("khm", false), Day(2026, 6, 1)), AxisStatus::TRAFFICKING, "khm"),
            nullptr);
  const auto host = Evaluate(person, At("khm", true), Day(2026, 6, 1));
  ASSERT_NE(Of(host, AxisStatus::TRAFFICKING, "khm"), nullptr);
  EXPECT_EQ(Of(host, AxisStatus::TRAFFICKING, "khm")->findings(0).value(), Finding::NOT_ASSESSED);
}

// Any facts at all.
class AnyFacts {
 public:
  explicit AnyFacts(uint32_t seed) : random_(seed) {}

  PersonFacts Person() {
    PersonFacts person;
    if (Below(4) != 0) person.nationalities.push_back("IDN");
    if (Below(4) == 0) person.nationalities.push_back("KHM");
    for (const char* owner : {"idn", "khm"}) {
      if (Below(5) != 0) person.by_owner.push_back(Of(owner));
    }
    return person;
  }
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }
  Day AnyDay() { return Day(2025, 6, 1) + Below(600); }

 private:
  MaybeDay AnyDayOrNone() { return Below(3) == 0 ? MaybeDay() : MaybeDay(AnyDay()); }
  std::string AnyClass() {
    constexpr const char* kClasses[] = {"",   "T", "VE30", "EB",   "K",
                                        "A1", "B", "E23",  "ITAS", "ITAP"};
    return kClasses[Below(10)];
  }
  Facts Of(const std::string& owner) {
    Facts facts;
    facts.owner = owner;
    facts.complete = Below(2) == 0;
    for (int i = Below(5); i > 0; --i) {
      CrossingFact fact = Crossed(Below(2) == 0, AnyDay(), AnyClass(), AnyDayOrNone());
      fact.admitted = Below(4) != 0;
      fact.refused = !fact.admitted;
      facts.crossings.push_back(fact);
    }
    for (int i = Below(3); i > 0; --i) {
      facts.stay_permits.push_back(
          {"s", AnyClass(), AnyDayOrNone(), AnyDayOrNone(), Below(4) == 0});
      facts.work_permits.push_back({"w", AnyDayOrNone(), AnyDayOrNone(), Below(4) == 0,
                                    Below(2) == 0 ? "" : std::string(1, 'A' + Below(3))});
      facts.visas.push_back(
          {"v", AnyClass(), AnyDayOrNone(), AnyDayOrNone(), Below(90), Below(4) != 0});
      facts.overstays.push_back({"o", AnyDay(), AnyDayOrNone()});
    }
    Sort(&facts);
    return facts;
  }

  std::mt19937 random_;
};

constexpr int kPersonsForTest = 4000;

TEST(EvaluateProperty, EveryFindingSaysByWhichRuleAndEitherWhyOrWhatIsMissing) {
  AnyFacts any(1);
  for (int i = 0; i < kPersonsForTest; ++i) {
    const PersonFacts person = any.Person();
    const Day at = any.AnyDay();
    for (const AxisStatus& axis : Evaluate(person, At("khm", true), at)) {
      ASSERT_FALSE(axis.findings().empty());
      for (const Finding& finding : axis.findings()) {
        EXPECT_NE(finding.value(), Finding::VALUE_UNSPECIFIED);
        EXPECT_NE(finding.rule().code(), "");
        EXPECT_NE(finding.rule().source(), "") << finding.rule().code();
        EXPECT_NE(finding.reason(), "");
        const bool empty_handed = finding.evidence_names().empty();
        EXPECT_TRUE(!empty_handed || finding.gaps_size() > 0) << finding.rule().code();
        if (finding.value() == Finding::CANNOT_SAY) {
          EXPECT_GT(finding.gaps_size(), 0);
        }
        EXPECT_LE(finding.since_date(), Text(at));  // Empty is less.
        EXPECT_EQ(finding.days() > 0, finding.value() == Finding::IRREGULAR_BY_OVERSTAY);
      }
    }
  }
}

TEST(EvaluateProperty, NobodyIsRegularAndIrregularByOneWord) {
  AnyFacts any(2);
  for (int i = 0; i < kPersonsForTest; ++i) {
    for (const AxisStatus& axis : Evaluate(any.Person(), At("khm"), any.AnyDay())) {
      if (axis.axis() != AxisStatus::REGULARITY) continue;
      std::set<bool> regular;
      for (const Finding& finding : axis.findings()) {
        if (finding.value() != Finding::CANNOT_SAY) {
          regular.insert(finding.value() == Finding::REGULAR);
        }
        EXPECT_EQ(finding.owner_country(), axis.host_country());  // Only the host decides.
      }
      EXPECT_LE(regular.size(), 1u);
    }
  }
}

TEST(EvaluateProperty, AnOverstayGrowsByOneEachDay) {
  AnyFacts any(3);
  int seen = 0;
  for (int i = 0; i < kPersonsForTest; ++i) {
    PersonFacts person;
    person.nationalities = {"IDN"};
    const Day entry = any.AnyDay();
    const Day last = entry + any.Below(40);
    person.by_owner = {FactsForTest({Entered(entry, "T", last)})};
    const Day at = entry + any.Below(120);
    const auto days = [&](Day day) {
      const auto axes = Evaluate(person, At("khm"), day);
      return Of(axes, AxisStatus::REGULARITY, "khm")->findings(0).days();
    };
    EXPECT_EQ(days(at), std::max(0, static_cast<int>(at - last)));
    if (days(at) > 0) {
      ++seen;
      EXPECT_EQ(days(at + 1), days(at) + 1);
    }
  }
  EXPECT_GT(seen, 100);
}

TEST(EvaluateProperty, AFurtherRecordOfTheOtherSideChangesNoWordOfTheHost) {
  AnyFacts any(4);
  for (int i = 0; i < kPersonsForTest; ++i) {
    PersonFacts person = any.Person();
    person.nationalities = {"IDN"};
    const Day at = any.AnyDay();
    const auto words = [&] {
      std::vector<std::string> found;
      for (const AxisStatus& axis : Evaluate(person, At("khm"), at)) {
        for (const Finding& finding : axis.findings()) {
          if (finding.owner_country() == "khm") found.push_back(finding.SerializeAsString());
        }
      }
      return found;
    };
    const auto before = words();
    for (Facts& facts : person.by_owner) {
      if (facts.owner != "idn") continue;
      facts.crossings.push_back(Entered(any.AnyDay(), ""));
      facts.crossings.push_back(Left(any.AnyDay()));
      Sort(&facts);
    }
    EXPECT_EQ(words(), before);
  }
}

TEST(EvaluateProperty, TheOriginNodeNeverHasTheAxisWhateverTheFacts) {
  AnyFacts any(5);
  for (int i = 0; i < kPersonsForTest; ++i) {
    const PersonFacts person = any.Person();
    for (const char* own : {"idn", "khm"}) {
      const std::string code = own == std::string("idn") ? "IDN" : "KHM";
      const bool may_be_national =
          person.nationalities.empty() ||
          std::count(person.nationalities.begin(), person.nationalities.end(), code) > 0;
      if (!may_be_national) continue;
      const Day at = any.AnyDay();
      const auto with = Evaluate(person, At(own, true), at);
      const auto without = Evaluate(person, At(own, false), at);
      ASSERT_EQ(with.size(), without.size());
      for (size_t j = 0; j < with.size(); ++j) {
        EXPECT_EQ(with[j].SerializeAsString(), without[j].SerializeAsString());
      }
    }
  }
}

TEST(ScreenReasons, AreOfThePresentSituationOnly) {
  EXPECT_THAT(ScreenReasons(Evaluate(ReturnedByOneWordOnly(), At("khm"), Day(2026, 6, 1))),
              ElementsAre(LineResult::IRREGULAR_SITUATION, LineResult::NO_VALID_WORK_PERMIT,
                          LineResult::CONFLICT));
  PersonFacts person;
  person.nationalities = {"IDN"};
  person.by_owner = {FactsForTest({Entered(Day(2026, 3, 1), "EB", Day(2026, 12, 31))})};
  person.by_owner[0].work_permits = {Work(Day(2026, 3, 1), Day(2026, 12, 31), "PABRIK")};
  EXPECT_THAT(ScreenReasons(Evaluate(person, At("khm"), Day(2026, 6, 1))), IsEmpty());
}

TEST(ScreenReasons, AreTheSameWithAndWithoutTheTraffickingAxis) {
  AnyFacts any(6);
  for (int i = 0; i < kPersonsForTest; ++i) {
    const PersonFacts person = any.Person();
    const Day at = any.AnyDay();
    EXPECT_EQ(ScreenReasons(Evaluate(person, At("khm", true), at)),
              ScreenReasons(Evaluate(person, At("khm", false), at)));
  }
}

TEST(ScreenReasons, AreNeverNoneWhereNothingIsKnown) {
  EXPECT_THAT(ScreenReasons({}), ElementsAre(LineResult::CANNOT_SAY));
}

}  // namespace
}  // namespace lintas::migrant_status
