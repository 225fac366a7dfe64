#include "server/store/rocksdb/erased_set.h"

#include "server/base/check.h"

namespace lintas {
namespace {

struct Place {
  uint64_t shelf, chunk, word, bit;
};

Place PlaceOf(Index index) {
  const uint64_t i = index.value();
  return {i >> 28, (i >> 16) & 4095, (i >> 6) & 1023, uint64_t{1} << (i & 63)};
}

}  // namespace

ErasedSet::~ErasedSet() {
  for (auto& ledger : shelves_) {
    for (auto& shelf : ledger) {
      Shelf* chunks = shelf.load();
      if (chunks == nullptr) continue;
      for (auto& chunk : *chunks) delete chunk.load();
      delete chunks;
    }
  }
}

void ErasedSet::Add(Position position) {
  const Place place = PlaceOf(position.index);
  LINTAS_CHECK(place.shelf < 4096);
  auto& shelf = shelves_[static_cast<int>(position.ledger)][place.shelf];
  if (shelf.load(std::memory_order_relaxed) == nullptr) {
    shelf.store(new Shelf(), std::memory_order_release);
  }
  auto& chunk = (*shelf.load(std::memory_order_relaxed))[place.chunk];
  if (chunk.load(std::memory_order_relaxed) == nullptr) {
    chunk.store(new Chunk(), std::memory_order_release);
  }
  auto& word = (*chunk.load(std::memory_order_relaxed))[place.word];
  if ((word.fetch_or(place.bit) & place.bit) == 0) ++count_;
}

bool ErasedSet::Contains(Position position) const {
  const Place place = PlaceOf(position.index);
  if (static_cast<int>(position.ledger) >= kLedgerCount || place.shelf >= 4096) return false;
  const Shelf* shelf =
      shelves_[static_cast<int>(position.ledger)][place.shelf].load(std::memory_order_acquire);
  if (shelf == nullptr) return false;
  const Chunk* chunk = (*shelf)[place.chunk].load(std::memory_order_acquire);
  return chunk != nullptr &&
         ((*chunk)[place.word].load(std::memory_order_acquire) & place.bit) != 0;
}

}  // namespace lintas
