// The commands of `lintas`, each file of this folder one or two nouns. Each Add… hangs its noun
// with its verbs on the program; the verb that is called leaves its exit code in the session.
#ifndef LINTAS_CLIENT_COMMANDS_COMMANDS_H_
#define LINTAS_CLIENT_COMMANDS_COMMANDS_H_

#include <string>

#include "client/commands/session.h"
#include "client/commands/verb.h"

namespace lintas::client {

void AddMigration(Noun program, Session* session);
void AddMigrationImport(Noun migration, Session* session);
void AddMigrationExport(Noun migration, Session* session);
void AddShare(Noun program, Session* session);
void AddCompletion(Noun program, Session* session);
void AddMigrationFind(Noun migration, Session* session);
void AddMigrationChange(Noun migration, Session* session);
void AddMigrationWatch(Noun migration, Session* session);
void AddMigrationOpen(Noun migration, Session* session);
// The masked candidates of a name: what an attaché gets who knows no more than that.
ExitCode ShowCandidates(const std::string& person_name, Session* session);
void AddCaseHandOver(Noun case_noun, Session* session);
void AddMigrationAsk(Noun migration, Session* session);
void AddListMatch(Noun migration, Session* session);
// Opens a procedure by ASK or ASK_URGENT and says until when it is to be answered.
ExitCode OpenProcedure(const std::string& procedure, bool urgent,
                       const google::protobuf::Message& content, Session* session);
void AddLedger(Noun program, Session* session);
void AddNode(Noun program, Session* session);
void AddAudit(Noun program, Session* session);
void AddAgreement(Noun program, Session* session);
void AddProfile(Noun program, Session* session);
void AddCase(Noun program, Session* session);
void AddCaseProcedures(Noun noun, Session* session);
void AddInbox(Noun program, Session* session);
void AddInstitution(Noun program, Session* session);
void AddStatistics(Noun program, Session* session);
void AddStatus(Noun program, Session* session);
void AddMatch(Noun program, Session* session);
void AddDocument(Noun program, Session* session);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_COMMANDS_H_
