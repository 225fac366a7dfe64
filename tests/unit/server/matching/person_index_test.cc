#include "server/matching/person_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "server/matching/known_names.h"

namespace lintas::matching {
namespace {

// pg_trgm's similarity of two names, straight from its manual.
std::set<std::string> Trigrams(const std::string& name) {
  std::set<std::string> trigrams;
  for (const absl::string_view word : absl::StrSplit(name, ' ')) {
    const std::string padded = "  " + absl::AsciiStrToLower(word) + " ";
    for (size_t i = 0; i + 3 <= padded.size(); ++i) trigrams.insert(padded.substr(i, 3));
  }
  return trigrams;
}

double TrigramSimilarity(const std::string& a, const std::string& b) {
  const std::set<std::string> x = Trigrams(a), y = Trigrams(b);
  size_t shared = 0;
  for (const std::string& trigram : x) shared += y.count(trigram);
  return static_cast<double>(shared) / static_cast<double>(x.size() + y.size() - shared);
}

std::vector<std::string> SomeNames() {
  const auto known = KnownNames(NameCountry::kIndonesia);
  std::vector<std::string> names;
  for (size_t i = 0; i < 3000; ++i) {
    const auto word = [&](size_t k) { return std::string(known[(i * k + k) % known.size()]); };
    names.push_back(i % 7 == 0 ? word(13)
                               : word(13) + " " + word(31) + (i % 3 ? "" : " " + word(5)));
  }
  return names;
}

TEST(PersonIndex, FindsWhatTrigramsFindAtOneHalf) {
  const std::vector<std::string> names = SomeNames();
  PersonIndex index;
  for (const std::string& name : names) index.Add(name, 0);
  index.Build();
  for (size_t i = 0; i < names.size(); i += 97) {
    std::string query = names[i];
    query[query.size() / 2] = 'Q';
    const auto hits = index.Search(query, 0, names.size());
    std::set<uint32_t> found;
    for (const auto& hit : hits) found.insert(hit.person);
    for (uint32_t person = 0; person < names.size(); ++person) {
      if (TrigramSimilarity(query, names[person]) < 0.5) continue;
      EXPECT_EQ(found.count(person), 1u) << query << " / " << names[person];
    }
  }
}

TEST(PersonIndex, FindsSpellingsThatShareFewLetters) {
  PersonIndex index;
  index.Add("Sukarno", 0);
  index.Add("Cahyono Wijaya", 0);
  index.Add("Budi Santoso", 0);
  index.Build();
  const auto hits = index.Search("Tjahjono Widjaja", 0, 5);
  ASSERT_FALSE(hits.empty());
  EXPECT_EQ(hits[0].person, 1u);
}

TEST(PersonIndex, BirthDateDecidesAmongNamesakes) {
  PersonIndex index;
  index.Add("Budi Santoso", 19700101);
  index.Add("Budi Santoso", 19800517);
  index.Build();
  const auto hits = index.Search("Budi Santosa", 19800517, 5);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].person, 1u);
  EXPECT_GT(hits[0].bits, hits[1].bits);
}

TEST(PersonIndex, TakesLimitAndEmptyQueries) {
  PersonIndex index;
  for (int i = 0; i < 10; ++i) index.Add("Budi Santoso", 0);
  index.Build();
  EXPECT_EQ(index.Search("Budi Santoso", 0, 3).size(), 3u);
  EXPECT_TRUE(index.Search("", 0, 3).empty());
  EXPECT_TRUE(index.Search("FNU", 0, 3).empty());
  EXPECT_TRUE(index.Search("Zzyzx", 0, 3).empty());
  PersonIndex empty;
  empty.Build();
  EXPECT_TRUE(empty.Search("Budi", 0, 3).empty());
}

}  // namespace
}  // namespace lintas::matching
