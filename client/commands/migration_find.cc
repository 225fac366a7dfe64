// lintas migration find, get, revisions, list.
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/record.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using migration_information::v1::FindRecordsRequest;
using migration_information::v1::FindRecordsResponse;
using migration_information::v1::GetRecordRequest;
using migration_information::v1::ListRecordsRequest;
using migration_information::v1::ListRecordsResponse;
using migration_information::v1::ListRevisionsRequest;
using migration_information::v1::ListRevisionsResponse;
using View = migration_information::v1::View;

constexpr int kPageSizeMax = 500;

View ViewOf(bool full) {
  return full ? migration_information::v1::FULL : migration_information::v1::SUMMARY;
}

Table TableOf(const google::protobuf::RepeatedPtrField<AnyRecord>& records, bool full) {
  Table table(SummaryHeader(full));
  for (const AnyRecord& record : records) table.Add(SummaryRow(record, full));
  return table;
}

std::string EnteredText(const AnyRecord& any) {
  const auto* record = RecordIn(any);
  if (record == nullptr) return "";
  for (auto& [path, value] : FlatFields(*record)) {
    if (path == "meta.enter_time") return value;
  }
  return "";
}

std::string AgeOf(double replica_age_s) {
  if (replica_age_s < 0) return "partner copy: never level";
  return absl::StrCat("partner copy: level ", Span(absl::Seconds(replica_age_s)), " ago");
}

// Pages until `limit` records are there or none are left.
absl::StatusOr<FindRecordsResponse> FindUpTo(int limit, FindRecordsRequest request,
                                             const Client& client) {
  FindRecordsResponse all;
  do {
    request.set_page_size(std::min(limit - all.records_size(), kPageSizeMax));
    ASSIGN_OR_RETURN(FindRecordsResponse page, client.FindRecords(request));
    all.mutable_records()->MergeFrom(page.records());
    all.set_replica_age_s(page.replica_age_s());
    all.set_next_page_token(page.next_page_token());
    request.set_page_token(page.next_page_token());
  } while (!all.next_page_token().empty() && all.records_size() < limit);
  return all;
}

struct FindOptions {
  FindRecordsRequest request;
  std::vector<std::string> types;
  std::vector<std::string> nationalities;
  bool full = false;
  int limit = 50;
};

ExitCode Find(const FindOptions& options, Session* session) {
  FindRecordsRequest request = options.request;
  if (request.document_number().empty() && request.national_number().empty() &&
      request.person_name().empty() && request.name_prefix().empty() &&
      request.permit_number().empty()) {
    session->err() << "lintas: find needs --document, --national, --name, --prefix or --permit\n";
    return ExitCode::kUsage;
  }
  for (const std::string& type : options.types) {
    const auto kind = KindOfType(type);
    if (!kind.ok()) return session->Fail(kind.status());
    request.add_types(type);
  }
  for (const std::string& state : options.nationalities) request.add_claimed_nationalities(state);
  request.set_view(ViewOf(options.full));
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  const auto found = FindUpTo(options.limit, request, **client);
  if (ErrorReason(found.status()) == "INSUFFICIENT_IDENTIFIERS" &&
      request.document_number().empty() && !request.person_name().empty()) {
    return ShowCandidates(request.person_name(), session);
  }
  if (!found.ok()) return session->Fail(found.status());
  if (found->records_size() == 0) return session->Fail(absl::NotFoundError(kNothingToShare));
  session->Print(TableOf(found->records(), options.full), *found);
  if (!found->next_page_token().empty()) {
    session->Note(absl::StrCat("more than ", options.limit, " records; --limit shows more"));
  }
  session->Note(AgeOf(found->replica_age_s()));
  return ExitCode::kDone;
}

void AddFind(Noun migration, Session* session) {
  auto options = std::make_shared<FindOptions>();
  Verb verb = migration.AddVerb(
      "find", "Find own and the partner's records; all conditions given must hold",
      "  lintas migration find --document X1234567 --issuer IDN\n"
      "  lintas migration find --name \"Sok Dara\" --born 1990-02-00 --full\n"
      "  lintas migration find --permit EP-2026-00017 --type work_permit --output json\n"
      "Exit code 3 and `nothing to share` if nothing may be shown.");
  FindRecordsRequest& request = options->request;
  verb.Add("--document", request.mutable_document_number(), "Document number");
  verb.Add("--issuer", request.mutable_document_issuer(), "Issuing State, three letters");
  verb.Add("--national", request.mutable_national_number(), "National identity number");
  verb.Add("--name", request.mutable_person_name(), "Name, all parts in any order");
  verb.Add("--prefix", request.mutable_name_prefix(), "Beginning of a name, from 3 letters");
  verb.Add("--born", request.mutable_birth_date(), "Birth date, unknown parts as 00");
  verb.Add("--permit", request.mutable_permit_number(),
           "Number of a permit, visa, ban order or passenger list");
  verb.Add("--type", &options->types, "Record type; may be repeated");
  verb.Add("--nationality", &options->nationalities,
           "Nationality that you claim for the person (attaché); may be repeated");
  verb.AddFlag("--full", &options->full, "Name the person; only what your role may see");
  verb.Add("--limit", &options->limit, "Most records to show (default 50)").Between(1, 100000);
  verb.OnCall(session, [options, session] { return Find(*options, session); });
}

