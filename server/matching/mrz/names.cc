#include "server/matching/mrz/names.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/matching/mrz/transliteration.h"

namespace lintas::mrz {
namespace {

using absl::string_view;

// Names hold few letters with more than one form.
constexpr size_t kFormsMax = 64;

// Each word of `seen` begins the word at its place in `whole`; words at the end may be missing.
bool Begins(const std::string& seen, const std::string& whole) {
  const std::vector<string_view> seen_words = absl::StrSplit(seen, ' ', absl::SkipEmpty());
  const std::vector<string_view> words = absl::StrSplit(whole, kFiller, absl::SkipEmpty());
  if (seen_words.size() > words.size() || seen_words.empty() != words.empty()) return false;
  for (size_t i = 0; i < seen_words.size(); ++i) {
    if (!absl::StartsWith(words[i], seen_words[i])) return false;
  }
  return true;
}

bool Equals(const std::string& seen, const std::string& whole) {
  const std::vector<string_view> seen_words = absl::StrSplit(seen, ' ', absl::SkipEmpty());
  const std::vector<string_view> words = absl::StrSplit(whole, kFiller, absl::SkipEmpty());
  return seen_words == words;
}

// True if one of the forms of `name` is, or begins with, what was seen.
bool AnyForm(const std::string& seen, string_view name, bool truncated) {
  const auto forms = TransliterateAll(name, kFormsMax);
  if (!forms.ok()) return false;
  for (const std::string& form : *forms) {
    if (truncated ? Begins(seen, form) : Equals(seen, form)) return true;
  }
  return false;
}

}  // namespace

bool MayBeTheName(const Reading& reading, string_view primary, string_view secondary) {
  const bool truncated = reading.names_may_be_truncated;
  if (AnyForm(reading.primary_identifier, primary, truncated) &&
      AnyForm(reading.secondary_identifier, secondary, truncated)) {
    return true;
  }
  // The one name, on whichever side each writes it.
  if (!reading.single_name || primary.empty() == secondary.empty()) return false;
  const std::string& seen = reading.primary_identifier.empty() ? reading.secondary_identifier
                                                               : reading.primary_identifier;
  return AnyForm(seen, primary.empty() ? secondary : primary, truncated);
}

}  // namespace lintas::mrz
