// lintas migration ask: a signed question to the partner (P25, P26), or, with --what, a record
// request with a deadline (docs/procedures.md).
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/client.h"
#include "client/commands/commands.h"
#include "client/procedure.h"
#include "client/record.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

using migration_information::v1::AskPartnerRequest;
using migration_information::v1::AskPartnerResponse;
using migration_information::v1::RecordRequest;

struct AskOptions {
  AskPartnerRequest request;
  std::vector<std::string> nationalities;
  std::vector<std::string> types;
  // Hexadecimal, as the hit showed it.
  std::string reference;
  // What a record request asks for; unspecified: a question instead.
  RecordRequest::What what = RecordRequest::WHAT_UNSPECIFIED;
  bool urgent = false;
};

bool IsHexadecimal(const std::string& text) {
  return text.size() % 2 == 0 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

void PrintAnswer(const AskPartnerResponse& answer, Session* session) {
  if (answer.has_record()) {
    Table table({"field", "value"});
    const auto* record = RecordIn(answer.record());
    if (record != nullptr) {
      for (auto& [path, value] : FlatFields(*record)) table.Add({path, value});
    }
    session->Print(table, answer);
  } else {
    Table table({"type", "reference"});
    for (const auto& hit : answer.hits()) {
      table.Add({hit.type(), absl::BytesToHexString(hit.reference())});
    }
    session->Print(table, answer);
    session->Note("open one: lintas migration ask --reference R --why CODE");
  }
  session->Note(absl::StrCat("answered ", TimeText(answer.answer_time()),
                             " under agreement version ", answer.agreement_version(), "; digest ",
                             answer.answer_digest()));
}

ExitCode Request(const AskOptions& options, Session* session) {
  RecordRequest content;
  content.set_what(options.what);
  content.mutable_document()->set_number(options.request.document_number());
  content.mutable_document()->set_issuer(options.request.document_issuer());
  for (const std::string& state : options.nationalities) content.add_nationalities(state);
  content.set_justification(options.request.justification());
  return OpenProcedure("record_request", options.urgent, content, session);
}

ExitCode Ask(const AskOptions& options, Session* session) {
  if (options.what != RecordRequest::WHAT_UNSPECIFIED) return Request(options, session);
  AskPartnerRequest request = options.request;
  if (options.reference.empty()
          ? request.document_number().empty() && request.national_number().empty() &&
                (request.person_name().empty() || request.birth_date().empty())
          : request.justification().empty()) {
    session->err()
        << "lintas: ask needs --document, --national, --name with --born, or --reference "
           "with --why\n";
    return ExitCode::kUsage;
  }
  if (!IsHexadecimal(options.reference)) {
    return session->Fail(FieldsError(
        {{"reference", "NOT_A_REFERENCE", "the hexadecimal digits that a hit showed"}}));
  }
  request.set_reference(absl::HexStringToBytes(options.reference));
  for (const std::string& state : options.nationalities) request.add_claimed_nationalities(state);
  for (const std::string& type : options.types) request.add_types(type);
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  const auto answer = (*client)->AskPartner(request);
  if (!answer.ok()) return session->Fail(answer.status());
  if (answer->hits_size() == 0 && !answer->has_record()) {
    return session->Fail(absl::NotFoundError(kNothingToShare));
  }
  PrintAnswer(*answer, session);
  return ExitCode::kDone;
}

}  // namespace

void AddMigrationAsk(Noun migration, Session* session) {
  auto options = std::make_shared<AskOptions>();
  Verb verb = migration.AddVerb(
      "ask", "Put a signed question to the partner; both countries keep a record of it",
      "  lintas migration ask --document X1234567 --issuer IDN --nationality IDN\n"
      "  lintas migration ask --reference 9f3c… --why IDENTITY_DOUBT\n"
      "  lintas migration ask --passport X1234567 --issuer IDN --nationality IDN --what last-entry "
      "--why IDENTITY_DOUBT\n"
      "Exit code 3 if there is nothing to share, 6 if the partner cannot be reached.");
  AskPartnerRequest& request = options->request;
  verb.AddChoice<RecordRequest::What>("--what",
                                      {{"last-entry", RecordRequest::LAST_ENTRY},
                                       {"crossings", RecordRequest::CROSSINGS},
                                       {"stay-permits", RecordRequest::STAY_PERMITS},
                                       {"work-permits", RecordRequest::WORK_PERMITS},
                                       {"document", RecordRequest::TRAVEL_DOCUMENT},
                                       {"visas", RecordRequest::VISAS},
                                       {"overstays", RecordRequest::OVERSTAYS}},
                                      &options->what,
                                      "Requests this of the partner, with a deadline");
  verb.AddFlag("--urgent", &options->urgent, "The request's short deadline");
  verb.Add("--document,--passport", request.mutable_document_number(), "Document number");
  verb.Add("--issuer", request.mutable_document_issuer(), "Issuing State, three letters");
  verb.Add("--national", request.mutable_national_number(), "National identity number");
  verb.Add("--name", request.mutable_person_name(), "All parts of the name; with --born");
  verb.Add("--born", request.mutable_birth_date(), "Birth date, YYYY-MM-DD");
  verb.Add("--nationality", &options->nationalities,
           "Nationality that you claim for the person; may be repeated");
  verb.Add("--type", &options->types, "Record type; may be repeated");
  verb.Add("--reference", &options->reference, "Opens a hit of an earlier answer");
  verb.Add("--why", request.mutable_justification(),
           "Why the file is needed, for example IDENTITY_DOUBT");
  verb.OnCall(session, [options, session] { return Ask(*options, session); });
}

}  // namespace lintas::client
