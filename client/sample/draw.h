// A Draw gives the random decisions of one subject of one person. It is a counter-based generator
// (SplitMix64 over seed, person and subject), so any person can be made at any time without the
// others, and a decision added to one subject shifts no other. Not for secrets. One thread.
#ifndef LINTAS_CLIENT_SAMPLE_DRAW_H_
#define LINTAS_CLIENT_SAMPLE_DRAW_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace lintas::sample {

// Scrambles 64 bits (the finalizer of SplitMix64 by Steele, Lea and Flood, 2014).
inline uint64_t Scramble(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// The increment of SplitMix64 and of a Weyl sequence: 2^64 divided by the golden ratio.
inline constexpr uint64_t kGolden = 0x9E3779B97F4A7C15u;

class Draw {
 public:
  // What the decisions are about.
  enum class Subject : uint64_t { kPerson = 1, kName, kWriting, kDocuments, kTrail };

  struct Key {
    uint64_t seed;
    uint64_t person;
    Subject subject;
  };
  explicit Draw(const Key& key)
      : state_(Scramble(Scramble(key.seed + kGolden) ^ (key.person * 8 + uint64_t(key.subject)))) {}

  uint64_t Next() {
    state_ += kGolden;
    return Scramble(state_);
  }

  // At least 0, below `bound`; `bound` at least 1.
  uint64_t Below(uint64_t bound) { return static_cast<uint64_t>(Wide(Next()) * bound >> 64); }

  // Both ends included.
  int Between(int low, int high) { return low + static_cast<int>(Below(uint64_t(high - low) + 1)); }

  // At least 0, below 1.
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  // True in `share` of the draws.
  bool Chance(double share) { return Unit() < share; }

  template <typename T>
  const T& Pick(absl::Span<const T> list) {
    return list[static_cast<size_t>(Below(list.size()))];
  }

 private:
  __extension__ using Wide = unsigned __int128;

  uint64_t state_;
};

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_DRAW_H_
