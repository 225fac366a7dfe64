// What `lintas document mrz` says of one document. docs/documents.md lists every member. Pure.
#ifndef LINTAS_CLIENT_DOCUMENT_MRZ_REPORT_H_
#define LINTAS_CLIENT_DOCUMENT_MRZ_REPORT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/matching/mrz/reading.h"
#include "server/matching/mrz/repair.h"

namespace lintas::client {

// A document with what was read in it and how it may have been meant.
struct MrzReport {
  uint64_t number = 0;
  uint64_t position = 0;
  mrz::Reading reading;
  std::vector<mrz::Suggestion> suggestions;
};

// Name and value of each field, in the order of the documentation.
std::vector<std::pair<std::string, std::string>> MrzFields(const mrz::Reading& reading);

// One JSON object on one line, ending in newline. Bytes that are not UTF-8 are shown as U+FFFD.
std::string MrzJson(const MrzReport& report);
// For people: the fields, then what is wrong and how it may have been meant.
std::string MrzText(const MrzReport& report);
// For spreadsheets; the columns are the same whatever the format.
std::vector<std::string> MrzCsvHeader();
std::vector<std::string> MrzCsvRow(const MrzReport& report);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_DOCUMENT_MRZ_REPORT_H_
