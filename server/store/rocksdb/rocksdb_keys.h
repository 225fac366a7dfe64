// Keys and values of the database as bytes, shared by the parts of RocksDbStore.
#ifndef LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_KEYS_H_
#define LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_KEYS_H_

#include <rocksdb/slice.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/bytes.h"
#include "server/store/store.h"

namespace lintas {

constexpr char kFormatKey[] = "format";
constexpr char kFormat[] = "1";
constexpr char kSizesKey[] = "sizes";
constexpr char kMarkKey[] = "derived_mark";
// Values of the erased family: the bytes may still be in files; or no longer.
constexpr char kErasedPending[] = "p";
constexpr char kErasedCompacted[] = "c";

// 8 bytes big-endian on the stack.
class IndexKey {
 public:
  explicit IndexKey(uint64_t index) { StoreBigEndian64(index, bytes_); }
  rocksdb::Slice slice() const { return rocksdb::Slice(bytes_, sizeof bytes_); }

 private:
  char bytes_[8];
};

std::string TileKey(LedgerId ledger, int level, uint64_t index);
std::string EncodeSizes(const Sizes& sizes);
// kDataLoss if these are not what EncodeSizes made.
absl::StatusOr<Sizes> DecodeSizes(absl::string_view bytes);
// The first key after all that begin with `prefix`; empty if there is none.
std::string AfterPrefix(absl::string_view prefix);

inline rocksdb::Slice ToSlice(absl::string_view view) {
  return rocksdb::Slice(view.data(), view.size());
}
inline absl::string_view ToView(rocksdb::Slice slice) {
  return absl::string_view(slice.data(), slice.size());
}

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_KEYS_H_
