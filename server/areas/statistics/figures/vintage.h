// Figures over time: cumulative counts with their vintages, parts and wholes, growth.
//
// V1  A cumulative figure falls, from one period's end to the next or from one vintage to the next,
//     only by a revision with a reason (R25). The old value stays as a vintage.
// V2  A part never exceeds its whole (R11).
//
// Pure; safe from any thread.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_VINTAGE_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_VINTAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace lintas::statistics {

// One value that was once in force for a period.
struct Vintage {
  int64_t value = 0;
  // When it was published, Unix seconds.
  int64_t published_s = 0;
  // Why it replaced an earlier value; empty for the first and for a plain rise.
  std::string revision_reason;
};

// One cumulative figure, for example `victims since 5 June 2023`: its unit, from when it counts,
// and for each period's end all vintages, the oldest first.
class CumulativeSeries {
 public:
  // `begin`: the day that counting starts, YYYY-MM-DD.
  CumulativeSeries(std::string unit, std::string begin)
      : unit_(std::move(unit)), begin_(std::move(begin)) {}

  // Publishes `value` as counted up to the end of `until` (YYYY-MM-DD, after begin). Errors, the
  // series unchanged: kInvalidArgument for a day that is none, a negative value or a publication
  // older than the last; kFailedPrecondition for a fall without a reason: against the period's
  // earlier value or the latest value of an earlier period, or a value that a later period's lies
  // below.
  absl::Status Publish(absl::string_view until, Vintage vintage);

  const std::string& unit() const { return unit_; }
  const std::string& begin() const { return begin_; }
  // In order of their ends.
  const std::map<std::string, std::vector<Vintage>>& periods() const { return periods_; }
  // The value in force; none for a period never published.
  absl::optional<int64_t> Latest(absl::string_view until) const;

 private:
  std::string unit_;
  std::string begin_;
  std::map<std::string, std::vector<Vintage>> periods_;
};

// True for YYYY-MM-DD with a month and a day that exist.
bool IsDay(absl::string_view text);

// V2. kFailedPrecondition if the part is larger; kInvalidArgument if one is negative.
absl::Status CheckPart(int64_t part, int64_t whole);
// The parts together may not exceed the whole if they overlap nowhere.
absl::Status CheckParts(const std::vector<int64_t>& parts, int64_t whole);

// Growth in percent from one year to the next; none from zero.
absl::optional<double> GrowthPercent(int64_t before, int64_t after);

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_VINTAGE_H_
