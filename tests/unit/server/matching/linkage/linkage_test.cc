#include "server/matching/linkage/linkage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "server/matching/known_names.h"

namespace lintas::matching {
namespace {

struct Row {
  std::string given, surname, born;
};

// Synthetic: names from the known ones, in an order that repeats only after thousands.
std::vector<Row> SomePeople(size_t count) {
  const auto known = KnownNames(NameCountry::kIndonesia);
  std::vector<Row> rows;
  uint64_t state = 12345;
  const auto draw = [&](uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
  };
  for (size_t i = 0; i < count; ++i) {
    rows.push_back({std::string(known[draw(known.size())]), std::string(known[draw(known.size())]),
                    absl::StrFormat("%04d%02d%02d", 1950 + draw(50), 1 + draw(12), 1 + draw(28))});
  }
  return rows;
}

void AddAll(const std::vector<Row>& rows, Linkage* linkage) {
  for (const Row& row : rows) {
    LinkRecord record;
    record.given_name = row.given;
    record.surname = row.surname;
    record.born = row.born;
    linkage->Add(record);
  }
}

std::vector<Candidate> AllCandidates(Linkage* linkage) {
  for (size_t kind = 0; kind < linkage->key_kind_count(); ++kind) linkage->SortKeys(kind);
  std::vector<Candidate> candidates;
  for (size_t shard = 0; shard < linkage->shard_count(); ++shard) {
    linkage->FindCandidates(shard, &candidates);
  }
  Linkage::Merge(&candidates);
  return candidates;
}

// One damage a record, each kind in turn.
Row Damaged(Row row, size_t kind) {
  switch (kind % 7) {
    case 0:
      row.given[row.given.size() / 2] = 'Q';
      break;
    case 1:
      row.surname.erase(row.surname.size() / 2, 1);
      break;
    case 2:
      row.born[7] = row.born[7] == '9' ? '1' : '9';
      break;
    case 3:
      std::swap(row.given, row.surname);
      break;
    case 4:
      row.given.clear();
      break;
    case 5:
      row.born.clear();
      break;
    default:
      row.surname = "ANOTHERNAME";
      break;
  }
  return row;
}

std::set<std::pair<RecordIndex, RecordIndex>> PairsOf(const std::vector<Link>& links) {
  std::set<std::pair<RecordIndex, RecordIndex>> pairs;
  for (const Link& link : links) pairs.emplace(link.a, link.b);
  return pairs;
}

TEST(Linkage, LinksTwoListsWithoutLabels) {
  const std::vector<Row> people = SomePeople(1000);
  std::vector<Row> damaged;
  for (size_t i = 0; i < people.size(); ++i) damaged.push_back(Damaged(people[i], i));
  Linkage linkage;
  AddAll(people, &linkage);
  linkage.StartSecond();
  AddAll(damaged, &linkage);
  linkage.Prepare();
  const auto candidates = AllCandidates(&linkage);
  const LinkWeights weights = linkage.Train(candidates);
  EXPECT_NEAR(weights.ThresholdBits(), 10, 0.5);  // One in a thousand pairs.
  const auto links = linkage.OneToOne(candidates, weights);
  size_t right = 0;
  for (const Link& link : links) right += link.b == link.a + people.size() ? 1 : 0;
  EXPECT_GT(right, 985u);
  EXPECT_LT(links.size() - right, 5u);
  for (const Link& link : linkage.Links(candidates, weights)) {
    EXPECT_GE(link.bits, weights.ThresholdBits());
  }
}

// K2, on a list long enough to be searched by keys.
TEST(Linkage, KeysFindAPairWithAnyOneFieldDamaged) {
  std::vector<Row> people = SomePeople(9500);
  const size_t count = people.size();
  for (size_t i = 0; i < 700; ++i) people.push_back(Damaged(people[i], i));
  Linkage linkage;
  AddAll(people, &linkage);
  linkage.Prepare();
  ASSERT_GT(linkage.key_kind_count(), 0u);
  const auto candidates = AllCandidates(&linkage);
  std::set<std::pair<RecordIndex, RecordIndex>> found;
  for (const Candidate& candidate : candidates) found.emplace(candidate.a, candidate.b);
  for (size_t i = 0; i < 700; ++i) EXPECT_EQ(found.count({i, count + i}), 1u) << i % 7;
}

TEST(Linkage, OneToOneUsesNobodyTwice) {
  std::vector<Row> people = SomePeople(100), copies = people;
  copies.insert(copies.end(), people.begin(), people.begin() + 20);
  Linkage linkage;
  AddAll(people, &linkage);
  linkage.StartSecond();
  AddAll(copies, &linkage);
  linkage.Prepare();
  const auto candidates = AllCandidates(&linkage);
  const LinkWeights weights = linkage.Train(candidates);
  std::set<RecordIndex> used;
  for (const Link& link : linkage.OneToOne(candidates, weights)) {
    EXPECT_TRUE(used.insert(link.a).second);
    EXPECT_TRUE(used.insert(link.b).second);
  }
  EXPECT_EQ(used.size(), 200u);
  // Without the promise all doubles are links.
  EXPECT_EQ(PairsOf(linkage.Links(candidates, weights)).size(), 120u);
}

TEST(Linkage, ClustersDoublesOfOneList) {
  std::vector<Row> people = SomePeople(500);
  for (size_t i = 0; i < 100; ++i) people.push_back(people[i]);
  for (size_t i = 0; i < 100; ++i) people.push_back(Damaged(people[i], i % 3));
  Linkage linkage;
  AddAll(people, &linkage);
  linkage.Prepare();
  const auto candidates = AllCandidates(&linkage);
  const auto pairs = PairsOf(linkage.Links(candidates, linkage.Train(candidates)));
  size_t right = 0;
  for (RecordIndex i = 0; i < 100; ++i) {
    right +=
        pairs.count({i, 500 + i}) + pairs.count({i, 600 + i}) + pairs.count({500 + i, 600 + i});
  }
  EXPECT_GT(right, 290u);
  EXPECT_LT(pairs.size() - right, 10u);
}

TEST(Linkage, TakesWholeNamesInAnyOrderOfWords) {
  const char* const names[] = {"Sok Sophea", "Sophea Sok",  "Budi Santoso", "Eko Prasetyo",
                               "Chea Dara",  "Siti Aminah", "Agus Wibowo",  "Joko Susilo"};
  Linkage linkage;
  for (size_t i = 0; i < 8; ++i) {
    LinkRecord record;
    const std::string born = i < 2 ? "19900101" : absl::StrFormat("19%d0%d1%d", 50 + i, i, i);
    record.name = names[i];
    record.born = born;
    linkage.Add(record);
  }
  linkage.Prepare();
  const auto candidates = AllCandidates(&linkage);
  const auto pairs = PairsOf(linkage.Links(candidates, linkage.Train(candidates)));
  EXPECT_EQ(pairs, (std::set<std::pair<RecordIndex, RecordIndex>>{{0, 1}}));
}

TEST(Linkage, TakesEmptyLists) {
  Linkage linkage;
  linkage.StartSecond();
  linkage.Prepare();
  const auto candidates = AllCandidates(&linkage);
  EXPECT_TRUE(candidates.empty());
  EXPECT_TRUE(linkage.Links(candidates, linkage.Train(candidates)).empty());
}

TEST(Linkage, TakesTwoListsOfWhichOneIsEmpty) {
  for (const bool first : {true, false}) {
    Linkage linkage;
    if (first) AddAll({{"Budi", "Santoso", "19800517"}, {"Siti", "", "19810101"}}, &linkage);
    linkage.StartSecond();
    if (!first) AddAll({{"Budi", "Santoso", "19800517"}, {"Siti", "", "19810101"}}, &linkage);
    linkage.Prepare();
    const auto candidates = AllCandidates(&linkage);
    EXPECT_TRUE(linkage.Links(candidates, linkage.Train(candidates)).empty());
  }
}

TEST(Linkage, ReasonsNameFieldsWeightAndThreshold) {
  Linkage linkage;
  AddAll({{"Budi", "Santoso", "19800517"}, {"Budi", "", "19800517"}}, &linkage);
  linkage.Prepare();
  const auto candidates = AllCandidates(&linkage);
  ASSERT_EQ(candidates.size(), 1u);
  const auto reasons = linkage.Reasons(candidates[0], LinkWeights::Default());
  EXPECT_EQ(reasons[0], "given name equal");
  EXPECT_EQ(reasons[1], "surname missing");
  EXPECT_EQ(reasons[2], "birth date equal");
  EXPECT_NE(reasons.back().find("threshold"), std::string::npos);
}

}  // namespace
}  // namespace lintas::matching
