#include "client/commands/import_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/file.h"
#include "client/import/csv_columns.h"
#include "client/import/csv_rows.h"
#include "client/import/ndjson_rows.h"
#include "client/output.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/sha256.h"

namespace lintas::client {
namespace {

using nlohmann::json;

constexpr char kSyntheticPrefix[] = "SYN-";
// A state file costs a rename; results come many times a second.
constexpr absl::Duration kSaveEvery = absl::Milliseconds(250);

// Where an import stands, as its state file says.
struct State {
  uint64_t seen_row = 0;
  // The last line that was rejected here (I2).
  uint64_t local_line = 0;
  uint64_t local_rejected = 0;
  uint64_t rejects_bytes = 0;
  ImportCounts counts;
};

struct Number {
  const char* name;
  uint64_t& (*of)(State&);
};
constexpr Number kNumbers[] = {
    {"seen_row", [](State& s) -> uint64_t& { return s.seen_row; }},
    {"local_line", [](State& s) -> uint64_t& { return s.local_line; }},
    {"local_rejected", [](State& s) -> uint64_t& { return s.local_rejected; }},
    {"rejects_bytes", [](State& s) -> uint64_t& { return s.rejects_bytes; }},
    {"created", [](State& s) -> uint64_t& { return s.counts.created; }},
    {"revised", [](State& s) -> uint64_t& { return s.counts.revised; }},
    {"unchanged", [](State& s) -> uint64_t& { return s.counts.unchanged; }},
    {"home", [](State& s) -> uint64_t& { return s.counts.home; }},
    {"rejected", [](State& s) -> uint64_t& { return s.counts.rejected; }},
};

// A state that cannot be read is as none: the import begins again, and upserts change nothing.
State LoadState(const std::string& path) {
  State state;
  const auto text = ReadFile(path);
  if (!text.ok()) return state;
  const json in = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  for (const Number& number : kNumbers) {
    if (!in.is_object() || !in.contains(number.name) || !in[number.name].is_number_unsigned()) {
      return State();
    }
    number.of(state) = in[number.name].get<uint64_t>();
  }
  return state;
}

absl::Status SaveState(const std::string& path, State state) {
  json out = json::object();
  for (const Number& number : kNumbers) out[number.name] = number.of(state);
  return WriteFile(path, out.dump() + "\n");
}

ImportCounts Sum(const ImportCounts& a, const ImportCounts& b) {
  return {a.created + b.created, a.revised + b.revised, a.unchanged + b.unchanged, a.home + b.home,
          a.rejected + b.rejected};
}

// The rejects file, made when the first row is rejected.
class RejectsFile {
 public:
  explicit RejectsFile(std::string path) : path_(std::move(path)) {}

  // Begins anew (0), or goes on after the first `bytes`.
  absl::Status CutTo(uint64_t bytes) {
    std::error_code error;
    if (bytes == 0) {
      std::filesystem::remove(path_, error);
      return absl::OkStatus();
    }
    if (std::filesystem::file_size(path_, error) < bytes || error) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_, " is not as the import left it; choose another --import-id"));
    }
    std::filesystem::resize_file(path_, bytes, error);
    bytes_ = bytes;
    return error ? Failed() : absl::OkStatus();
  }

  absl::Status Add(uint64_t line, const std::vector<FieldViolation>& violations) {
    if (!out_.is_open()) {
      out_.open(path_, std::ios::binary | std::ios::app);
      if (bytes_ == 0) Write(CsvLine({"line", "field", "rule", "description"}));
    }
    for (const FieldViolation& violation : violations) {
      Write(
          CsvLine({std::to_string(line), violation.field, violation.rule, violation.description}));
    }
    return out_ ? absl::OkStatus() : Failed();
  }

  absl::Status Flush() {
    if (out_.is_open()) out_.flush();
    return out_ ? absl::OkStatus() : Failed();
  }

  uint64_t bytes() const { return bytes_; }

 private:
  void Write(const std::string& text) {
    out_ << text;
    bytes_ += text.size();
  }
  absl::Status Failed() const {
    return absl::InvalidArgumentError(absl::StrCat("cannot write ", path_));
  }

  const std::string path_;
  std::ofstream out_;
  uint64_t bytes_ = 0;
};

