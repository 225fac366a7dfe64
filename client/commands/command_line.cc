#include "client/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <map>
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
  static const auto& formats =
      *new std::map<std::string, OutputFormat>{{"table", OutputFormat::kTable},
                                               {"json", OutputFormat::kJson},
                                               {"csv", OutputFormat::kCsv},
                                               {"ndjson", OutputFormat::kNdjson}};
  program->add_option("--profile", options.profile,
                      "The profile to use, instead of the current one");
  program
      ->add_option("--output", options.format,
                   "table (default), json, csv, or ndjson for what streams")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("table|json|csv|ndjson");
  program->add_option("--purpose", options.purpose, "Purpose code, instead of the profile's");
  program->add_option("--case", options.case_id, "Case, instead of the one in use");
  AddMigration(program.get(), session);
  AddLedger(program.get(), session);
  AddNode(program.get(), session);
  AddAudit(program.get(), session);
  AddAgreement(program.get(), session);
  AddProfile(program.get(), session);
  AddCase(program.get(), session);
  AddInbox(program.get(), session);
  AddStatistics(program.get(), session);
  AddMatch(program.get(), session);
  AddDocument(program.get(), session);
  AddShare(program.get(), session);
  AddCompletion(program.get(), session);
  return program;
}

}  // namespace

CLI::App* AddNoun(CLI::App* program, const std::string& name, const std::string& what) {
  CLI::App* noun = program->add_subcommand(name, what);
  noun->require_subcommand(1);
  noun->fallthrough();
  return noun;
}

CLI::App* AddVerb(CLI::App* noun, const std::string& name, const std::string& what,
                  const std::string& examples) {
  CLI::App* verb = noun->add_subcommand(name, what);
  verb->fallthrough();
  verb->footer("Examples:\n" + examples);
  return verb;
}

void OnCall(CLI::App* verb, Session* session, std::function<ExitCode()> run) {
  verb->callback([session, run = std::move(run)] { session->result = run(); });
}

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
