// lintas migration open, lintas case handover: an attaché's way from a name to a person (R7).
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/record.h"

namespace lintas::client {
namespace {

using migration_information::v1::AnyRecord;
using migration_information::v1::Candidate;
using migration_information::v1::HandOverCaseRequest;
using migration_information::v1::OpenCandidateRequest;
using migration_information::v1::SearchCandidatesRequest;

struct OpenOptions {
  std::string reference;
  bool full = false;
};

ExitCode Open(const OpenOptions& options, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  OpenCandidateRequest request;
  request.set_reference(options.reference);
  request.set_view(options.full ? migration_information::v1::FULL
                                : migration_information::v1::SUMMARY);
  const auto record = (*client)->OpenCandidate(request);
  if (!record.ok()) return session->Fail(record.status());
  Table table({"field", "value"});
  for (auto& [path, value] : FlatFields(*record)) table.Add({path, value});
  session->Print(table, *record);
  return ExitCode::kDone;
}

struct HandOverOptions {
  std::string case_id;
  std::string to;
};

ExitCode HandOver(const HandOverOptions& options, Session* session) {
  // An attaché's own calls name the case too; it is the one that goes.
  session->options().case_id = options.case_id;
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  HandOverCaseRequest request;
  request.set_case_id(options.case_id);
  request.set_attache_id(options.to);
  const auto done = (*client)->HandOverCase(request);
  if (!done.ok()) return session->Fail(done.status());
  session->Note(absl::StrCat("case ", options.case_id, " is held by ", options.to));
  return ExitCode::kDone;
}

}  // namespace

ExitCode ShowCandidates(const std::string& person_name, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  SearchCandidatesRequest request;
  request.set_person_name(person_name);
  const auto found = (*client)->SearchCandidates(request);
  if (!found.ok()) return session->Fail(found.status());
  if (found->candidates_size() == 0) return session->Fail(absl::NotFoundError(kNothingToShare));
  Table table({"initials", "born", "candidate"});
  for (const Candidate& each : found->candidates()) {
    table.Add({each.initials(), each.birth_year() == 0 ? "" : absl::StrCat(each.birth_year()),
               each.reference()});
  }
  session->Print(table, *found);
  session->Note(
      "`lintas migration open CANDIDATE` shows one; each opening is on record and counted");
  return ExitCode::kDone;
}

void AddMigrationOpen(Noun migration, Session* session) {
  auto options = std::make_shared<OpenOptions>();
  Verb verb = migration.AddVerb("open", "Open one of the candidates that find shows",
                                "  lintas migration open CANDIDATE --full\n"
                                "A candidate is good for ten minutes, for you, on the same case.");
  verb.Add("candidate", &options->reference, "As find shows it").Required();
  verb.AddFlag("--full", &options->full, "All sections that your role may see");
  verb.OnCall(session, [options, session] { return Open(*options, session); });
}

void AddCaseHandOver(Noun case_noun, Session* session) {
  auto options = std::make_shared<HandOverOptions>();
  Verb verb = case_noun.AddVerb("handover", "Hand an attaché's case over to a colleague",
                                "  lintas case handover PNH-2026-0147 --to attache-2\n"
                                "By its holder; the directorate can do it for one who has left.");
  verb.Add("case", &options->case_id, "The case's number").Required();
  verb.Add("--to", &options->to, "The colleague's id, as in their certificate").Required();
  verb.OnCall(session, [options, session] { return HandOver(*options, session); });
}

}  // namespace lintas::client