struct Prepared {
  FileForm form;
  std::string type;
  std::string import_id;
  std::string state_path;
  std::string rejects_path;
};

std::string DefaultImportId(const std::string& path, const std::string& type,
                            const std::string& mapping) {
  struct stat found = {};
  ::stat(path.c_str(), &found);
  std::error_code error;
  const std::string whole = std::filesystem::absolute(path, error).lexically_normal().string();
  const Hash digest = Sha256Of(absl::StrCat(whole, "\n", found.st_size, "\n", found.st_mtim.tv_sec,
                                            ".", found.st_mtim.tv_nsec, "\n", type, "\n", mapping));
  return absl::StrCat("file-", absl::BytesToHexString(digest.view().substr(0, 12)));
}

absl::StatusOr<std::string> FirstLine(const std::string& path) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  }
  std::string line(64 << 10, '\0');
  in.read(&line[0], static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<size_t>(in.gcount()));
  return line.substr(0, line.find_first_of("\r\n"));
}

absl::StatusOr<Prepared> Prepare(const ImportFileOptions& options) {
  Prepared prepared;
  ASSIGN_OR_RETURN(prepared.form, FormOf(options));
  prepared.type = prepared.form.ndjson ? "any" : prepared.form.kind->type;
  prepared.import_id = options.import_id.empty() ? DefaultImportId(options.path, prepared.type,
                                                                   prepared.form.mapping_text)
                                                 : options.import_id;
  const std::string state_name =
      absl::BytesToHexString(Sha256Of(prepared.import_id).view().substr(0, 12));
  prepared.state_path = absl::StrCat(options.state_folder, "/", state_name, ".json");
  prepared.rejects_path =
      options.rejects_path.empty() ? options.path + ".rejects.csv" : options.rejects_path;
  return prepared;
}

// One run over the file.
class Run {
 public:
  Run(const ImportFileOptions& options, Prepared prepared, const Client* client, Clock* clock,
      const ImportWatch& watch)
      : options_(options),
        prepared_(std::move(prepared)),
        client_(client),
        clock_(clock),
        watch_(watch),
        rejects_(prepared_.rejects_path) {}

  absl::StatusOr<ImportReport> ToTheEnd() {
    RETURN_IF_ERROR(Begin());
    std::ifstream in(options_.path, std::ios::binary);
    in_ = &in;
    std::vector<std::string> unknown;
    absl::Status status = ReadRows(
        in, prepared_.form, [this](FileRow* row) { return Take(row); }, &unknown);
    if (status.ok() && import_ != nullptr) status = import_->Finish();
    // Also after an error: what was decided stays decided.
    RETURN_IF_ERROR(Save());
    RETURN_IF_ERROR(status);
    std::error_code error;
    std::filesystem::remove(prepared_.state_path, error);
    ImportReport report;
    report.total = Progress();
    report.import_id = prepared_.import_id;
    report.type = prepared_.type;
    report.rejects_path = prepared_.rejects_path;
    report.resumed_after = earlier_.seen_row;
    report.repeated_rows = import_ == nullptr ? 0 : import_->repeated_rows();
    report.unknown_columns = std::move(unknown);
    in_ = nullptr;
    return report;
  }

 private:
  absl::Status Begin() {
    earlier_ = LoadState(prepared_.state_path);
    if (earlier_.seen_row > 0) {
      migration_information::v1::GetImportRequest request;
      request.set_import_id(prepared_.import_id);
      ASSIGN_OR_RETURN(const auto import, client_->GetImport(request));
      // Another node, or one that was set up again: nothing of the state holds.
      if (import.committed_row() < earlier_.seen_row) earlier_ = State();
    }
    state_ = earlier_;
    RETURN_IF_ERROR(rejects_.CutTo(state_.rejects_bytes));
    if (earlier_.seen_row > 0 && watch_.resumed) watch_.resumed(earlier_.seen_row);
    last_save_ = clock_->Now();
    std::error_code error;
    const auto size = std::filesystem::file_size(options_.path, error);
    bytes_total_ = error ? 0 : size;
    return absl::OkStatus();
  }

