// Reads the commands that a reader of README.md is told to type, so that each is run somewhere.
#ifndef LINTAS_TESTS_ARCH_README_COMMANDS_H_
#define LINTAS_TESTS_ARCH_README_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::arch {

// The commands in the ```sh blocks of a Markdown text, in order: without comments, a leading `$ `,
// or the line breaks after a backslash.
std::vector<std::string> ShellCommands(absl::string_view markdown);

// A command and the file that runs it when the tests run.
struct CheckedCommand {
  std::string command;
  std::string runner;
};

// Parses `command => runner` lines; empty lines and lines that begin with `#` say nothing.
// kInvalidArgument, with the line's number, for any other line.
absl::StatusOr<std::vector<CheckedCommand>> ParseCheckedCommands(absl::string_view text);

// True if a line of `runner_text` that is not a comment holds the command.
bool Runs(absl::string_view runner_text, absl::string_view command);

}  // namespace lintas::arch

#endif  // LINTAS_TESTS_ARCH_README_COMMANDS_H_
