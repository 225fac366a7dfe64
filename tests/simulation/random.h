// Randomness of the simulation: every draw follows from the seed. One thread.
#ifndef LINTAS_TESTS_SIMULATION_RANDOM_H_
#define LINTAS_TESTS_SIMULATION_RANDOM_H_

#include <cstdint>
#include <cstring>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace lintas::simulation {

// xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64.
class SimRandom final : public Random {
 public:
  explicit SimRandom(uint64_t seed) {
    for (uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      uint64_t mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
      word = mixed ^ (mixed >> 31);
    }
  }

  void Fill(void* out, size_t size) override {
    char* to = static_cast<char*>(out);
    while (size > 0) {
      const uint64_t word = Next();
      const size_t part = size < sizeof word ? size : sizeof word;
      std::memcpy(to, &word, part);
      to += part;
      size -= part;
    }
  }

  uint64_t Next() {
    const uint64_t result = Rotate(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }

  // In [0, bound).
  uint64_t Below(uint64_t bound) { return Next() % bound; }
  bool Chance(double probability) {
    return static_cast<double>(Next() >> 11) * 0x1.0p-53 < probability;
  }

 private:
  static uint64_t Rotate(uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }

  uint64_t state_[4];
};

// The true time of the world, and a node's wrong idea of it.
class SimClock final : public Clock {
 public:
  explicit SimClock(const absl::Time* world) : world_(world) {}
  absl::Time Now() override { return *world_ + offset_; }
  void Jump(absl::Duration by) { offset_ += by; }
  void Correct() { offset_ = absl::ZeroDuration(); }

 private:
  const absl::Time* const world_;
  absl::Duration offset_ = absl::ZeroDuration();
};

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_RANDOM_H_
