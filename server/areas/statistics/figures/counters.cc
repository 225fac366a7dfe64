#include "server/areas/statistics/figures/counters.h"

#include <algorithm>

namespace lintas::statistics {
namespace {

// Rows whose cell indexes are worked out column by column before any counter is touched: the
// indexes stay in the first cache, and each loop is one that the compiler makes wide.
constexpr size_t kBlockRows = 2048;

template <typename Code>
uint32_t AddIndexes(const Code* codes, size_t rows, uint32_t stride, uint32_t* cells) {
  uint32_t largest = 0;
  const auto add = [&](size_t i) {
    const uint32_t code = codes[i];
    largest = std::max(largest, code);
    cells[i] += code * stride;
  };
  // A loop of known length is made wide at -O2, another is not.
  if (rows == kBlockRows) {
    for (size_t i = 0; i < kBlockRows; ++i) add(i);
  } else {
    for (size_t i = 0; i < rows; ++i) add(i);
  }
  return largest;
}

}  // namespace

CellCounters::CellCounters(const Cube& cube, bool with_keys) {
  const size_t dimensions = cube.dimensions.size();
  sizes_.resize(dimensions);
  strides_.resize(dimensions);
  size_t stride = 1;
  for (size_t d = dimensions; d-- > 0;) {
    sizes_[d] = static_cast<uint32_t>(cube.dimensions[d].codes.size());
    strides_[d] = stride;
    stride *= sizes_[d];
  }
  counts_.assign(stride, 0);
  if (with_keys) keys_.assign(stride, 0);
}

bool CellCounters::Locate(absl::Span<const uint16_t> codes, size_t* cell) const {
  if (codes.size() != sizes_.size()) return false;
  *cell = 0;
  for (size_t d = 0; d < codes.size(); ++d) {
    if (codes[d] >= sizes_[d]) return false;
    *cell += codes[d] * strides_[d];
  }
  return true;
}

absl::Status CellCounters::Add(absl::Span<const uint16_t> codes, uint32_t key) {
  size_t cell = 0;
  if (!Locate(codes, &cell)) return absl::InvalidArgumentError("A code is out of range.");
  if (counts_[cell] == UINT32_MAX) return absl::ResourceExhaustedError("The cell is full.");
  ++counts_[cell];
  if (!keys_.empty()) keys_[cell] += key;
  return absl::OkStatus();
}

absl::Status CellCounters::Subtract(absl::Span<const uint16_t> codes, uint32_t key) {
  size_t cell = 0;
  if (!Locate(codes, &cell)) return absl::InvalidArgumentError("A code is out of range.");
  if (counts_[cell] == 0) return absl::DataLossError("The cell is empty; a recount is due.");
  --counts_[cell];
  if (!keys_.empty()) keys_[cell] -= key;
  return absl::OkStatus();
}

void CellCounters::AddBlock(absl::Span<const CodeColumn> columns, size_t begin, size_t end,
                            size_t* bad) {
  uint32_t cells[kBlockRows] = {};
  const size_t rows = end - begin;
  for (size_t d = 0; d < columns.size(); ++d) {
    // At most 2^26 cells, so a stride fits; an index that wrapped is never used.
    const auto stride = static_cast<uint32_t>(strides_[d]);
    const uint32_t largest = columns[d].narrow != nullptr
                                 ? AddIndexes(columns[d].narrow + begin, rows, stride, cells)
                                 : AddIndexes(columns[d].wide + begin, rows, stride, cells);
    if (largest >= sizes_[d]) ++*bad;
  }
  if (*bad != 0) return;
  for (size_t i = 0; i < rows; ++i) ++counts_[cells[i]];
}

absl::Status CellCounters::AddColumns(absl::Span<const CodeColumn> columns, size_t rows) {
  if (columns.size() != sizes_.size()) return absl::InvalidArgumentError("A column is missing.");
  for (const CodeColumn& column : columns) {
    if ((column.narrow == nullptr) == (column.wide == nullptr)) {
      return absl::InvalidArgumentError("A column needs one kind of codes.");
    }
  }
  // Fewer rows than fill one counter from empty: no cell can overflow.
  if (rows > UINT32_MAX) return absl::ResourceExhaustedError("Too many rows at once.");
  size_t bad = 0;
  for (size_t begin = 0; begin < rows && bad == 0; begin += kBlockRows) {
    AddBlock(columns, begin, std::min(rows, begin + kBlockRows), &bad);
  }
  if (bad != 0) return absl::InvalidArgumentError("A code is out of range.");
  return absl::OkStatus();
}

absl::Status CellCounters::Merge(const CellCounters& other) {
  if (other.sizes_ != sizes_ || other.keys_.size() != keys_.size()) {
    return absl::InvalidArgumentError("The counters are of another shape.");
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > UINT32_MAX - other.counts_[i]) {
      return absl::ResourceExhaustedError("A cell is full.");
    }
    counts_[i] += other.counts_[i];
  }
  for (size_t i = 0; i < keys_.size(); ++i) keys_[i] += other.keys_[i];
  return absl::OkStatus();
}

size_t CellCounters::FirstDifference(const CellCounters& other) const {
  const size_t shared = std::min(size(), other.size());
  for (size_t i = 0; i < shared; ++i) {
    if (counts_[i] != other.counts_[i] || key_sum(i) != other.key_sum(i)) return i;
  }
  return size() == other.size() ? size() : shared;
}

}  // namespace lintas::statistics
