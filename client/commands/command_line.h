// The whole `lintas` program, callable from a test.
#ifndef LINTAS_CLIENT_COMMANDS_COMMAND_LINE_H_
#define LINTAS_CLIENT_COMMANDS_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "client/commands/session.h"
#include "client/exit_code.h"

namespace lintas::client {

// Runs one command line; `arguments` without the program's name.
ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Environment& environment);

// Every noun and verb as `noun verb`, with its help: docs/cli.md is written from it.
struct VerbHelp {
  std::string path;
  std::string help;
};
std::vector<VerbHelp> AllVerbs();

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_COMMAND_LINE_H_
