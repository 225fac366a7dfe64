#include "client/sdmx/json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/sdmx/messages.h"

namespace lintas::sdmx {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const JsonHeader& Header() {
  static const auto& header = *new JsonHeader{"TEST", "2026-02-01T01:30:00Z", "IDKH", true};
  return header;
}

std::string FlowJson() {
  const auto text = WriteJsonData(FlowMessage(), IdkhStructures(), Header());
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

std::vector<std::string> RulesOf(const std::string& text) {
  std::vector<std::string> rules;
  for (const Refusal& refusal : ReadJsonData(text, &IdkhStructures()).refusals) {
    rules.push_back(refusal.rule);
  }
  return rules;
}

TEST(JsonData, WhatIsWrittenIsReadBack) {
  const ReadResult result = ReadJsonData(FlowJson(), &IdkhStructures());
  ASSERT_THAT(result.refusals, IsEmpty()) << DescribeRefusal(result.refusals[0]);
  ASSERT_EQ(result.message.data_sets.size(), 1u);
  const Message message = FlowMessage();
  const DataSet& expected = message.data_sets[0];
  const DataSet& read = result.message.data_sets[0];
  EXPECT_EQ(read.structure.Text(), "IDKH:MIG_FLOW(1.0)");
  ASSERT_EQ(read.rows.size(), expected.rows.size());
  for (size_t i = 0; i < read.rows.size(); ++i) {
    EXPECT_EQ(read.rows[i].action, Action::kMerge);
    for (size_t c = 0; c < expected.components.size(); ++c) {
      EXPECT_EQ(read.rows[i].values[read.IndexOf(expected.components[c])],
                expected.rows[i].values[c])
          << expected.components[c];
    }
  }
}

TEST(JsonData, ASuppressedCellIsNullAndAZeroIsZero) {
  const std::string text = absl::StrReplaceAll(FlowJson(), {{"\n", ""}, {" ", ""}});
  EXPECT_THAT(text, HasSubstr("\"0:0:0:0:0:0:1:0:0:0:0:0:0\":[null,1,1,null]"));
  EXPECT_THAT(text, HasSubstr("\"0:0:0:0:0:0:2:0:0:0:0:0:0\":[0,0,0,null]"));
}

TEST(JsonData, ReadsSeries) {
  const ReadResult result = ReadJsonData(R"text({"data": {
    "structures": [{
      "links": [{"rel": "structure",
                 "urn": "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=IDKH:MIG_FRAUD(1.0)"}],
      "dimensions": {
        "series": [
          {"id": "FREQ", "values": [{"id": "M"}]},
          {"id": "REPORTING_AREA", "values": [{"id": "KH"}]},
          {"id": "DIRECTION", "values": [{"id": "IN"}]},
          {"id": "PORT", "values": [{"id": "KHPNH"}, {"id": "KHPPT"}]},
          {"id": "MEASURE", "values": [{"id": "DOCUMENTS"}]}],
        "observation": [{"id": "TIME_PERIOD", "values": [{"value": "2026-01"}, {"id": "2026-02"}]}]},
      "measures": {"observation": [{"id": "OBS_VALUE"}]},
      "attributes": {
  "series" : [ {"id" : "UNIT_MULT", "values" : [ {"value" : 0} ]} ],
             "observation"
      : [ {"id" : "OBS_STATUS", "values" : [ {"id" : "A"} ]}, {"id" : "CONF_STATUS"} ]
}
}],
    "dataSets": [{"structure": 0, "action": "Replace",
                  "series": {"0:0:0:1:0": {"attributes": [0],
                                           "observations": {"1": [14, 0, "F"]}}}}]
}
})text",
                                         &IdkhStructures());
  ASSERT_THAT(result.refusals, IsEmpty()) << DescribeRefusal(result.refusals[0]);
  const DataSet& data_set = result.message.data_sets[0];
  ASSERT_EQ(data_set.rows.size(), 1u);
  EXPECT_EQ(data_set.rows[0].action, Action::kReplace);
  EXPECT_EQ(data_set.rows[0].values[data_set.IndexOf("PORT")], "KHPPT");
  EXPECT_EQ(data_set.rows[0].values[data_set.IndexOf("TIME_PERIOD")], "2026-02");
  EXPECT_EQ(data_set.rows[0].values[data_set.IndexOf("OBS_VALUE")], "14");
  EXPECT_EQ(data_set.rows[0].values[data_set.IndexOf("UNIT_MULT")], "0");
  EXPECT_EQ(data_set.rows[0].values[data_set.IndexOf("CONF_STATUS")], "F");
}

