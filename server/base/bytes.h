// Big-endian integers as sortable key bytes.
#ifndef LINTAS_SERVER_BASE_BYTES_H_
#define LINTAS_SERVER_BASE_BYTES_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace lintas {

inline void StoreBigEndian64(uint64_t value, char* out) {
  value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
}

inline uint64_t LoadBigEndian64(const char* in) {
  uint64_t value;
  std::memcpy(&value, in, sizeof value);
  return __builtin_bswap64(value);
}

inline std::string BigEndian64(uint64_t value) {
  std::string out(8, '\0');
  StoreBigEndian64(value, &out[0]);
  return out;
}

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_BYTES_H_
