// Counters and recount of 10 million crossings (BASELINES, J3), and disclosure control of one
// table. All rows are SYNTHETIC, drawn from a fixed seed.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "server/areas/statistics/figures/counters.h"
#include "server/areas/statistics/figures/disclosure.h"

namespace {

using lintas::statistics::CellCounters;
using lintas::statistics::CodeColumn;
using lintas::statistics::Cube;

constexpr size_t kRows = 10'000'000;

uint64_t Draw(uint64_t* state, uint64_t bound) {
  *state = *state * 6364136223846793005ull + 1442695040888963407ull;
  return (*state >> 33) % bound;
}

Cube CubeOf(const std::vector<size_t>& sizes) {
  Cube cube{"MIG_FLOW", "border crossing", "crossings", "none", "all travellers", {}};
  for (size_t d = 0; d < sizes.size(); ++d) {
    lintas::statistics::Dimension dimension{std::string(1, static_cast<char>('A' + d)), {}};
    for (size_t c = 0; c < sizes[d]; ++c) dimension.codes.push_back(std::to_string(c));
    cube.dimensions.push_back(dimension);
  }
  return cube;
}

// Days, directions, ports, citizenships, age bands; rows in the order of days.
struct Rows {
  const Cube cube = CubeOf({365, 2, 30, 60, 5});
  std::vector<uint16_t> days = std::vector<uint16_t>(kRows);
  std::vector<std::vector<uint8_t>> codes = std::vector<std::vector<uint8_t>>(4);

  Rows() {
    uint64_t state = 1;
    for (auto& column : codes) column.resize(kRows);
    for (size_t i = 0; i < kRows; ++i) {
      days[i] = static_cast<uint16_t>(i * 365 / kRows);
      for (size_t d = 0; d < 4; ++d) {
        codes[d][i] = static_cast<uint8_t>(Draw(&state, cube.dimensions[d + 1].codes.size()));
      }
    }
  }
};

const Rows& AllRows() {
  static const auto& rows = *new Rows();
  return rows;
}

void Recount(benchmark::State& state) {
  const Rows& rows = AllRows();
  std::vector<CodeColumn> columns = {{nullptr, rows.days.data()}};
  for (const auto& column : rows.codes) columns.push_back({column.data(), nullptr});
  for (auto _ : state) {
    CellCounters counters(rows.cube);
    if (!counters.AddColumns(columns, kRows).ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(counters.count(0));
  }
  state.SetItemsProcessed(static_cast<int64_t>(kRows) * state.iterations());
}
BENCHMARK(Recount)->Unit(benchmark::kMillisecond);

void CountOneByOne(benchmark::State& state) {
  const Rows& rows = AllRows();
  for (auto _ : state) {
    CellCounters counters(rows.cube);
    for (size_t i = 0; i < kRows; ++i) {
      const uint16_t codes[] = {rows.days[i], rows.codes[0][i], rows.codes[1][i], rows.codes[2][i],
                                rows.codes[3][i]};
      if (!counters.Add(codes).ok()) state.SkipWithError("refused");
    }
    benchmark::DoNotOptimize(counters.count(0));
  }
  state.SetItemsProcessed(static_cast<int64_t>(kRows) * state.iterations());
}
BENCHMARK(CountOneByOne)->Unit(benchmark::kMillisecond);

// Months, sexes, ages with all totals: 429 cells, small counts among them.
void ProtectTable(benchmark::State& state) {
  const Cube cube = CubeOf({12, 2, 10});
  std::vector<int64_t> counts(lintas::statistics::CellCount(cube));
  uint64_t random = 42;
  for (int64_t& count : counts) {
    count = Draw(&random, 5) == 0 ? 0 : static_cast<int64_t>(Draw(&random, 60));
  }
  const std::vector<lintas::statistics::Release> history;
  lintas::statistics::DisclosureRequest request;
  request.cube = &cube;
  request.counts = counts;
  request.vintage = 1;
  request.tables = {*lintas::statistics::MakeTable(cube, "ALL", {"A", "B", "C"})};
  request.history = &history;
  for (auto _ : state) {
    const auto outcome = lintas::statistics::Protect(request);
    if (!outcome.ok()) state.SkipWithError("refused");
  }
}
BENCHMARK(ProtectTable)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
