// Reads DER (and the BER-TLV of chip files), one element after another, without copying: definite
// lengths only, tags of one or two bytes. For the few things that OpenSSL does not tell about a
// chip's files. Pure, any thread.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_DER_H_
#define LINTAS_SERVER_CRYPTO_CHIP_DER_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace lintas::chip {

// One element. Views into what was read.
struct Element {
  // 0x30, or two bytes as 0x5F1F.
  uint32_t tag = 0;
  absl::string_view content;
  // With tag and length.
  absl::string_view whole;
};

constexpr uint32_t kInteger = 0x02, kOctetString = 0x04, kObjectId = 0x06, kPrintable = 0x13,
                   kSequence = 0x30, kSet = 0x31, kContext0 = 0xA0;

class DerReader {
 public:
  explicit DerReader(absl::string_view bytes) : rest_(bytes) {}

  // False at the end and at anything that is no whole element; the reader then stays where it is.
  bool Next(Element* element);
  // As Next(), and the tag must be `tag`.
  bool Next(uint32_t tag, Element* element);
  // The tag that is next; 0 at the end.
  uint32_t Peek() const;
  absl::string_view rest() const { return rest_; }
  bool done() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

// A non-negative INTEGER below 2^31; -1 otherwise.
int SmallInteger(const Element& element);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_DER_H_
