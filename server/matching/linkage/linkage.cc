#include "server/matching/linkage/linkage.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/check.h"
#include "server/matching/linkage/compare.h"
#include "server/matching/linkage/keys.h"
#include "server/matching/linkage/links.h"
#include "server/matching/linkage/people.h"

namespace lintas::matching {
namespace {

constexpr int kTrainingRounds = 20;
constexpr size_t kShardCount = 64;
// How far below the first guess of the threshold a candidate is kept: what training and the odds
// that remain after the certain links may still lift.
constexpr double kKeptBelowBits = 14;
// The same for lists so long that only keys are compared: memory and training are linear in it.
constexpr double kKeptBelowBitsLong = 7;

}  // namespace

class Linkage::State {
 public:
  People people;
  std::vector<std::vector<KeyedRecord>> keys{kKeyKindCount};
  WeightBits first_bits{LinkWeights::Default()};
  double keep_bits = 0;
  bool compare_all = false;

  void Keep(RecordIndex a, RecordIndex b, std::vector<Candidate>* found) const {
    const Candidate candidate = Compare(people, first_bits, a, b);
    if (matching::BitsOf(candidate, first_bits) >= keep_bits) found->push_back(candidate);
  }

  void CompareAll(size_t shard, std::vector<Candidate>* found) const {
    const size_t rows = people.two_lists ? people.first_size : people.size();
    for (size_t a = shard; a < rows; a += kShardCount) {
      const size_t from = people.two_lists ? people.first_size : a + 1;
      for (size_t b = from; b < people.size(); ++b) {
        Keep(static_cast<RecordIndex>(a), static_cast<RecordIndex>(b), found);
      }
    }
  }

  // Groups whose first key lies in the shard's part of the sorted keys.
  void CompareGroups(size_t shard, std::vector<Candidate>* found) const {
    std::vector<RecordIndex> group;
    for (const std::vector<KeyedRecord>& sorted : keys) {
      const auto key_at = [&](size_t i) { return sorted[i] >> 24; };
      size_t at = sorted.size() * shard / kShardCount;
      const size_t end = sorted.size() * (shard + 1) / kShardCount;
      while (at > 0 && at < end && key_at(at) == key_at(at - 1)) ++at;
      while (at < end) {
        group.clear();
        const uint64_t key = key_at(at);
        for (; at < sorted.size() && key_at(at) == key; ++at) {
          group.push_back(static_cast<RecordIndex>(sorted[at] & 0xffffff));
        }
        if (group.size() < 2) continue;
        if (group.size() > kGroupMax) SortByDate(&group);
        ForEachPair(people, group.data(), group.size(),
                    [&](RecordIndex a, RecordIndex b) { Keep(a, b, found); });
      }
    }
  }

