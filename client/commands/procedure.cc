// lintas inbox; lintas case board, view, step: procedures with the partner (docs/procedures.md).
#include "client/procedure.h"

#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/client.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "google/protobuf/util/json_util.h"
#include "server/base/error.h"

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
  for (const Step& step : shown.steps()) {
    std::vector<std::pair<std::string, std::string>> rows = ContentRows(step);
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
};

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
  request.set_request_id(MakeUuid((*client)->random()));
  Procedure shown;
  const absl::Status status = (*client)->Call(ProcedureMethod("TakeStep"), request, &shown);
  if (!status.ok()) return session->Fail(status);
  Table table = ProcedureTable();
  AddRow(shown, session->environment().clock->Now(), &table);
  session->Print(table, shown);
  return ExitCode::kDone;
}

}  // namespace

void AddInbox(CLI::App* program, Session* session) {
  static const auto& boxes = *new std::map<std::string, ListInboxRequest::Box>{
      {"all", ListInboxRequest::ALL},          {"mine", ListInboxRequest::MINE},
      {"overdue", ListInboxRequest::OVERDUE},  {"due-soon", ListInboxRequest::DUE_SOON},
      {"to-move", ListInboxRequest::TO_MOVE},  {"waiting", ListInboxRequest::WAITING_FOR_PARTNER},
      {"answered", ListInboxRequest::ANSWERED}};
  auto box = std::make_shared<ListInboxRequest::Box>(ListInboxRequest::ALL);
  CLI::App* verb = AddVerb(program, "inbox", "Procedures with the partner that are open",
                           "  lintas inbox\n  lintas inbox --only overdue");
  verb->add_option("--only", *box, "A part of it")
      ->transform(CLI::CheckedTransformer(boxes))
      ->option_text("all|mine|overdue|due-soon|to-move|waiting|answered");
  OnCall(verb, session, [box, session] {
    ListInboxRequest request;
    request.set_box(*box);
    request.set_page_size(500);
    return Inbox(request, session);
  });
}

void AddCaseProcedures(CLI::App* noun, Session* session) {
  auto case_id = std::make_shared<std::string>();
  CLI::App* verb = AddVerb(noun, "board", "Who waits on whom, in a case or in all that is open",
                           "  lintas case board PNH-2026-0147\n  lintas case board");
  verb->add_option("number", *case_id, "The case's number");
  OnCall(verb, session, [case_id, session] { return ShowBoard(*case_id, session); });
  auto name = std::make_shared<std::string>();
  verb = AddVerb(noun, "view", "One procedure with all its steps",
                 "  lintas case view countries/idn/procedures/4f0c…");
  verb->add_option("name", *name, "The procedure's name")->required();
  OnCall(verb, session, [name, session] { return View(*name, session); });
  auto step = std::make_shared<StepOptions>();
  verb =
      AddVerb(noun, "step", "Take a step in a procedure",
              "  lintas case step countries/idn/procedures/4f0c… RECEIVE\n"
              "  lintas case step countries/idn/procedures/4f0c… ANSWER --content answer.json\n"
              "  lintas case step countries/idn/procedures/4f0c… SUSPEND --reason FILE_IN_ARCHIVE");
  verb->add_option("name", *step->request.mutable_name(), "The procedure's name")->required();
  verb->add_option("step", *step->request.mutable_step(), "The step's code")->required();
  verb->add_option("--content", step->content_file, "JSON file with what the step carries");
  verb->add_option("--reason", *step->request.mutable_suspension_reason(),
                   "Why the clock stands still; stays at home");
  verb->add_option("--etag", *step->request.mutable_etag(), "As read; refused if it moved on");
  OnCall(verb, session, [step, session] { return TakeStep(*step, session); });
}

}  // namespace lintas::client
