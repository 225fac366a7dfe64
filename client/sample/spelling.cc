#include "client/sample/spelling.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lintas::sample {
namespace {

struct Pair {
  absl::string_view from;
  absl::string_view to;
};

// Replaces `pair.from` at `at` and keeps a capital first letter.
std::string ReplacedAt(absl::string_view name, size_t at, const Pair& pair) {
  std::string to(pair.to);
  if (absl::ascii_isupper(name[at])) to[0] = absl::ascii_toupper(to[0]);
  return absl::StrCat(name.substr(0, at), to, name.substr(at + pair.from.size()));
}

std::string WithAll(absl::string_view name, const Pair* pairs, size_t count) {
  std::string out(name);
  for (size_t at = 0; at < out.size();) {
    size_t step = 1;
    for (size_t i = 0; i < count; ++i) {
      const Pair& pair = pairs[i];
      if (!absl::EqualsIgnoreCase(absl::string_view(out).substr(at, pair.from.size()), pair.from)) {
        continue;
      }
      out = ReplacedAt(out, at, pair);
      step = pair.to.size();
      break;
    }
    at += step;
  }
  return out;
}

// What Khmer romanisations differ in; each has no agreed form.
constexpr Pair kRomanisations[] = {
    {"ea", "ia"},  {"ou", "u"},   {"ey", "ei"}, {"ph", "p"},  {"kh", "k"}, {"th", "t"},
    {"chh", "ch"}, {"eu", "oeu"}, {"oe", "eu"}, {"ao", "or"}, {"nn", "n"}, {"ch", "j"},
    {"y", "i"},    {"i", "y"},    {"o", "or"},  {"u", "ou"},  {"a", "ar"}, {"e", "ae"},
};
constexpr size_t kRomanisationCount = sizeof(kRomanisations) / sizeof(kRomanisations[0]);

}  // namespace

std::string OldSpelling(absl::string_view name) {
  constexpr Pair kPairs[] = {{"ch", "tj"}, {"c", "tj"}, {"j", "dj"}, {"u", "oe"}};
  return WithAll(name, kPairs, 4);
}

std::string ModernSpelling(absl::string_view name) {
  constexpr Pair kPairs[] = {{"tj", "c"}, {"dj", "j"}, {"oe", "u"}};
  return WithAll(name, kPairs, 3);
}

std::string OtherRomanisation(absl::string_view name, Draw* draw) {
  const std::string lower = absl::AsciiStrToLower(name);
  const size_t first = draw->Below(12);
  for (size_t i = 0; i < kRomanisationCount; ++i) {
    const Pair& pair = kRomanisations[(first + i) % kRomanisationCount];
    const size_t at = lower.find(std::string(pair.from));
    if (at != std::string::npos) return ReplacedAt(name, at, pair);
  }
  return absl::StrCat(name, "h");
}

std::string WithTypo(absl::string_view name, Draw* draw) {
  std::string out(name);
  // The first letter stays: a slip there is rare, because the reader looks at it first.
  if (out.size() < 3) return absl::StrCat(out, "h");
  const size_t at = 1 + draw->Below(out.size() - 2);
  switch (draw->Below(4)) {
    case 0:
      if (out[at] != out[at + 1]) {
        std::swap(out[at], out[at + 1]);
        break;
      }
      [[fallthrough]];
    case 1:
      out.erase(at, 1);
      break;
    case 2:
      out.insert(at, 1, out[at]);
      break;
    default:
      out[at] = out[at] == 'a' ? 'e' : 'a';
      break;
  }
  return out;
}

}  // namespace lintas::sample
