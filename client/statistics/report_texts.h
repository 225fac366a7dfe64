// The words and numbers of the printed report in its three languages. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_STATISTICS_REPORT_TEXTS_H_
#define LINTAS_CLIENT_STATISTICS_REPORT_TEXTS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

enum class Language { kEnglish, kIndonesian, kKhmer };

// From `en`, `id` or `km`; kInvalidArgument otherwise.
absl::StatusOr<Language> ParseLanguage(absl::string_view tag);
// The tag, for HTML's lang and for names of codes.
absl::string_view LanguageTag(Language language);

enum class ReportText {
  kTitle,
  kPrepared,
  kFlows,
  kFlowsNote,
  kTrend,
  kTrendNote,
  kAsymmetry,
  kAsymmetryNote,
  kPyramid,
  kPyramidNote,
  kPeriod,
  kEntries,
  kExits,
  kDifference,
  kCoefficient,
  kRatio,
  kGrowth,
  kFemale,
  kMale,
  kAge,
  kSuppressed,
  kPartial,
  kNotCollected,
  kNoFigures,
  kNotMigrants,
};
absl::string_view Text(ReportText text, Language language);

// With the language's separators and digits: 1,234.5, 1.234,5 and ១.២៣៤,៥. `decimals` 0 to 3.
std::string NumberText(int64_t value, Language language);
std::string NumberText(double value, int decimals, Language language);

// For text and attributes of HTML.
std::string HtmlText(absl::string_view text);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATISTICS_REPORT_TEXTS_H_
