#include "client/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <utility>

#include "client/commands/commands.h"

namespace lintas::client {
namespace {

constexpr char kAbout[] =
    "Exchanges migration information with the partner country through your own country's node.";
constexpr char kExitCodes[] =
    "Exit codes: 0 done, 1 fault, 2 usage, 3 nothing to share, 4 refused, 5 invalid input, "
    "6 unavailable, 7 conflict.\nBegin with docs/first-ten-minutes.md.";

std::unique_ptr<CLI::App> MakeProgram(Session* session) {
  auto program = std::make_unique<CLI::App>(kAbout, "lintas");
  program->footer(kExitCodes);
  program->require_subcommand(1);
  // Global options may stand anywhere on the line.
  program->fallthrough();
  GlobalOptions& options = session->options();
  Verb line(program.get());
  line.Add("--profile", &options.profile, "The profile to use, instead of the current one");
  line.AddChoice<OutputFormat>("--output",
                               {{"table", OutputFormat::kTable},
                                {"json", OutputFormat::kJson},
                                {"csv", OutputFormat::kCsv},
                                {"ndjson", OutputFormat::kNdjson}},
                               &options.format,
                               "table (default), json, csv, or ndjson for what streams");
  line.Add("--purpose", &options.purpose, "Purpose code, instead of the profile's");
  line.Add("--case", &options.case_id, "Case, instead of the one in use");
  Noun noun(program.get());
  AddMigration(noun, session);
  AddLedger(noun, session);
  AddNode(noun, session);
  AddAudit(noun, session);
  AddAgreement(noun, session);
  AddProfile(noun, session);
  AddCase(noun, session);
  AddInbox(noun, session);
  AddInstitution(noun, session);
  AddStatistics(noun, session);
  AddStatus(noun, session);
  AddMatch(noun, session);
  AddDocument(noun, session);
  AddShare(noun, session);
  AddCompletion(noun, session);
  return program;
}

}  // namespace

ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Environment& environment) {
  Session session(environment);
  const auto program = MakeProgram(&session);
  // CLI11 takes them from the end.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    program->parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    const int code = program->exit(error, session.out(), session.err());
    return code == 0 ? ExitCode::kDone : ExitCode::kUsage;
  }
  return session.result;
}

std::vector<VerbHelp> AllVerbs() {
  std::ostringstream nowhere;
  Environment environment;
  environment.out = &nowhere;
  environment.err = &nowhere;
  Session session(environment);
  const auto program = MakeProgram(&session);
  std::vector<VerbHelp> verbs;
  for (const CLI::App* noun : program->get_subcommands([](const CLI::App*) { return true; })) {
    for (const CLI::App* verb : noun->get_subcommands([](const CLI::App*) { return true; })) {
      verbs.push_back({noun->get_name() + " " + verb->get_name(), verb->help()});
    }
  }
  return verbs;
}

}  // namespace lintas::client
