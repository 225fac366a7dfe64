#include "tests/arch/readme_commands.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace lintas::arch {

std::vector<std::string> ShellCommands(absl::string_view markdown) {
  std::vector<std::string> commands;
  bool in_block = false;
  std::string unfinished;
  for (absl::string_view line : absl::StrSplit(markdown, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::StartsWith(line, "```")) {
      in_block = !in_block && (line == "```sh" || line == "```bash" || line == "```shell");
      continue;
    }
    if (!in_block || line.empty() || line[0] == '#') continue;
    absl::ConsumePrefix(&line, "$ ");
    const bool goes_on = absl::ConsumeSuffix(&line, "\\");
    absl::StrAppend(&unfinished, unfinished.empty() ? "" : " ", absl::StripAsciiWhitespace(line));
    if (goes_on) continue;
    commands.push_back(std::move(unfinished));
    unfinished.clear();
  }
  return commands;
}

absl::StatusOr<std::vector<CheckedCommand>> ParseCheckedCommands(absl::string_view text) {
  std::vector<CheckedCommand> checked;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> parts = absl::StrSplit(line, " => ");
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": not `command => runner`"));
    }
    checked.push_back({parts[0], parts[1]});
  }
  return checked;
}

bool Runs(absl::string_view runner_text, absl::string_view command) {
  for (absl::string_view line : absl::StrSplit(runner_text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::StartsWith(line, "#") || absl::StartsWith(line, "//")) continue;
    if (absl::StrContains(line, command)) return true;
  }
  return false;
}

}  // namespace lintas::arch
