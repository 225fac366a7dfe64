#include "server/store/store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

absl::Status Invalid(absl::string_view rule) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BATCH_INVALID",
                   absl::StrCat("The batch was not written: ", rule));
}

bool NamesAnEntry(Position position, const Sizes& after) {
  return static_cast<int>(position.ledger) < kLedgerCount &&
         after.of(position.ledger).covers(position.index);
}

}  // namespace

DerivedKey DerivedKey::Make(uint8_t kind, absl::string_view body, Position position) {
  DerivedKey key;
  key.bytes[0] = static_cast<char>(kind);
  std::memcpy(key.bytes.data() + 1, body.data(), std::min(body.size(), kBodyMax));
  StoreBigEndian64(position.Packed(), key.bytes.data() + 1 + kBodyMax);
  return key;
}

Position DerivedKey::position() const {
  return Position::FromPacked(LoadBigEndian64(bytes.data() + 1 + kBodyMax));
}

bool Batch::empty() const {
  for (const auto& rows : entries) {
    if (!rows.empty()) return false;
  }
  return tiles.empty() && state_puts.empty() && state_deletes.empty() && erased.empty() &&
         derived.empty();
}

Sizes SizesAfter(const Sizes& before, const Batch& batch) {
  return Sizes{TreeSize(before.exchange.value() + batch.entries[0].size()),
               TreeSize(before.home.value() + batch.entries[1].size()),
               TreeSize(before.replica.value() + batch.entries[2].size())};
}

absl::Status CheckBatch(const Batch& batch, const Sizes& before) {
  const Sizes after = SizesAfter(before, batch);
  for (const TileRow& tile : batch.tiles) {
    if (static_cast<int>(tile.ledger) >= kLedgerCount || tile.level < 0 || tile.level > 63) {
      return Invalid("a tile names no ledger or level");
    }
    if (tile.hashes.size() != kTileBytes) return Invalid("a tile is not 256 hashes of 32 bytes");
  }
  for (Position position : batch.erased) {
    if (!NamesAnEntry(position, after)) return Invalid("it erases an entry past the size");
  }
  for (const DerivedKey& key : batch.derived) {
    if (!NamesAnEntry(key.position(), after)) {
      return Invalid("a derived key names an entry past the size");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<DerivedKey>>> Store::TryFindEach(
    const std::vector<std::string>& prefixes, size_t limit) const {
  std::vector<std::vector<DerivedKey>> found;
  found.reserve(prefixes.size());
  for (const std::string& prefix : prefixes) {
    ASSIGN_OR_RETURN(found.emplace_back(), TryFind(prefix, absl::nullopt, limit));
  }
  return found;
}

bool IsHeadName(absl::string_view name) {
  if (name.empty() || name.size() > 200 || name.front() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace lintas
