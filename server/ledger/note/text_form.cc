#include "server/ledger/note/text_form.h"

#include <limits>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "server/base/status.h"

namespace lintas::note {
namespace {

constexpr char32_t kNoCharacter = 0xFFFFFFFF;

// The length of a UTF-8 sequence from its first byte; 0 if none starts so.
size_t SequenceSize(uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

// Takes one character off the front of `text`; kNoCharacter if it does not start with one.
char32_t TakeCharacter(absl::string_view* text) {
  const uint8_t first = static_cast<uint8_t>(text->front());
  const size_t size = SequenceSize(first);
  if (size == 0 || text->size() < size) return kNoCharacter;
  char32_t c = size == 1 ? first : first & (0x7Fu >> size);
  for (size_t i = 1; i < size; ++i) {
    const uint8_t next = static_cast<uint8_t>((*text)[i]);
    if ((next & 0xC0) != 0x80) return kNoCharacter;
    c = (c << 6) | (next & 0x3F);
  }
  // Longer than needed, a surrogate, or beyond Unicode (RFC 3629 section 3).
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kSmallest[size] || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF) return kNoCharacter;
  text->remove_prefix(size);
  return c;
}

// The White_Space property of Unicode 15.
bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

absl::StatusOr<uint64_t> ParseDecimal(absl::string_view text) {
  const absl::Status refused = absl::InvalidArgumentError("not a decimal number in its short form");
  if (text.empty() || text.size() > 19 || (text[0] == '0' && text.size() > 1)) return refused;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return refused;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return refused;
  return value;
}

absl::StatusOr<std::string> ParseBase64(absl::string_view text) {
  std::string bytes;
  // Abseil skips spaces and forgives low bits; encoding again finds both.
  if (!absl::Base64Unescape(text, &bytes) || absl::Base64Escape(bytes) != text) {
    return absl::InvalidArgumentError("not base 64 (RFC 4648 section 4) in its only form");
  }
  return bytes;
}

std::string FormatBase64(absl::string_view bytes) { return absl::Base64Escape(bytes); }

absl::StatusOr<Hash> ParseHash(absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string bytes, ParseBase64(text));
  Hash hash;
  if (!Hash::FromBytes(bytes, &hash)) return absl::InvalidArgumentError("a hash has 32 bytes");
  return hash;
}

bool IsNoteText(absl::string_view text) {
  while (!text.empty()) {
    const char32_t c = TakeCharacter(&text);
    if (c == kNoCharacter || (c < 0x20 && c != '\n')) return false;
  }
  return true;
}

bool IsKeyName(absl::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const char32_t c = TakeCharacter(&name);
    if (c == kNoCharacter || c < 0x20 || c == '+' || IsSpace(c)) return false;
  }
  return true;
}

}  // namespace lintas::note
