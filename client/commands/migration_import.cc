// lintas migration import: CSV and NDJSON files in bulk.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "client/commands/commands.h"
#include "client/commands/import_file.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

struct ImportOptions {
  std::vector<std::string> files;
  ImportFileOptions each;
};

// One line that is rewritten, at most five times a second, and only on a terminal.
class ProgressLine {
 public:
  ProgressLine(std::string file, Session* session)
      : file_(std::move(file)), session_(session), start_(session->environment().clock->Now()) {}

  void Show(const ImportProgress& progress) {
    if (!session_->environment().err_is_terminal) return;
    const absl::Time now = session_->environment().clock->Now();
    if (now - last_ < absl::Milliseconds(200)) return;
    last_ = now;
    if (!first_row_.has_value()) first_row_ = progress.rows;
    const double seconds = std::max(absl::ToDoubleSeconds(now - start_), 0.001);
    const auto rate =
        static_cast<uint64_t>(static_cast<double>(progress.rows - *first_row_) / seconds);
    session_->err() << "\r" << file_ << ": " << Thousands(progress.rows) << " rows, "
                    << Thousands(rate) << " rows/s, " << Thousands(progress.counts.rejected)
                    << " rejected" << Left(progress, seconds) << "\x1b[K" << std::flush;
    shown_ = true;
  }

  // Takes the line off again.
  void Clear() {
    if (shown_) session_->err() << "\r\x1b[K" << std::flush;
    shown_ = false;
  }

 private:
  // How much of the file is read and how long the rest takes at the same pace. A resumed import
  // passes over what it has quickly, so its first estimates are too good.
  static std::string Left(const ImportProgress& progress, double seconds) {
    if (progress.bytes == 0 || progress.bytes > progress.bytes_total) return "";
    const double read = static_cast<double>(progress.bytes);
    const double rest = static_cast<double>(progress.bytes_total) - read;
    return absl::StrCat(", ", progress.bytes * 100 / progress.bytes_total, " % read, ",
                        Span(absl::Seconds(seconds * rest / read)), " left");
  }

  const std::string file_;
  Session* const session_;
  const absl::Time start_;
  absl::Time last_ = absl::InfinitePast();
  absl::optional<uint64_t> first_row_;
  bool shown_ = false;
};

void PrintReport(const std::string& file, const ImportReport& report, Session* session) {
  const ImportCounts& counts = report.total.counts;
  if (session->options().format != OutputFormat::kTable) {
    Table table({"file", "rows", "created", "revised", "unchanged", "home", "rejected"});
    table.Add({file, absl::StrCat(report.total.rows), absl::StrCat(counts.created),
               absl::StrCat(counts.revised), absl::StrCat(counts.unchanged),
               absl::StrCat(counts.home), absl::StrCat(counts.rejected)});
    if (session->options().format == OutputFormat::kCsv) {
      session->out() << table.Csv();
    } else {
      const nlohmann::json json = {{"file", file},
                                   {"import_id", report.import_id},
                                   {"type", report.type},
                                   {"rows", report.total.rows},
                                   {"created", counts.created},
                                   {"revised", counts.revised},
                                   {"unchanged", counts.unchanged},
                                   {"home", counts.home},
                                   {"rejected", counts.rejected}};
      session->out() << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    }
    return;
  }
  session->out() << file << ": " << Thousands(report.total.rows) << " rows, "
                 << Thousands(report.total.rows - counts.rejected) << " accepted, "
                 << Thousands(counts.rejected) << " rejected"
                 << (counts.rejected == 0 ? "" : absl::StrCat(" (see ", report.rejects_path, ")"))
                 << "\ncreated " << Thousands(counts.created) << "   revised "
                 << Thousands(counts.revised) << "   unchanged " << Thousands(counts.unchanged)
                 << "   at home " << Thousands(counts.home) << "   rejected "
                 << Thousands(counts.rejected) << "\n";
}

