// Links two lists of people, or finds those who stand twice in one, without labels: Fellegi-Sunter
// weights whose u-probabilities are counted in the lists themselves, value by value, and whose
// m-probabilities are learned by expectation maximisation. Pure: no I/O, no thread of its own.
//
// K1  A weight is log2 of how much likelier a pair is of one person than of two by chance. It
//     carries no prior; the threshold does.
// K2  Any one field of a record may be wrong or missing in any way and its pair is still found:
//     every two of (word, word, birth date) make a key, and so do a word with any two parts of the
//     date, and the date alone (day and month in either order).
// K3  The same input gives the same output, whatever the number of threads.
#ifndef LINTAS_SERVER_MATCHING_LINKAGE_LINKAGE_H_
#define LINTAS_SERVER_MATCHING_LINKAGE_LINKAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/matching/date_compare.h"
#include "server/matching/linkage/vocabulary.h"

namespace lintas::matching {

// Index of a record: those of the first list from 0, then those of the second.
using RecordIndex = uint32_t;
inline constexpr size_t kLinkRecordsMax = size_t{1} << 24;
inline constexpr size_t kOtherFieldsMax = 4;

struct LinkRecord {
  // Either `name` with all words, or the two parts.
  absl::string_view name;
  absl::string_view given_name;
  absl::string_view surname;
  absl::string_view born;
  // Values that agree or not, such as sex, place of birth or a number; the same fields in each
  // record, at most kOtherFieldsMax.
  std::vector<absl::string_view> others;
};

// m-probabilities: how often each level occurs among pairs of one person. Of given names (index 0)
// and surnames (1); names in one column count as given names.
struct LinkWeights {
  // Changes whenever the meaning of a number below does.
  static constexpr int kVersion = 1;
  std::array<std::array<double, kUnitLevelCount>, 2> name;
  double extra_word = 0.2;
  double exchanged_names = 0.02;
  std::array<double, kDateLevelCount> date;
  std::array<double, kOtherFieldsMax> other_agrees;
  // Share of all pairs that are of one person.
  double prior = 0;

  static LinkWeights Default();
  // log2 of the odds against: where a pair is as likely of one person as of two.
  double ThresholdBits() const;
};

// A pair that was compared, with all that its weight is made of.
struct Candidate {
  RecordIndex a = 0, b = 0;
  // log2 of the part of the weight that depends on the values and not on LinkWeights.
  float value_bits = 0;
  // How many words are at each level, four bits each: given names in the low half.
  uint64_t levels = 0;
  uint8_t date = 0;
  uint8_t extra_words = 0;
  bool exchanged = false;
  // Two bits each: 0 missing, 1 equal, 2 different.
  uint8_t others = 0;
};

struct Link {
  RecordIndex a = 0, b = 0;
  double bits = 0;
  // Index into the candidates; kNoCandidate if the two were not worth keeping by themselves.
  size_t candidate = 0;
  // The record through which the two are linked; `a` if they are by themselves.
  RecordIndex through = 0;
};
inline constexpr size_t kNoCandidate = SIZE_MAX;

// Thread-compatible: fill and Prepare() on one thread, then const methods on any. Calls go in the
// order in which they stand here.
class Linkage {
 public:
  Linkage();
  ~Linkage();

  // All of the first list, then StartSecond() and all of the second; without it the list is
  // searched for people who stand in it twice. At most kLinkRecordsMax in all.
  void Add(const LinkRecord& record);
  void StartSecond();
  void Prepare();

  size_t size() const;
  // Sorts the records by one kind of key; each kind once, between Prepare() and the first
  // FindCandidates(), different kinds on any threads at once.
  size_t key_kind_count() const;
  void SortKeys(size_t kind);
  // Shards are pieces of the work of finding candidates; any thread may do any of them. Hands each
  // candidate that could be a link to `found`; a pair may come from several shards.
  size_t shard_count() const;
  void FindCandidates(size_t shard, std::vector<Candidate>* found) const;

  // Puts the candidates of all shards in order, each pair once.
  static void Merge(std::vector<Candidate>* candidates);

  LinkWeights Train(const std::vector<Candidate>& candidates) const;
  double BitsOf(const Candidate& candidate, const LinkWeights& weights) const;

  // Pairs at or above the threshold, in no particular order. In one list, pairs that are linked
  // through a third record are among them; of two lists, those that stand beside their rivals.
  std::vector<Link> Links(const std::vector<Candidate>& candidates,
                          const LinkWeights& weights) const;
  // At most one link a record: each list holds everybody at most once. What remains unlinked is
  // looked at again with the odds that remain.
  std::vector<Link> OneToOne(const std::vector<Candidate>& candidates,
                             const LinkWeights& weights) const;

  // Field by field, for people.
  std::vector<std::string> Reasons(const Candidate& candidate, const LinkWeights& weights) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_LINKAGE_LINKAGE_H_
