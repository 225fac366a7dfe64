#include "client/statistics/text_table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/terminal_text.h"
#include "server/areas/statistics/figures/vintage.h"

namespace lintas::client {
namespace {

// Rows under a header, columns two blanks apart; `right` columns stand at their right edge.
std::string Columns(const std::vector<std::vector<std::string>>& rows,
                    const std::set<size_t>& right) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], Width(row[c]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(widths[c] - Width(row[c]), ' ');
      if (c > 0) line += "  ";
      line += right.count(c) != 0 ? blanks + row[c] : row[c] + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

std::string Growth(const Figure& before, const Figure& after) {
  if (!before.value.has_value() || !after.value.has_value()) return "";
  const auto growth = statistics::GrowthPercent(*before.value, *after.value);
  return growth.has_value() ? absl::StrFormat("%+.1f%%", *growth) : "";
}

std::string Number(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.3f", *value) : "-";
}

std::string MirrorFigureText(const statistics::MirrorFigure& figure) {
  if (!figure.value.has_value()) return figure.suppressed ? "x" : "-";
  return absl::StrCat(*figure.value, figure.partial ? "p" : "");
}

// Y5T9 before Y10T14: runs of digits compare as numbers.
bool NaturalLess(const std::string& a, const std::string& b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
      continue;
    }
    size_t end_a = i, end_b = j;
    while (end_a < a.size() && is_digit(a[end_a])) ++end_a;
    while (end_b < b.size() && is_digit(b[end_b])) ++end_b;
    if (end_a - i != end_b - j) return end_a - i < end_b - j;
    const int order = a.compare(i, end_a - i, b, j, end_b - j);
    if (order != 0) return order < 0;
    i = end_a;
    j = end_b;
  }
  return a.size() - i < b.size() - j;
}

struct NaturalOrder {
  bool operator()(const std::vector<std::string>& a, const std::vector<std::string>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), NaturalLess);
  }
};

// The dimensions in which the cells differ, and what they have in common as text.
struct Layout {
  std::vector<size_t> differing;
  std::string common;
};

Layout LayoutOf(const std::vector<std::string>& dimensions,
                const std::vector<const std::vector<std::string>*>& codes) {
  Layout layout;
  std::vector<std::string> common;
  for (size_t d = 0; d < dimensions.size(); ++d) {
    if (dimensions[d] == "TIME_PERIOD") continue;
    std::set<std::string> seen;
    for (const auto* each : codes) seen.insert((*each)[d]);
    if (seen.size() > 1) {
      layout.differing.push_back(d);
    } else if (!seen.empty() && *seen.begin() != "_T") {
      common.push_back(absl::StrCat(dimensions[d], "=", WithoutControls(*seen.begin())));
    }
  }
  layout.common = absl::StrJoin(common, " ");
  return layout;
}

}  // namespace

