#include "server/matching/linkage/links.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "server/matching/linkage/compare.h"

namespace lintas::matching {
namespace {

// Sums of the expectation step, in LinkWeights' shape.
struct Expected {
  std::array<std::array<double, kUnitLevelCount>, 2> name{};
  std::array<double, kDateLevelCount> date{};
  std::array<double, kOtherFieldsMax> agrees{}, compared{};
  double exchanged = 0, extra_words = 0, pairs = 0;
};

void Expect(const Candidate& candidate, double share, Expected* expected) {
  for (size_t slot = 0; slot < 2; ++slot) {
    const auto levels = static_cast<uint32_t>(candidate.levels >> (32 * slot));
    for (size_t level = 1; level < kUnitLevelCount; ++level) {
      expected->name[slot][level] += share * (levels >> (4 * level) & 15);
    }
  }
  if (candidate.date != 0) expected->date[candidate.date] += share;
  for (size_t field = 0; field < kOtherFieldsMax; ++field) {
    const unsigned level = candidate.others >> (2 * field) & 3;
    expected->agrees[field] += level == 1 ? share : 0;
    expected->compared[field] += level != 0 ? share : 0;
  }
  expected->exchanged += candidate.exchanged ? share : 0;
  expected->extra_words += share * candidate.extra_words;
  expected->pairs += share;
}

// A little of the default is kept, so that a level that no pair shows is not impossible.
constexpr double kKept = 2;

template <size_t N>
std::array<double, N> Normalised(const std::array<double, N>& sums,
                                 const std::array<double, N>& defaults) {
  double total = 0;
  for (size_t i = 1; i < N; ++i) total += sums[i] + kKept * defaults[i];
  std::array<double, N> out{};
  for (size_t i = 1; i < N; ++i) out[i] = (sums[i] + kKept * defaults[i]) / total;
  return out;
}

double Posterior(double bits, double prior) {
  return 1 / (1 + std::exp2(std::log2((1 - prior) / prior) - bits));
}

struct Weighed {
  double bits;
  size_t candidate;
};

// Strongest first; of equal ones the earlier.
void SortByBits(std::vector<Weighed>* weighed) {
  std::sort(weighed->begin(), weighed->end(), [](const Weighed& x, const Weighed& y) {
    return x.bits != y.bits ? x.bits > y.bits : x.candidate < y.candidate;
  });
}

std::vector<Weighed> Weigh(const std::vector<Candidate>& candidates, const LinkWeights& weights) {
  const WeightBits bits(weights);
  std::vector<Weighed> weighed;
  weighed.reserve(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i)
    weighed.push_back({BitsOf(candidates[i], bits), i});
  return weighed;
}

}  // namespace

LinkWeights Retrained(const People& people, const std::vector<Candidate>& candidates,
                      const LinkWeights& weights) {
  const WeightBits bits(weights);
  Expected expected;
  for (const Candidate& candidate : candidates) {
    const double share = Posterior(BitsOf(candidate, bits), weights.prior);
    if (share > 1e-6) Expect(candidate, share, &expected);
  }
  const LinkWeights defaults = LinkWeights::Default();
  LinkWeights trained = weights;
  for (size_t slot = 0; slot < 2; ++slot) {
    trained.name[slot] = Normalised(expected.name[slot], defaults.name[slot]);
  }
  trained.date = Normalised(expected.date, defaults.date);
  for (size_t field = 0; field < kOtherFieldsMax; ++field) {
    trained.other_agrees[field] =
        std::min(0.999, (expected.agrees[field] + 1.8) / (expected.compared[field] + 2));
  }
  trained.exchanged_names = (expected.exchanged + 0.04) / (expected.pairs + 2);
  trained.extra_word = std::min(1.0, (expected.extra_words + 0.4) / (expected.pairs + 2));
  trained.prior = std::clamp(expected.pairs / people.pair_count(), 1e-12, 0.5);
  return trained;
}

namespace {

// Groups of records held to be one person each.
class Clusters {
 public:
  Clusters(size_t size, double floor_bits) : root_(size), floor_bits_(floor_bits) {
    std::iota(root_.begin(), root_.end(), RecordIndex{0});
  }

  void Know(RecordIndex a, RecordIndex b, const Weighed& weighed) {
    pairs_.emplace(PairKey(a, b), weighed);
  }
  // nullptr if the pair is no candidate.
  const Weighed* Find(RecordIndex a, RecordIndex b) const {
    const auto found = pairs_.find(PairKey(a, b));
    return found == pairs_.end() ? nullptr : &found->second;
  }