  void SortByDate(std::vector<RecordIndex>* group) const {
    std::sort(group->begin(), group->end(), [&](RecordIndex x, RecordIndex y) {
      return people.born[x] != people.born[y] ? people.born[x] < people.born[y] : x < y;
    });
  }
};

LinkWeights LinkWeights::Default() {
  LinkWeights weights;
  for (auto& name : weights.name) name = {0, 0.72, 0.04, 0.10, 0.03, 0.03, 0.08};
  //  Missing, same, part, swapped, one digit, year beside, two parts, two digits, different.
  weights.date = {0, 0.86, 0.01, 0.02, 0.05, 0.01, 0.01, 0.02, 0.02};
  weights.other_agrees.fill(0.9);
  weights.prior = 1e-4;
  return weights;
}

double LinkWeights::ThresholdBits() const { return std::log2((1 - prior) / prior); }

Linkage::Linkage() : state_(std::make_unique<State>()) {}
Linkage::~Linkage() = default;

void Linkage::Add(const LinkRecord& record) {
  LINTAS_CHECK(state_->people.size() < kLinkRecordsMax);
  LINTAS_CHECK(record.others.size() <= kOtherFieldsMax);
  state_->people.Add(record);
}

void Linkage::StartSecond() {
  state_->people.first_size = state_->people.size();
  state_->people.two_lists = true;
}

void Linkage::Prepare() {
  People& people = state_->people;
  if (!people.two_lists) people.first_size = people.size();
  people.vocabulary.Relate();
  people.Count();
  const size_t second = people.two_lists ? people.size() - people.first_size : people.size();
  const double larger = static_cast<double>(std::max<size_t>({people.first_size, second, 2}));
  state_->compare_all = people.pair_count() <= kComparedAllMax;
  state_->keep_bits =
      std::log2(larger) - (state_->compare_all ? kKeptBelowBits : kKeptBelowBitsLong);
}

size_t Linkage::size() const { return state_->people.size(); }

size_t Linkage::key_kind_count() const { return state_->compare_all ? 0 : kKeyKindCount; }

void Linkage::SortKeys(size_t kind) {
  state_->keys[kind] = SortedKeys(state_->people, static_cast<KeyKind>(kind));
}

size_t Linkage::shard_count() const { return kShardCount; }

void Linkage::FindCandidates(size_t shard, std::vector<Candidate>* found) const {
  if (state_->compare_all) {
    state_->CompareAll(shard, found);
  } else {
    state_->CompareGroups(shard, found);
  }
}

void Linkage::Merge(std::vector<Candidate>* candidates) {
  std::sort(candidates->begin(), candidates->end(), [](const Candidate& x, const Candidate& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  candidates->erase(
      std::unique(candidates->begin(), candidates->end(),
                  [](const Candidate& x, const Candidate& y) { return x.a == y.a && x.b == y.b; }),
      candidates->end());
}

double Linkage::BitsOf(const Candidate& candidate, const LinkWeights& weights) const {
  return matching::BitsOf(candidate, WeightBits(weights));
}

LinkWeights Linkage::Train(const std::vector<Candidate>& candidates) const {
  const People& people = state_->people;
  LinkWeights weights = LinkWeights::Default();
  const size_t second = people.two_lists ? people.size() - people.first_size : people.size();
  weights.prior =
      0.5 * static_cast<double>(std::min(people.first_size, second)) / people.pair_count();
  for (int round = 0; round < kTrainingRounds; ++round) {
    weights = Retrained(people, candidates, weights);
  }
  return weights;
}

std::vector<Link> Linkage::Links(const std::vector<Candidate>& candidates,
                                 const LinkWeights& weights) const {
  return ClusterLinks(state_->people, candidates, weights);
}

std::vector<Link> Linkage::OneToOne(const std::vector<Candidate>& candidates,
                                    const LinkWeights& weights) const {
  return AssignLinks(state_->people, candidates, weights);
}

namespace {

absl::string_view NameOf(UnitLevel level) {
  switch (level) {
    case UnitLevel::kMissing:
      return "missing";
    case UnitLevel::kSame:
      return "equal";
    case UnitLevel::kSpelling:
      return "other spelling";
    case UnitLevel::kOneEdit:
      return "one slip";
    case UnitLevel::kTwoEdits:
      return "two slips";
    case UnitLevel::kAlike:
      return "sounds alike";
    case UnitLevel::kDifferent:
      return "different";
  }
  return "";
}

}  // namespace

std::vector<std::string> Linkage::Reasons(const Candidate& candidate,
                                          const LinkWeights& weights) const {
  const People& people = state_->people;
  const bool parts =
      candidate.a < people.size() && (people.joined[kGiven][candidate.a] != kNoWord ||
                                      people.joined[kSurname][candidate.a] != kNoWord);
  std::vector<std::string> reasons;
  for (size_t slot = 0; slot < 2; ++slot) {
    const absl::string_view field = !parts ? "name" : slot == kGiven ? "given name" : "surname";
    const auto levels = static_cast<uint32_t>(candidate.levels >> (32 * slot));
    for (size_t level = 0; level < kUnitLevelCount; ++level) {
      const uint32_t count = levels >> (4 * level) & 15;
      if (count == 0) continue;
      reasons.push_back(absl::StrCat(field, " ", NameOf(static_cast<UnitLevel>(level)),
                                     count > 1 ? absl::StrCat(" (", count, " words)") : ""));
    }
  }
  if (candidate.exchanged) reasons.push_back("given name and surname exchanged");
  if (candidate.extra_words > 0) {
    reasons.push_back(absl::StrCat("words on one side only: ", candidate.extra_words));
  }
  reasons.push_back(std::string(NameOf(static_cast<DateLevel>(candidate.date))));
  for (size_t field = 0; field < people.others.size(); ++field) {
    const unsigned level = candidate.others >> (2 * field) & 3;
    constexpr absl::string_view kLevels[] = {"missing", "equal", "different", ""};
    reasons.push_back(absl::StrCat("field ", field + 1, " ", kLevels[level]));
  }
  reasons.push_back(absl::StrFormat("weight %.1f, threshold %.1f", BitsOf(candidate, weights),
                                    weights.ThresholdBits()));
  return reasons;
}

}  // namespace lintas::matching
