// lintas migration correct, withdraw, recall.
#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "client/record.h"
#include "google/protobuf/field_mask.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using migration_information::v1::CorrectRecordRequest;
using migration_information::v1::GetRecallRequest;
using migration_information::v1::GetRecordRequest;
using migration_information::v1::Recall;
using migration_information::v1::RecallRecordRequest;
using migration_information::v1::WithdrawRecordRequest;

constexpr char kReasons[] = "WRONG_PERSON, WRONG_FACT, DUPLICATE, NOT_LAWFUL or OTHER";

// The client of a write, which may have to wait for the partner (P6).
Client WritingClient(const Client& client, bool wait_for_partner) {
  return wait_for_partner ? client.WaitingForPartner() : client;
}

void AddWait(Verb verb, bool* wait_for_partner) {
  verb.AddFlag("--wait-for-partner", wait_for_partner,
               "End when the partner has confirmed that it holds the change; exit code 6 if it "
               "has not in time");
}

struct CorrectOptions {
  std::string name;
  std::vector<std::string> assignments;
  bool wait_for_partner = false;
};

absl::Status Assign(const std::vector<std::string>& assignments, Message* record,
                    google::protobuf::FieldMask* mask) {
  std::set<std::string> changed;
  for (const std::string& assignment : assignments) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(assignment, absl::MaxSplits('=', 1));
    if (assignment.find('=') == std::string::npos) {
      return FieldsError({{"set", "NOT_AN_ASSIGNMENT", "field=value"}});
    }
    RETURN_IF_ERROR(SetField(parts.first, parts.second, record));
    changed.insert(parts.first.substr(0, parts.first.find_first_of(".[")));
  }
  for (const std::string& field : changed) mask->add_paths(field);
  return absl::OkStatus();
}

// The record is read whole, so that a corrected part of a message field keeps its other parts.
absl::StatusOr<AnyRecord> CorrectRecord(const CorrectOptions& options, const Client& client) {
  GetRecordRequest read;
  read.set_name(options.name);
  read.set_view(migration_information::v1::FULL);
  CorrectRecordRequest request;
  ASSIGN_OR_RETURN(*request.mutable_record(), client.GetRecord(read));
  Message* record = MutableRecordIn(request.mutable_record());
  if (record == nullptr) return absl::InternalError("an answer without a record");
  RETURN_IF_ERROR(Assign(options.assignments, record, request.mutable_update_mask()));
  const auto* meta_field = record->GetDescriptor()->FindFieldByName("meta");
  const auto& meta = static_cast<const migration_information::v1::RecordMeta&>(
      record->GetReflection()->GetMessage(*record, meta_field));
  request.set_etag(meta.etag());
  request.set_request_id(MakeUuid(client.random()));
  record->GetReflection()->ClearField(record, meta_field);
  return WritingClient(client, options.wait_for_partner).CorrectRecord(request);
}

ExitCode Correct(const CorrectOptions& options, Session* session) {
  const auto kind = KindOfName(options.name);
  if (!kind.ok()) return session->Fail(kind.status());
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  const auto corrected = CorrectRecord(options, **client);
  if (!corrected.ok()) return session->Fail(corrected.status());
  Table table(SummaryHeader(false));
  table.Add(SummaryRow(*corrected, false));
  session->Print(table, *corrected);
  return ExitCode::kDone;
}

struct WithdrawOptions {
  std::string name;
  std::string reason;
  bool wait_for_partner = false;
};

ExitCode Withdraw(const WithdrawOptions& options, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  WithdrawRecordRequest request;
  request.set_name(options.name);
  request.set_reason(options.reason);
  request.set_request_id(MakeUuid((*client)->random()));
  const auto withdrawn = WritingClient(**client, options.wait_for_partner).WithdrawRecord(request);
  if (!withdrawn.ok()) return session->Fail(withdrawn.status());
  Table table(SummaryHeader(false));
  table.Add(SummaryRow(*withdrawn, false));
  session->Print(table, *withdrawn);
  return ExitCode::kDone;
}

struct RecallOptions {
  std::string name;
  std::string reason;
  int wait_s = 0;
  std::string receipt_file;
  bool wait_for_partner = false;
};

void PrintRecall(const Recall& recall, Session* session) {
  Table table({"name", "recalled at", "partner erased", "erased at", "complete by"});
  table.Add({recall.name(),
             recall.has_recall_index() ? absl::StrCat("exchange/", recall.recall_index())
                                       : "never left the country",
             recall.partner_erased() ? "yes" : "not yet", TimeText(recall.partner_erase_time()),
             TimeText(recall.partner_complete_time())});
  session->Print(table, recall);
}

