// lintas audit list: who saw or did what, for the supervisor (P25).
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using node::v1::ListAccessEntriesRequest;
using node::v1::ListAccessEntriesResponse;

struct AuditOptions {
  ListAccessEntriesRequest request;
  int limit = 50;
};

absl::StatusOr<ListAccessEntriesResponse> ReadUpTo(AuditOptions options, Session* session) {
  constexpr int kPageSizeMax = 500;
  ASSIGN_OR_RETURN(Client * client, session->client());
  ListAccessEntriesResponse all;
  do {
    options.request.set_page_size(
        std::min(options.limit - all.access_entries_size(), kPageSizeMax));
    ASSIGN_OR_RETURN(const auto page, client->ListAccessEntries(options.request));
    all.mutable_access_entries()->MergeFrom(page.access_entries());
    all.set_next_page_token(page.next_page_token());
    options.request.set_page_token(page.next_page_token());
  } while (!all.next_page_token().empty() && all.access_entries_size() < options.limit);
  return all;
}

ExitCode ListAccess(const AuditOptions& options, Session* session) {
  const auto entries = ReadUpTo(options, session);
  if (!entries.ok()) return session->Fail(entries.status());
  Table table({"index", "time", "principal", "method", "purpose", "case", "outcome", "records"});
  for (const auto& entry : entries->access_entries()) {
    const size_t slash = entry.method().rfind('/');
    table.Add({absl::StrCat(entry.index()), TimeText(entry.access_time()), entry.principal(),
               slash == std::string::npos ? entry.method() : entry.method().substr(slash + 1),
               entry.purpose(), entry.case_id(),
               entry.reason().empty() ? entry.outcome()
                                      : absl::StrCat(entry.outcome(), " ", entry.reason()),
               absl::StrCat(entry.record_count())});
  }
  session->Print(table, *entries);
  if (!entries->next_page_token().empty()) {
    session->Note(absl::StrCat("more than ", options.limit, " entries; --limit shows more"));
  }
  return ExitCode::kDone;
}

}  // namespace

void AddAudit(Noun program, Session* session) {
  Noun noun = program.AddNoun("audit", "Who asked what about whom, and why");
  auto options = std::make_shared<AuditOptions>();
  Verb verb = noun.AddVerb("list", "List accesses, newest first (supervisor)",
                           "  lintas audit list --document X1234567\n"
                           "  lintas audit list --principal "
                           "spiffe://immigration.gov.kh/officer/o-17 --limit 200");
  verb.Add("--document", options->request.mutable_document_number(),
           "Only accesses that searched for this document");
  verb.Add("--principal", options->request.mutable_principal(), "Only accesses of this SPIFFE URI");
  verb.Add("--limit", &options->limit, "Most entries to show (default 50)").Between(1, 100000);
  verb.OnCall(session, [options, session] { return ListAccess(*options, session); });
}

}  // namespace lintas::client
