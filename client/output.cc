#include "client/output.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/terminal_text.h"
#include "google/protobuf/util/json_util.h"

namespace lintas::client {
namespace {

void AppendLine(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                std::string* out) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) line.append(widths[i] - Width(cells[i]) + 2, ' ');
  }
  absl::StrAppend(out, absl::StripTrailingAsciiWhitespace(line), "\n");
}

}  // namespace

void Table::Add(std::vector<std::string> row) {
  row.resize(header_.size());
  rows_.push_back(std::move(row));
}

std::string Table::Text() const {
  std::vector<std::vector<std::string>> lines;
  lines.push_back(header_);
  for (std::string& cell : lines[0]) cell = absl::AsciiStrToUpper(cell);
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (const std::string& cell : row) lines.back().push_back(WithoutControls(cell));
  }
  std::vector<size_t> widths(header_.size(), 0);
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Width(line[i]));
  }
  std::string out;
  for (const auto& line : lines) AppendLine(line, widths, &out);
  return out;
}

std::string Table::Csv() const {
  std::string out = CsvLine(header_);
  for (const auto& row : rows_) out += CsvLine(row);
  return out;
}

std::string CsvCell(absl::string_view value) {
  if (value.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string CsvLine(const std::vector<std::string>& cells) {
  return absl::StrCat(
      absl::StrJoin(cells, ",",
                    [](std::string* out, const std::string& cell) { out->append(CsvCell(cell)); }),
      "\r\n");
}

std::string Json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = true;
  std::string out;
  // Only a message with an unknown Any or invalid UTF-8 fails, which our protos cannot hold.
  if (!google::protobuf::util::MessageToJsonString(message, &out, options).ok()) return "{}\n";
  if (out.empty() || out.back() != '\n') out += '\n';
  return out;
}

std::string Thousands(uint64_t value) {
  std::string digits = std::to_string(value);
  for (size_t i = digits.size(); i > 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string Span(absl::Duration duration) {
  duration = std::max(duration, absl::ZeroDuration());
  const int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds < 10) return absl::StrFormat("%.1f s", absl::ToDoubleSeconds(duration));
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3600) return absl::StrCat(seconds / 60, " min");
  if (seconds < 86400) return absl::StrCat(seconds / 3600, " h ", seconds % 3600 / 60, " min");
  return absl::StrCat(seconds / 86400, " d ", seconds % 86400 / 3600, " h");
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

std::string BytesText(uint64_t bytes) {
  return absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / (1 << 20));
}

}  // namespace lintas::client
