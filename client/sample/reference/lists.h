// Code lists and names that the sample country is made from, compiled in so that lintas-sample
// needs no files. Sources, licences and what is an assumption: README.md in this folder. All
// constant, so every function may be called from any thread.
#ifndef LINTAS_CLIENT_SAMPLE_REFERENCE_LISTS_H_
#define LINTAS_CLIENT_SAMPLE_REFERENCE_LISTS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace lintas::sample {

// The two Parties; also the index of a side's files.
enum class Country { kIndonesia = 0, kCambodia = 1 };
inline constexpr int kCountryCount = 2;

// `IDN` or `KHM` (ISO 3166-1 alpha-3).
inline absl::string_view CodeOf(Country country) {
  return country == Country::kIndonesia ? "IDN" : "KHM";
}
inline Country PartnerOf(Country country) {
  return country == Country::kIndonesia ? Country::kCambodia : Country::kIndonesia;
}

// A Khmer name and its usual romanisation.
struct KhmerName {
  absl::string_view roman;
  absl::string_view khmer;
};

enum class Mode { kAir, kSea, kLand };

// A port of entry with a UN/LOCODE. The weights of a country's ports sum to 100.
struct Port {
  absl::string_view code;
  int utc_offset_hours;
  Mode mode;
  int weight;
};

absl::Span<const absl::string_view> IndonesianFirstMale();
absl::Span<const absl::string_view> IndonesianFirstFemale();
absl::Span<const absl::string_view> IndonesianLastMale();
absl::Span<const absl::string_view> IndonesianLastFemale();
absl::Span<const KhmerName> KhmerSurnames();
absl::Span<const KhmerName> KhmerGivenMale();
absl::Span<const KhmerName> KhmerGivenFemale();

absl::Span<const absl::string_view> Provinces(Country country);
absl::Span<const Port> Ports(Country country);

// ISO 3166-1 alpha-3 codes of States that are neither Party.
absl::Span<const absl::string_view> ThirdCountries();

// IATA designators of carriers.
absl::Span<const absl::string_view> Carriers();
absl::Span<const absl::string_view> Occupations();

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_REFERENCE_LISTS_H_
