#include "client/sdmx/csv_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/sdmx/cell_status.h"
#include "client/sdmx/csv_text.h"
#include "client/sdmx/csv_writer.h"
#include "client/sdmx/idkh_structures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/sdmx/messages.h"

namespace lintas::sdmx {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHeader[] =
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTING_AREA,DIRECTION,PORT,MEASURE,TIME_PERIOD,"
    "OBS_VALUE,OBS_STATUS,CONF_STATUS\n";

// One row of MIG_FRAUD after a good header.
std::string Fraud(const std::string& row) {
  return absl::StrCat(kHeader, "datastructure,IDKH:MIG_FRAUD(1.0),", row, "\n");
}

std::vector<std::string> RulesOf(const std::string& text, CsvVersion version = CsvVersion::kAny) {
  CsvReadOptions options;
  options.version = version;
  options.structures = &IdkhStructures();
  std::vector<std::string> rules;
  for (const Refusal& refusal : ReadCsv(text, options).refusals) {
    rules.push_back(absl::StrCat(refusal.line, ":", refusal.column, " ", refusal.rule));
  }
  return rules;
}

TEST(CsvReader, TakesARowThatFitsItsStructure) {
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,17,A,F")), IsEmpty());
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,,Q,C")), IsEmpty());
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,0,A,F")), IsEmpty());
}

TEST(CsvReader, SaysLineAndColumnOfEveryFault) {
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHXXX,DOCUMENTS,2026-01,17,A,F")),
              ElementsAre("2:7 UNKNOWN_CODE"));
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-13,x,A,F")),
              ElementsAre("2:9 NOT_A_TIME_PERIOD", "2:10 NOT_AN_INTEGER"));
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,,DOCUMENTS,2026-01,17,A,F")),
              ElementsAre("2:7 MISSING_DIMENSION"));
  EXPECT_THAT(RulesOf(Fraud("X,M,KH,IN,KHPNH,DOCUMENTS,2026-01,17,A,F")),
              ElementsAre("2:3 UNKNOWN_ACTION"));
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,17,A")),
              ElementsAre("2:0 TOO_FEW_COLUMNS"));
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,17,A,F,x")),
              ElementsAre("2:0 TOO_MANY_COLUMNS"));
}

TEST(CsvReader, RefusesAFigureThatTheStatusHidesAndAStatusWithoutFigure) {
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,3,Q,C")),
              ElementsAre("2:10 SUPPRESSED_VALUE"));
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,,A,F")),
              ElementsAre("2:10 MISSING_VALUE"));
  EXPECT_THAT(RulesOf(Fraud("M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,9,A,")),
              ElementsAre("2:12 MISSING_ATTRIBUTE"));
}

TEST(CsvReader, RefusesTheSameKeyTwiceButNotADeletionBeforeIt) {
  const std::string row =
      "datastructure,IDKH:MIG_FRAUD(1.0),M,M,KH,IN,KHPNH,DOCUMENTS,2026-01,17,A,F\n";
  EXPECT_THAT(RulesOf(absl::StrCat(kHeader, row, row)), ElementsAre("3:0 DUPLICATE_KEY"));
  const std::string deletion =
      "datastructure,IDKH:MIG_FRAUD(1.0),D,M,KH,IN,KHPNH,DOCUMENTS,2026-01,,,\n";
  EXPECT_THAT(RulesOf(absl::StrCat(kHeader, deletion, row)), IsEmpty());
}

TEST(CsvReader, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(RulesOf(absl::StrCat(kHeader,
                                   "datastructure,IDKH:MIG_OTHER(1.0),M,M,KH,IN,KHPNH,"
                                   "DOCUMENTS,2026-01,17,A,F\n")),
              ElementsAre("2:2 UNKNOWN_STRUCTURE"));
  EXPECT_THAT(RulesOf("STRUCTURE,STRUCTURE_ID,COLOUR\ndataflow,IDKH:MIG_FLOW(1.0),RED\n"),
              ElementsAre("1:3 UNKNOWN_COMPONENT"));
  EXPECT_THAT(RulesOf("STRUCTURE,STRUCTURE_ID,FREQ\ntable,IDKH:MIG_FLOW(1.0),M\n"),
              ElementsAre("2:1 UNKNOWN_STRUCTURE_TYPE"));
  EXPECT_THAT(RulesOf("STRUCTURE,STRUCTURE_ID,FREQ\ndataflow,MIG_FLOW,M\n"),
              ElementsAre("2:2 BAD_STRUCTURE_ID"));
}

TEST(CsvReader, RefusesFilesThatAreNoMessage) {
  EXPECT_THAT(RulesOf(""), ElementsAre("0:0 EMPTY_FILE"));
  EXPECT_THAT(RulesOf("FREQ,OBS_VALUE\nM,1\n"), ElementsAre("1:1 WRONG_FIRST_COLUMN"));
  EXPECT_THAT(RulesOf("STRUCTURES,STRUCTURE_ID\n"), ElementsAre("1:1 WRONG_FIRST_COLUMN"));
  EXPECT_THAT(RulesOf("STRUCTURE,FREQ\n"), ElementsAre("1:2 MISSING_COLUMN"));
  EXPECT_THAT(RulesOf("STRUCTURE,STRUCTURE_ID,FREQ,FREQ\n"), ElementsAre("1:4 DUPLICATE_COLUMN"));
  EXPECT_THAT(RulesOf("STRUCTURE,STRUCTURE_ID,FREQ\ndataflow,\"A:B(1.0),M\n"),
              ElementsAre("2:0 MALFORMED_CSV"));
  EXPECT_THAT(RulesOf("STRUCTURE,STRUCTURE_ID,FREQ\ndataflow,A:B(1.0),\xc3\x28\n"),
              ElementsAre("0:0 NOT_UTF8"));
  EXPECT_THAT(RulesOf("DATAFLOW,FREQ\nIDKH:MIG_FLOW(1.0),M\n", CsvVersion::kV21),
              ElementsAre("1:1 WRONG_FIRST_COLUMN"));
}

