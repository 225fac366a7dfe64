#include "server/areas/statistics/figures/vintage.h"

#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/status.h"

namespace lintas::statistics {

bool IsDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  int year = 0, month = 0, day = 0;
  if (!absl::SimpleAtoi(text.substr(0, 4), &year) || !absl::SimpleAtoi(text.substr(5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(8, 2), &day)) {
    return false;
  }
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (leap && month == 2 ? 1 : 0);
}

absl::optional<int64_t> CumulativeSeries::Latest(absl::string_view until) const {
  const auto found = periods_.find(std::string(until));
  if (found == periods_.end()) return absl::nullopt;
  return found->second.back().value;
}

absl::Status CumulativeSeries::Publish(absl::string_view until, Vintage vintage) {
  if (!IsDay(until) || until <= begin_) {
    return absl::InvalidArgumentError("The period must end on a day after its begin.");
  }
  if (vintage.value < 0) return absl::InvalidArgumentError("A count is not negative.");
  const std::string end(until);
  const auto same = periods_.find(end);
  if (same != periods_.end() && vintage.published_s < same->second.back().published_s) {
    return absl::InvalidArgumentError("The vintage is older than the one in force.");
  }
  if (vintage.revision_reason.empty()) {
    if (same != periods_.end() && vintage.value < same->second.back().value) {
      return absl::FailedPreconditionError(
          "A cumulative figure falls only by a revision with a reason (R25).");
    }
    const auto next = periods_.upper_bound(end);
    const auto at = periods_.lower_bound(end);
    if (at != periods_.begin() && vintage.value < std::prev(at)->second.back().value) {
      return absl::FailedPreconditionError(
          "The figure is below an earlier period's; that takes a revision with a reason (R25).");
    }
    if (next != periods_.end() && vintage.value > next->second.back().value) {
      return absl::FailedPreconditionError(
          "The figure is above a later period's; that takes a revision with a reason (R25).");
    }
  }
  periods_[end].push_back(std::move(vintage));
  return absl::OkStatus();
}

absl::Status CheckPart(int64_t part, int64_t whole) {
  if (part < 0 || whole < 0) return absl::InvalidArgumentError("A count is not negative.");
  if (part > whole) return absl::FailedPreconditionError("A part exceeds its whole (R11).");
  return absl::OkStatus();
}

absl::Status CheckParts(const std::vector<int64_t>& parts, int64_t whole) {
  int64_t sum = 0;
  for (int64_t part : parts) {
    RETURN_IF_ERROR(CheckPart(part, whole));
    sum += part;
  }
  return CheckPart(sum, whole);
}

absl::optional<double> GrowthPercent(int64_t before, int64_t after) {
  if (before == 0) return absl::nullopt;
  return 100.0 * static_cast<double>(after - before) / static_cast<double>(before);
}

}  // namespace lintas::statistics
