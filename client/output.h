// What people and scripts read: tables, CSV (RFC 4180), JSON. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_OUTPUT_H_
#define LINTAS_CLIENT_OUTPUT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace lintas::client {

enum class OutputFormat { kTable, kJson, kCsv, kNdjson };

// Rows under a header. Values may come from another country's records: in a table their control
// characters are shown as `?`, so that no record can write to a terminal.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}

  // `row` has as many cells as the header.
  void Add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }

  // Header in upper case, columns two blanks apart.
  std::string Text() const;
  // Header as given; lines end in CR LF, as the standard says.
  std::string Csv() const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// The cell, quoted if it holds a comma, a quote or a line break.
std::string CsvCell(absl::string_view value);
std::string CsvLine(const std::vector<std::string>& cells);

// The proto3 JSON mapping with field names as in the proto, ending in newline.
std::string Json(const google::protobuf::Message& message);

// `200,113`.
std::string Thousands(uint64_t value);
// `2 s`, `4 min`, `3 h 10 min`, `3 d 2 h`; tenths below ten seconds. Negative counts as zero.
std::string Span(absl::Duration duration);
// `2026-03-01 04:12:09 UTC`; empty for no time.
std::string TimeText(const google::protobuf::Timestamp& time);
// `12.3 MiB`.
std::string BytesText(uint64_t bytes);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_OUTPUT_H_
