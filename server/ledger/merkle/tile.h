// Tiles: how the hashes of a tree are stored and read (C2SP tlog-tiles). A tile of level L is up to
// 256 consecutive hashes of the tree's level 8 * L; level 0 holds the leaf hashes. A tile with 256
// hashes is full and never changes. All tiles but the last of a level are full.
#ifndef LINTAS_SERVER_LEDGER_MERKLE_TILE_H_
#define LINTAS_SERVER_LEDGER_MERKLE_TILE_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/crypto/sha256.h"

namespace lintas::merkle {

constexpr int kTileHeight = 8;
constexpr uint32_t kTileWidth = 256;
constexpr size_t kTileBytes = kTileWidth * Hash::kSize;

// A full tile.
struct Tile {
  int level = 0;
  uint64_t index = 0;
  // kTileBytes bytes.
  std::string hashes;
};

// Where full tiles are read from. As thread safe as its implementation says.
class TileSource {
 public:
  virtual ~TileSource() = default;
  // The kTileBytes bytes of a full tile. kNotFound if there is none (yet).
  virtual absl::StatusOr<std::string> FullTile(int level, uint64_t index) const = 0;
};

// The nodes between a tile's hashes and its root, filled from the left. Row k holds the hashes of
// the tree's level 8 * L + k: width() >> k of them are known.
class TileNodes {
 public:
  // Adds the next hash and every node that it completes: one node hash per call on average.
  // Returns true when the tile is full; it takes no more until Clear().
  bool Add(const Hash& hash);
  // Starts anew with the kTileBytes bytes of a full tile. kDataLoss if it has another length.
  absl::Status Load(absl::string_view full_tile);
  void Clear() { width_ = 0; }

  uint32_t width() const { return width_; }
  // The node at `position` of row `row`, 0 to 7; it must be known.
  const Hash& node(int row, uint64_t position) const { return nodes_[kRowStart[row] + position]; }
  // Only of a full tile.
  const Hash& root() const { return root_; }
  // The width() hashes of row 0, joined.
  std::string hashes() const;

 private:
  static constexpr std::array<uint32_t, kTileHeight> kRowStart = {0,   256, 384, 448,
                                                                  480, 496, 504, 508};
  std::array<Hash, 510> nodes_;
  Hash root_;
  uint32_t width_ = 0;
};

// `tile/<level>/<index>[.p/<width>]` as tlog-tiles serves it, for example `tile/0/x001/x234/067` or
// `tile/1/000.p/17`. `width` is 1 to 256; 256 means full.
std::string TilePath(int level, uint64_t index, uint32_t width);

}  // namespace lintas::merkle

#endif  // LINTAS_SERVER_LEDGER_MERKLE_TILE_H_
