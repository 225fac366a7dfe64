// Statistics on a terminal: series with a sparkline, and the mirror table. Pure; the same input
// gives the same text; safe from any thread.
#ifndef LINTAS_CLIENT_STATISTICS_TEXT_TABLE_H_
#define LINTAS_CLIENT_STATISTICS_TEXT_TABLE_H_

#include <string>
#include <vector>

#include "client/statistics/published_table.h"
#include "server/areas/statistics/figures/mirror.h"

namespace lintas::client {

// One sign a figure, from ▁ (the least) to █ (the largest) of those that are there; a suppressed
// one is ×, a missing one ·. All equal: ▄, all zero: ▁.
std::string Sparkline(const std::vector<Figure>& figures);

// `412`, `412p` (partial), `x` (suppressed), `-` (not collected).
std::string FigureText(const Figure& figure);

// One series a line: the codes of the dimensions that differ between lines, the sparkline over all
// periods, the last two periods' figures and the growth between them. What is the same in all lines
// stands above the table. At most `series_max` lines, then how many are left out.
std::string SeriesText(const PublishedTable& table, size_t series_max);

// The first `top` of `gaps` with both originals, difference, coefficient, ratio and causes; then
// the sums.
std::string MirrorText(const std::vector<statistics::MirrorGap>& gaps, size_t top);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATISTICS_TEXT_TABLE_H_