// The recall; of a record that was recalled before, that recall, so that its receipt can be had.
absl::StatusOr<Recall> RecallOnce(const RecallOptions& options, const Client& client) {
  RecallRecordRequest request;
  request.set_name(options.name);
  request.set_reason(options.reason);
  request.set_request_id(MakeUuid(client.random()));
  auto recall = WritingClient(client, options.wait_for_partner).RecallRecord(request);
  if (!absl::IsNotFound(recall.status())) return recall;
  GetRecallRequest earlier;
  earlier.set_name(options.name);
  return client.GetRecall(earlier);
}

// Asks again until the partner's receipt is there or the time is over.
absl::Status AwaitReceipt(int wait_s, const Client& client, Session* session, Recall* recall) {
  constexpr absl::Duration kStep = absl::Milliseconds(500);
  absl::Duration left = absl::Seconds(wait_s);
  while (!recall->partner_erased() && recall->has_recall_index() && left > absl::ZeroDuration()) {
    if (session->environment().err_is_terminal) {
      session->err() << "\rwaiting for the partner's receipt, " << absl::ToInt64Seconds(left)
                     << " s left " << std::flush;
    }
    client.SleepFor(kStep);
    left -= kStep;
    GetRecallRequest request;
    request.set_name(recall->name());
    ASSIGN_OR_RETURN(*recall, client.GetRecall(request));
  }
  if (session->environment().err_is_terminal && wait_s > 0) session->err() << "\n";
  return absl::OkStatus();
}

ExitCode RunRecall(const RecallOptions& options, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  auto recall = RecallOnce(options, **client);
  if (!recall.ok()) return session->Fail(recall.status());
  const absl::Status status = AwaitReceipt(options.wait_s, **client, session, &*recall);
  if (!status.ok()) return session->Fail(status);
  PrintRecall(*recall, session);
  if (!options.receipt_file.empty() && !recall->receipt_text().empty()) {
    const absl::Status written = WriteFile(options.receipt_file, recall->receipt_text());
    if (!written.ok()) return session->Fail(written);
    session->Note(absl::StrCat("receipt written to ", options.receipt_file));
  }
  const bool missing = recall->has_recall_index() && recall->receipt_text().empty() &&
                       (options.wait_s > 0 || !options.receipt_file.empty());
  if (!missing) return ExitCode::kDone;
  session->err() << "lintas: recalled here; the partner's receipt is not there yet\n"
                 << "next: the same command again asks for the receipt\n";
  return ExitCode::kUnavailable;
}

void AddCorrect(Noun migration, Session* session) {
  auto options = std::make_shared<CorrectOptions>();
  Verb verb = migration.AddVerb(
      "correct", "Say what is right in a record; the wrong revision stays readable",
      "  lintas migration correct countries/khm/crossings/ID --set port=KHPNH\n"
      "  lintas migration correct countries/khm/crossings/ID \\\n"
      "      --set \"person.names[0].given_name=Dara\" --set person.birth_date=1990-02-00\n"
      "Exit code 7 if somebody changed the record in between.");
  verb.Add("name", &options->name, "Name of the record").Required();
  verb.Add("--set", &options->assignments, "field=value, as `get --full` shows the fields")
      .Required();
  AddWait(verb, &options->wait_for_partner);
  verb.OnCall(session, [options, session] { return Correct(*options, session); });
}

void AddWithdraw(Noun migration, Session* session) {
  auto options = std::make_shared<WithdrawOptions>();
  Verb verb = migration.AddVerb(
      "withdraw", "Say that a record should not have existed; it stays readable as such",
      "  lintas migration withdraw countries/khm/crossings/ID "
      "--reason DUPLICATE");
  verb.Add("name", &options->name, "Name of the record").Required();
  verb.Add("--reason", &options->reason, kReasons).Required();
  AddWait(verb, &options->wait_for_partner);
  verb.OnCall(session, [options, session] { return Withdraw(*options, session); });
}

void AddRecall(Noun migration, Session* session) {
  auto options = std::make_shared<RecallOptions>();
  Verb verb = migration.AddVerb(
      "recall", "Erase a record on both sides; ends with the partner's signed receipt",
      "  lintas migration recall countries/khm/crossings/ID --reason WRONG_PERSON \\\n"
      "      --wait 60 --receipt erased.txt\n"
      "Exit code 6 if it is recalled here and the partner's receipt is not there in time; the same "
      "command again asks for it.");
  verb.Add("name", &options->name, "Name of the record").Required();
  verb.Add("--reason", &options->reason, std::string(kReasons) + "; stays in your own country")
      .Required();
  verb.Add("--wait", &options->wait_s, "Seconds to wait for the partner's receipt")
      .Between(0, 86400);
  verb.Add("--receipt", &options->receipt_file, "File for the partner's receipt");
  AddWait(verb, &options->wait_for_partner);
  verb.OnCall(session, [options, session] { return RunRecall(*options, session); });
}

}  // namespace

void AddMigrationChange(Noun migration, Session* session) {
  AddCorrect(migration, session);
  AddWithdraw(migration, session);
  AddRecall(migration, session);
}

}  // namespace lintas::client
