#include "client/statistics/report.h"

#include "client/statistics/charts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/statistics/sample_tables.h"

namespace lintas::client {
namespace {

using testing::HasSubstr;
using testing::Not;

ReportRequest Request(Language language) {
  ReportRequest request;
  request.tables = SampleTables();
  request.language = language;
  request.prepared = "2026-05-01 <draft>";
  return request;
}

TEST(Report, ShowsFlowsTrendAsymmetryAndPyramidInThreeLanguages) {
  for (Language language : {Language::kEnglish, Language::kIndonesian, Language::kKhmer}) {
    const std::string html = ReportHtml(Request(language));
    for (ReportText text : {ReportText::kFlows, ReportText::kTrend, ReportText::kAsymmetry,
                            ReportText::kPyramid, ReportText::kNotMigrants}) {
      EXPECT_THAT(html, HasSubstr(std::string(Text(text, language))));
    }
    EXPECT_THAT(html, Not(HasSubstr(std::string(Text(ReportText::kNoFigures, language)))));
    EXPECT_THAT(html, HasSubstr("<html lang=\"" + std::string(LanguageTag(language)) + "\">"));
    EXPECT_THAT(html, HasSubstr("url(#hatch)")) << "a suppressed age band";
    EXPECT_THAT(html, HasSubstr("&lt;draft&gt;"));
    // It needs nothing from outside and runs nothing.
    EXPECT_THAT(html, Not(HasSubstr("http")));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
  }
  EXPECT_THAT(ReportHtml(Request(Language::kEnglish)), HasSubstr("12,400"));
  EXPECT_THAT(ReportHtml(Request(Language::kIndonesian)), HasSubstr("12.400"));
  EXPECT_THAT(ReportHtml(Request(Language::kKhmer)), HasSubstr("១២.៤០០"));
}

TEST(Report, TheSameFiguresGiveTheSameBytes) {
  EXPECT_EQ(ReportHtml(Request(Language::kKhmer)), ReportHtml(Request(Language::kKhmer)));
  ReportRequest turned = Request(Language::kKhmer);
  std::reverse(turned.tables.begin(), turned.tables.end());
  EXPECT_EQ(ReportHtml(turned), ReportHtml(Request(Language::kKhmer)));
}

TEST(Report, SaysWhereThereIsNothingToShow) {
  ReportRequest request;
  const std::string html = ReportHtml(request);
  EXPECT_THAT(html, HasSubstr("No figures to show."));
}

TEST(ReportTexts, EveryTextIsThereInEveryLanguage) {
  for (int text = 0; text <= static_cast<int>(ReportText::kNotMigrants); ++text) {
    for (Language language : {Language::kEnglish, Language::kIndonesian, Language::kKhmer}) {
      EXPECT_NE(Text(static_cast<ReportText>(text), language), "") << text;
    }
  }
  EXPECT_EQ(NumberText(int64_t{-1234567}, Language::kEnglish), "-1,234,567");
  EXPECT_EQ(NumberText(1234.5, 1, Language::kIndonesian), "1.234,5");
  EXPECT_EQ(NumberText(int64_t{90}, Language::kKhmer), "៩០");
  EXPECT_EQ(*ParseLanguage("km"), Language::kKhmer);
  EXPECT_FALSE(ParseLanguage("fr").ok());
}

TEST(Charts, AreTheSameOnEveryMachine) {
  EXPECT_EQ(
      AsymmetryChart({{"2026-01 ID→KH", 1.0}, {"2026-02", absl::nullopt}}, Language::kEnglish),
      "<svg viewBox=\"0 0 640 78\" role=\"img\" aria-label=\"Differences between both "
      "countries\">\n"
      "<line x1=\"230\" y1=\"22\" x2=\"230\" y2=\"72\" stroke=\"#ccc\"/>\n"
      "<text x=\"230\" y=\"14\" text-anchor=\"middle\">-2</text>\n"
      "<line x1=\"320\" y1=\"22\" x2=\"320\" y2=\"72\" stroke=\"#ccc\"/>\n"
      "<text x=\"320\" y=\"14\" text-anchor=\"middle\">-1</text>\n"
      "<line x1=\"410\" y1=\"22\" x2=\"410\" y2=\"72\" stroke=\"#333\"/>\n"
      "<text x=\"410\" y=\"14\" text-anchor=\"middle\">0</text>\n"
      "<line x1=\"500\" y1=\"22\" x2=\"500\" y2=\"72\" stroke=\"#ccc\"/>\n"
      "<text x=\"500\" y=\"14\" text-anchor=\"middle\">1</text>\n"
      "<line x1=\"590\" y1=\"22\" x2=\"590\" y2=\"72\" stroke=\"#ccc\"/>\n"
      "<text x=\"590\" y=\"14\" text-anchor=\"middle\">2</text>\n"
      "<text x=\"224\" y=\"41\" text-anchor=\"end\">2026-01 ID→KH</text>\n"
      "<rect x=\"410\" y=\"31\" width=\"90\" height=\"14\" fill=\"#1b4f72\"/>\n"
      "<text x=\"224\" y=\"61\" text-anchor=\"end\">2026-02</text>\n"
      "</svg>\n");
}

TEST(Charts, ALineBreaksWhereAFigureIsMissing) {
  const std::string svg = LineChart({"1", "2", "3"},
                                    {{"x",
                                      {{10, sdmx::CellStatus::kNormal},
                                       {absl::nullopt, sdmx::CellStatus::kSuppressed},
                                       {20, sdmx::CellStatus::kNormal}}}},
                                    Language::kEnglish);
  EXPECT_THAT(svg, HasSubstr("d=\"M163.33 124 M536.67 28\""));
}

}  // namespace
}  // namespace lintas::client
