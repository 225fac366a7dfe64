// What a run of lintas-sample is asked to make. docs/sample.md explains each share and its source.
#ifndef LINTAS_CLIENT_SAMPLE_OPTIONS_H_
#define LINTAS_CLIENT_SAMPLE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/sample/bad_row.h"

namespace lintas::sample {

// Shares, each from 0 to 1. Assumptions except where docs/sample.md names a source.
struct Shares {
  // Of all persons; the rest are Indonesians in Cambodia, in the proportions of the public figures.
  double cambodian_resident = 0.035;
  double cambodian_visitor = 0.25;
  double third_country = 0.03;
  double unknown_nationality = 0.002;
  // Of Indonesians.
  double mononym = 0.12;
  double old_spelling = 0.06;
  // Of those called Muhammad, at each side's writing.
  double abbreviated = 0.30;
  // Of mononyms at the other side.
  double doubled = 0.40;
  double no_first_name = 0.35;
  // Of all persons.
  double unknown_birth_day = 0.006;
  double unknown_birth_month = 0.004;
  double unknown_sex = 0.003;
  double renewed = 0.25;
  double overstay = 0.03;
  // Of all persons, in what the other side writes.
  double typo = 0.03;
  double swapped_date = 0.01;
  double respelled = 0.04;
  double swapped_names = 0.01;
  // Of movements.
  double unrecorded_departure = 0.02;
  double deferred = 0.005;
  double refused = 0.003;
  // Of residents.
  double home_trip = 0.35;
};

// A share by its name on the command line.
struct ShareName {
  absl::string_view name;
  double Shares::*share;
  absl::string_view meaning;
};
absl::Span<const ShareName> ShareNames();

struct SampleOptions {
  uint64_t seed = 1;
  // Rows of each side, all files together, without headers. Ignored if `scale` is over 0.
  uint64_t rows = 200000;
  // 1 is the size of the public figures; 0 means that `rows` decides.
  double scale = 0;
  // Bad rows of each side, and the kinds to take in turn; none means all kinds.
  uint64_t bad = 0;
  std::vector<BadKind> bad_kinds;
  // The folder to write; made if it is not there.
  std::string out;
  Shares shares;
  bool help = false;
};

// The most rows of a side: document numbers of seven digits would be given twice beyond.
inline constexpr uint64_t kRowsMax = 10000000;

// Reads the arguments after the program's name. kInvalidArgument with one sentence for the user.
absl::StatusOr<SampleOptions> ParseOptions(const std::vector<std::string>& arguments);

// What `--help` prints.
std::string HelpText();

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_OPTIONS_H_
