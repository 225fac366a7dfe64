#include "server/matching/mrz/repair.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace lintas::mrz {
namespace {

using absl::string_view;
using matching::CivilDate;

struct Twins {
  char letter, digit;
};
// The first four are tried also where both classes may stand, the others only where one must.
constexpr Twins kTwins[] = {{'O', '0'}, {'I', '1'}, {'B', '8'}, {'S', '5'}, {'Z', '2'}, {'G', '6'}};
constexpr size_t kAnywhere = 4;

// The twin of `c`, or 0.
char TwinOf(char c, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (kTwins[i].letter == c) return kTwins[i].digit;
    if (kTwins[i].digit == c) return kTwins[i].letter;
  }
  return '\0';
}

Reading ReadLines(const std::vector<std::string>& lines, const CivilDate& today) {
  return Read(std::vector<string_view>(lines.begin(), lines.end()), today);
}

// A run of fillers, longest first found.
struct Run {
  size_t begin = 0, size = 0;
};
Run LongestRun(string_view line) {
  Run best, run;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != kFiller) {
      run.size = 0;
      continue;
    }
    if (run.size++ == 0) run.begin = i;
    if (run.size > best.size) best = run;
  }
  return best;
}

// Brings `line` to `size` by its longest run of fillers, or with fillers at its end. A difference
// of more than a few signs is no miscount.
bool Resize(size_t size, std::string* line) {
  const Run run = LongestRun(*line);
  if (line->size() == size) return true;
  if (line->size() < size) {
    const size_t missing = size - line->size();
    if (run.size >= 2) {
      line->insert(run.begin, missing, kFiller);
      return true;
    }
    line->append(missing, kFiller);
    return true;
  }
  const size_t extra = line->size() - size;
  if (run.size <= extra + 1) return false;
  line->erase(run.begin, extra);
  return true;
}

size_t LineSizeFor(const std::vector<std::string>& lines) {
  if (lines.size() == 3) return 30;
  return std::max(lines[0].size(), lines[1].size()) > 40 ? 44 : 36;
}

// Upper case, blanks out (or as fillers, if the length asks for them), length.
bool Reshape(std::vector<std::string>* lines) {
  if (lines->size() != 2 && lines->size() != 3) return false;
  std::vector<std::string> shaped;
  for (std::string line : *lines) {
    absl::AsciiStrToUpper(&line);
    shaped.push_back(std::move(line));
  }
  const size_t size = LineSizeFor(shaped);
  for (std::string& line : shaped) {
    if (line.size() == size) {
      std::replace(line.begin(), line.end(), ' ', kFiller);
    } else {
      line.erase(std::remove(line.begin(), line.end(), ' '), line.end());
    }
    if (line.empty() || !Resize(size, &line)) return false;
  }
  *lines = std::move(shaped);
  return true;
}

class Search {
 public:
  Search(std::vector<std::string> lines, bool reshaped, size_t errors_before,
         const CivilDate& today)
      : today_(today), errors_before_(errors_before) {
    base_.lines = std::move(lines);
    base_.reshaped = reshaped;
  }

  std::vector<Suggestion> Run() {
    Reading reading = ReadLines(base_.lines, today_);
    if (reading.format == Format::kUnknown) return {};
    layout_ = &LayoutOf(reading.format);
    ForceClasses();
    reading = ReadLines(base_.lines, today_);
    if (!reading.valid()) {
      CollectPlaces(reading);
      TrySingles();
      if (found_.empty()) TryPairs();
    }
    if (found_.empty() && (base_.reshaped || !base_.changes.empty()) &&
        reading.errors.size() < errors_before_) {
      base_.valid = reading.valid();
      found_.push_back(base_);
    }
    return std::move(found_);
  }

 private:
  struct Spot {
    Field field;
    size_t line, column;
  };

  static void Apply(const Spot& spot, char to, Suggestion* suggestion) {
    char& sign = suggestion->lines[spot.line][spot.column];
    suggestion->changes.push_back(
        {spot.field, static_cast<int>(spot.line) + 1, static_cast<int>(spot.column) + 1, sign, to});
    sign = to;
  }

  // Where one class must stand and the other's look-alike does.
  void ForceClasses() {
    for (const Place& place : layout_->places) {
      for (size_t i = place.begin; i < size_t{place.begin} + place.size; ++i) {
        const char c = base_.lines[place.line][i];
        if (Allows(place.alphabet, c) || !Allows(Alphabet::kAny, c)) continue;
        const char twin = TwinOf(c, std::size(kTwins));
        if (twin == '\0' || !Allows(place.alphabet, twin)) continue;
        Apply({place.field, place.line, i}, twin, &base_);
      }
    }
  }

  // Signs that may be either class, in the fields that a wrong check digit covers.
  void CollectPlaces(const Reading& reading) {
    bool number = false, optional = false;
    for (const Finding& error : reading.errors) {
      if (error.rule != Rule::kCheckDigit) continue;
      number = number || error.field == Field::kDocumentNumber;
      optional = optional || error.field == Field::kOptionalData;
      // On cards the optional data has no digit of its own.
      optional = optional ||
                 (error.field == Field::kCompositeCheckDigit && reading.format != Format::kTd3);
    }
    optional = optional || (number && reading.number_form != NumberForm::kShort);
    for (const Place& place : layout_->places) {
      const bool wanted = (number && place.field == Field::kDocumentNumber) ||
                          (optional && (place.field == Field::kOptionalData ||
                                        place.field == Field::kOptionalData2));
      for (size_t i = place.begin; wanted && i < size_t{place.begin} + place.size; ++i) {
        if (TwinOf(base_.lines[place.line][i], kAnywhere) != '\0') {
          spots_.push_back({place.field, place.line, i});
        }
      }
    }
  }

  void Try(const std::vector<Spot>& spots) {
    if (found_.size() >= kSuggestionsMax) return;
    Suggestion suggestion = base_;
    for (const Spot& spot : spots) {
      Apply(spot, TwinOf(suggestion.lines[spot.line][spot.column], kAnywhere), &suggestion);
    }
    if (!ReadLines(suggestion.lines, today_).valid()) return;
    suggestion.valid = true;
    found_.push_back(std::move(suggestion));
  }

  void TrySingles() {
    for (const Spot& spot : spots_) Try({spot});
  }
  void TryPairs() {
    for (size_t i = 0; i < spots_.size(); ++i) {
      for (size_t k = i + 1; k < spots_.size(); ++k) Try({spots_[i], spots_[k]});
    }
  }

  const CivilDate today_;
  const size_t errors_before_;
  const Layout* layout_ = nullptr;
  // The reading with all that is forced.
  Suggestion base_;
  std::vector<Spot> spots_;
  std::vector<Suggestion> found_;
};

}  // namespace

std::vector<Suggestion> Suggest(const Reading& reading, const CivilDate& today) {
  if (reading.valid()) return {};
  std::vector<std::string> lines = reading.lines;
  if (!Reshape(&lines)) return {};
  const bool reshaped = lines != reading.lines;
  // Without a format nothing else was looked at, so anything readable is better.
  const size_t errors_before =
      reading.format == Format::kUnknown ? SIZE_MAX : reading.errors.size();
  return Search(std::move(lines), reshaped, errors_before, today).Run();
}

}  // namespace lintas::mrz