struct NameOptions {
  std::string name;
  bool full = false;
};

// `path` and `value` of every field.
ExitCode Get(const NameOptions& options, Session* session) {
  const auto kind = KindOfName(options.name);
  if (!kind.ok()) return session->Fail(kind.status());
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  GetRecordRequest request;
  request.set_name(options.name);
  request.set_view(ViewOf(options.full));
  const auto any = (*client)->GetRecord(request);
  if (!any.ok()) return session->Fail(any.status());
  const google::protobuf::Message* record = RecordIn(*any);
  if (record == nullptr) return session->Fail(absl::InternalError("an answer without a record"));
  Table table({"field", "value"});
  for (auto& [path, value] : FlatFields(*record)) table.Add({path, value});
  session->Print(table, *record);
  return ExitCode::kDone;
}

ExitCode Revisions(const NameOptions& options, Session* session) {
  const auto kind = KindOfName(options.name);
  if (!kind.ok()) return session->Fail(kind.status());
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  ListRevisionsRequest request;
  request.set_name(options.name);
  request.set_view(ViewOf(options.full));
  const auto found = (*client)->ListRevisions(request);
  if (!found.ok()) return session->Fail(found.status());
  std::vector<std::string> header = SummaryHeader(options.full);
  header.push_back("entered");
  Table table(header);
  for (const AnyRecord& revision : found->revisions()) {
    std::vector<std::string> row = SummaryRow(revision, options.full);
    row.push_back(EnteredText(revision));
    table.Add(row);
  }
  session->Print(table, *found);
  return ExitCode::kDone;
}

void AddByName(Noun migration, Session* session) {
  auto get = std::make_shared<NameOptions>();
  Verb verb = migration.AddVerb("get", "Show one record, field by field",
                                "  lintas migration get countries/khm/crossings/ID --full");
  verb.Add("name", &get->name, "Name of the record, as find shows it").Required();
  verb.AddFlag("--full", &get->full, "All sections that your role may see");
  verb.OnCall(session, [get, session] { return Get(*get, session); });

  auto revisions = std::make_shared<NameOptions>();
  verb = migration.AddVerb("revisions", "Show all revisions of a record, oldest first",
                           "  lintas migration revisions countries/khm/crossings/ID");
  verb.Add("name", &revisions->name, "Name of the record").Required();
  verb.AddFlag("--full", &revisions->full, "Name the person; only what your role may see");
  verb.OnCall(session, [revisions, session] { return Revisions(*revisions, session); });
}

struct ListOptions {
  std::string type;
  std::string country;
  bool full = false;
  int limit = 50;
};

ExitCode List(const ListOptions& options, Session* session) {
  const auto kind = KindOfType(options.type);
  if (!kind.ok()) return session->Fail(kind.status());
  const auto profile = session->CurrentProfile();
  if (!profile.ok()) return session->Fail(profile.status());
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  ListRecordsRequest request;
  request.set_parent("countries/" + (options.country.empty() ? profile->country : options.country));
  request.set_type(options.type);
  request.set_view(ViewOf(options.full));
  ListRecordsResponse all;
  do {
    request.set_page_size(std::min(options.limit - all.records_size(), kPageSizeMax));
    auto page = (*client)->ListRecords(request);
    if (!page.ok()) return session->Fail(page.status());
    all.mutable_records()->MergeFrom(page->records());
    all.set_next_page_token(page->next_page_token());
    request.set_page_token(page->next_page_token());
  } while (!all.next_page_token().empty() && all.records_size() < options.limit);
  if (all.records_size() == 0) return session->Fail(absl::NotFoundError(kNothingToShare));
  session->Print(TableOf(all.records(), options.full), all);
  if (!all.next_page_token().empty()) {
    session->Note(absl::StrCat("more than ", options.limit, " records; --limit shows more"));
  }
  return ExitCode::kDone;
}

void AddList(Noun migration, Session* session) {
  auto options = std::make_shared<ListOptions>();
  Verb verb =
      migration.AddVerb("list", "List records of one type in the order of their entry",
                        "  lintas migration list --type crossing --country idn --limit 200");
  verb.Add("--type", &options->type, "Record type").Required();
  verb.Add("--country", &options->country, "Origin country (default: your own)");
  verb.AddFlag("--full", &options->full, "Name the person; only what your role may see");
  verb.Add("--limit", &options->limit, "Most records to show (default 50)").Between(1, 100000);
  verb.OnCall(session, [options, session] { return List(*options, session); });
}

}  // namespace

void AddMigrationFind(Noun migration, Session* session) {
  AddFind(migration, session);
  AddByName(migration, session);
  AddList(migration, session);
}

void AddMigration(Noun program, Session* session) {
  Noun migration = program.AddNoun("migration", "Records of migration (area 1)");
  AddMigrationImport(migration, session);
  AddMigrationExport(migration, session);
  AddMigrationFind(migration, session);
  AddMigrationChange(migration, session);
  AddMigrationAsk(migration, session);
  AddListMatch(migration, session);
  AddMigrationOpen(migration, session);
  AddMigrationWatch(migration, session);
}

}  // namespace lintas::client
