// lintas statistics: published tables in files. Nothing here asks a node.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "client/sdmx/idkh_structures.h"
#include "client/sdmx/json.h"
#include "client/statistics/report.h"
#include "client/statistics/statistics_file.h"
#include "client/statistics/text_table.h"
#include "client/terminal_text.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

struct StatisticsOptions {
  std::vector<std::string> files;
  std::string structure_path;
  std::string version;
  std::string format = "sdmx-csv-2.1";
  std::string language = "en";
  std::string to;
  size_t top = 10;
  bool check = false;
  bool form_only = false;
};

// Tables of a whole country may be larger than settings.
constexpr size_t kTableBytesMax = size_t{1} << 30;

absl::StatusOr<std::vector<sdmx::Structure>> StructuresOf(const StatisticsOptions& options) {
  if (options.structure_path.empty()) return sdmx::IdkhStructures();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.structure_path, kTableBytesMax));
  sdmx::StructuresResult result = sdmx::ReadJsonStructures(text);
  if (result.refusals.empty()) return std::move(result.structures);
  return absl::InvalidArgumentError(
      absl::StrCat(options.structure_path, ": ", sdmx::DescribeRefusal(result.refusals[0])));
}

sdmx::CsvVersion VersionOf(const std::string& version) {
  if (version == "1.0") return sdmx::CsvVersion::kV10;
  if (version == "2.0") return sdmx::CsvVersion::kV20;
  if (version == "2.1") return sdmx::CsvVersion::kV21;
  return sdmx::CsvVersion::kAny;
}

// The message of one file; its refusals go to standard error.
absl::StatusOr<sdmx::Message> ReadOne(const std::string& path, const StatisticsOptions& options,
                                      const std::vector<sdmx::Structure>* structures,
                                      Session* session) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kTableBytesMax));
  sdmx::ReadResult result = ReadStatistics(text, VersionOf(options.version), structures);
  for (const sdmx::Refusal& refusal : result.refusals) {
    session->err() << path << ": " << WithoutControls(sdmx::DescribeRefusal(refusal)) << "\n";
  }
  if (result.refusals.empty()) return std::move(result.message);
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": refused, ", result.refusals.size(), " places named above."));
}

absl::StatusOr<std::vector<PublishedTable>> ReadTables(const StatisticsOptions& options,
                                                       Session* session) {
  ASSIGN_OR_RETURN(const std::vector<sdmx::Structure> structures, StructuresOf(options));
  std::vector<PublishedTable> tables;
  for (const std::string& path : options.files) {
    ASSIGN_OR_RETURN(const sdmx::Message message, ReadOne(path, options, &structures, session));
    ASSIGN_OR_RETURN(std::vector<PublishedTable> more, TablesOf(message, structures));
    for (PublishedTable& table : more) tables.push_back(std::move(table));
  }
  return tables;
}

// To the file that --to names, else to standard output.
ExitCode Deliver(const std::string& text, const StatisticsOptions& options, Session* session) {
  if (options.to.empty()) {
    session->out() << text;
    return ExitCode::kDone;
  }
  const absl::Status status = WriteFile(options.to, text);
  return status.ok() ? ExitCode::kDone : session->Fail(status);
}

ExitCode Import(const StatisticsOptions& options, Session* session) {
  if (!options.check) {
    session->err() << "lintas: only --check is there: a node does not take tables from files\n";
    return ExitCode::kUsage;
  }
  const auto structures = StructuresOf(options);
  if (!structures.ok()) return session->Fail(structures.status());
  ExitCode worst = ExitCode::kDone;
  for (const std::string& path : options.files) {
    const auto message =
        ReadOne(path, options, options.form_only ? nullptr : &*structures, session);
    if (!message.ok()) {
      worst = session->Fail(message.status());
      continue;
    }
    session->out() << path << ": good\n" << DescribeMessage(*message);
  }
  return worst;
}

ExitCode Show(const StatisticsOptions& options, Session* session) {
  const auto tables = ReadTables(options, session);
  if (!tables.ok()) return session->Fail(tables.status());
  for (const PublishedTable& table : *tables) session->out() << SeriesText(table, options.top);
  return ExitCode::kDone;
}

ExitCode Mirror(const StatisticsOptions& options, Session* session) {
  const auto tables = ReadTables(options, session);
  if (!tables.ok()) return session->Fail(tables.status());
  session->out() << MirrorText(statistics::LargestGapsFirst(MirrorCellsOf(*tables)), options.top);
  return ExitCode::kDone;
}

