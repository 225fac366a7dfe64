#include "server/areas/statistics/figures/mirror.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lintas::statistics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MirrorCell Cell(const std::string& code, absl::optional<int64_t> x, absl::optional<int64_t> m) {
  MirrorCell cell;
  cell.codes = {code};
  cell.inflow.value = x;
  cell.outflow.value = m;
  return cell;
}

TEST(Mirror, MeasuresTheGapAndKeepsBothOriginals) {
  const MirrorGap gap = Compare(Cell("2026-01", 300, 100));
  EXPECT_EQ(gap.difference, 200);
  EXPECT_DOUBLE_EQ(*gap.asymmetry, 1.0);
  EXPECT_DOUBLE_EQ(*gap.ratio, 3.0);
  EXPECT_EQ(gap.cell.inflow.value, 300);
  EXPECT_EQ(gap.cell.outflow.value, 100);
}

TEST(Mirror, TheCoefficientRunsFromMinusTwoToTwoAndKnowsItsSign) {
  EXPECT_DOUBLE_EQ(*Compare(Cell("a", 7, 0)).asymmetry, 2.0);
  EXPECT_DOUBLE_EQ(*Compare(Cell("a", 0, 7)).asymmetry, -2.0);
  EXPECT_DOUBLE_EQ(*Compare(Cell("a", 0, 7)).asymmetry_absolute, 2.0);
  EXPECT_DOUBLE_EQ(*Compare(Cell("a", 9, 9)).asymmetry, 0.0);
}

TEST(Mirror, NothingIsSaidWhereNothingCanBe) {
  const MirrorGap zero = Compare(Cell("a", 0, 0));
  EXPECT_EQ(zero.difference, 0);
  EXPECT_FALSE(zero.asymmetry.has_value());
  EXPECT_FALSE(zero.ratio.has_value());
  const MirrorGap missing = Compare(Cell("a", absl::nullopt, 5));
  EXPECT_FALSE(missing.difference.has_value());
  EXPECT_FALSE(missing.asymmetry.has_value());
  EXPECT_FALSE(Compare(Cell("a", 5, 0)).ratio.has_value());
}

TEST(Mirror, LargestGapsComeFirstAndMissingFiguresLast) {
  const auto gaps = LargestGapsFirst({Cell("small", 10, 9), Cell("missing", absl::nullopt, 900),
                                      Cell("far", 100, 150), Cell("wide", 50, 0)});
  ASSERT_EQ(gaps.size(), 4u);
  EXPECT_THAT(gaps[0].cell.codes, ElementsAre("wide"));  // 50 as well, but all of it.
  EXPECT_THAT(gaps[1].cell.codes, ElementsAre("far"));
  EXPECT_THAT(gaps[2].cell.codes, ElementsAre("small"));
  EXPECT_THAT(gaps[3].cell.codes, ElementsAre("missing"));
  const MirrorSummary summary = Summarise(gaps);
  EXPECT_EQ(summary.compared, 3u);
  EXPECT_EQ(summary.not_compared, 1u);
  EXPECT_EQ(summary.inflow, 160);
  EXPECT_EQ(summary.outflow, 159);
  EXPECT_EQ(summary.gap, 101);
}

TEST(Mirror, CausesHaveCodes) {
  EXPECT_EQ(GapCauseCode(GapCause::kDoubleNationality), "DOUBLE_NATIONALITY");
  EXPECT_EQ(*ParseGapCause("TRANSIT"), GapCause::kTransit);
  EXPECT_FALSE(ParseGapCause("WEATHER").ok());
}

TEST(Mirror, DefinitionsAreAlignedFirst) {
  MirrorDefinition a{"arrival", "crossings", "none", "citizens", "2026-01", "air"};
  MirrorDefinition b = a;
  EXPECT_THAT(DefinitionsThatDiffer(a, b), IsEmpty());
  b.unit = "persons";
  b.coverage = "air and land";
  EXPECT_THAT(DefinitionsThatDiffer(a, b), ElementsAre("unit", "coverage"));
}

TEST(Mirror, AJointValueTakesTheAgreedWeightAndWholeFigures) {
  EXPECT_EQ(*ReconciledValue(Cell("a", 300, 100), 0.5), 200);
  EXPECT_EQ(*ReconciledValue(Cell("a", 300, 100), 1), 300);
  EXPECT_EQ(ReconciledValue(Cell("a", 300, 100), 1.1).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReconciledValue(Cell("a", absl::nullopt, 100), 1).status().code(),
            absl::StatusCode::kFailedPrecondition);
  MirrorCell partial = Cell("a", 300, 100);
  partial.outflow.partial = true;
  EXPECT_FALSE(ReconciledValue(partial, 0.5).ok());
}

}  // namespace
}  // namespace lintas::statistics
