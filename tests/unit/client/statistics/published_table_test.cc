#include "client/statistics/published_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/areas/statistics/figures/disclosure.h"
#include "tests/unit/client/statistics/sample_tables.h"

namespace lintas::client {
namespace {

using testing::ElementsAre;

// Counted, protected, exported, read again: from the counters of one country to a table that the
// other one looks at.
TEST(PublishedTable, ComesThroughDisclosureControlAndSdmxAsItWasReleased) {
  const statistics::Cube cube{
      "MIG_FRAUD",      "fraudulent document found",
      "documents",      "none",
      "all travellers", {{"DIRECTION", {"IN", "OUT"}}, {"PORT", {"KHPNH", "KHPPT", "KHBVT"}}}};
  const std::vector<int64_t> counts = {40, 2, 31, 0, 18, 27};
  const std::vector<statistics::Release> history;
  statistics::DisclosureRequest request;
  request.cube = &cube;
  request.counts = counts;
  request.vintage = 1;
  request.tables = {*statistics::MakeTable(cube, "BY_PORT", {"DIRECTION", "PORT"})};
  request.history = &history;
  const auto outcome = statistics::Protect(request);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const statistics::OutwardTable outward = statistics::Outward(cube, outcome->release.tables[0]);

  ExportFrame frame;
  frame.constants = {{"FREQ", "M"},
                     {"REPORTING_AREA", "KH"},
                     {"MEASURE", "DOCUMENTS"},
                     {"TIME_PERIOD", "2026-01"}};
  const sdmx::Structure& structure = *sdmx::FindIdkhStructure("MIG_FRAUD");
  const auto data_set = DataSetOf(outward, structure, frame);
  ASSERT_TRUE(data_set.ok()) << data_set.status();
  sdmx::Message message;
  message.data_sets = {*data_set};
  for (const char* format : {"sdmx-csv-1.0", "sdmx-csv-2.0", "sdmx-csv-2.1", "sdmx-json"}) {
    const auto text = FormatMessage(message, sdmx::IdkhStructures(),
                                    {format, "en", "2026-02-01T00:00:00Z", "TEST"});
    ASSERT_TRUE(text.ok()) << text.status();
    const sdmx::ReadResult result =
        ReadStatistics(*text, sdmx::CsvVersion::kAny, &sdmx::IdkhStructures());
    ASSERT_TRUE(result.refusals.empty()) << format << DescribeRefusal(result.refusals[0]);
    const auto tables = TablesOf(result.message, sdmx::IdkhStructures());
    ASSERT_TRUE(tables.ok());
    ASSERT_EQ(tables->size(), 1u);
    ASSERT_EQ((*tables)[0].cells.size(), outward.cells.size());
    size_t suppressed = 0, zeros = 0;
    for (size_t i = 0; i < outward.cells.size(); ++i) {
      const Figure& figure = (*tables)[0].cells[i].figure;
      EXPECT_EQ(figure.value, outward.cells[i].value);
      EXPECT_EQ(figure.status == sdmx::CellStatus::kSuppressed, outward.cells[i].suppressed);
      suppressed += outward.cells[i].suppressed ? 1 : 0;
      zeros += figure.value == 0 ? 1 : 0;
    }
    EXPECT_GE(suppressed, 3u);
    EXPECT_EQ(zeros, 1u);
  }
  // The two hidden cells of a pair look alike: nothing says which of them is small.
  for (const sdmx::Row& row : data_set->rows) {
    if (row.values[data_set->IndexOf("OBS_STATUS")] != "Q") continue;
    EXPECT_EQ(row.values[data_set->IndexOf("CONF_STATUS")], "C");
    EXPECT_EQ(row.values[data_set->IndexOf("OBS_VALUE")], "");
  }
}

TEST(PublishedTable, IsNotExportedWithoutACodeForEveryDimension) {
  statistics::OutwardTable outward;
  outward.dimensions = {"PORT"};
  EXPECT_EQ(DataSetOf(outward, *sdmx::FindIdkhStructure("MIG_FRAUD"), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PublishedTable, APartialTableSaysSoAndStaysReadable) {
  statistics::OutwardTable outward;
  outward.dimensions = {"DIRECTION", "PORT"};
  outward.cells = {{{"IN", "KHPNH"}, 12, false}};
  ExportFrame frame;
  frame.constants = {{"FREQ", "M"},
                     {"REPORTING_AREA", "KH"},
                     {"MEASURE", "DOCUMENTS"},
                     {"TIME_PERIOD", "2026-01"}};
  frame.partial = true;
  frame.comment = "29 of 31 days";
  const auto data_set = DataSetOf(outward, *sdmx::FindIdkhStructure("MIG_FRAUD"), frame);
  ASSERT_TRUE(data_set.ok());
  const auto table = TableOf(*data_set, *sdmx::FindIdkhStructure("MIG_FRAUD"));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->cells[0].figure.value, 12);
  EXPECT_EQ(table->cells[0].figure.status, sdmx::CellStatus::kPartial);
}

TEST(MirrorCells, PutTheEntryOfOneBesideTheExitOfTheOther) {
  const std::vector<statistics::MirrorCell> cells = MirrorCellsOf(SampleTables());
  size_t both = 0;
  for (const statistics::MirrorCell& cell : cells) {
    if (!cell.inflow.value.has_value() || !cell.outflow.value.has_value()) continue;
    ++both;
    if (cell.codes.back() == "2026-01" && cell.codes[1] == "ID") {
      EXPECT_EQ(cell.codes[2], "KH");
      EXPECT_EQ(cell.inflow.value, 12400);
      EXPECT_EQ(cell.outflow.value, 3526);
    }
  }
  // Four months in two directions; in one of them the table did not arrive.
  EXPECT_EQ(both, 7u);
}

TEST(StatisticsFile, ASpreadsheetGetsNamesAndNoFormulas) {
  sdmx::Message message = SampleMessage("flow_kh.csv");
  message.data_sets[0].rows.resize(1);
  message.data_sets[0].rows[0].values.back() = "=1+1";
  const auto text = FormatMessage(message, sdmx::IdkhStructures(), {"csv", "id", "", ""});
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, testing::HasSubstr("Negara pelapor"));
  EXPECT_THAT(*text, testing::HasSubstr("Kamboja"));
  EXPECT_THAT(*text, testing::HasSubstr(",'=1+1"));
  EXPECT_FALSE(FormatMessage(message, sdmx::IdkhStructures(), {"xls", "id", "", ""}).ok());
}

}  // namespace
}  // namespace lintas::client
