#include "server/crypto/os_random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <cstring>

#include "server/base/check.h"

namespace lintas {
namespace {

void Draw(uint8_t* out, size_t size) {
  while (size > 0) {
    const size_t part = size < (size_t{1} << 30) ? size : (size_t{1} << 30);
    LINTAS_CHECK(RAND_bytes(out, static_cast<int>(part)) == 1);
    out += part;
    size -= part;
  }
}

// Random bytes drawn ahead for one thread. Bytes are wiped as they are handed out, so that a later
// read of the memory gives no key away.
class Block {
 public:
  Block() = default;
  ~Block() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  void Fill(uint8_t* out, size_t size) {
    if (size > bytes_.size() - used_) {
      Draw(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    std::memcpy(out, bytes_.data() + used_, size);
    OPENSSL_cleanse(bytes_.data() + used_, size);
    used_ += size;
  }

  static constexpr size_t kSize = 4096;

 private:
  std::array<uint8_t, kSize> bytes_{};
  size_t used_ = kSize;
};

class OsRandom : public Random {
 public:
  void Fill(void* out, size_t size) override {
    // A long request gains nothing from the block and would waste what is left of it.
    if (size > Block::kSize / 4) return Draw(static_cast<uint8_t*>(out), size);
    thread_local Block block;
    block.Fill(static_cast<uint8_t*>(out), size);
  }
};

}  // namespace

std::unique_ptr<Random> MakeOsRandom() { return std::make_unique<OsRandom>(); }

}  // namespace lintas
