// Names and dates of two people from strangers, a line each: no input may crash; the comparison is
// finite, does not depend on which comes first, and folding what is folded changes no key's kind.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/matching/fold.h"
#include "server/matching/khmer.h"
#include "server/matching/name_match.h"
#include "server/matching/similarity.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace matching = lintas::matching;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  lines.resize(4);
  const matching::PersonName a = matching::ParseName(lines[0]);
  const matching::PersonName b = matching::ParseName(lines[1]);
  const matching::LooseDate x = matching::ReadLooseDate(lines[2]);
  const matching::LooseDate y = matching::ReadLooseDate(lines[3]);
  LINTAS_CHECK(a.words.size() <= matching::kNameWordsMax);
  for (const std::string& word : a.words) {
    LINTAS_CHECK(!word.empty());
    LINTAS_CHECK(matching::OrderKhmer(word) == word);
    LINTAS_CHECK(matching::FoldIndonesian(word).size() <= 2 * word.size());
    matching::FoldKhmerLatinLoose(word);
    matching::Skeleton(matching::RomaniseKhmer(word));
    for (const std::string& other : b.words) {
      const int distance = matching::OsaDistance(word, other);
      LINTAS_CHECK(distance == matching::OsaDistance(other, word));
      const double alike = matching::JaroWinkler(word, other);
      LINTAS_CHECK(alike >= 0 && alike <= 1 + 1e-9);
    }
  }
  const matching::PairEvidence there = matching::ComparePersons(a, x, b, y);
  const matching::PairEvidence back = matching::ComparePersons(b, y, a, x);
  LINTAS_CHECK(std::isfinite(there.bits));
  LINTAS_CHECK(std::abs(there.bits - back.bits) < 1e-6);
  LINTAS_CHECK(there.match == back.match);
  return 0;
}
