// Random: randomness is handed in. The real source is the operating system's (server/crypto).
#ifndef LINTAS_SERVER_BASE_RANDOM_H_
#define LINTAS_SERVER_BASE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace lintas {

// May be called from several threads at once.
class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with `size` random bytes. Never fails: a node without randomness aborts.
  virtual void Fill(void* out, size_t size) = 0;

  std::string Bytes(size_t size) {
    std::string bytes(size, '\0');
    Fill(&bytes[0], size);
    return bytes;
  }
  uint64_t Uint64() {
    uint64_t value;
    Fill(&value, sizeof value);
    return value;
  }
};

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_RANDOM_H_
