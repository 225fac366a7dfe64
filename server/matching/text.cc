#include "server/matching/text.h"

#include <cstdint>
#include <cstring>

namespace lintas::matching {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080u;
constexpr uint64_t kOnes = 0x0101010101010101u;

// True if each of the eight bytes is printable ASCII (0x20 to 0x7e).
bool Plain(uint64_t word) {
  const uint64_t below = (word - kOnes * 0x20) & ~word;  // High bit set: some byte under 0x20.
  const uint64_t delete_sign = (word ^ (kOnes * 0x7f));
  const uint64_t is_delete = (delete_sign - kOnes) & ~delete_sign;
  return ((word | below | is_delete) & kHighBits) == 0;
}

bool Control(int point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

int NextCodePoint(absl::string_view text, size_t* at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const size_t start = (*at)++;
  const uint8_t lead = byte(start);
  if (lead < 0x80) return lead;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  if (text.size() - start <= more) return -1;
  int point = lead & (0x3f >> more);
  for (size_t i = 1; i <= more; ++i) {
    if ((byte(start + i) & 0xc0) != 0x80) return -1;
    point = (point << 6) | (byte(start + i) & 0x3f);
  }
  const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
  if (overlong || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return -1;
  *at = start + more + 1;
  return point;
}

TextFault CheckText(absl::string_view text) {
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    if (!Plain(word)) break;
  }
  TextFault fault = TextFault::kNone;
  while (at < text.size()) {
    if (text[at] >= 0x20 && text[at] < 0x7f) {
      ++at;
      continue;
    }
    const int point = NextCodePoint(text, &at);
    if (point < 0) return TextFault::kNotUtf8;
    if (Control(point)) fault = TextFault::kControlCharacter;
  }
  return fault;
}

}  // namespace lintas::matching