  // The first good row says whether the file is synthetic and opens the import.
  absl::Status OpenImport(const FileRow& row) {
    BulkImport::Options options;
    options.import_id = prepared_.import_id;
    synthetic_ = options_.synthetic || absl::StartsWith(row.source_key, kSyntheticPrefix);
    options.synthetic = synthetic_;
    options.seen_row = earlier_.seen_row;
    import_ = std::make_unique<BulkImport>(
        client_, options, [this](const ImportResult& result) { return Decided(result); });
    ASSIGN_OR_RETURN(left_out_, import_->Start());
    if (left_out_ < earlier_.seen_row) {
      return absl::AbortedError("the node knows less of the import than a moment ago; try again");
    }
    return absl::OkStatus();
  }

  absl::Status Take(FileRow* row) {
    if (row->errors.empty() && import_ == nullptr) RETURN_IF_ERROR(OpenImport(*row));
    if (row->errors.empty() && !options_.synthetic &&
        absl::StartsWith(row->source_key, kSyntheticPrefix) != synthetic_) {
      row->errors.push_back(
          {"source_key", "MIXED_SYNTHETIC", "a file holds either synthetic rows (SYN-) or none"});
    }
    if (!row->errors.empty()) return RejectHere(*row);
    if (++good_rows_ <= left_out_) return absl::OkStatus();
    BulkRow out;
    out.line = row->line;
    out.source_key = std::move(row->source_key);
    out.record = std::move(row->record);
    return import_->Add(std::move(out));
  }

  absl::Status RejectHere(const FileRow& row) {
    if (row.line <= earlier_.local_line) return absl::OkStatus();
    RETURN_IF_ERROR(rejects_.Add(row.line, row.errors));
    state_.local_line = row.line;
    ++state_.local_rejected;
    if (watch_.progress) watch_.progress(Progress());
    return absl::OkStatus();
  }

  absl::Status Decided(const ImportResult& result) {
    for (const Rejection& rejection : result.rejections) {
      RETURN_IF_ERROR(rejects_.Add(rejection.line, rejection.violations));
    }
    state_.seen_row = result.decided_row;
    state_.counts = Sum(earlier_.counts, result.counts);
    if (watch_.progress) watch_.progress(Progress());
    const absl::Time now = clock_->Now();
    if (now - last_save_ < kSaveEvery) return absl::OkStatus();
    last_save_ = now;
    return Save();
  }

  absl::Status Save() {
    RETURN_IF_ERROR(rejects_.Flush());
    state_.rejects_bytes = rejects_.bytes();
    return SaveState(prepared_.state_path, state_);
  }

  ImportProgress Progress() const {
    ImportProgress progress;
    progress.rows = state_.seen_row + state_.local_rejected;
    progress.counts = state_.counts;
    progress.counts.rejected += state_.local_rejected;
    progress.bytes_total = bytes_total_;
    if (in_ != nullptr) {
      const auto at = in_->tellg();  // Fails at the end.
      progress.bytes = at < 0 ? bytes_total_ : static_cast<uint64_t>(at);
    }
    return progress;
  }

  const ImportFileOptions& options_;
  const Prepared prepared_;
  const Client* const client_;
  Clock* const clock_;
  const ImportWatch& watch_;
  RejectsFile rejects_;
  State earlier_;
  State state_;
  absl::Time last_save_;
  std::unique_ptr<BulkImport> import_;
  bool synthetic_ = false;
  std::ifstream* in_ = nullptr;
  uint64_t bytes_total_ = 0;
  // Good rows read, and how many of them earlier runs have dealt with.
  uint64_t good_rows_ = 0;
  uint64_t left_out_ = 0;
};

std::vector<std::string> HeaderNames(absl::string_view header) {
  absl::ConsumePrefix(&header, "\xef\xbb\xbf");
  std::vector<std::string> names;
  for (absl::string_view name : absl::StrSplit(header, ',')) {
    names.push_back(absl::StrReplaceAll(absl::StripAsciiWhitespace(name), {{"\"", ""}}));
  }
  return names;
}

}  // namespace

