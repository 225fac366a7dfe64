// What `lintas document chip` says of one chip. docs/documents.md lists every member. Pure.
#ifndef LINTAS_CLIENT_DOCUMENT_CHIP_REPORT_H_
#define LINTAS_CLIENT_DOCUMENT_CHIP_REPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "server/crypto/chip/passive_authentication.h"
#include "server/matching/mrz/reading.h"

namespace lintas::client {

struct ChipDocument {
  chip::ChipReport report;
  // The zone of data group 1, read as any other; format unknown if group 1 is not there.
  mrz::Reading zone;
  // The files that certificates came from.
  std::vector<std::pair<std::string, chip::SourceReport>> sources;
  // RFC 3339, UTC.
  std::string at;
};

// One JSON object on one line, ending in newline.
std::string ChipJson(const ChipDocument& document);
// For people.
std::string ChipText(const ChipDocument& document);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_DOCUMENT_CHIP_REPORT_H_
