// Names, numbers and dates from strangers: no input may crash; what is normalised stays as it is
// when normalised again, and is well-formed UTF-8 without signs that separate words.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/matching/normalise.h"
#include "server/matching/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace matching = lintas::matching;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words;
  matching::NormaliseName(text, &words);
  for (const std::string& word : words) {
    LINTAS_CHECK(!word.empty());
    LINTAS_CHECK(matching::CheckText(word) == matching::TextFault::kNone);
    LINTAS_CHECK(word.find_first_of(" -<'") == std::string::npos);
  }
  std::vector<std::string> again;
  matching::NormaliseName(absl::StrJoin(words, " "), &again);
  LINTAS_CHECK(again == words);

  const std::string number = matching::NormaliseDocumentNumber(text);
  LINTAS_CHECK(matching::NormaliseDocumentNumber(number) == number);

  matching::CivilDate date;
  if (matching::ParsePartialDate(text, &date)) {
    LINTAS_CHECK(matching::IsPartialDate(date));
    LINTAS_CHECK(matching::FormatPartialDate(date) == text);
  }
  return 0;
}
