// Perturbation by cell keys and rounding: what may be laid over counts beside suppression. Both are
// functions of the cell's records alone, so the same cell gets the same noise in every table and at
// every asking, and nobody averages it away. Tables stop adding up exactly; they say so.
//
// N1  Zero stays zero; no count is moved below zero.
// N2  Unbiased: for each count the mean of the noise over all cell keys is zero (to within one cell
//     key in 2^32).
//
// The keys must be kept secret and random: whoever knows a record's key and all others of the cell
// can take the noise off. Pure; safe from any thread.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_NOISE_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_NOISE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

namespace lintas::statistics {

// The perturbation table: for each count and cell key a number to add. Counts from `deviation_max`
// on share one line.
class NoiseTable {
 public:
  // Noise from -deviation_max to deviation_max, 1 to 20. Within that range it is spread evenly, for
  // small counts as evenly as N1 and N2 permit (the spread of largest entropy). kInvalidArgument
  // otherwise.
  static absl::StatusOr<NoiseTable> Make(int deviation_max);

  // `key_sum` is the sum of the keys of the cell's records modulo 2^32 (CellCounters).
  int64_t Perturb(int64_t count, uint32_t key_sum) const;

  // The probability of each noise from -deviation_max up, for a count.
  const std::vector<double>& Spread(int64_t count) const;

 private:
  int deviation_max_ = 0;
  std::vector<std::vector<double>> spreads_;       // By count, the last for all larger ones.
  std::vector<std::vector<uint64_t>> thresholds_;  // Upper ends of key ranges, of 2^32.
};

// Rounds to a multiple of `base` (3 or 5 usually; at least 1): down or up by the cell's key, so
// often up as the rest asks, so that the mean is the count. A multiple stays as it is.
int64_t RoundToBase(int64_t count, int64_t base, uint32_t key_sum);

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_NOISE_H_
