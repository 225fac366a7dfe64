#include "client/sample/options.h"

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

TEST(Options, ReadsFlagsInBothForms) {
  const auto options = ParseOptions({"--seed", "7", "--rows=100", "--bad", "9", "--bad-kinds",
                                     "bad_sex,unknown_port", "--share", "typo=0.5", "--out", "/x"});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->seed, 7u);
  EXPECT_EQ(options->rows, 100u);
  EXPECT_EQ(options->bad, 9u);
  EXPECT_EQ(options->bad_kinds, (std::vector<BadKind>{BadKind::kBadSex, BadKind::kUnknownPort}));
  EXPECT_EQ(options->shares.typo, 0.5);
  EXPECT_EQ(options->out, "/x");
}

TEST(Options, RefusesWhatItCannotDo) {
  const std::vector<std::vector<std::string>> bad = {
      {},
      {"--rows", "10"},
      {"--out"},
      {"--out", "/x", "--rows", "0"},
      {"--out", "/x", "--rows", "-1"},
      {"--out", "/x", "--rows", "10000001"},
      {"--out", "/x", "--rows", "100", "--bad", "26"},
      {"--out", "/x", "--scale", "0"},
      {"--out", "/x", "--scale", "nan"},
      {"--out", "/x", "--share", "typo=1.5"},
      {"--out", "/x", "--share", "typo=nan"},
      {"--out", "/x", "--share", "nothing=0.5"},
      {"--out", "/x", "--share", "cambodian_visitor=0.95"},
      {"--out", "/x", "--bad_kinds", "nothing"},
      {"--out", "/x", "--colour", "red"},
      {"/x", "y"},
  };
  for (const auto& arguments : bad) {
    const auto options = ParseOptions(arguments);
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument)
        << (arguments.empty() ? "" : arguments.back());
  }
}

TEST(Options, NeedsNothingElseForHelp) {
  const auto options = ParseOptions({"--help"});
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(options->help);
  for (const ShareName& name : ShareNames()) {
    EXPECT_TRUE(absl::StrContains(HelpText(), name.name)) << name.name;
  }
  for (const BadKindRule& rule : BadKindRules()) {
    EXPECT_TRUE(absl::StrContains(HelpText(), rule.name)) << rule.name;
  }
  EXPECT_TRUE(absl::StrContains(HelpText(), "examples:"));
}

}  // namespace
}  // namespace lintas::sample
