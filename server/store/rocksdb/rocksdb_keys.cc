#include "server/store/rocksdb/rocksdb_keys.h"

#include "server/store/rocksdb/rocksdb_status.h"

namespace lintas {

std::string TileKey(LedgerId ledger, int level, uint64_t index) {
  std::string key(2, '\0');
  key[0] = static_cast<char>(ledger);
  key[1] = static_cast<char>(level);
  return key + BigEndian64(index);
}

std::string EncodeSizes(const Sizes& sizes) {
  return BigEndian64(sizes.exchange.value()) + BigEndian64(sizes.home.value()) +
         BigEndian64(sizes.replica.value());
}

absl::StatusOr<Sizes> DecodeSizes(absl::string_view bytes) {
  if (bytes.size() != 24) return DataLoss("the sizes are unreadable");
  return Sizes{TreeSize(LoadBigEndian64(bytes.data())), TreeSize(LoadBigEndian64(bytes.data() + 8)),
               TreeSize(LoadBigEndian64(bytes.data() + 16))};
}

std::string AfterPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace lintas
