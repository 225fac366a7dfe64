// Charts as inline SVG: no script, no outside file, the same bytes for the same figures. Colours
// keep their difference in grey print, and every chart's figures stand in a table beside it. Pure;
// safe from any thread.
#ifndef LINTAS_CLIENT_STATISTICS_CHARTS_H_
#define LINTAS_CLIENT_STATISTICS_CHARTS_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "client/statistics/published_table.h"
#include "client/statistics/report_texts.h"

namespace lintas::client {

struct ChartSeries {
  std::string name;
  std::vector<Figure> figures;  // One for each label of the chart.
};

// Grouped bars, one group a label; a suppressed figure is a hatched stub.
std::string BarChart(const std::vector<std::string>& labels, const std::vector<ChartSeries>& series,
                     Language language);

// Lines with points; a line breaks where a figure is missing.
std::string LineChart(const std::vector<std::string>& labels,
                      const std::vector<ChartSeries>& series, Language language);

struct Deviation {
  std::string label;
  // From -2 to 2; none is left blank.
  absl::optional<double> coefficient;
};
// Bars to the left and right of zero.
std::string AsymmetryChart(const std::vector<Deviation>& deviations, Language language);

struct AgeBand {
  std::string label;
  Figure female;
  Figure male;
};
// Youngest at the bottom, men left and women right.
std::string AgePyramid(const std::vector<AgeBand>& bands, Language language);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATISTICS_CHARTS_H_
