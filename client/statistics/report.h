// The printed report: one HTML page with its charts inside, for the screen and for A4 paper. It
// needs no network and no script, and the same figures give the same bytes: it can be signed.
// Pure; safe from any thread.
#ifndef LINTAS_CLIENT_STATISTICS_REPORT_H_
#define LINTAS_CLIENT_STATISTICS_REPORT_H_

#include <string>
#include <vector>

#include "client/statistics/published_table.h"
#include "client/statistics/report_texts.h"

namespace lintas::client {

struct ReportRequest {
  // Of both countries, as published. Border crossings: over all ports, purposes and durations.
  std::vector<PublishedTable> tables;
  Language language = Language::kEnglish;
  // When it was made, as it is to be printed.
  std::string prepared;
  // Lines of the table of differences.
  size_t gaps_max = 20;
};

std::string ReportHtml(const ReportRequest& request);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATISTICS_REPORT_H_
