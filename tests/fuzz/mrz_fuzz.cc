// Machine-readable zones of strangers: no bytes may crash the reader, and what is suggested holds
// what it promises.
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "client/document/mrz_input.h"
#include "client/document/mrz_report.h"
#include "server/base/check.h"
#include "server/matching/mrz/reading.h"
#include "server/matching/mrz/repair.h"
#include "server/matching/mrz/transliteration.h"

namespace {

constexpr lintas::matching::CivilDate kToday = {2026, 11, 24};

void One(const lintas::client::MrzDocument& document) {
  namespace mrz = lintas::mrz;
  lintas::client::MrzReport report;
  report.number = document.number;
  report.reading = mrz::Read({document.lines.begin(), document.lines.end()}, kToday);
  report.suggestions = mrz::Suggest(report.reading, kToday);
  LINTAS_CHECK(report.suggestions.empty() || !report.reading.valid());
  for (const mrz::Suggestion& one : report.suggestions) {
    const mrz::Reading read = mrz::Read({one.lines.begin(), one.lines.end()}, kToday);
    LINTAS_CHECK(read.valid() == one.valid);
  }
  LINTAS_CHECK(!lintas::client::MrzJson(report).empty());
  LINTAS_CHECK(!lintas::client::MrzText(report).empty());
  LINTAS_CHECK(lintas::client::MrzCsvRow(report).size() == lintas::client::MrzCsvHeader().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::istringstream in(text);
  uint64_t count = 0;
  lintas::client::ReadMrzDocuments(in, &count, One).IgnoreError();
  const auto forms = lintas::mrz::TransliterateAll(text, 16);
  if (!forms.ok()) return 0;
  LINTAS_CHECK(!forms->empty() && forms->size() <= 16);
  for (const std::string& form : *forms) {
    for (const char c : form) LINTAS_CHECK(lintas::mrz::Allows(lintas::mrz::Alphabet::kLetters, c));
  }
  return 0;
}
