// Writes one CSV file: UTF-8, a header row, fields quoted as RFC 4180 section 2 says, each row
// ended by a line feed. A field without a line break keeps every row on a line of its own, so line
// numbers found by a text tool and by a CSV reader are the same.
#ifndef LINTAS_CLIENT_SAMPLE_CSV_WRITER_H_
#define LINTAS_CLIENT_SAMPLE_CSV_WRITER_H_

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace lintas::sample {

// The fields of one row. Reused from row to row, so that its texts keep their memory. One thread.
class Row {
 public:
  static constexpr size_t kFieldsMax = 24;

  void Clear() { size_ = 0; }
  void Add(absl::string_view field);
  std::string& operator[](size_t index) { return fields_[index]; }
  absl::Span<const std::string> fields() const { return {fields_.data(), size_}; }

 private:
  std::array<std::string, kFieldsMax> fields_;
  size_t size_ = 0;
};

// One thread. An error of the disk is kept and given by Close().
class CsvWriter {
 public:
  // Creates or replaces the file at `path` and writes `header`. kUnavailable: it cannot be written.
  static absl::StatusOr<std::unique_ptr<CsvWriter>> Open(
      const std::string& path, absl::Span<const absl::string_view> header);
  ~CsvWriter();
  CsvWriter(const CsvWriter&) = delete;
  CsvWriter& operator=(const CsvWriter&) = delete;

  void Write(const Row& row);

  // The line that the next row stands on; the header is line 1.
  uint64_t next_line() const { return next_line_; }

  // Writes what is left. OK only if every byte reached the file system. The writer is done then.
  absl::Status Close();

 private:
  explicit CsvWriter(std::string path, std::FILE* file);
  void AppendField(absl::string_view field);
  void EndRow();
  void Flush();

  std::string path_;
  std::FILE* file_;
  std::string buffer_;
  uint64_t next_line_ = 1;
  bool failed_ = false;
};

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_CSV_WRITER_H_