TEST(JsonData, RefusesWhatIsWrong) {
  const std::string good = FlowJson();
  EXPECT_THAT(RulesOf(absl::StrReplaceAll(good, {{"MIG_FLOW", "MIG_OTHER"}})),
              testing::ElementsAre("UNKNOWN_STRUCTURE"));
  EXPECT_THAT(RulesOf(absl::StrReplaceAll(good, {{"\"2026-01\"", "\"2026-99\""}})),
              testing::Contains("NOT_A_TIME_PERIOD"));
  EXPECT_THAT(RulesOf(absl::StrReplaceAll(good, {{"\"id\": \"KHPPT\"", "\"id\": \"KHXXX\""}})),
              testing::Contains("UNKNOWN_CODE"));
  EXPECT_THAT(RulesOf(absl::StrReplaceAll(good, {{"\"0:0:0:0:0:0:0:0:0:0:0:0:0\"", "\"0:9\""}})),
              testing::ElementsAre("BAD_KEY"));
  EXPECT_THAT(RulesOf("{\"data\": 3}"), testing::ElementsAre("WRONG_SHAPE"));
  const ReadResult broken = ReadJsonData("{\n \"data\": [1,\n 2,,]}", nullptr);
  ASSERT_EQ(broken.refusals.size(), 1u);
  EXPECT_EQ(DescribeRefusal(broken.refusals[0]),
            "line 3, column 4: MALFORMED_JSON: Expected JSON (RFC 8259).");
}

TEST(JsonData, TakesNoHarmFromPartsOfAnotherKind) {
  const std::string good = FlowJson();
  const std::string structures = WriteJsonStructures(IdkhStructures(), Header());
  // Each member in turn becomes a number, a text or a list.
  for (const char* name : {"structures",
                           "dataSets",
                           "structure",
                           "action",
                           "links",
                           "urn",
                           "id",
                           "dimensions",
                           "observation",
                           "values",
                           "value",
                           "names",
                           "measures",
                           "attributes",
                           "observations",
                           "dataStructures",
                           "codelists",
                           "codes",
                           "dataStructureComponents",
                           "dimensionList",
                           "localRepresentation",
                           "enumeration",
                           "format",
                           "conceptIdentity",
                           "timeDimension"}) {
    for (const char* value : {"7", "\"x\"", "[3]", "null", "{\"a\": 1}"}) {
      const std::string from = absl::StrCat("\"", name, "\":");
      const std::string to = absl::StrCat(from, " ", value, ", \"_\":");
      (void)ReadJsonData(absl::StrReplaceAll(good, {{from, to}}), &IdkhStructures());
      (void)ReadJsonStructures(absl::StrReplaceAll(structures, {{from, to}}));
    }
  }
  EXPECT_THAT(RulesOf("[]"), testing::ElementsAre("WRONG_SHAPE"));
  EXPECT_THAT(RulesOf("{\"data\": {\"structures\": [1], \"dataSets\": [2]}}"),
              testing::ElementsAre("BAD_STRUCTURE_ID"));
}

TEST(JsonData, ARowWithoutADimensionOrWithAKeyOfAnotherIsNotWritten) {
  Message message = FlowMessage();
  message.data_sets[0].rows[0].values[6].clear();
  EXPECT_EQ(WriteJsonData(message, IdkhStructures(), Header()).status().code(),
            absl::StatusCode::kInvalidArgument);
  message = FlowMessage();
  message.data_sets[0].rows.push_back(message.data_sets[0].rows[0]);
  EXPECT_FALSE(WriteJsonData(message, IdkhStructures(), Header()).ok());
}

TEST(JsonStructures, WhatIsWrittenIsReadBack) {
  const std::string text = WriteJsonStructures(IdkhStructures(), Header());
  const StructuresResult result = ReadJsonStructures(text);
  ASSERT_THAT(result.refusals, IsEmpty()) << DescribeRefusal(result.refusals[0]);
  ASSERT_EQ(result.structures.size(), IdkhStructures().size());
  for (size_t s = 0; s < result.structures.size(); ++s) {
    const Structure& expected = IdkhStructures()[s];
    const Structure& read = result.structures[s];
    EXPECT_EQ(read.ref.Text(), expected.ref.Text());
    ASSERT_EQ(read.components.size(), expected.components.size());
    for (size_t c = 0; c < read.components.size(); ++c) {
      EXPECT_EQ(read.components[c].id, expected.components[c].id);
      EXPECT_EQ(read.components[c].role, expected.components[c].role);
      EXPECT_EQ(read.components[c].code_list, expected.components[c].code_list);
      EXPECT_EQ(read.components[c].format, expected.components[c].format);
      EXPECT_EQ(read.components[c].mandatory, expected.components[c].mandatory);
      EXPECT_EQ(read.components[c].names, expected.components[c].names);
    }
    EXPECT_NE(read.CodesOf(*read.Find("FREQ")), nullptr);
  }
  // The same structures give the same bytes.
  EXPECT_EQ(WriteJsonStructures(result.structures, Header()), text);
}

TEST(JsonStructures, RefuseAListThatIsNotThere) {
  const std::string text = absl::StrReplaceAll(WriteJsonStructures(IdkhStructures(), Header()),
                                               {{"\"id\": \"CL_SEX\"", "\"id\": \"CL_OTHER\""}});
  const StructuresResult result = ReadJsonStructures(text);
  ASSERT_FALSE(result.refusals.empty());
  EXPECT_EQ(result.refusals[0].rule, "WRONG_SHAPE");
}

}  // namespace
}  // namespace lintas::sdmx
