#include "client/document/mrz_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lintas::client {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr matching::CivilDate kToday = {2026, 11, 24};

MrzReport ReportOf(const std::vector<absl::string_view>& lines) {
  MrzReport report;
  report.number = 3;
  report.position = 7;
  report.reading = mrz::Read(lines, kToday);
  report.suggestions = mrz::Suggest(report.reading, kToday);
  return report;
}

MrzReport Specimen() {
  return ReportOf({"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"});
}
MrzReport Misread() {
  return ReportOf({"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                   "L898902C36UTO74O8122F1204159ZE184226B<<<<<10"});
}

TEST(MrzJson, HoldsWhatTheDocumentationPromises) {
  const std::string text = MrzJson(Specimen());
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(text.find('\n'), text.size() - 1);  // One object, one line.
  const json out = json::parse(text);
  EXPECT_EQ(out["document"], 3);
  EXPECT_EQ(out["position"], 7);
  EXPECT_EQ(out["format"], "TD3");
  EXPECT_EQ(out["valid"], true);
  EXPECT_TRUE(out["errors"].empty());
  EXPECT_TRUE(out["suggestions"].empty());
  const json& fields = out["fields"];
  EXPECT_EQ(fields["document_code"], "P");
  EXPECT_EQ(fields["issuing_state"], "UTO");
  EXPECT_EQ(fields["surname"], "ERIKSSON");
  EXPECT_EQ(fields["primary_identifier"], "ERIKSSON");
  EXPECT_EQ(fields["given_names"], "ANNA MARIA");
  EXPECT_EQ(fields["secondary_identifier"], "ANNA MARIA");
  EXPECT_EQ(fields["document_number"], "L898902C3");
  EXPECT_EQ(fields["document_number_check_digit"], "6");
  EXPECT_EQ(fields["nationality"], "UTO");
  EXPECT_EQ(fields["birth_date"], "1974-08-12");
  EXPECT_EQ(fields["birth_date_mrz"], "740812");
  EXPECT_EQ(fields["sex"], "F");
  EXPECT_EQ(fields["expiry_date"], "2012-04-15");
  EXPECT_EQ(fields["personal_number"], "ZE184226B");
  EXPECT_EQ(fields["optional_data"], "ZE184226B");
  EXPECT_EQ(fields["composite_check_digit"], "0");
  EXPECT_EQ(fields["single_name"], false);
  EXPECT_EQ(out["unprotected"],
            json({"document_code", "issuing_state", "names", "nationality", "sex"}));
}

TEST(MrzJson, TellsErrorsWithFieldRuleAndPlace) {
  const json out = json::parse(MrzJson(Misread()));
  EXPECT_EQ(out["valid"], false);
  const json& error = out["errors"][0];
  EXPECT_EQ(error["field"], "birth_date");
  EXPECT_EQ(error["rule"], "NOT_A_DIGIT");
  EXPECT_EQ(error["line"], 2);
  EXPECT_EQ(error["column"], 16);
}

TEST(MrzJson, TellsSuggestionsWithTheirChanges) {
  const json out = json::parse(MrzJson(Misread()));
  ASSERT_EQ(out["suggestions"].size(), 1u);
  const json& suggestion = out["suggestions"][0];
  EXPECT_EQ(suggestion["valid"], true);
  EXPECT_EQ(suggestion["changes"][0]["field"], "birth_date");
  EXPECT_EQ(suggestion["changes"][0]["from"], "O");
  EXPECT_EQ(suggestion["changes"][0]["to"], "0");
  EXPECT_EQ(suggestion["values"]["birth_date"], "740812");
  EXPECT_EQ(suggestion["lines"][1], "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
  // The fields are those that stand there.
  EXPECT_EQ(out["fields"]["birth_date_mrz"], "74O812");
}

TEST(MrzJson, StaysJsonWhateverTheBytes) {
  const json out = json::parse(MrzJson(ReportOf({"\xff\x01\"", "\\"})));
  EXPECT_EQ(out["format"], "UNKNOWN");
  EXPECT_TRUE(out["fields"].empty());
}

TEST(MrzText, NeverSendsControlSignsToATerminal) {
  std::string line = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
  line[10] = '\x1b';
  const std::string text =
      MrzText(ReportOf({line, "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10"}));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("primary_identifier BAD_CHARACTER"));
}

TEST(MrzText, SaysWhatAGoodZoneDoesNotProve) {
  EXPECT_THAT(MrzText(Specimen()), HasSubstr("does not prove the document genuine"));
  EXPECT_THAT(MrzText(Misread()), HasSubstr("perhaps   all rules hold"));
}

TEST(MrzCsv, HasTheSameColumnsForEveryFormat) {
  const size_t columns = MrzCsvHeader().size();
  EXPECT_EQ(MrzCsvRow(Specimen()).size(), columns);
  EXPECT_EQ(MrzCsvRow(Misread()).size(), columns);
  EXPECT_EQ(MrzCsvRow(ReportOf({"x"})).size(), columns);
  EXPECT_THAT(MrzCsvRow(Misread()), testing::Contains("birth_date:NOT_A_DIGIT "
                                                      "birth_date:CHECK_DIGIT "
                                                      "composite_check_digit:CHECK_DIGIT"));
}

}  // namespace
}  // namespace lintas::client