  RecordIndex root(RecordIndex i) const { return root_[i]; }
  std::vector<RecordIndex> MembersOf(RecordIndex root) const {
    const auto found = members_.find(root);
    return found == members_.end() ? std::vector<RecordIndex>{root} : found->second;
  }
  const absl::flat_hash_map<RecordIndex, std::vector<RecordIndex>>& all() const { return members_; }

  // Weight of the pairs between two clusters on average; a pair that is no candidate counts as the
  // least that one would have.
  double MeanBits(RecordIndex root_a, RecordIndex root_b) const {
    double sum = 0;
    const std::vector<RecordIndex> as = MembersOf(root_a), bs = MembersOf(root_b);
    for (const RecordIndex a : as) {
      for (const RecordIndex b : bs) {
        const Weighed* known = Find(a, b);
        sum += known == nullptr ? floor_bits_ : known->bits;
      }
    }
    return sum / (static_cast<double>(as.size()) * static_cast<double>(bs.size()));
  }

  void Join(RecordIndex root_a, RecordIndex root_b) {
    std::vector<RecordIndex> joined = MembersOf(root_a);
    for (const RecordIndex b : MembersOf(root_b)) {
      joined.push_back(b);
      root_[b] = root_a;
    }
    members_.erase(root_b);
    members_[root_a] = std::move(joined);
  }

 private:
  static uint64_t PairKey(RecordIndex a, RecordIndex b) {
    return uint64_t{std::min(a, b)} << 32 | std::max(a, b);
  }

  std::vector<RecordIndex> root_;
  const double floor_bits_;
  // Of clusters of two and more.
  absl::flat_hash_map<RecordIndex, std::vector<RecordIndex>> members_;
  absl::flat_hash_map<uint64_t, Weighed> pairs_;
};

// Clusters are joined along the strongest pairs first. A single record may join a cluster some of
// whose records speak against it, on average by no more than this; two clusters of several, one
// false pair between which would make many, only if on average nothing does.
constexpr double kMeanBelowBits = 3;
constexpr double kKeptBelowBits = 14;  // As candidates are kept.

bool MayJoin(const Clusters& clusters, RecordIndex root_a, RecordIndex root_b, double best_bits,
             double threshold) {
  if (best_bits < threshold) return false;
  const size_t size_a = clusters.MembersOf(root_a).size();
  const size_t size_b = clusters.MembersOf(root_b).size();
  if (size_a == 1 && size_b == 1) return true;
  const double below = std::min(size_a, size_b) == 1 ? kMeanBelowBits : 0;
  return clusters.MeanBits(root_a, root_b) >= threshold - below;
}

// The pairs within a cluster. One below the threshold is as strong as the weaker half of the best
// way through a third record.
void AddLinks(const Clusters& clusters, const std::vector<RecordIndex>& members, double threshold,
              std::vector<Link>* links) {
  for (size_t i = 0; i < members.size(); ++i) {
    for (size_t j = i + 1; j < members.size(); ++j) {
      const RecordIndex a = std::min(members[i], members[j]), b = std::max(members[i], members[j]);
      const Weighed* own = clusters.Find(a, b);
      Link link{a, b, own == nullptr ? -1e9 : own->bits,
                own == nullptr ? kNoCandidate : own->candidate, a};
      if (link.bits < threshold) {
        for (const RecordIndex via : members) {
          const Weighed* left = clusters.Find(a, via);
          const Weighed* right = clusters.Find(via, b);
          if (via == a || via == b || left == nullptr || right == nullptr) continue;
          const double bits = std::min(left->bits, right->bits);
          if (bits <= link.bits) continue;
          link.bits = bits;
          link.through = via;
        }
      }
      link.bits = std::max(link.bits, threshold);
      links->push_back(link);
    }
  }
}

// How much likelier than chance the rivals of a pair are, in sum, beside the threshold: other
// partners of one of its records, as far as they are not the other record's own doubles.
class Rivals {
 public:
  Rivals(const People& people, const std::vector<Candidate>& candidates,
         const std::vector<Weighed>& weighed, const LinkWeights& weights)
      : people_(people),
        candidates_(candidates),
        weighed_(weighed),
        bits_(weights),
        threshold_(weights.ThresholdBits()),
        by_record_(people.size()) {
    for (size_t i = 0; i < weighed.size(); ++i) {
      if (weighed[i].bits < threshold_ - kRivalBelowBits) continue;
      const Candidate& candidate = candidates[weighed[i].candidate];
      by_record_[candidate.a].push_back(i);
      by_record_[candidate.b].push_back(i);
    }
  }

  double OddsAgainst(const Candidate& pair) const {
    return OddsOf(pair.a, pair.b) + OddsOf(pair.b, pair.a);
  }

 private:
  static constexpr double kRivalBelowBits = 6;