ExitCode ImportOne(const ImportFileOptions& options, Client* client, Session* session) {
  ProgressLine line(options.path, session);
  ImportWatch watch;
  watch.progress = [&line](const ImportProgress& progress) { line.Show(progress); };
  watch.resumed = [session](uint64_t row) {
    session->err() << "resuming after row " << Thousands(row) << "\n";
  };
  const auto report = ImportFile(options, client, session->environment().clock, watch);
  line.Clear();
  if (!report.ok()) {
    const ExitCode code = session->Fail(report.status());
    if (code == ExitCode::kUnavailable) {
      session->err() << options.path
                     << ": interrupted; the same command goes on where it stopped\n";
    }
    return code;
  }
  if (!report->unknown_columns.empty()) {
    session->err() << options.path << ": columns that fill nothing: "
                   << absl::StrJoin(report->unknown_columns, ", ") << "\n";
  }
  if (report->repeated_rows > 0) {
    session->err() << options.path << ": " << Thousands(report->repeated_rows)
                   << " rows were there from before; they were looked at again for rejects\n";
  }
  PrintReport(options.path, *report, session);
  return report->total.counts.rejected == 0 ? ExitCode::kDone : ExitCode::kInvalidInput;
}

ExitCode Import(ImportOptions options, Session* session) {
  if (options.files.size() > 1 &&
      (!options.each.import_id.empty() || !options.each.rejects_path.empty())) {
    session->err() << "lintas: --import-id and --rejects are for one file\n";
    return ExitCode::kUsage;
  }
  if (!options.each.agency.empty() && !options.each.mapping_path.empty()) {
    session->err() << "lintas: --agency names a built-in mapping, --mapping a file; give one\n";
    return ExitCode::kUsage;
  }
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  options.each.state_folder = session->environment().folder + "/imports";
  ExitCode worst = ExitCode::kDone;
  for (const std::string& file : options.files) {
    // `migration import *.csv` finds the lists of an earlier run, too.
    if (absl::EndsWith(file, ".rejects.csv")) {
      session->err() << file << ": a list of rejects, left out\n";
      continue;
    }
    options.each.path = file;
    const ExitCode code = ImportOne(options.each, *client, session);
    // Rejected rows hinder no other file; a node that cannot be reached hinders all.
    if (code != ExitCode::kDone) worst = code;
    if (code != ExitCode::kDone && code != ExitCode::kInvalidInput) break;
  }
  return worst;
}

}  // namespace

void AddMigrationImport(Noun migration, Session* session) {
  auto options = std::make_shared<ImportOptions>();
  Verb verb = migration.AddVerb(
      "import", "Bring files of records, CSV or NDJSON, into the node",
      "  lintas migration import crossings.csv\n"
      "  lintas migration import permits.csv --agency manpower\n"
      "  lintas migration import all.ndjson\n"
      "  lintas migration import export.csv --type stay_permit --mapping columns.map\n"
      "The same command again goes on after a break. Rows are upserts by source_key: the same row "
      "does nothing.\n"
      "Exit code 0 if every row was accepted, 5 if any was rejected: good rows are in, bad ones "
      "are in the rejects file.");
  verb.Add("files", &options->files, "Files in UTF-8: CSV with a header, or NDJSON").Required();
  verb.Add("--type", &options->each.type,
           "Record type of a CSV file (default: from the mapping, its name, its header)");
  verb.Add("--mapping", &options->each.mapping_path,
           "File with lines `csv column = field column`, or JSON (docs/migration.md)");
  verb.Add("--agency", &options->each.agency,
           absl::StrCat("Agency with a built-in mapping: ", absl::StrJoin(KnownAgencies(), ", ")));
  verb.Add("--import-id", &options->each.import_id,
           "Name of the import (default: from path, size and time of the file)");
  verb.Add("--rejects", &options->each.rejects_path,
           "File for rejected rows: line,field,rule,description (default FILE.rejects.csv)");
  verb.AddFlag("--synthetic", &options->each.synthetic,
               "No person stands behind any row (default: if the first source_key begins SYN-)");
  verb.OnCall(session, [options, session] { return Import(*options, session); });
}

}  // namespace lintas::client
