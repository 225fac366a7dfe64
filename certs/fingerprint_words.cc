#include "certs/fingerprint_words.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace lintas {
namespace {

// In the order of base 32: A to Z, then 2 to 7.
constexpr absl::string_view kWords[32] = {
    "alfa",   "bravo",   "charlie", "delta", "echo",    "foxtrot",  "golf",    "hotel",
    "india",  "juliett", "kilo",    "lima",  "mike",    "november", "oscar",   "papa",
    "quebec", "romeo",   "sierra",  "tango", "uniform", "victor",   "whiskey", "xray",
    "yankee", "zulu",    "two",     "three", "four",    "five",     "six",     "seven"};
constexpr size_t kWordCount = 16;
constexpr size_t kGroupSize = 4;
constexpr size_t kBitsPerWord = 5;

}  // namespace

std::string FingerprintWords(const Hash& digest) {
  std::string text;
  for (size_t word = 0; word < kWordCount; ++word) {
    unsigned value = 0;
    for (size_t bit = word * kBitsPerWord; bit < (word + 1) * kBitsPerWord; ++bit) {
      value = value * 2 + ((digest.bytes[bit / 8] >> (7 - bit % 8)) & 1u);
    }
    if (word != 0) text += word % kGroupSize == 0 ? "  " : " ";
    text.append(kWords[value].data(), kWords[value].size());
  }
  return text;
}

bool SameWords(absl::string_view words, absl::string_view spoken) {
  const auto normal = [](absl::string_view text) {
    const std::vector<std::string> parts =
        absl::StrSplit(absl::AsciiStrToLower(text), absl::ByAnyChar(" \t\r\n,"), absl::SkipEmpty());
    return absl::StrJoin(parts, " ");
  };
  return normal(words) == normal(spoken);
}

}  // namespace lintas
