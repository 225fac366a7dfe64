// The commands of `lintas`, each file of this folder one or two nouns. Each Add… hangs its noun
// with its verbs on the program; the verb that is called leaves its exit code in the session.
#ifndef LINTAS_CLIENT_COMMANDS_COMMANDS_H_
#define LINTAS_CLIENT_COMMANDS_COMMANDS_H_

#include <functional>
#include <string>

#include "client/commands/session.h"

namespace CLI {
class App;
}

namespace lintas::client {

void AddMigration(CLI::App* program, Session* session);
void AddMigrationImport(CLI::App* migration, Session* session);
void AddMigrationExport(CLI::App* migration, Session* session);
void AddShare(CLI::App* program, Session* session);
void AddCompletion(CLI::App* program, Session* session);
void AddMigrationFind(CLI::App* migration, Session* session);
void AddMigrationChange(CLI::App* migration, Session* session);
void AddMigrationWatch(CLI::App* migration, Session* session);
void AddMigrationOpen(CLI::App* migration, Session* session);
// The masked candidates of a name: what an attaché gets who knows no more than that.
ExitCode ShowCandidates(const std::string& person_name, Session* session);
void AddCaseHandOver(CLI::App* case_noun, Session* session);
void AddMigrationAsk(CLI::App* migration, Session* session);
void AddLedger(CLI::App* program, Session* session);
void AddNode(CLI::App* program, Session* session);
void AddAudit(CLI::App* program, Session* session);
void AddAgreement(CLI::App* program, Session* session);
void AddProfile(CLI::App* program, Session* session);
void AddCase(CLI::App* program, Session* session);
void AddCaseProcedures(CLI::App* noun, Session* session);
void AddInbox(CLI::App* program, Session* session);
void AddStatistics(CLI::App* program, Session* session);
void AddMatch(CLI::App* program, Session* session);
void AddDocument(CLI::App* program, Session* session);

// A noun: asks for one of its verbs.
CLI::App* AddNoun(CLI::App* program, const std::string& name, const std::string& what);

// A verb with examples in its help. `examples` are whole command lines, one a line.
CLI::App* AddVerb(CLI::App* noun, const std::string& name, const std::string& what,
                  const std::string& examples);

// Runs `run` when the verb is called and keeps its exit code.
void OnCall(CLI::App* verb, Session* session, std::function<ExitCode()> run);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_COMMANDS_H_
