// docs/cli.md against the program: neither names what the other does not have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/command_line.h"
#include "client/file.h"

namespace lintas::client {
namespace {

using testing::IsEmpty;

// Those that may stand anywhere on the line, and are in every verb's help or none.
const std::set<std::string>& GlobalOptions() {
  static const auto& options =
      *new std::set<std::string>{"--help", "--profile", "--output", "--purpose", "--case"};
  return options;
}

std::set<std::string> OptionsIn(const std::string& text) {
  static const std::regex option("--[a-z][a-z-]*");
  std::set<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), option);
       at != std::sregex_iterator(); ++at) {
    found.insert(at->str());
  }
  return found;
}

// The lines of a verb's help that define options: examples and prose below them may name others'.
std::string OptionLines(const std::string& help) {
  std::string lines;
  for (const absl::string_view line : absl::StrSplit(help, '\n')) {
    if (line.substr(0, 4) == "  --" || line.substr(0, 5) == "  -h,") {
      absl::StrAppend(&lines, line.substr(0, line.find("  ", 2)), "\n");
    }
  }
  return lines;
}

std::map<std::string, std::set<std::string>> OptionsOfVerbs() {
  std::map<std::string, std::set<std::string>> options;
  for (const VerbHelp& verb : AllVerbs()) options[verb.path] = OptionsIn(OptionLines(verb.help));
  return options;
}

// Each `lintas NOUN VERB` in backquotes with the line that it stands in.
struct Mention {
  std::string verb, line;
  bool is_row = false;  // Begins a row of a table: tells all of the verb's options.
};

std::vector<Mention> MentionsIn(const std::string& manual) {
  static const std::regex command("`lintas ([a-z]+) ([a-z]+)");
  std::vector<Mention> mentions;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(manual, '\n'))) {
    for (auto at = std::sregex_iterator(line.begin(), line.end(), command);
         at != std::sregex_iterator(); ++at) {
      mentions.push_back({absl::StrCat(at->str(1), " ", at->str(2)), line,
                          line.find("| `" + at->str().substr(1)) == 0});
    }
  }
  return mentions;
}

std::string Manual() { return *ReadFile(std::string(LINTAS_SOURCE_DIR) + "/docs/cli.md"); }

std::vector<std::string> Without(const std::set<std::string>& these,
                                 const std::set<std::string>& those) {
  std::vector<std::string> left;
  for (const std::string& each : these) {
    if (those.count(each) == 0) left.push_back(each);
  }
  return left;
}

TEST(Manual, NamesNoCommandThatTheProgramLacks) {
  const auto verbs = OptionsOfVerbs();
  const std::vector<Mention> mentions = MentionsIn(Manual());
  ASSERT_GE(mentions.size(), verbs.size());
  for (const Mention& mention : mentions) {
    EXPECT_EQ(verbs.count(mention.verb), 1u) << mention.line;
  }
}

TEST(Manual, NamesNoOptionThatTheCommandLacks) {
  const auto verbs = OptionsOfVerbs();
  for (const Mention& mention : MentionsIn(Manual())) {
    const auto verb = verbs.find(mention.verb);
    if (verb == verbs.end() || !mention.is_row) continue;
    std::set<std::string> known = verb->second;
    known.insert(GlobalOptions().begin(), GlobalOptions().end());
    EXPECT_THAT(Without(OptionsIn(mention.line), known), IsEmpty()) << mention.line;
  }
}

TEST(Manual, NamesEveryOptionOfEveryCommand) {
  std::map<std::string, std::set<std::string>> named;
  for (const Mention& mention : MentionsIn(Manual())) {
    if (!mention.is_row) continue;
    const std::set<std::string> options = OptionsIn(mention.line);
    named[mention.verb].insert(options.begin(), options.end());
  }
  for (const auto& [verb, options] : OptionsOfVerbs()) {
    std::set<std::string> told = named[verb];
    told.insert(GlobalOptions().begin(), GlobalOptions().end());
    EXPECT_EQ(named.count(verb), 1u) << verb;
    EXPECT_THAT(Without(options, told), IsEmpty()) << verb;
  }
}

// What a person copies from the help must be an option of that command.
TEST(Help, GivesExamplesWhoseOptionsTheCommandHas) {
  const auto verbs = OptionsOfVerbs();
  for (const VerbHelp& verb : AllVerbs()) {
    std::set<std::string> known = verbs.at(verb.path);
    known.insert(GlobalOptions().begin(), GlobalOptions().end());
    const size_t examples = verb.help.find("Examples:");
    ASSERT_NE(examples, std::string::npos) << verb.path;
    EXPECT_NE(verb.help.find(absl::StrCat("lintas ", verb.path), examples), std::string::npos)
        << verb.path;
    EXPECT_THAT(Without(OptionsIn(verb.help.substr(examples)), known), IsEmpty()) << verb.path;
  }
}

}  // namespace
}  // namespace lintas::client
