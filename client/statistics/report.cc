#include "client/statistics/report.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/sdmx/idkh_structures.h"
#include "client/statistics/charts.h"
#include "server/areas/statistics/figures/mirror.h"
#include "server/areas/statistics/figures/vintage.h"

namespace lintas::client {
namespace {

constexpr char kTotal[] = "_T";

constexpr char kStyle[] = R"css(<style>
body{font-family:"Noto Sans","Noto Sans Khmer",sans-serif;max-width:60em;margin:2em auto;color:#111}
h1{font-size:1.6em}h2{font-size:1.2em;border-bottom:1px solid #999}
svg{width:100%;height:auto;font-size:11px}
table{border-collapse:collapse;margin:1em 0;font-size:.85em}
th,td{border:1px solid #bbb;padding:.2em .6em;text-align:right}
th:first-child,td:first-child{text-align:left}
.note{color:#444;font-size:.85em}
section{break-inside:avoid}
@page{size:A4;margin:15mm}
</style>
<svg width="0" height="0" style="position:absolute"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#eee"/><rect width="2" height="6" fill="#777"/></pattern></defs></svg>
)css";

// A name for a code of one of our lists; the code itself if there is none.
std::string CodeName(const char* component_id, const std::string& code, Language language) {
  const sdmx::Structure* structure = sdmx::FindIdkhStructure("MIG_FLOW");
  const sdmx::Component* component = structure->Find(component_id);
  const sdmx::CodeList* codes = component == nullptr ? nullptr : structure->CodesOf(*component);
  const sdmx::Code* found = codes == nullptr ? nullptr : codes->Find(code);
  return found == nullptr ? code : sdmx::NameIn(found->names, LanguageTag(language));
}

class Report {
 public:
  explicit Report(const ReportRequest& request) : request_(request), language_(request.language) {
    for (const PublishedTable& table : request.tables) Take(table);
  }

  std::string Html() const {
    std::string html = absl::StrCat(
        "<!doctype html>\n<html lang=\"", LanguageTag(language_),
        "\">\n<head>\n<meta charset=\"utf-8\">\n<title>", Words(ReportText::kTitle), "</title>\n",
        kStyle, "</head>\n<body>\n<h1>", Words(ReportText::kTitle), "</h1>\n<p class=\"note\">",
        Words(ReportText::kPrepared), ": ", HtmlText(request_.prepared), "</p>\n<p class=\"note\">",
        Words(ReportText::kNotMigrants), "</p>\n");
    absl::StrAppend(&html, FlowSection(), TrendSection(), AsymmetrySection(), PyramidSection());
    absl::StrAppend(&html, "<p class=\"note\">× ", Words(ReportText::kSuppressed), "; ", "p ",
                    Words(ReportText::kPartial), "; – ", Words(ReportText::kNotCollected),
                    "</p>\n</body>\n</html>\n");
    return html;
  }

 private:
  std::string Words(ReportText text) const { return HtmlText(Text(text, language_)); }

  void Take(const PublishedTable& table) {
    for (const PublishedCell& cell : table.cells) {
      const auto is_total = [&](const char* dimension) {
        return table.CodeOf(cell, dimension) == kTotal;
      };
      if (!is_total("PORT") || !is_total("PURPOSE") || !is_total("DURATION")) continue;
      const std::string period = table.CodeOf(cell, "TIME_PERIOD");
      const std::string direction = table.CodeOf(cell, "DIRECTION");
      if (is_total("SEX") && is_total("AGE")) {
        periods_.insert(period);
        series_[SeriesName(table, cell)][period] = cell.figure;
      } else if (!is_total("SEX") && !is_total("AGE") && direction == "IN") {
        auto& bands = pyramids_[{period, SeriesName(table, cell)}];
        const std::string sex = table.CodeOf(cell, "SEX");
        auto& band = bands[AgeOrder(table.CodeOf(cell, "AGE"))];
        band.label = CodeName("AGE", table.CodeOf(cell, "AGE"), language_);
        if (sex == "F") band.female = cell.figure;
        if (sex == "M") band.male = cell.figure;
      }
    }
  }

  // `Cambodia: Entry, Indonesia`
  std::string SeriesName(const PublishedTable& table, const PublishedCell& cell) const {
    const std::string citizenship = table.CodeOf(cell, "CITIZENSHIP");
    std::string name =
        absl::StrCat(CodeName("REPORTING_AREA", table.CodeOf(cell, "REPORTING_AREA"), language_),
                     ": ", CodeName("DIRECTION", table.CodeOf(cell, "DIRECTION"), language_));
    if (citizenship != kTotal) {
      absl::StrAppend(&name, ", ", CodeName("CITIZENSHIP", citizenship, language_));
    }
    return name;
  }

  // Y5T9 before Y10T14; unknown last.
  static int AgeOrder(const std::string& code) {
    int years = 0;
    bool any = false;
    for (char c : code) {
      if (c >= '0' && c <= '9') {
        years = years * 10 + (c - '0');
        any = true;
      } else if (any) {
        break;
      }
    }
    return any ? years : 1000;
  }

  std::string FigureHtml(const Figure& figure) const {
    if (!figure.value.has_value()) {
      return figure.status == sdmx::CellStatus::kSuppressed ? "×" : "–";
    }
    return absl::StrCat(NumberText(*figure.value, language_),
                        figure.status == sdmx::CellStatus::kPartial ? " p" : "");
  }

  std::vector<std::string> Periods() const { return {periods_.begin(), periods_.end()}; }

  std::vector<ChartSeries> AllSeries() const {
    std::vector<ChartSeries> all;
    for (const auto& each : series_) {
      ChartSeries series;
      series.name = each.first;
      for (const std::string& period : periods_) {
        const auto found = each.second.find(period);
        series.figures.push_back(found == each.second.end() ? Figure() : found->second);
      }
      all.push_back(std::move(series));
    }
    return all;
  }

  std::string Section(ReportText title, ReportText note, const std::string& body) const {
    return absl::StrCat(
        "<section>\n<h2>", Words(title), "</h2>\n<p class=\"note\">", Words(note), "</p>\n",
        body.empty() ? absl::StrCat("<p>", Words(ReportText::kNoFigures), "</p>\n") : body,
        "</section>\n");
  }

  static std::string TableHtml(const std::vector<std::vector<std::string>>& rows) {
    std::string html = "<table>\n";
    for (size_t r = 0; r < rows.size(); ++r) {
      const char* tag = r == 0 ? "th" : "td";
      absl::StrAppend(&html, "<tr>");
      for (const std::string& cell : rows[r]) {
        absl::StrAppend(&html, "<", tag, ">", cell, "</", tag, ">");
      }
      absl::StrAppend(&html, "</tr>\n");
    }
    return html + "</table>\n";
  }

  std::string FlowSection() const {
    if (series_.empty()) return Section(ReportText::kFlows, ReportText::kFlowsNote, "");
    const std::vector<ChartSeries> all = AllSeries();
    std::vector<std::vector<std::string>> rows(1);
    rows[0].push_back(Words(ReportText::kPeriod));
    for (const ChartSeries& series : all) rows[0].push_back(HtmlText(series.name));
    const std::vector<std::string> periods = Periods();
    for (size_t i = 0; i < periods.size(); ++i) {
      std::vector<std::string> row = {HtmlText(periods[i])};
      for (const ChartSeries& series : all) row.push_back(FigureHtml(series.figures[i]));
      rows.push_back(std::move(row));
    }
    return Section(ReportText::kFlows, ReportText::kFlowsNote,
                   absl::StrCat(BarChart(periods, all, language_), TableHtml(rows)));
  }

  std::string TrendSection() const {
    if (periods_.size() < 2) return Section(ReportText::kTrend, ReportText::kTrendNote, "");
    const std::vector<ChartSeries> all = AllSeries();
    const std::vector<std::string> periods = Periods();
    std::vector<std::vector<std::string>> rows(1);
    rows[0].push_back(Words(ReportText::kGrowth));
    for (size_t i = 1; i < periods.size(); ++i) rows[0].push_back(HtmlText(periods[i]));
    for (const ChartSeries& series : all) {
      std::vector<std::string> row = {HtmlText(series.name)};
      for (size_t i = 1; i < periods.size(); ++i) {
        const Figure& before = series.figures[i - 1];
        const Figure& after = series.figures[i];
        absl::optional<double> growth;
        if (before.value.has_value() && after.value.has_value()) {
          growth = statistics::GrowthPercent(*before.value, *after.value);
        }
        row.push_back(growth.has_value() ? absl::StrCat(*growth > 0 ? "+" : "",
                                                        NumberText(*growth, 1, language_), " %")
                                         : "–");
      }
      rows.push_back(std::move(row));
    }
    return Section(ReportText::kTrend, ReportText::kTrendNote,
                   absl::StrCat(LineChart(periods, all, language_), TableHtml(rows)));
  }

  std::string GapName(const statistics::MirrorGap& gap) const {
    const std::vector<std::string>& codes = gap.cell.codes;
    const auto code = [&](absl::string_view dimension) {
      const auto& all = MirrorDimensions();
      return codes[static_cast<size_t>(std::find(all.begin(), all.end(), dimension) - all.begin())];
    };
    std::string name = absl::StrCat(code("TIME_PERIOD"), " ", code("FROM"), "→", code("TO"));
    for (const char* dimension : {"CITIZENSHIP", "SEX", "AGE", "PURPOSE", "DURATION"}) {
      if (code(dimension) != kTotal) absl::StrAppend(&name, " ", code(dimension));
    }
    return name;
  }

  std::string AsymmetrySection() const {
    std::vector<statistics::MirrorCell> cells;
    for (statistics::MirrorCell& cell : MirrorCellsOf(request_.tables)) {
      // Of cells that one side does not count at all nothing can be compared.
      if (cell.inflow.value.has_value() && cell.outflow.value.has_value()) {
        cells.push_back(std::move(cell));
      }
    }
    std::vector<statistics::MirrorGap> gaps = statistics::LargestGapsFirst(std::move(cells));
    if (gaps.size() > request_.gaps_max) gaps.resize(request_.gaps_max);
    if (gaps.empty()) return Section(ReportText::kAsymmetry, ReportText::kAsymmetryNote, "");
    std::vector<Deviation> deviations;
    std::vector<std::vector<std::string>> rows(1);
    for (ReportText title :
         {ReportText::kPeriod, ReportText::kEntries, ReportText::kExits, ReportText::kDifference,
          ReportText::kCoefficient, ReportText::kRatio}) {
      rows[0].push_back(Words(title));
    }
    for (const statistics::MirrorGap& gap : gaps) {
      deviations.push_back({GapName(gap), gap.asymmetry});
      const auto number = [&](const absl::optional<double>& value) {
        return value.has_value() ? NumberText(*value, 3, language_) : "–";
      };
      rows.push_back({HtmlText(GapName(gap)), NumberText(*gap.cell.inflow.value, language_),
                      NumberText(*gap.cell.outflow.value, language_),
                      NumberText(*gap.difference, language_), number(gap.asymmetry),
                      number(gap.ratio)});
    }
    return Section(ReportText::kAsymmetry, ReportText::kAsymmetryNote,
                   absl::StrCat(AsymmetryChart(deviations, language_), TableHtml(rows)));
  }

  std::string PyramidSection() const {
    if (pyramids_.empty()) return Section(ReportText::kPyramid, ReportText::kPyramidNote, "");
    // The newest period's, one for each series.
    const std::string newest = pyramids_.rbegin()->first.first;
    std::string body;
    for (const auto& each : pyramids_) {
      if (each.first.first != newest) continue;
      std::vector<AgeBand> bands;
      std::vector<std::vector<std::string>> rows = {
          {Words(ReportText::kAge), Words(ReportText::kMale), Words(ReportText::kFemale)}};
      for (const auto& band : each.second) {
        bands.push_back(band.second);
        rows.push_back({HtmlText(band.second.label), FigureHtml(band.second.male),
                        FigureHtml(band.second.female)});
      }
      absl::StrAppend(&body, "<p>", HtmlText(each.first.second), ", ", HtmlText(newest), "</p>\n",
                      AgePyramid(bands, language_), TableHtml(rows));
    }
    return Section(ReportText::kPyramid, ReportText::kPyramidNote, body);
  }

  const ReportRequest& request_;
  const Language language_;
  std::set<std::string> periods_;
  // By name, then by period.
  std::map<std::string, std::map<std::string, Figure>> series_;
  // By period and name, then by age.
  std::map<std::pair<std::string, std::string>, std::map<int, AgeBand>> pyramids_;
};

}  // namespace

std::string ReportHtml(const ReportRequest& request) { return Report(request).Html(); }

}  // namespace lintas::client
