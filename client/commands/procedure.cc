// lintas inbox; lintas case board, view, step, answer, fetch: procedures with the partner
// (docs/procedures.md).
#include "client/procedure.h"

#include <map>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/attachment.h"
#include "client/client.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "google/protobuf/util/json_util.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/sha256.h"

namespace lintas::client {
namespace {

using procedure::v1::Board;
using procedure::v1::ListInboxRequest;
using procedure::v1::ListInboxResponse;
using procedure::v1::Procedure;
using procedure::v1::Step;

Table ProcedureTable() {
  return Table({"name", "procedure", "state", "waiting_for", "waits", "due", "note", "next"});
}

void AddRow(const Procedure& shown, absl::Time now, Table* table) {
  table->Add({shown.name(), shown.procedure(), shown.state(), shown.waiting_for(),
              WaitText(shown, now), TimeText(shown.due_time()), NoteText(shown), NextText(shown)});
}

ExitCode Inbox(const ListInboxRequest& wanted, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  ListInboxRequest request = wanted;
  ListInboxResponse all;
  Table table = ProcedureTable();
  do {
    ListInboxResponse page;
    const absl::Status status = (*client)->Call(ProcedureMethod("ListInbox"), request, &page);
    if (!status.ok()) return session->Fail(status);
    for (const Procedure& shown : page.procedures()) {
      AddRow(shown, session->environment().clock->Now(), &table);
    }
    request.set_page_token(page.next_page_token());
    all.MergeFrom(page);
  } while (!request.page_token().empty());
  all.clear_next_page_token();
  session->Print(table, all);
  if (table.empty()) session->Note("nothing here");
  return ExitCode::kDone;
}

ExitCode ShowBoard(const std::string& case_id, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  procedure::v1::GetBoardRequest request;
  request.set_case_id(case_id);
  request.set_page_size(500);
  Board board;
  do {
    Board page;
    const absl::Status status = (*client)->Call(ProcedureMethod("GetBoard"), request, &page);
    if (!status.ok()) return session->Fail(status);
    AddPage(page, &board);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Table table = ProcedureTable();
  for (const Board::Column& column : board.columns()) {
    for (const Procedure& shown : column.procedures()) {
      AddRow(shown, session->environment().clock->Now(), &table);
    }
  }
  session->Print(table, board);
  for (const Board::Column& column : board.columns()) {
    session->Note(absl::StrCat(column.country().empty() ? "over" : "waits for " + column.country(),
                               ": ", column.procedures_size(), ", overdue ",
                               column.overdue_count()));
  }
  return ExitCode::kDone;
}

// One row for each field of what a step carries, the step's own columns in each.
void PrintSteps(const Procedure& shown, Session* session) {
  Table table({"step", "country", "ledger_index", "time", "effect", "field", "value"});
  int attachment = 1;
  for (const Step& step : shown.steps()) {
    std::vector<std::pair<std::string, std::string>> rows = ContentRows(step.content());
    for (auto& row : AttachmentRows(step, attachment)) rows.push_back(std::move(row));
    attachment += step.attachments_size();
    if (step.withheld()) rows.emplace_back("(withheld)", "your role does not see all of it");
    if (rows.empty()) rows.emplace_back("", "");
    for (const auto& [field, value] : rows) {
      table.Add({step.step(), step.country(), absl::StrCat(step.ledger_index()),
                 TimeText(step.step_time()), Step::Effect_Name(step.effect()), field, value});
    }
  }
  session->Print(table, shown);
  session->Note(SummaryText(shown, session->environment().clock->Now()));
}

ExitCode View(const std::string& name, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  procedure::v1::GetProcedureRequest request;
  request.set_name(name);
  Procedure shown;
  const absl::Status status = (*client)->Call(ProcedureMethod("GetProcedure"), request, &shown);
  if (!status.ok()) return session->Fail(status);
  PrintSteps(shown, session);
  return ExitCode::kDone;
}

struct StepOptions {
  procedure::v1::TakeStepRequest request;
  std::string content_file;
  std::vector<std::string> attached_files;
};

// Brings the files to the node and names them in the content.
absl::Status BringAll(const std::vector<std::string>& files, Uploads* uploads,
                      google::protobuf::Any* content) {
  if (files.empty()) return absl::OkStatus();
  // Before anything is brought: a content that has no place for it is not worth the way.
  RETURN_IF_ERROR(AddAttachments({}, content));
  std::vector<types::v1::Attachment> attachments;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(attachments.emplace_back(), uploads->Bring(file));
  }
  return AddAttachments(attachments, content);
}

ExitCode TakeStep(const StepOptions& options, Session* session) {
  procedure::v1::TakeStepRequest request = options.request;
  if (!options.content_file.empty()) {
    const absl::StatusOr<std::string> json = ReadFile(options.content_file);
    if (!json.ok()) return session->Fail(json.status());
    if (!google::protobuf::util::JsonStringToMessage(*json, request.mutable_content()).ok()) {
      return session->Fail(FieldsError(
          {{"content", "NOT_JSON", "one JSON object with `@type`, the proto3 mapping of Any"}}));
    }
  }
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  Uploads uploads(*client, session->environment().folder);
  absl::Status status = BringAll(options.attached_files, &uploads, request.mutable_content());
  if (!status.ok()) return session->Fail(status);
  if (request.content().type_url().empty()) request.clear_content();
  request.set_request_id(MakeUuid((*client)->random()));
  Procedure shown;
  status = (*client)->Call(ProcedureMethod("TakeStep"), request, &shown);
  if (!status.ok()) return session->Fail(status);
  uploads.Forget();
  Table table = ProcedureTable();
  AddRow(shown, session->environment().clock->Now(), &table);
  session->Print(table, shown);
  return ExitCode::kDone;
}

struct FetchOptions {
  procedure::v1::GetProcedureRequest request;
  int attachment = 1;
  std::string out_file;
};

ExitCode Fetch(const FetchOptions& options, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  Procedure shown;
  const absl::Status status =
      (*client)->Call(ProcedureMethod("GetProcedure"), options.request, &shown);
  if (!status.ok()) return session->Fail(status);
  const absl::StatusOr<std::string> bytes = FetchAttachment(**client, shown, options.attachment);
  if (!bytes.ok()) return session->Fail(bytes.status());
  const absl::Status written = WriteFile(options.out_file, *bytes);
  if (!written.ok()) return session->Fail(written);
  session->Note(absl::StrCat(Thousands(bytes->size()), " bytes, digest checked; ", options.out_file,
                             " is readable by you alone"));
  return ExitCode::kDone;
}

struct AnswerOptions {
  std::string name;
  // The digest that was shown with the answer; empty: show it.
  std::string send;
};

// Of what an officer reads and then sends: step and content.
std::string DigestOf(const procedure::v1::ProposedAnswer& proposed) {
  return absl::BytesToHexString(
      Sha256Of(absl::StrCat(proposed.step(), std::string(1, '\0'), proposed.content().value()))
          .view()
          .substr(0, 8));
}

void PrintProposal(const procedure::v1::ProposedAnswer& proposed, Session* session) {
  Table table({"field", "value"});
  table.Add({"step", proposed.step()});
  for (const auto& [field, value] : ContentRows(proposed.content())) table.Add({field, value});
  for (const std::string& name : proposed.record_names()) table.Add({"rests on", name});
  session->Print(table, proposed);
}

// An officer signs what was read (R4): it is proposed anew for sending, and not sent if records
// have changed since. The etag refuses it if the procedure has moved on.
ExitCode AnswerRequest(const AnswerOptions& options, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  procedure::v1::ProposeAnswerRequest request;
  request.set_name(options.name);
  procedure::v1::ProposedAnswer proposed;
  absl::Status status = (*client)->Call(ProcedureMethod("ProposeAnswer"), request, &proposed);
  if (!status.ok()) return session->Fail(status);
  const std::string digest = DigestOf(proposed);
  if (options.send != digest) {
    PrintProposal(proposed, session);
    session->Note(absl::StrCat(options.send.empty() ? "not sent" : "changed since; NOT sent",
                               "; send it, for good, with --send ", digest));
    return options.send.empty() ? ExitCode::kDone : ExitCode::kConflict;
  }
  StepOptions step;
  step.request.set_name(options.name);
  step.request.set_step(proposed.step());
  *step.request.mutable_content() = proposed.content();
  step.request.set_etag(proposed.etag());
  return TakeStep(step, session);
}

}  // namespace

ExitCode OpenProcedure(const std::string& procedure, bool urgent,
                       const google::protobuf::Message& content, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  procedure::v1::OpenProcedureRequest request;
  request.set_procedure(procedure);
  request.set_step(urgent ? "ASK_URGENT" : "ASK");
  request.mutable_content()->PackFrom(content);
  request.set_request_id(MakeUuid((*client)->random()));
  Procedure shown;
  const absl::Status status = (*client)->Call(ProcedureMethod("OpenProcedure"), request, &shown);
  if (!status.ok()) return session->Fail(status);
  Table table({"name", "state", "waiting_for", "due"});
  table.Add({shown.name(), shown.state(), shown.waiting_for(), TimeText(shown.due_time())});
  session->Print(table, shown);
  session->Note(SummaryText(shown, session->environment().clock->Now()));
  return ExitCode::kDone;
}

void AddInbox(Noun program, Session* session) {
  auto box = std::make_shared<ListInboxRequest::Box>(ListInboxRequest::ALL);
  Verb verb = program.AddVerb("inbox", "Procedures with the partner that are open",
                              "  lintas inbox\n  lintas inbox --only overdue");
  verb.AddChoice<ListInboxRequest::Box>("--only",
                                        {{"all", ListInboxRequest::ALL},
                                         {"mine", ListInboxRequest::MINE},
                                         {"overdue", ListInboxRequest::OVERDUE},
                                         {"due-soon", ListInboxRequest::DUE_SOON},
                                         {"to-move", ListInboxRequest::TO_MOVE},
                                         {"waiting", ListInboxRequest::WAITING_FOR_PARTNER},
                                         {"answered", ListInboxRequest::ANSWERED}},
                                        box.get(), "A part of it");
  verb.OnCall(session, [box, session] {
    ListInboxRequest request;
    request.set_box(*box);
    request.set_page_size(500);
    return Inbox(request, session);
  });
}

void AddCaseProcedures(Noun noun, Session* session) {
  auto case_id = std::make_shared<std::string>();
  Verb verb = noun.AddVerb("board", "Who waits on whom, in a case or in all that is open",
                           "  lintas case board PNH-2026-0147\n  lintas case board");
  verb.Add("number", case_id.get(), "The case's number");
  verb.OnCall(session, [case_id, session] { return ShowBoard(*case_id, session); });
  auto name = std::make_shared<std::string>();
  verb = noun.AddVerb("view", "One procedure with all its steps",
                      "  lintas case view countries/idn/procedures/4f0c…");
  verb.Add("name", name.get(), "The procedure's name").Required();
  verb.OnCall(session, [name, session] { return View(*name, session); });
  auto answer = std::make_shared<AnswerOptions>();
  verb =
      noun.AddVerb("answer", "Show, and send, the answer to a request of the partner's",
                   "  lintas case answer countries/idn/procedures/4f0c…\n"
                   "  lintas case answer countries/idn/procedures/4f0c… --send 5be1f0a2c3d4e5f6\n"
                   "It is made of your country's records that may be asked for.");
  verb.Add("name", &answer->name, "The procedure's name").Required();
  verb.Add("--send", &answer->send, "The digest shown: send that answer; it cannot be taken back");
  verb.OnCall(session, [answer, session] { return AnswerRequest(*answer, session); });
  auto step = std::make_shared<StepOptions>();
  verb = noun.AddVerb(
      "step", "Take a step in a procedure",
      "  lintas case step countries/idn/procedures/4f0c… RECEIVE\n"
      "  lintas case step countries/idn/procedures/4f0c… ANSWER --content answer.json "
      "--attach scan.pdf\n"
      "  lintas case step countries/idn/procedures/4f0c… SUSPEND --reason FILE_IN_ARCHIVE");
  verb.Add("name", step->request.mutable_name(), "The procedure's name").Required();
  verb.Add("step", step->request.mutable_step(), "The step's code").Required();
  verb.Add("--content", &step->content_file, "JSON file with what the step carries");
  verb.Add("--attach", &step->attached_files,
           "PDF, JPEG, PNG or text file that goes with it, at most 25 MiB; goes on where it broke");
  verb.Add("--reason", step->request.mutable_suspension_reason(),
           "Why the clock stands still; stays at home");
  verb.Add("--etag", step->request.mutable_etag(), "As read; refused if it moved on");
  verb.OnCall(session, [step, session] { return TakeStep(*step, session); });
  auto fetch = std::make_shared<FetchOptions>();
  verb = noun.AddVerb(
      "fetch", "Write an attachment of a procedure into a file",
      "  lintas case fetch countries/idn/procedures/4f0c… --attachment 1 --out scan.pdf");
  verb.Add("name", fetch->request.mutable_name(), "The procedure's name").Required();
  verb.Add("--attachment", &fetch->attachment, "Its number, as case view shows it").Required();
  verb.Add("--out", &fetch->out_file, "File to write, for you alone").Required();
  verb.OnCall(session, [fetch, session] { return Fetch(*fetch, session); });
}

}  // namespace lintas::client
