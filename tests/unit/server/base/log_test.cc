#include "server/base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

nlohmann::json Parse(const std::string& line) { return nlohmann::json::parse("{" + line); }

TEST(Log, WritesOneJsonObject) {
  const auto line = Parse(LogLine(LogLevel::kInfo, "refused", "00ff",
                                  {{"method", "a.B/C"}, {"latency_ms", 1.5}, {"ok", false}}));
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["event"], "refused");
  EXPECT_EQ(line["trace"], "00ff");
  EXPECT_EQ(line["method"], "a.B/C");
  EXPECT_EQ(line["latency_ms"], 1.5);
  EXPECT_EQ(line["ok"], false);
}

TEST(Log, StaysOneLineOfJsonWhateverBytesComeFromOutside) {
  const std::string line =
      LogLine(LogLevel::kError, "bad", "", {{"text", std::string("a\"\\\n\0\xff\x7f", 7)}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(Parse(line)["text"], std::string("a\"\\\n\0\u00ff\x7f", 8));
  EXPECT_EQ(Parse(line).count("trace"), 0u);
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  std::vector<std::string> lines;
  SetLogSinkForTest([&](const std::string& line) { lines.push_back(line); });
  Log(LogLevel::kDebug, "unseen", "", {});
  SetLogLevel(LogLevel::kDebug);
  Log(LogLevel::kDebug, "seen", "", {});
  SetLogLevel(LogLevel::kInfo);
  SetLogSinkForTest(nullptr);
  EXPECT_THAT(lines, ElementsAre(HasSubstr("\"seen\"")));
}

}  // namespace
}  // namespace lintas
