// lintas share preview: what the partner would see of a file's records, before they are handed in.
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/agreement/signing.h"
#include "client/commands/commands.h"
#include "client/commands/import_file.h"
#include "client/file.h"
#include "client/share/preview.h"
#include "google/protobuf/text_format.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

struct PreviewOptions {
  ImportFileOptions file;
  std::string agreement_path;
  size_t rows_max = 20;
};

// A signed or drafted agreement, or its text.
absl::StatusOr<agreement::v1::Agreement> AgreementOfFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  agreement::v1::Agreement agreement;
  const auto parsed = ParseAgreementFile(content);
  if (parsed.ok() && agreement.ParseFromString(parsed->agreement()) && agreement.version() != 0) {
    return agreement;
  }
  if (google::protobuf::TextFormat::ParseFromString(content, &agreement)) return agreement;
  return FieldsError({{"agreement", "NOT_AN_AGREEMENT",
                       "a file of `lintas agreement draft` or `sign`, or an agreement's text"}});
}

absl::StatusOr<agreement::v1::Agreement> FindAgreement(const std::string& path, Session* session) {
  if (!path.empty()) return AgreementOfFile(path);
  ASSIGN_OR_RETURN(Client * client, session->client());
  ASSIGN_OR_RETURN(const auto status, client->GetAgreement(node::v1::GetAgreementRequest()));
  agreement::v1::Agreement agreement;
  if (!agreement.ParseFromString(status.signed_agreement().agreement())) {
    return absl::DataLossError("the node's agreement does not parse");
  }
  return agreement;
}

const std::vector<std::string>& RowHeader() {
  static const auto& header = *new std::vector<std::string>{
      "line", "type", "fate", "partner sees", "withheld fields", "on request", "reason"};
  return header;
}

std::vector<std::string> RowOf(uint64_t line, const RecordFate& fate) {
  return {absl::StrCat(line),
          fate.type,
          FateName(fate.fate),
          SectionNames(fate.released_sections),
          absl::StrJoin(fate.withheld_fields, " "),
          SectionNames(fate.request_sections),
          fate.reason.empty() ? "" : absl::StrCat(fate.reason, ": ", ReasonText(fate.reason))};
}

struct Totals {
  uint64_t rows = 0;
  uint64_t bad = 0;
};

void PrintSummary(const SharePreview& preview, const Totals& totals, uint64_t shown,
                  Session* session) {
  std::ostream& out = session->out();
  if (totals.rows > shown) {
    out << "the first " << shown << " of " << Thousands(totals.rows)
        << " rows; --rows shows more, --output csv all\n";
  }
  Table table({"type", "fate", "records", "reason"});
  for (const auto& [key, count] : preview.counts()) {
    const std::vector<std::string> parts = absl::StrSplit(key, '|');
    table.Add({parts[0], parts[1], Thousands(count), ReasonText(parts[2])});
  }
  out << "\n" << table.Text();
  if (totals.bad > 0) {
    out << Thousands(totals.bad) << " rows cannot be read and would be rejected\n";
  }
  out << "\nwhat the partner could infer (from these records alone):\n";
  const auto inferences = preview.Inferences();
  for (const Inference& inference : inferences) {
    out << "  " << inference.code << " " << Thousands(inference.count) << "  " << inference.text
        << "\n";
  }
  if (inferences.empty()) out << "  nothing that this check knows of\n";
  if (preview.joins_cut()) out << "  documents beyond the first million were not joined\n";
  out << "what stays at home shows nowhere (P11), and `nothing to share` does not say that there "
         "is "
         "something (P26)\n";
}

void PrintJson(const SharePreview& preview, const Totals& totals, Session* session) {
  nlohmann::json json = {{"rows", totals.rows}, {"unreadable", totals.bad}};
  json["records"] = nlohmann::json::array();
  for (const auto& [key, count] : preview.counts()) {
    const std::vector<std::string> parts = absl::StrSplit(key, '|');
    json["records"].push_back(
        {{"type", parts[0]}, {"fate", parts[1]}, {"reason", parts[2]}, {"count", count}});
  }
  json["inferences"] = nlohmann::json::array();
  for (const Inference& inference : preview.Inferences()) {
    json["inferences"].push_back(
        {{"code", inference.code}, {"count", inference.count}, {"text", inference.text}});
  }
  session->out() << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

absl::Status RunPreview(const PreviewOptions& options, Session* session) {
  ASSIGN_OR_RETURN(const FileForm form, FormOf(options.file));
  ASSIGN_OR_RETURN(auto agreement, FindAgreement(options.agreement_path, session));
  SharePreview preview(std::move(agreement));
  const OutputFormat format = session->options().format;
  Table table(RowHeader());
  Totals totals;
  if (format == OutputFormat::kCsv) session->out() << CsvLine(RowHeader());
  std::ifstream in(options.file.path, std::ios::binary);
  RETURN_IF_ERROR(ReadRows(
      in, form,
      [&](FileRow* row) {
        ++totals.rows;
        if (!row->errors.empty()) {
          ++totals.bad;
          return absl::OkStatus();
        }
        const RecordFate fate = preview.Add(row->record);
        if (format == OutputFormat::kCsv) {
          session->out() << CsvLine(RowOf(row->line, fate));
        } else if (totals.rows <= options.rows_max) {
          table.Add(RowOf(row->line, fate));
        }
        return absl::OkStatus();
      },
      nullptr));
  if (format == OutputFormat::kTable) {
    session->out() << table.Text();
    PrintSummary(preview, totals, std::min(totals.rows, options.rows_max), session);
  } else if (format != OutputFormat::kCsv) {
    PrintJson(preview, totals, session);
  }
  return absl::OkStatus();
}

}  // namespace

void AddShare(Noun program, Session* session) {
  Noun share = program.AddNoun("share", "What leaves the country, before it does");
  auto options = std::make_shared<PreviewOptions>();
  Verb verb = share.AddVerb(
      "preview", "Say what the partner would see of a file's records, and could infer",
      "  lintas share preview permits.csv --agency manpower\n"
      "  lintas share preview crossings.csv --agreement agreement.bin --output csv\n"
      "Sends nothing. With --agreement it needs no node. Fields are named, values never.");
  verb.Add("file", &options->file.path, "CSV or NDJSON file, as for migration import").Required();
  verb.Add("--type", &options->file.type, "Record type of a CSV file");
  verb.Add("--mapping", &options->file.mapping_path, "Mapping file");
  verb.Add("--agency", &options->file.agency, "Agency with a built-in mapping");
  verb.Add("--agreement", &options->agreement_path,
           "Agreement to judge by (default: the one in force at your node)");
  verb.Add("--rows", &options->rows_max, "Rows to show in the table (default 20)");
  verb.OnCall(session, [options, session] {
    const absl::Status status = RunPreview(*options, session);
    return status.ok() ? ExitCode::kDone : session->Fail(status);
  });
}

}  // namespace lintas::client