std::string Sparkline(const std::vector<Figure>& figures) {
  constexpr const char* kSigns[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  int64_t least = INT64_MAX, largest = INT64_MIN;
  for (const Figure& figure : figures) {
    if (!figure.value.has_value()) continue;
    least = std::min(least, *figure.value);
    largest = std::max(largest, *figure.value);
  }
  std::string line;
  for (const Figure& figure : figures) {
    if (!figure.value.has_value()) {
      line += figure.status == sdmx::CellStatus::kSuppressed ? "×" : "·";
    } else if (least == largest) {
      line += largest == 0 ? kSigns[0] : kSigns[3];
    } else {
      const double share =
          static_cast<double>(*figure.value - least) / static_cast<double>(largest - least);
      line += kSigns[std::lround(share * 7)];
    }
  }
  return line;
}

std::string FigureText(const Figure& figure) {
  if (!figure.value.has_value()) {
    return figure.status == sdmx::CellStatus::kSuppressed ? "x" : "-";
  }
  return absl::StrCat(*figure.value, figure.status == sdmx::CellStatus::kPartial ? "p" : "");
}

std::string SeriesText(const PublishedTable& table, size_t series_max) {
  std::vector<const std::vector<std::string>*> codes;
  std::set<std::string> periods;
  const size_t time = table.IndexOf("TIME_PERIOD");
  for (const PublishedCell& cell : table.cells) {
    codes.push_back(&cell.codes);
    if (time < cell.codes.size()) periods.insert(cell.codes[time]);
  }
  const Layout layout = LayoutOf(table.dimensions, codes);
  std::map<std::vector<std::string>, std::map<std::string, Figure>, NaturalOrder> series;
  for (const PublishedCell& cell : table.cells) {
    std::vector<std::string> key;
    for (size_t d : layout.differing) key.push_back(WithoutControls(cell.codes[d]));
    series[key][time < cell.codes.size() ? cell.codes[time] : ""] = cell.figure;
  }
  const std::string last = periods.empty() ? "" : *periods.rbegin();
  const std::string before = periods.size() < 2 ? "" : *std::next(periods.rbegin());
  std::vector<std::vector<std::string>> rows(1);
  for (size_t d : layout.differing) rows[0].push_back(table.dimensions[d]);
  const size_t numbers = rows[0].size() + 1;
  for (const std::string& title : {std::string("TREND"), WithoutControls(before),
                                   WithoutControls(last), std::string("GROWTH")}) {
    rows[0].push_back(title);
  }
  for (const auto& each : series) {
    if (rows.size() > series_max) break;
    std::vector<std::string> row = each.first;
    std::vector<Figure> figures;
    for (const std::string& period : periods) {
      const auto found = each.second.find(period);
      figures.push_back(found == each.second.end() ? Figure() : found->second);
    }
    row.push_back(Sparkline(figures));
    const Figure newest = figures.empty() ? Figure() : figures.back();
    const Figure earlier = figures.size() < 2 ? Figure() : figures[figures.size() - 2];
    row.push_back(figures.size() < 2 ? "" : FigureText(earlier));
    row.push_back(FigureText(newest));
    row.push_back(Growth(earlier, newest));
    rows.push_back(std::move(row));
  }
  std::string text =
      absl::StrCat(table.structure.Text(), layout.common.empty() ? "" : "  ", layout.common, "\n",
                   Columns(rows, {numbers, numbers + 1, numbers + 2}));
  if (series.size() > series_max) {
    absl::StrAppend(&text, series.size() - series_max, " series left out\n");
  }
  absl::StrAppend(&text, "x suppressed, - not collected, p partial\n");
  return text;
}

std::string MirrorText(const std::vector<statistics::MirrorGap>& gaps, size_t top) {
  std::vector<const std::vector<std::string>*> codes;
  codes.reserve(gaps.size());
  for (const statistics::MirrorGap& gap : gaps) codes.push_back(&gap.cell.codes);
  Layout layout = LayoutOf(MirrorDimensions(), codes);
  std::vector<std::vector<std::string>> rows = {{"PERIOD"}};
  for (size_t d : layout.differing) rows[0].push_back(MirrorDimensions()[d]);
  const size_t first = rows[0].size();
  for (const char* title : {"ENTRIES", "EXITS", "DIFFERENCE", "COEFFICIENT", "RATIO", "CAUSES"}) {
    rows[0].push_back(title);
  }
  for (const statistics::MirrorGap& gap : gaps) {
    if (rows.size() > top) break;
    std::vector<std::string> row = {WithoutControls(gap.cell.codes.back())};
    for (size_t d : layout.differing) row.push_back(WithoutControls(gap.cell.codes[d]));
    row.push_back(MirrorFigureText(gap.cell.inflow));
    row.push_back(MirrorFigureText(gap.cell.outflow));
    row.push_back(gap.difference.has_value() ? absl::StrFormat("%+d", *gap.difference) : "-");
    row.push_back(Number(gap.asymmetry));
    row.push_back(Number(gap.ratio));
    row.push_back(
        absl::StrJoin(gap.cell.causes, ",", [](std::string* out, statistics::GapCause cause) {
          absl::StrAppend(out, statistics::GapCauseCode(cause));
        }));
    rows.push_back(std::move(row));
  }
  const statistics::MirrorSummary summary = statistics::Summarise(gaps);
  return absl::StrCat(layout.common.empty() ? "" : absl::StrCat(layout.common, "\n"),
                      Columns(rows, {first, first + 1, first + 2, first + 3, first + 4}),
                      summary.compared, " compared, ", summary.not_compared, " not: entries ",
                      summary.inflow, ", exits ", summary.outflow, ", sum of gaps ", summary.gap,
                      "\n");
}

}  // namespace lintas::client
