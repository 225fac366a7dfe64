// The counters of one cube: dense, one 32-bit number a cell, so that a nightly run costs by cells
// and not by records (BASELINES, J3). Beside each count may stand the sum of its records' keys, for
// perturbation (noise.h).
//
// C1  A cell is the number of records added to it less those subtracted, in whatever order.
// C2  No cell is ever below zero: a record can be subtracted only where it was added.
//
// Not thread safe; two may be filled apart and merged.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_COUNTERS_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_COUNTERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/areas/statistics/figures/cube.h"

namespace lintas::statistics {

// One dictionary-coded column: the code of each row in one dimension. Exactly one of both is set.
struct CodeColumn {
  const uint8_t* narrow = nullptr;
  const uint16_t* wide = nullptr;
};

class CellCounters {
 public:
  // `cube` must have passed CheckCube(). All cells zero. `with_keys` keeps key sums, too.
  explicit CellCounters(const Cube& cube, bool with_keys = false);

  // One record more in the cell of `codes` (indexes into each dimension's codes). `key` is the
  // record's own fixed random number, 0 without keys. kInvalidArgument if a code is out of range;
  // kResourceExhausted if the cell is full (2^32 - 1 records); the counters are unchanged then.
  absl::Status Add(absl::Span<const uint16_t> codes, uint32_t key = 0);
  // One record less: what a correction, withdrawal or erasure takes away before it adds again.
  // kDataLoss if the cell is empty: counters and records disagree and a recount is due.
  absl::Status Subtract(absl::Span<const uint16_t> codes, uint32_t key = 0);

  // Counts `rows` rows, a column for each dimension. kInvalidArgument if a column is missing or a
  // code is out of range; the counters are then of no use. For recounts: about 10 M rows in a third
  // of a second if the first column is the period and the rows come in its order.
  absl::Status AddColumns(absl::Span<const CodeColumn> columns, size_t rows);

  // Adds another cube's counters of the same shape, cell by cell.
  absl::Status Merge(const CellCounters& other);

  uint32_t count(size_t cell) const { return counts_[cell]; }
  // 0 without keys.
  uint32_t key_sum(size_t cell) const { return keys_.empty() ? 0 : keys_[cell]; }
  size_t size() const { return counts_.size(); }
  const std::vector<uint32_t>& counts() const { return counts_; }

  // The first cell that differs (in count or key), size() if none: a recount agrees.
  size_t FirstDifference(const CellCounters& other) const;

 private:
  bool Locate(absl::Span<const uint16_t> codes, size_t* cell) const;
  void AddBlock(absl::Span<const CodeColumn> columns, size_t begin, size_t end, size_t* bad);

  std::vector<uint32_t> sizes_;  // Codes of each dimension.
  std::vector<size_t> strides_;
  std::vector<uint32_t> counts_;
  std::vector<uint32_t> keys_;  // Sums modulo 2^32; empty without keys.
};

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_COUNTERS_H_