TEST(CsvReader, CountsLinesThroughQuotedLineEnds) {
  const ReadResult result = ReadCsv(
      "STRUCTURE;STRUCTURE_ID;COMMENT\r\ndataflow;A:B(1.0);\"one\r\ntwo\"\r\ndataflow;A:B(1.0);x;"
      "y\r\n",
      {});
  ASSERT_EQ(result.refusals.size(), 1u);
  EXPECT_EQ(result.refusals[0].line, 4u);
  EXPECT_EQ(DescribeRefusal(result.refusals[0]),
            "line 4: TOO_MANY_COLUMNS: The header has 3 columns, the row has 4.");
  EXPECT_EQ(result.message.data_sets[0].rows[0].values[0], "one\r\ntwo");
}

TEST(CsvReader, ReadsSeveralValuesOfAComponent) {
  const ReadResult result =
      ReadCsv("STRUCTURE[;],STRUCTURE_ID,ACTION,DIM,ATTR[]\ndataflow,A:B(1.0),M,X,\"p;q\"\n", {});
  ASSERT_THAT(result.refusals, IsEmpty());
  const DataSet& data_set = result.message.data_sets[0];
  EXPECT_TRUE(data_set.multiple[1]);
  EXPECT_EQ(data_set.rows[0].values[1], "p\x1fq");
  EXPECT_EQ(WriteCsv(result.message, {}),
            "STRUCTURE[;],STRUCTURE_ID,ACTION,DIM,ATTR[]\r\ndataflow,A:B(1.0),M,X,p;q\r\n");
}

TEST(CsvWriter, WhatItWritesIsReadBackInEveryVersionAndLabelling) {
  const Message message = FlowMessage();
  for (CsvVersion version : {CsvVersion::kV10, CsvVersion::kV20, CsvVersion::kV21}) {
    for (CsvLabels labels : {CsvLabels::kId, CsvLabels::kName, CsvLabels::kBoth}) {
      for (char separator : {',', ';', '\t'}) {
        if (version == CsvVersion::kV10 && labels == CsvLabels::kName) continue;
        CsvWriteOptions writing;
        writing.version = version;
        writing.labels = labels;
        writing.keys = CsvKeys::kBoth;
        writing.separator = separator;
        writing.language = "km";
        writing.structures = &IdkhStructures();
        CsvReadOptions reading;
        reading.version = version;
        reading.structures = &IdkhStructures();
        const std::string text = WriteCsv(message, writing);
        const ReadResult result = ReadCsv(text, reading);
        ASSERT_THAT(result.refusals, IsEmpty()) << text << DescribeRefusal(result.refusals[0]);
        ASSERT_EQ(result.message.data_sets.size(), 1u);
        ASSERT_EQ(result.message.data_sets[0].rows.size(), message.data_sets[0].rows.size());
        for (size_t i = 0; i < message.data_sets[0].rows.size(); ++i) {
          EXPECT_EQ(result.message.data_sets[0].rows[i].values,
                    message.data_sets[0].rows[i].values);
        }
      }
    }
  }
}

TEST(CsvWriter, KeysFollowTheStructure) {
  const Message message = FlowMessage();
  const Structure& structure = *FindIdkhStructure("MIG_FLOW");
  EXPECT_EQ(SeriesKey(structure, message.data_sets[0], message.data_sets[0].rows[0]),
            "M.KH.KH.ID.IN.ID.F._T._T._T.KHPNH.CROSSINGS");
  EXPECT_EQ(ObservationKey(structure, message.data_sets[0], message.data_sets[0].rows[0]),
            "M.KH.KH.ID.IN.ID.F._T._T._T.KHPNH.CROSSINGS.2026-01");
}

TEST(CellStatus, ASuppressedCellIsToldFromZeroAndDoesNotSayWhy) {
  EXPECT_EQ(CodesOf(CellStatus::kNormal).obs_status, "A");
  EXPECT_EQ(CodesOf(CellStatus::kSuppressed).obs_status, "Q");
  EXPECT_EQ(CodesOf(CellStatus::kSuppressed).conf_status, "C");
  EXPECT_EQ(CodesOf(CellStatus::kPartial).obs_status, "P");
  for (CellStatus status : {CellStatus::kSuppressed, CellStatus::kNotCollected}) {
    EXPECT_EQ(StatusOf(CodesOf(status).obs_status, CodesOf(status).conf_status, false), status);
  }
  for (CellStatus status : {CellStatus::kNormal, CellStatus::kPartial}) {
    EXPECT_EQ(StatusOf(CodesOf(status).obs_status, CodesOf(status).conf_status, true), status);
  }
}

TEST(IdkhStructures, EveryComponentHasItsCodesAndEveryCodeAName) {
  ASSERT_EQ(IdkhStructures().size(), 5u);
  for (const Structure& structure : IdkhStructures()) {
    for (const Component& component : structure.components) {
      EXPECT_FALSE(NameIn(component.names, "km").empty());
      if (component.code_list.empty()) continue;
      const CodeList* codes = structure.CodesOf(component);
      ASSERT_NE(codes, nullptr) << component.id;
      for (const Code& code : codes->codes) EXPECT_FALSE(NameIn(code.names, "en").empty());
    }
    const CodeList* status = structure.CodesOf(*structure.Find("OBS_STATUS"));
    for (const char* code : {"A", "P", "Q", "L"}) EXPECT_NE(status->Find(code), nullptr);
  }
}

}  // namespace
}  // namespace lintas::sdmx