ExitCode Export(const StatisticsOptions& options, Session* session) {
  const auto structures = StructuresOf(options);
  if (!structures.ok()) return session->Fail(structures.status());
  const absl::Time now = session->environment().clock->Now();
  if (options.format == "sdmx-json-structure") {
    return Deliver(sdmx::WriteJsonStructures(
                       *structures, {"IDKH_STRUCTURES",
                                     absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone()),
                                     "IDKH", false}),
                   options, session);
  }
  sdmx::Message all;
  for (const std::string& path : options.files) {
    auto message = ReadOne(path, options, &*structures, session);
    if (!message.ok()) return session->Fail(message.status());
    for (sdmx::DataSet& each : message->data_sets) all.data_sets.push_back(std::move(each));
  }
  FormatRequest request;
  request.format = options.format;
  request.language = options.language;
  request.prepared = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
  request.id = absl::StrCat("IDKH_", absl::ToUnixSeconds(now));
  const auto text = FormatMessage(all, *structures, request);
  return text.ok() ? Deliver(*text, options, session) : session->Fail(text.status());
}

ExitCode MakeReport(const StatisticsOptions& options, Session* session) {
  const auto language = ParseLanguage(options.language);
  if (!language.ok()) return session->Fail(language.status());
  auto tables = ReadTables(options, session);
  if (!tables.ok()) return session->Fail(tables.status());
  ReportRequest request;
  request.tables = *std::move(tables);
  request.language = *language;
  request.gaps_max = options.top;
  request.prepared =
      absl::FormatTime("%Y-%m-%d", session->environment().clock->Now(), absl::UTCTimeZone());
  return Deliver(ReportHtml(request), options, session);
}

Verb AddFileVerb(Noun noun, const std::string& name, const std::string& what,
                 const std::string& examples, std::shared_ptr<StatisticsOptions> options,
                 bool files_required) {
  Verb verb = noun.AddVerb(name, what, examples);
  Argument files =
      verb.Add("files", &options->files, "Files: SDMX-CSV 1.0, 2.0, 2.1 or SDMX-JSON 2.0");
  if (files_required) files.Required();
  verb.Add("--structure", &options->structure_path,
           "SDMX-JSON file of structures (default: those of IDKH)");
  return verb;
}

void AddReading(Noun noun, Session* session) {
  auto show = std::make_shared<StatisticsOptions>();
  show->top = 40;
  Verb verb = AddFileVerb(noun, "show", "Show published tables as series with a sparkline",
                          "  lintas statistics show flow_kh.csv", show, true);
  verb.Add("--top", &show->top, "Lines at most (default 40)");
  verb.OnCall(session, [show, session] { return Show(*show, session); });

  auto import = std::make_shared<StatisticsOptions>();
  verb = AddFileVerb(noun, "import", "Check files of statistics, offline",
                     "  lintas statistics import flow_kh.csv --check\n"
                     "Says line, column and rule of everything that is wrong; exit code 5 then.",
                     import, true);
  verb.AddFlag("--check", &import->check, "Only check (the only mode that is there)");
  verb.AddFlag("--form-only", &import->form_only,
               "Take any structure and check nothing that takes its code lists");
  verb.Add("--sdmx-version", &import->version, "1.0, 2.0 or 2.1 (default: as it looks)")
      .OneOf({"1.0", "2.0", "2.1"});
  verb.OnCall(session, [import, session] { return Import(*import, session); });

  auto mirror = std::make_shared<StatisticsOptions>();
  verb = AddFileVerb(noun, "mirror", "Lay both countries' figures side by side, largest gaps first",
                     "  lintas statistics mirror flow_id.csv flow_kh.csv --top 10", mirror, true);
  verb.Add("--top", &mirror->top, "Lines at most (default 10)");
  verb.OnCall(session, [mirror, session] { return Mirror(*mirror, session); });
}

void AddWriting(Noun noun, Session* session) {
  auto exported = std::make_shared<StatisticsOptions>();
  Verb verb =
      AddFileVerb(noun, "export", "Write published tables in another format",
                  "  lintas statistics export flow_kh.csv --format sdmx-json --to flow_kh.json\n"
                  "  lintas statistics export flow_kh.csv --format csv --language km\n"
                  "  lintas statistics export --format sdmx-json-structure",
                  exported, false);
  verb.Add("--format", &exported->format,
           "sdmx-csv-1.0, sdmx-csv-2.0, sdmx-csv-2.1 (default), sdmx-json, "
           "sdmx-json-structure, csv (for a spreadsheet)");
  verb.Add("--language", &exported->language, "en (default), id or km");
  verb.Add("--to", &exported->to, "File to write (default: standard output)");
  verb.OnCall(session, [exported, session] { return Export(*exported, session); });

  auto report = std::make_shared<StatisticsOptions>();
  report->top = 20;
  verb = AddFileVerb(noun, "report", "Make the printable report with its charts (HTML)",
                     "  lintas statistics report flow_id.csv flow_kh.csv --language km --to r.html",
                     report, true);
  verb.Add("--language", &report->language, "en (default), id or km");
  verb.Add("--top", &report->top, "Lines of differences at most (default 20)");
  verb.Add("--to", &report->to, "File to write (default: standard output)");
  verb.OnCall(session, [report, session] { return MakeReport(*report, session); });
}

}  // namespace

void AddStatistics(Noun program, Session* session) {
  Noun noun = program.AddNoun("statistics", "Statistical tables in files, offline");
  AddReading(noun, session);
  AddWriting(noun, session);
}

}  // namespace lintas::client
