#include "client/import/ndjson_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using migration_information::v1::SubmitRecordsRequest;

// What the node says of a record itself.
void ClearNodesOwn(AnyRecord* any) {
  google::protobuf::Message* record = MutableRecordIn(any);
  if (record == nullptr) return;
  for (const char* name : {"name", "meta"}) {
    const auto* field = record->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) record->GetReflection()->ClearField(record, field);
  }
}

// The path that the parser's error begins with, if it has one: `(record.crossing.port): …`. The
// rest may hold values.
std::string FieldIn(absl::string_view error) {
  const size_t open = error.find('(');
  const size_t close = error.find("):", open == absl::string_view::npos ? 0 : open);
  if (open == absl::string_view::npos || close == absl::string_view::npos) return "row";
  const absl::string_view path = error.substr(open + 1, close - open - 1);
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '[' ||
           c == ']';
  });
  return plain && !path.empty() ? std::string(path) : "row";
}

void Parse(const std::string& line, NdjsonRow* row) {
  SubmitRecordsRequest::Row parsed;
  const auto status = google::protobuf::util::JsonStringToMessage(line, &parsed);
  if (!status.ok()) {
    row->errors.push_back({FieldIn(std::string(status.message())), "NOT_A_ROW",
                           "one object {\"source_key\":…,\"record\":{TYPE:{…}}} (proto3 JSON of "
                           "SubmitRecordsRequest.Row)"});
    return;
  }
  row->source_key = std::move(*parsed.mutable_source_key());
  row->record = std::move(*parsed.mutable_record());
  ClearNodesOwn(&row->record);
  if (row->source_key.empty()) {
    row->errors.push_back({"source_key", "REQUIRED", "The field must be given."});
  }
  if (RecordIn(row->record) == nullptr) {
    row->errors.push_back({"record", "REQUIRED", "One record of a known type."});
  }
}

}  // namespace

absl::Status ReadNdjson(std::istream& in, const std::function<absl::Status(NdjsonRow*)>& on_row) {
  std::string line;
  for (uint64_t number = 1; std::getline(in, line); ++number) {
    if (line.size() > kNdjsonRowBytesMax) {
      return MakeError(absl::StatusCode::kInvalidArgument, "ROW_TOO_LONG",
                       absl::StrCat("Line ", number, ": the row is over 1 MiB."),
                       {{"line", absl::StrCat(number)}});
    }
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    NdjsonRow row;
    row.line = number;
    Parse(line, &row);
    RETURN_IF_ERROR(on_row(&row));
  }
  return in.bad() ? absl::UnavailableError("The file cannot be read.") : absl::OkStatus();
}

std::string NdjsonLine(const std::string& source_key, AnyRecord record) {
  ClearNodesOwn(&record);
  SubmitRecordsRequest::Row row;
  row.set_source_key(source_key);
  *row.mutable_record() = std::move(record);
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string out;
  (void)google::protobuf::util::MessageToJsonString(row, &out, options);
  return out;
}

}  // namespace lintas::client
