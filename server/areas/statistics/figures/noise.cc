#include "server/areas/statistics/figures/noise.h"

#include <algorithm>
#include <cmath>

namespace lintas::statistics {
namespace {

constexpr double kKeys = 4294967296.0;

// Sums of keys of one or two records are spread like the keys; this spreads them once more, so that
// rounding and perturbation of one cell do not share their luck.
uint32_t Mix(uint32_t key, uint32_t salt) {
  uint64_t x = (uint64_t{salt} << 32) | key;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<uint32_t>(x ^ (x >> 31));
}

// Weights exp(tilt * v) over v = low..high that sum to one.
std::vector<double> Tilted(int low, int high, double tilt) {
  std::vector<double> weights;
  double sum = 0;
  for (int v = low; v <= high; ++v) {
    weights.push_back(std::exp(tilt * v));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

double Mean(const std::vector<double>& weights, int low) {
  double mean = 0;
  for (size_t i = 0; i < weights.size(); ++i) mean += weights[i] * (low + static_cast<int>(i));
  return mean;
}

// The spread of largest entropy over low..high with mean zero: found by halving the tilt's range.
std::vector<double> MeanZero(int low, int high) {
  double below = -10, above = 10;
  for (int i = 0; i < 200; ++i) {
    const double middle = (below + above) / 2;
    (Mean(Tilted(low, high, middle), low) < 0 ? below : above) = middle;
  }
  return Tilted(low, high, (below + above) / 2);
}

}  // namespace

absl::StatusOr<NoiseTable> NoiseTable::Make(int deviation_max) {
  if (deviation_max < 1 || deviation_max > 20) {
    return absl::InvalidArgumentError("The largest deviation must be 1 to 20.");
  }
  NoiseTable table;
  table.deviation_max_ = deviation_max;
  for (int count = 0; count <= deviation_max; ++count) {
    // A count of one may become two only as often as none.
    const int low = -std::min(count, deviation_max);
    const int high = count == 0 ? 0 : deviation_max;
    std::vector<double> spread(static_cast<size_t>(2 * deviation_max + 1), 0.0);
    const std::vector<double> weights = MeanZero(low, high);
    std::copy(weights.begin(), weights.end(), spread.begin() + (low + deviation_max));
    std::vector<uint64_t> thresholds;
    double sum = 0;
    for (double weight : spread) {
      sum += weight;
      thresholds.push_back(static_cast<uint64_t>(std::llround(std::min(sum, 1.0) * kKeys)));
    }
    table.spreads_.push_back(std::move(spread));
    table.thresholds_.push_back(std::move(thresholds));
  }
  return table;
}

const std::vector<double>& NoiseTable::Spread(int64_t count) const {
  return spreads_[static_cast<size_t>(std::min<int64_t>(count, deviation_max_))];
}

int64_t NoiseTable::Perturb(int64_t count, uint32_t key_sum) const {
  if (count <= 0) return count;
  const auto& line = thresholds_[static_cast<size_t>(std::min<int64_t>(count, deviation_max_))];
  const uint64_t key = Mix(key_sum, 1);
  const auto at = std::upper_bound(line.begin(), line.end(), key);
  const auto step = std::min<int64_t>(at - line.begin(), 2 * deviation_max_);
  return count + step - deviation_max_;
}

int64_t RoundToBase(int64_t count, int64_t base, uint32_t key_sum) {
  const int64_t rest = count % base;
  if (rest == 0) return count;
  const double up = static_cast<double>(rest) / static_cast<double>(base);
  return count - rest + (Mix(key_sum, 2) < up * kKeys ? base : 0);
}

}  // namespace lintas::statistics
