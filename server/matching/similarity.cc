#include "server/matching/similarity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "server/matching/text.h"

namespace lintas::matching {
namespace {

constexpr size_t kWordBits = 64;

uint8_t Byte(absl::string_view text, size_t at) { return static_cast<uint8_t>(text[at]); }

int TableDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> two_ago(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], two_ago[j - 2] + 1);
      }
    }
    std::swap(two_ago, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// Positions of each byte of a pattern of at most 64 bytes; cleared by the same pattern, so that a
// comparison touches only the bytes it has.
struct Positions {
  std::array<uint64_t, 256> of{};
  void Set(absl::string_view pattern) {
    for (size_t i = 0; i < pattern.size(); ++i) of[Byte(pattern, i)] |= uint64_t{1} << i;
  }
  void Clear(absl::string_view pattern) {
    for (size_t i = 0; i < pattern.size(); ++i) of[Byte(pattern, i)] = 0;
  }
};

int BitDistance(absl::string_view pattern, absl::string_view text) {
  thread_local Positions positions;
  positions.Set(pattern);
  const uint64_t last_bit = uint64_t{1} << (pattern.size() - 1);
  uint64_t vp = ~uint64_t{0}, vn = 0, d0 = 0, previous = 0;
  int score = static_cast<int>(pattern.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const uint64_t match = positions.of[Byte(text, i)];
    const uint64_t exchanged = ((~d0 & match) << 1) & previous;
    d0 = (((match & vp) + vp) ^ vp) | match | vn | exchanged;
    uint64_t hp = vn | ~(d0 | vp);
    uint64_t hn = d0 & vp;
    if ((hp & last_bit) != 0) ++score;
    if ((hn & last_bit) != 0) --score;
    hp = (hp << 1) | 1;
    hn <<= 1;
    vp = hn | ~(d0 | hp);
    vn = hp & d0;
    previous = match;
  }
  positions.Clear(pattern);
  return score;
}

}  // namespace

std::string PackWord(absl::string_view normalised) {
  std::string packed;
  packed.reserve(normalised.size());
  for (size_t at = 0; at < normalised.size();) {
    const int point = NextCodePoint(normalised, &at);
    if (point < 0) continue;
    if (point < 0x80) {
      packed += static_cast<char>(point);
    } else if (point >= 0x1780 && point <= 0x17ff) {
      packed += static_cast<char>(0x80 | (point - 0x1780));
    } else {
      packed += static_cast<char>(1 + point % 31);
    }
  }
  return packed;
}

int OsaDistance(absl::string_view a, absl::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return static_cast<int>(b.size());
  return a.size() <= kWordBits ? BitDistance(a, b) : TableDistance(a, b);
}

double JaroWinkler(absl::string_view a, absl::string_view b) {
  a = a.substr(0, kWordBits);
  b = b.substr(0, kWordBits);
  if (a.empty() || b.empty()) return a.size() == b.size() ? 1 : 0;
  thread_local Positions positions;
  positions.Set(b);
  const int64_t reach =
      std::max<int64_t>(static_cast<int64_t>(std::max(a.size(), b.size())) / 2 - 1, 0);
  uint64_t taken_a = 0, taken_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const int64_t at = static_cast<int64_t>(i);
    const int64_t low = std::max<int64_t>(at - reach, 0);
    const int64_t high = std::min<int64_t>(at + reach + 1, static_cast<int64_t>(b.size()));
    if (low >= high) continue;
    const uint64_t below_high = high >= 64 ? ~uint64_t{0} : (uint64_t{1} << high) - 1;
    const uint64_t window = below_high & ~((uint64_t{1} << low) - 1);
    const uint64_t found = positions.of[Byte(a, i)] & window & ~taken_b;
    if (found == 0) continue;
    taken_b |= found & (~found + 1);
    taken_a |= uint64_t{1} << i;
  }
  positions.Clear(b);
  if (taken_a == 0) return 0;
  int matches = 0, moved = 0;
  for (uint64_t left_a = taken_a, left_b = taken_b; left_a != 0;
       left_a &= left_a - 1, left_b &= left_b - 1, ++matches) {
    moved += a[static_cast<size_t>(__builtin_ctzll(left_a))] !=
             b[static_cast<size_t>(__builtin_ctzll(left_b))];
  }
  const double m = matches;
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - moved / 2) / m) /
                      3;
  size_t prefix = 0;
  while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

}  // namespace lintas::matching
