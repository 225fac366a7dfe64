#include "tests/arch/readme_commands.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/arch/source_tree.h"

namespace lintas::arch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr char kList[] = "tests/arch/readme_commands.txt";

TEST(ReadmeCommands, AreEachOnTheCheckedList) {
  const auto checked = ParseCheckedCommands(ReadSource(kList));
  ASSERT_TRUE(checked.ok()) << checked.status();
  const std::vector<std::string> commands = ShellCommands(ReadSource("README.md"));
  ASSERT_THAT(commands, Not(IsEmpty()));
  for (const std::string& command : commands) {
    EXPECT_TRUE(std::any_of(checked->begin(), checked->end(),
                            [&](const CheckedCommand& one) { return one.command == command; }))
        << "README.md says `" << command << "`; " << kList << " does not say what runs it";
  }
}

TEST(ReadmeCommands, AreEachRunByTheFileThatTheListNames) {
  const auto checked = ParseCheckedCommands(ReadSource(kList));
  ASSERT_TRUE(checked.ok()) << checked.status();
  for (const CheckedCommand& one : *checked) {
    ASSERT_TRUE(Exists(one.runner)) << one.runner;
    EXPECT_TRUE(Runs(ReadSource(one.runner), one.command))
        << one.runner << " does not run `" << one.command << "`";
  }
}

TEST(ReadmeCommands, AreReadFromShellBlocksOnly) {
  EXPECT_THAT(
      ShellCommands("```sh\n$ deploy/demo\n# a remark\nlintas find \\\n  --name X\n```\n"
                    "```\noutput\n```\n`inline`\n```text\nls\n```\n```bash\nmake lint\n```"),
      ElementsAre("deploy/demo", "lintas find --name X", "make lint"));
}

TEST(ReadmeCommands, AreNotRunByAComment) {
  EXPECT_TRUE(Runs("set -e\n  tests/run unit\n", "tests/run"));
  EXPECT_FALSE(Runs("# tests/run\n// tests/run\n", "tests/run"));
}

TEST(ReadmeCommands, RefuseAListLineWithoutARunner) {
  EXPECT_EQ(ParseCheckedCommands("# ok\n\ntests/run => .ci/run\n")->size(), 1u);
  EXPECT_FALSE(ParseCheckedCommands("tests/run\n").ok());
  EXPECT_FALSE(ParseCheckedCommands("a => b => c\n").ok());
}

}  // namespace
}  // namespace lintas::arch
