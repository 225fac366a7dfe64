#include "server/crypto/chip/der.h"

namespace lintas::chip {
namespace {

using absl::string_view;

uint8_t Byte(string_view text, size_t i) { return static_cast<uint8_t>(text[i]); }

// Reads the tag at the begin of `bytes`; 0 if there is none of one or two bytes.
uint32_t ReadTag(string_view bytes, size_t* size) {
  if (bytes.empty()) return 0;
  const uint32_t first = Byte(bytes, 0);
  *size = 1;
  if ((first & 0x1f) != 0x1f) return first;
  if (bytes.size() < 2 || (Byte(bytes, 1) & 0x80) != 0) return 0;
  *size = 2;
  return (first << 8) | Byte(bytes, 1);
}

}  // namespace

bool DerReader::Next(Element* element) {
  size_t at = 0;
  const uint32_t tag = ReadTag(rest_, &at);
  if (tag == 0 || at >= rest_.size()) return false;
  size_t length = Byte(rest_, at++);
  // 0x80 is BER's indefinite form.
  if (length == 0x80 || length > 0x84) return false;
  if (length > 0x80) {
    const size_t bytes = length & 0x7f;
    if (rest_.size() - at < bytes) return false;
    length = 0;
    for (size_t i = 0; i < bytes; ++i) length = (length << 8) | Byte(rest_, at++);
  }
  if (rest_.size() - at < length) return false;
  *element = {tag, rest_.substr(at, length), rest_.substr(0, at + length)};
  rest_.remove_prefix(at + length);
  return true;
}

bool DerReader::Next(uint32_t tag, Element* element) { return Peek() == tag && Next(element); }

uint32_t DerReader::Peek() const {
  size_t size = 0;
  return ReadTag(rest_, &size);
}

int SmallInteger(const Element& element) {
  if (element.tag != kInteger || element.content.empty() || element.content.size() > 4) return -1;
  if ((Byte(element.content, 0) & 0x80) != 0) return -1;
  int value = 0;
  for (size_t i = 0; i < element.content.size(); ++i)
    value = value * 256 + Byte(element.content, i);
  return value;
}

}  // namespace lintas::chip
