#include "server/ledger/merkle/tile.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/check.h"
#include "server/ledger/merkle/tree_hash.h"

namespace lintas::merkle {

bool TileNodes::Add(const Hash& hash) {
  LINTAS_CHECK(width_ < kTileWidth);
  Hash node = hash;
  uint32_t position = width_++;
  for (int row = 0; row < kTileHeight; ++row, position >>= 1) {
    Hash& place = nodes_[kRowStart[row] + position];
    place = node;
    if (position % 2 == 0) return false;
    node = NodeHash(*(&place - 1), place);
  }
  root_ = node;
  return true;
}

absl::Status TileNodes::Load(absl::string_view full_tile) {
  if (full_tile.size() != kTileBytes) {
    return absl::DataLossError("a full tile has a wrong length");
  }
  Clear();
  for (size_t begin = 0; begin < kTileBytes; begin += Hash::kSize) {
    Hash hash;
    LINTAS_CHECK(Hash::FromBytes(full_tile.substr(begin, Hash::kSize), &hash));
    Add(hash);
  }
  return absl::OkStatus();
}

std::string TileNodes::hashes() const {
  // Hash is nothing but its bytes, so row 0 is already the joined form.
  static_assert(sizeof(Hash) == Hash::kSize);
  return std::string(reinterpret_cast<const char*>(nodes_.data()), width_ * Hash::kSize);
}

std::string TilePath(int level, uint64_t index, uint32_t width) {
  LINTAS_CHECK(level >= 0 && level < 64);
  LINTAS_CHECK(width >= 1 && width <= kTileWidth);
  std::string path = absl::StrFormat("%03d", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) {
    path = absl::StrCat(absl::StrFormat("x%03d/", index % 1000), path);
  }
  path = absl::StrCat("tile/", level, "/", path);
  if (width < kTileWidth) absl::StrAppend(&path, ".p/", width);
  return path;
}

}  // namespace lintas::merkle
