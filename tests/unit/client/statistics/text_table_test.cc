#include "client/statistics/text_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/statistics/sample_tables.h"

namespace lintas::client {
namespace {

using testing::HasSubstr;

Figure Of(int64_t value) { return {value, sdmx::CellStatus::kNormal}; }

TEST(Sparkline, RunsFromTheLeastToTheLargestAndShowsWhatIsHidden) {
  EXPECT_EQ(Sparkline({Of(0), Of(50), Of(100)}), "▁▅█");
  EXPECT_EQ(Sparkline({Of(7),
                       {absl::nullopt, sdmx::CellStatus::kSuppressed},
                       {absl::nullopt, sdmx::CellStatus::kNotCollected},
                       Of(7)}),
            "▄×·▄");
  EXPECT_EQ(Sparkline({Of(0), Of(0)}), "▁▁");
  EXPECT_EQ(Sparkline({}), "");
}

TEST(SeriesText, ShowsEachSeriesOnOneLine) {
  PublishedTable table = SampleTables()[1];
  std::vector<PublishedCell> totals;
  for (const PublishedCell& cell : table.cells) {
    if (table.CodeOf(cell, "AGE") == "_T") totals.push_back(cell);
  }
  table.cells = totals;
  EXPECT_EQ(SeriesText(table, 10),
            "IDKH:MIG_FLOW(1.0)  FREQ=M REPORTING_AREA=KH REF_AREA=KH COUNTERPART_AREA=ID "
            "MEASURE=CROSSINGS\n"
            "DIRECTION  TREND  2026-03  2026-04  GROWTH\n"
            "IN         ▁▃▆█     14136    15004   +6.1%\n"
            "OUT        ▁▃▆█     12156   12903p   +6.1%\n"
            "x suppressed, - not collected, p partial\n");
  EXPECT_THAT(SeriesText(table, 1), HasSubstr("1 series left out\n"));
}

TEST(SeriesText, NoFileWritesToATerminal) {
  PublishedTable table;
  table.structure = {sdmx::StructureType::kDataflow, "A", "B", "1.0"};
  table.dimensions = {"PORT", "TIME_PERIOD"};
  table.cells = {{{"\x1b[2J", "2026"}, Of(1)}, {{"x", "2026"}, Of(2)}};
  EXPECT_THAT(SeriesText(table, 10), testing::Not(HasSubstr("\x1b")));
}

TEST(MirrorText, ShowsTheLargestGapsWithBothOriginals) {
  std::vector<statistics::MirrorCell> cells;
  for (statistics::MirrorCell& cell : MirrorCellsOf(SampleTables())) {
    if (cell.codes[5] == "_T") cells.push_back(std::move(cell));
  }
  for (statistics::MirrorCell& cell : cells) {
    if (cell.codes[1] == "ID" && cell.codes.back() == "2026-04") {
      cell.causes = {statistics::GapCause::kTiming, statistics::GapCause::kTransit};
    }
  }
  EXPECT_EQ(MirrorText(statistics::LargestGapsFirst(cells), 2),
            "FREQ=M MEASURE=CROSSINGS\n"
            "PERIOD   FROM  TO  ENTRIES  EXITS  DIFFERENCE  COEFFICIENT  RATIO  CAUSES\n"
            "2026-04  ID    KH    15004   4266      +10738        1.114  3.517  TIMING,TRANSIT\n"
            "2026-03  ID    KH    14136   4019      +10117        1.115  3.517\n"
            "7 compared, 1 not: entries 68543, exits 51306, sum of gaps 61213\n");
}

}  // namespace
}  // namespace lintas::client
