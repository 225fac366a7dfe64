// lintas migration export: records of one type as CSV or NDJSON, page by page.
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/commands/commands.h"
#include "client/export/record_csv.h"
#include "client/import/ndjson_rows.h"
#include "client/record.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using migration_information::v1::ListRecordsRequest;
using migration_information::v1::RecordMeta;

constexpr int kPageSize = 500;

struct ExportOptions {
  std::string type;
  std::string country;
  std::string since;
  std::string out;
};

struct ExportCounts {
  uint64_t written = 0;
  // Withdrawn: they are no content that could be imported.
  uint64_t withdrawn = 0;
  // Of which the role does not see every section.
  uint64_t partial = 0;
};

// A day (UTC) or a moment.
absl::Status ParseSince(const std::string& text, google::protobuf::Timestamp* time) {
  absl::Time parsed;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &parsed, &error) &&
      !absl::ParseTime("%Y-%m-%d", text, &parsed, &error)) {
    return FieldsError({{"since", "NOT_A_TIME", "a day YYYY-MM-DD (UTC) or a time (RFC 3339)"}});
  }
  time->set_seconds(absl::ToUnixSeconds(parsed));
  return absl::OkStatus();
}

// The node keeps no agency's key in the clear: the record's own id stands for it.
std::string SourceKeyOf(const std::string& name, bool synthetic) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  return absl::StrCat(synthetic ? "SYN-" : "", parts.back());
}

class Exporter {
 public:
  Exporter(const RecordKind& kind, bool csv, std::ostream* out)
      : csv_(csv), table_(kind.message()), out_(out) {}

  void Begin() {
    if (csv_) *out_ << table_.Header();
  }

  absl::Status Add(const AnyRecord& any) {
    const google::protobuf::Message* record = RecordIn(any);
    if (record == nullptr) return absl::InternalError("a page with an empty record");
    const auto* descriptor = record->GetDescriptor();
    const auto& meta = static_cast<const RecordMeta&>(
        record->GetReflection()->GetMessage(*record, descriptor->FindFieldByName("meta")));
    if (meta.state() != RecordMeta::CURRENT) {
      ++counts_.withdrawn;
      return absl::OkStatus();
    }
    if (meta.withheld_sections_size() > 0) ++counts_.partial;
    const std::string key = SourceKeyOf(
        record->GetReflection()->GetString(*record, descriptor->FindFieldByName("name")),
        meta.synthetic());
    if (csv_) {
      ASSIGN_OR_RETURN(const std::string line, table_.Line(key, *record));
      *out_ << line;
    } else {
      *out_ << NdjsonLine(key, any) << "\n";
    }
    ++counts_.written;
    return absl::OkStatus();
  }

  const ExportCounts& counts() const { return counts_; }

 private:
  const bool csv_;
  const RecordCsv table_;
  std::ostream* const out_;
  ExportCounts counts_;
};

// Holds one page at a time.
absl::Status WriteAll(ListRecordsRequest request, const Client& client, Session* session,
                      std::ostream* out, Exporter* exporter) {
  const absl::Time begin = session->environment().clock->Now();
  exporter->Begin();
  do {
    ASSIGN_OR_RETURN(const auto page, client.ListRecords(request));
    for (const AnyRecord& any : page.records()) RETURN_IF_ERROR(exporter->Add(any));
    request.set_page_token(page.next_page_token());
    if (!*out) return absl::InvalidArgumentError("the export cannot be written");
    if (!session->environment().err_is_terminal) continue;
    const double seconds = absl::ToDoubleSeconds(session->environment().clock->Now() - begin);
    session->err() << "\r" << Thousands(exporter->counts().written) << " records, "
                   << Thousands(static_cast<uint64_t>(
                          static_cast<double>(exporter->counts().written) / (seconds + 0.001)))
                   << " records/s\x1b[K" << std::flush;
  } while (!request.page_token().empty());
  if (session->environment().err_is_terminal) session->err() << "\r\x1b[K" << std::flush;
  out->flush();
  return *out ? absl::OkStatus() : absl::InvalidArgumentError("the export cannot be written");
}

ExitCode Export(const ExportOptions& options, Session* session) {
  const OutputFormat format = session->options().format;
  if (format == OutputFormat::kJson) {
    session->err() << "lintas: export writes --output csv (default) or ndjson\n";
    return ExitCode::kUsage;
  }
  const auto kind = KindOfType(options.type);
  if (!kind.ok()) return session->Fail(kind.status());
  const auto profile = session->CurrentProfile();
  if (!profile.ok()) return session->Fail(profile.status());
  ListRecordsRequest request;
  request.set_parent("countries/" + (options.country.empty() ? profile->country : options.country));
  request.set_type(options.type);
  request.set_page_size(kPageSize);
  request.set_view(migration_information::v1::FULL);
  if (!options.since.empty()) {
    const absl::Status status = ParseSince(options.since, request.mutable_since_time());
    if (!status.ok()) return session->Fail(status);
  }
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  std::ofstream file;
  if (!options.out.empty()) {
    file.open(options.out, std::ios::binary | std::ios::trunc);
    if (!file) return session->Fail(absl::InvalidArgumentError("cannot write " + options.out));
  }
  std::ostream* out = options.out.empty() ? &session->out() : &file;
  Exporter exporter(**kind, format != OutputFormat::kNdjson, out);
  const absl::Status status = WriteAll(request, **client, session, out, &exporter);
  if (!status.ok()) return session->Fail(status);
  const ExportCounts& counts = exporter.counts();
  session->err() << Thousands(counts.written) << " records, " << Thousands(counts.withdrawn)
                 << " withdrawn left out\n";
  if (counts.partial > 0) {
    session->err() << Thousands(counts.partial)
                   << " records have sections that your role does not see: no full copy\n";
  }
  return ExitCode::kDone;
}

}  // namespace

void AddMigrationExport(Noun migration, Session* session) {
  auto options = std::make_shared<ExportOptions>();
  Verb verb = migration.AddVerb(
      "export", "Write records of one type as CSV or NDJSON that import takes back",
      "  lintas migration export --type work_permit > permits.csv\n"
      "  lintas migration export --type crossing --since 2026-03-01 --output ndjson --out "
      "c.ndjson\n"
      "Pages through the node in constant memory; withdrawn records are left out.");
  verb.Add("--type", &options->type, "Record type").Required();
  verb.Add("--country", &options->country, "Origin country (default: your own)");
  verb.Add("--since", &options->since,
           "Only records entered or changed since: YYYY-MM-DD (UTC) or RFC 3339");
  verb.Add("--out", &options->out, "File to write (default: standard output)");
  verb.OnCall(session, [options, session] { return Export(*options, session); });
}

}  // namespace lintas::client
