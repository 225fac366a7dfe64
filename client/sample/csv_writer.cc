#include "client/sample/csv_writer.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lintas::sample {
namespace {

constexpr size_t kBufferBytes = 256 * 1024;

}  // namespace

void Row::Add(absl::string_view field) {
  if (size_ == kFieldsMax) std::abort();  // Only a column list of ours can be too long.
  fields_[size_++].assign(field.data(), field.size());
}

CsvWriter::CsvWriter(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {
  buffer_.reserve(kBufferBytes + 4096);
}

CsvWriter::~CsvWriter() {
  if (file_ != nullptr) std::fclose(file_);
}

absl::StatusOr<std::unique_ptr<CsvWriter>> CsvWriter::Open(
    const std::string& path, absl::Span<const absl::string_view> header) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  auto writer = std::unique_ptr<CsvWriter>(new CsvWriter(path, file));
  for (absl::string_view column : header) writer->AppendField(column);
  writer->EndRow();
  return writer;
}

void CsvWriter::Write(const Row& row) {
  for (const std::string& field : row.fields()) AppendField(field);
  EndRow();
}

absl::Status CsvWriter::Close() {
  Flush();
  if (file_ != nullptr && std::fclose(file_) != 0) failed_ = true;
  file_ = nullptr;
  if (failed_) return absl::UnavailableError(absl::StrCat("cannot write all of ", path_));
  return absl::OkStatus();
}

void CsvWriter::AppendField(absl::string_view field) {
  if (field.find_first_of(",\"\r\n") == absl::string_view::npos) {
    buffer_.append(field.data(), field.size());
  } else {
    buffer_.push_back('"');
    for (char c : field) {
      if (c == '"') buffer_.push_back('"');
      buffer_.push_back(c);
    }
    buffer_.push_back('"');
  }
  buffer_.push_back(',');
}

void CsvWriter::EndRow() {
  buffer_.back() = '\n';  // In place of the comma after the last field.
  ++next_line_;
  if (buffer_.size() >= kBufferBytes) Flush();
}

void CsvWriter::Flush() {
  if (file_ != nullptr && std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) {
    failed_ = true;
  }
  buffer_.clear();
}

}  // namespace lintas::sample
