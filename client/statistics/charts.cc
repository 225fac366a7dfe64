#include "client/statistics/charts.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace lintas::client {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 260;
constexpr double kLeft = 70;
constexpr double kBottom = 40;
constexpr double kTop = 28;
constexpr const char* kColours[] = {"#1b4f72", "#d68910", "#1e8449",
                                    "#943126", "#76448a", "#5d6d7e"};
constexpr size_t kColourCount = sizeof(kColours) / sizeof(kColours[0]);
constexpr char kHatch[] = "url(#hatch)";

// Two decimals are less than a pixel, and the same on every machine.
std::string Px(double value) {
  std::string text = absl::StrFormat("%.2f", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string Rect(double x, double y, double width, double height, absl::string_view fill) {
  return absl::StrCat("<rect x=\"", Px(x), "\" y=\"", Px(y), "\" width=\"", Px(width),
                      "\" height=\"", Px(height), "\" fill=\"", fill, "\"/>\n");
}

std::string Line(double x1, double y1, double x2, double y2, absl::string_view colour) {
  return absl::StrCat("<line x1=\"", Px(x1), "\" y1=\"", Px(y1), "\" x2=\"", Px(x2), "\" y2=\"",
                      Px(y2), "\" stroke=\"", colour, "\"/>\n");
}

std::string Label(double x, double y, absl::string_view anchor, absl::string_view text) {
  return absl::StrCat("<text x=\"", Px(x), "\" y=\"", Px(y), "\" text-anchor=\"", anchor, "\">",
                      HtmlText(text), "</text>\n");
}

std::string Open(double height, absl::string_view title) {
  return absl::StrCat("<svg viewBox=\"0 0 ", Px(kWidth), " ", Px(height),
                      "\" role=\"img\" aria-label=\"", HtmlText(title), "\">\n");
}

// 1, 2 or 5 times a power of ten: the first that is not below `value`.
int64_t RoundUp(int64_t value) {
  int64_t step = 1;
  while (true) {
    for (int64_t factor : {1, 2, 5}) {
      if (factor * step >= value) return factor * step;
    }
    if (step > INT64_MAX / 100) return value;
    step *= 10;
  }
}

int64_t Largest(const std::vector<ChartSeries>& series) {
  int64_t largest = 1;
  for (const ChartSeries& each : series) {
    for (const Figure& figure : each.figures) {
      largest = std::max(largest, figure.value.value_or(0));
    }
  }
  return largest;
}

// Frame, scale and labels that bars and lines share.
struct Plane {
  int64_t top = 1;
  double step = 0;  // Between labels.

  double X(size_t label) const { return kLeft + step * static_cast<double>(label); }
  double Y(int64_t value) const {
    return kHeight - kBottom -
           static_cast<double>(value) / static_cast<double>(top) * (kHeight - kBottom - kTop);
  }
};

Plane PlaneOf(size_t labels, const std::vector<ChartSeries>& series) {
  Plane plane;
  plane.top = RoundUp(Largest(series));
  plane.step = (kWidth - kLeft - 10) / static_cast<double>(std::max<size_t>(labels, 1));
  return plane;
}

std::string Frame(const Plane& plane, const std::vector<std::string>& labels,
                  const std::vector<ChartSeries>& series, Language language) {
  std::string svg;
  for (int quarter = 0; quarter <= 4; quarter += 2) {
    const int64_t value = plane.top * quarter / 4;
    svg += Line(kLeft, plane.Y(value), kWidth - 10, plane.Y(value), "#ccc");
    svg += Label(kLeft - 6, plane.Y(value) + 4, "end", NumberText(value, language));
  }
  // As many labels as fit.
  const size_t every = std::max<size_t>(1, (labels.size() + 11) / 12);
  for (size_t i = 0; i < labels.size(); i += every) {
    svg += Label(plane.X(i) + plane.step / 2, kHeight - kBottom + 18, "middle", labels[i]);
  }
  double x = kLeft;
  for (size_t s = 0; s < series.size(); ++s) {
    svg += Rect(x, 6, 10, 10, kColours[s % kColourCount]);
    svg += Label(x + 14, 15, "start", series[s].name);
    x += (kWidth - kLeft) / static_cast<double>(series.size());
  }
  return svg;
}

}  // namespace

std::string BarChart(const std::vector<std::string>& labels, const std::vector<ChartSeries>& series,
                     Language language) {
  const Plane plane = PlaneOf(labels.size(), series);
  std::string svg = Open(kHeight, Text(ReportText::kFlows, language));
  svg += Frame(plane, labels, series, language);
  const double width = plane.step * 0.8 / static_cast<double>(std::max<size_t>(series.size(), 1));
  for (size_t s = 0; s < series.size(); ++s) {
    for (size_t i = 0; i < series[s].figures.size(); ++i) {
      const Figure& figure = series[s].figures[i];
      const double x = plane.X(i) + plane.step * 0.1 + width * static_cast<double>(s);
      if (figure.value.has_value()) {
        const double y = plane.Y(*figure.value);
        svg += Rect(x, y, width, kHeight - kBottom - y, kColours[s % kColourCount]);
      } else if (figure.status == sdmx::CellStatus::kSuppressed) {
        svg += Rect(x, kHeight - kBottom - 12, width, 12, kHatch);
      }
    }
  }
  return svg + "</svg>\n";
}

std::string LineChart(const std::vector<std::string>& labels,
                      const std::vector<ChartSeries>& series, Language language) {
  const Plane plane = PlaneOf(labels.size(), series);
  std::string svg = Open(kHeight, Text(ReportText::kTrend, language));
  svg += Frame(plane, labels, series, language);
  for (size_t s = 0; s < series.size(); ++s) {
    std::string path;
    bool drawing = false;
    for (size_t i = 0; i < series[s].figures.size(); ++i) {
      const Figure& figure = series[s].figures[i];
      if (!figure.value.has_value()) {
        drawing = false;
        continue;
      }
      const double x = plane.X(i) + plane.step / 2;
      const double y = plane.Y(*figure.value);
      absl::StrAppend(&path, drawing ? "L" : "M", Px(x), " ", Px(y), " ");
      svg += absl::StrCat("<circle cx=\"", Px(x), "\" cy=\"", Px(y), "\" r=\"2.5\" fill=\"",
                          kColours[s % kColourCount], "\"/>\n");
      drawing = true;
    }
    if (path.empty()) continue;
    path.pop_back();
    absl::StrAppend(&svg, "<path d=\"", path, "\" fill=\"none\" stroke=\"",
                    kColours[s % kColourCount], "\" stroke-width=\"2\"",
                    s % 2 == 1 ? " stroke-dasharray=\"6 3\"" : "", "/>\n");
  }
  return svg + "</svg>\n";
}

std::string AsymmetryChart(const std::vector<Deviation>& deviations, Language language) {
  constexpr double kRow = 20;
  constexpr double kNames = 230;
  const double height = kTop + kRow * static_cast<double>(deviations.size()) + 10;
  const double middle = kNames + (kWidth - kNames - 50) / 2;
  const double unit = (kWidth - kNames - 50) / 4;
  std::string svg = Open(height, Text(ReportText::kAsymmetry, language));
  for (int mark = -2; mark <= 2; ++mark) {
    const double x = middle + unit * mark;
    svg += Line(x, kTop - 6, x, height - 6, mark == 0 ? "#333" : "#ccc");
    svg += Label(x, 14, "middle", NumberText(int64_t{mark}, language));
  }
  for (size_t i = 0; i < deviations.size(); ++i) {
    const double y = kTop + kRow * static_cast<double>(i);
    svg += Label(kNames - 6, y + 13, "end", deviations[i].label);
    if (!deviations[i].coefficient.has_value()) continue;
    const double value = *deviations[i].coefficient;
    const double length = unit * std::abs(value);
    svg += Rect(value < 0 ? middle - length : middle, y + 3, length, kRow - 6,
                kColours[value < 0 ? 1 : 0]);
  }
  return svg + "</svg>\n";
}

std::string AgePyramid(const std::vector<AgeBand>& bands, Language language) {
  constexpr double kRow = 16;
  constexpr double kGap = 60;
  int64_t largest = 1;
  for (const AgeBand& band : bands) {
    largest = std::max({largest, band.female.value.value_or(0), band.male.value.value_or(0)});
  }
  largest = RoundUp(largest);
  const double height = kTop + kRow * static_cast<double>(bands.size()) + 24;
  const double side = (kWidth - kGap) / 2 - 10;
  const double left = side + 10;
  const double right = left + kGap;
  const auto bar = [&](const Figure& figure, bool male, double y) -> std::string {
    const bool hatched = !figure.value.has_value();
    const double length =
        hatched ? 14 : side * static_cast<double>(*figure.value) / static_cast<double>(largest);
    return Rect(male ? left - length : right, y + 2, length, kRow - 4,
                hatched ? kHatch : kColours[male ? 0 : 1]);
  };
  std::string svg = Open(height, Text(ReportText::kPyramid, language));
  svg += Label(left, 14, "end", Text(ReportText::kMale, language));
  svg += Label(right, 14, "start", Text(ReportText::kFemale, language));
  for (size_t i = 0; i < bands.size(); ++i) {
    const AgeBand& band = bands[bands.size() - 1 - i];
    const double y = kTop + kRow * static_cast<double>(i);
    svg += Label((left + right) / 2, y + 12, "middle", band.label);
    svg += bar(band.male, true, y);
    svg += bar(band.female, false, y);
  }
  svg += Label(left - side, height - 6, "start", NumberText(largest, language));
  svg += Label(right + side, height - 6, "end", NumberText(largest, language));
  return svg + "</svg>\n";
}

}  // namespace lintas::client