absl::StatusOr<const RecordKind*> GuessKind(const std::string& path, const std::string& header) {
  const std::string name = Squeezed(std::filesystem::path(path).filename().string());
  const RecordKind* best = nullptr;
  size_t longest = 0;
  for (const RecordKind& kind : RecordKinds()) {
    const std::string word = Squeezed(kind.type);
    if (word.size() > longest && absl::StrContains(name, word)) {
      best = &kind;
      longest = word.size();
    }
  }
  if (best != nullptr) return best;
  // The type that has a place for the most columns, if it is the only one.
  size_t fewest = std::numeric_limits<size_t>::max();
  bool tie = false;
  for (const RecordKind& kind : RecordKinds()) {
    const auto columns = CsvColumns::Make(kind.message(), HeaderNames(header), {});
    if (!columns.ok()) continue;
    const size_t unknown = columns->unknown().size();
    if (unknown == fewest) tie = true;
    if (unknown >= fewest) continue;
    best = &kind;
    fewest = unknown;
    tie = false;
  }
  if (best != nullptr && !tie) return best;
  return FieldsError(
      {{"type", "REQUIRED",
        "neither the file's name nor its header says the type; name it with --type"}});
}

absl::StatusOr<FileForm> FormOf(const ImportFileOptions& options) {
  FileForm form;
  ASSIGN_OR_RETURN(const std::string header, FirstLine(options.path));
  form.ndjson = absl::StartsWith(absl::StripLeadingAsciiWhitespace(header), "{");
  if (form.ndjson) {
    if (options.mapping_path.empty() && options.agency.empty()) return form;
    return FieldsError({{"mapping", "NOT_FOR_NDJSON", "a CSV file; NDJSON has the fields' names"}});
  }
  std::string type = options.type;
  if (!options.mapping_path.empty() || !options.agency.empty()) {
    std::vector<FieldMapping> mappings;
    if (options.mapping_path.empty()) {
      ASSIGN_OR_RETURN(mappings, MappingsOfAgency(options.agency));
      form.mapping_text = "agency " + options.agency;
    } else {
      ASSIGN_OR_RETURN(form.mapping_text, ReadFile(options.mapping_path));
      ASSIGN_OR_RETURN(mappings, ParseMappings(form.mapping_text));
    }
    ASSIGN_OR_RETURN(form.mapping, ChooseMapping(mappings, options.path, options.type));
    if (type.empty()) type = form.mapping.type;
  }
  ASSIGN_OR_RETURN(form.kind, type.empty() ? GuessKind(options.path, header) : KindOfType(type));
  return form;
}

absl::Status ReadRows(std::istream& in, const FileForm& form,
                      const std::function<absl::Status(FileRow*)>& on_row,
                      std::vector<std::string>* unknown_columns) {
  FileRow out;
  if (form.ndjson) {
    return ReadNdjson(in, [&](NdjsonRow* row) {
      out = {row->line, std::move(row->source_key), std::move(row->record), std::move(row->errors)};
      return on_row(&out);
    });
  }
  CsvRows rows(form.kind->message(), form.mapping);
  const absl::Status status = rows.Read(in, [&](CsvRow* row) {
    out.line = row->line;
    out.source_key = std::move(row->source_key);
    out.errors = std::move(row->errors);
    out.record.Clear();
    out.record.GetReflection()->SetAllocatedMessage(&out.record, row->record.release(),
                                                    form.kind->field);
    return on_row(&out);
  });
  if (unknown_columns != nullptr) *unknown_columns = rows.unknown_columns();
  return status;
}

absl::StatusOr<ImportReport> ImportFile(const ImportFileOptions& options, const Client* client,
                                        Clock* clock, const ImportWatch& watch) {
  ASSIGN_OR_RETURN(Prepared prepared, Prepare(options));
  return Run(options, std::move(prepared), client, clock, watch).ToTheEnd();
}

}  // namespace lintas::client