  // Of the other partners of `record`, which is paired with `partner`.
  double OddsOf(RecordIndex record, RecordIndex partner) const {
    double odds = 0;
    for (const size_t i : by_record_[record]) {
      const Candidate& candidate = candidates_[weighed_[i].candidate];
      const RecordIndex rival = candidate.a == record ? candidate.b : candidate.a;
      if (rival == partner) continue;
      const Candidate doubles =
          Compare(people_, bits_, std::min(rival, partner), std::max(rival, partner));
      if (BitsOf(doubles, bits_) >= threshold_) continue;
      odds += std::exp2(std::min(60.0, weighed_[i].bits - threshold_));
    }
    return odds;
  }

  const People& people_;
  const std::vector<Candidate>& candidates_;
  const std::vector<Weighed>& weighed_;
  const WeightBits bits_;
  const double threshold_;
  std::vector<std::vector<size_t>> by_record_;
};

// Of two lists: the pairs that stand above the threshold beside their rivals. Weights do not
// change: a rival takes from the odds of a pair, not from what its fields say.
std::vector<Link> UnrivalledLinks(const People& people, const std::vector<Candidate>& candidates,
                                  const LinkWeights& weights, const std::vector<Weighed>& weighed) {
  const double threshold = weights.ThresholdBits();
  const Rivals rivals(people, candidates, weighed, weights);
  std::vector<Link> links;
  for (const Weighed& each : weighed) {
    const Candidate& candidate = candidates[each.candidate];
    if (each.bits < threshold) continue;
    const double against = rivals.OddsAgainst(candidate);
    if (each.bits - std::log2(1 + against) < threshold) continue;
    links.push_back({candidate.a, candidate.b, each.bits, each.candidate, candidate.a});
  }
  return links;
}

}  // namespace

std::vector<Link> ClusterLinks(const People& people, const std::vector<Candidate>& candidates,
                               const LinkWeights& weights) {
  std::vector<Link> links;
  const double threshold = weights.ThresholdBits();
  std::vector<Weighed> weighed = Weigh(candidates, weights);
  if (people.two_lists) return UnrivalledLinks(people, candidates, weights, weighed);
  SortByBits(&weighed);
  Clusters clusters(people.size(), threshold - kKeptBelowBits);
  for (const Weighed& each : weighed) {
    const Candidate& candidate = candidates[each.candidate];
    clusters.Know(candidate.a, candidate.b, each);
  }
  // A second pass, because what was too little for two records may do for their clusters.
  for (int pass = 0; pass < 2; ++pass) {
    for (const Weighed& each : weighed) {
      const Candidate& candidate = candidates[each.candidate];
      const RecordIndex a = clusters.root(candidate.a), b = clusters.root(candidate.b);
      if (a != b && MayJoin(clusters, a, b, each.bits, threshold)) clusters.Join(a, b);
    }
  }
  for (const auto& [root, members] : clusters.all()) {
    (void)root;
    AddLinks(clusters, members, threshold, &links);
  }
  return links;
}

std::vector<Link> AssignLinks(const People& people, const std::vector<Candidate>& candidates,
                              const LinkWeights& weights) {
  std::vector<Weighed> weighed = Weigh(candidates, weights);
  SortByBits(&weighed);
  std::vector<bool> taken(people.size(), false);
  std::vector<Link> links;
  size_t left_a = people.first_size, left_b = people.size() - people.first_size;
  if (!people.two_lists) left_b = people.size();
  double prior = weights.prior;
  constexpr int kRounds = 4;
  for (int round = 0; round < kRounds && left_a > 0 && left_b > 0; ++round) {
    const double threshold = std::log2((1 - prior) / prior);
    for (const Weighed& each : weighed) {
      if (each.bits < threshold) break;
      const Candidate& candidate = candidates[each.candidate];
      if (taken[candidate.a] || taken[candidate.b]) continue;
      taken[candidate.a] = taken[candidate.b] = true;
      links.push_back({candidate.a, candidate.b, each.bits, each.candidate, candidate.a});
      --left_a;
      --left_b;
    }
    // Whoever is left can only be one of those left: the odds among them, learned from them.
    const double pairs = static_cast<double>(left_a) * static_cast<double>(left_b);
    if (pairs < 1) break;
    weighed.erase(std::remove_if(weighed.begin(), weighed.end(),
                                 [&](const Weighed& each) {
                                   const Candidate& candidate = candidates[each.candidate];
                                   return taken[candidate.a] || taken[candidate.b];
                                 }),
                  weighed.end());
    for (int step = 0; step < 20; ++step) {
      double expected = 0;
      for (const Weighed& each : weighed) expected += Posterior(each.bits, prior);
      prior = std::clamp(expected / pairs, 1e-12, 0.5);
    }
  }
  return links;
}

}  // namespace lintas::matching
