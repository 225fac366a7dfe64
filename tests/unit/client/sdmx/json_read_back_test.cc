// What is written is read by readers that are not ours: Python's csv module, and a JSON schema
// validator.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/sdmx/csv_writer.h"
#include "client/sdmx/json.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/sdmx/messages.h"

namespace lintas::sdmx {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kFolder = std::string(LINTAS_SOURCE_DIR) + "/tests/unit/client/sdmx/";
constexpr char kPrepared[] = "2026-02-01T01:30:00Z";

std::string Written(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "lintas_" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string OutputOf(const std::string& arguments) {
  // Debian's own, which the schema validator is installed for.
  const std::string command =
      absl::StrCat("/usr/bin/python3 ", kFolder, "read_back.py ", arguments, " 2>&1");
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[4096];
  for (size_t size; (size = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
    output.append(buffer, size);
  }
  pclose(pipe);
  return output;
}

std::string Validated(const std::string& text, const std::string& schema) {
  const std::string path = Written("message.json", text);
  return OutputOf(absl::StrCat("json ", path, " ", kFolder, "schemas/", schema));
}

TEST(ReadBack, PythonsCsvReaderFindsEveryField) {
  const Message message = FlowMessage();
  const std::string path = Written("flow.csv", WriteCsv(message, {}));
  std::string expected = "[STRUCTURE][STRUCTURE_ID][ACTION]";
  for (const std::string& id : message.data_sets[0].components) {
    absl::StrAppend(&expected, "[", id, "]");
  }
  expected += "\n";
  for (const Row& row : message.data_sets[0].rows) {
    absl::StrAppend(&expected, "[datastructure][IDKH:MIG_FLOW(1.0)][M]");
    for (const std::string& value : row.values) absl::StrAppend(&expected, "[", value, "]");
    expected += "\n";
  }
  EXPECT_EQ(OutputOf("csv " + path), expected);
}

TEST(ReadBack, AValidatorTakesTheDataMessage) {
  const auto text =
      WriteJsonData(FlowMessage(), IdkhStructures(), {"IDKH_2026_02_01", kPrepared, "IDKH", true});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(Validated(*text, "sdmx_json_2_0_data.json"), "valid\n");
  // The validator can say no.
  const std::string broken = absl::StrReplaceAll(*text, {{"\"keyPosition\"", "\"place\""}});
  EXPECT_THAT(Validated(broken, "sdmx_json_2_0_data.json"), HasSubstr("keyPosition"));
  EXPECT_THAT(Validated("{}", "sdmx_json_2_0_data.json"), Not(HasSubstr("valid\n")));
}

TEST(ReadBack, AValidatorTakesTheStructureMessage) {
  const std::string text =
      WriteJsonStructures(IdkhStructures(), {"IDKH_STRUCTURES", kPrepared, "IDKH", false});
  EXPECT_EQ(Validated(text, "sdmx_json_2_0_structure.json"), "valid\n");
  const std::string broken = absl::StrReplaceAll(text, {{"DimensionDescriptor", "Dimensions"}});
  EXPECT_THAT(Validated(broken, "sdmx_json_2_0_structure.json"), HasSubstr("DimensionDescriptor"));
}

}  // namespace
}  // namespace lintas::sdmx
