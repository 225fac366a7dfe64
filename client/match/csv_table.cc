#include "client/match/csv_table.h"

#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/file.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

absl::Status BadFile(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

char SeparatorOf(absl::string_view content) {
  const absl::string_view line = content.substr(0, content.find_first_of("\r\n"));
  if (line.find(',') != absl::string_view::npos) return ',';
  if (line.find(';') != absl::string_view::npos) return ';';
  return line.find('\t') != absl::string_view::npos ? '\t' : ',';
}

}  // namespace

// Walks the block once; a quoted cell's doubled marks are taken out where they stand.
class CsvTable::Reader {
 public:
  explicit Reader(CsvTable* table)
      : table_(table), text_(table->content_), separator_(SeparatorOf(table->content_)) {}

  absl::Status Read() {
    if (absl::StartsWith(text_, "\xef\xbb\xbf")) at_ = 3;
    while (at_ < text_.size()) {
      row_.clear();
      RETURN_IF_ERROR(ReadRow());
      TakeRow();
    }
    if (table_->header_.empty()) return BadFile("EMPTY_FILE", "The file has no header.");
    return absl::OkStatus();
  }

 private:
  struct Bounds {
    uint32_t begin, end;
  };

  absl::Status ReadRow() {
    for (;;) {
      RETURN_IF_ERROR(ReadCell());
      if (at_ >= text_.size()) return absl::OkStatus();
      const char sign = text_[at_++];
      if (sign == separator_) continue;
      if (sign == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      return absl::OkStatus();
    }
  }

  bool IsEnd(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

  absl::Status ReadCell() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t') &&
           text_[at_] != separator_) {
      ++at_;
    }
    if (at_ < text_.size() && text_[at_] == '"') return ReadQuoted();
    const size_t begin = at_;
    while (at_ < text_.size() && !IsEnd(text_[at_])) ++at_;
    Add(begin, at_);
    return absl::OkStatus();
  }

  absl::Status ReadQuoted() {
    const size_t begin = at_;
    size_t write = begin;
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) {
        return BadFile("MALFORMED_CSV", "A quotation mark is never closed.");
      }
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      text_[write++] = text_[at_];
    }
    ++at_;
    Add(begin, write);
    while (at_ < text_.size() && !IsEnd(text_[at_])) ++at_;
    return absl::OkStatus();
  }

  void Add(size_t begin, size_t end) {
    const auto blank = [&](size_t i) {
      return absl::ascii_isspace(static_cast<unsigned char>(text_[i]));
    };
    while (begin < end && blank(begin)) ++begin;
    while (end > begin && blank(end - 1)) --end;
    row_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }

  void TakeRow() {
    if (row_.size() == 1 && row_[0].begin == row_[0].end) return;
    if (table_->header_.empty()) {
      for (const Bounds& cell : row_) {
        table_->header_.emplace_back(text_, cell.begin, cell.end - cell.begin);
      }
      return;
    }
    row_.resize(table_->header_.size(), {0, 0});
    for (const Bounds& cell : row_) {
      table_->bounds_.push_back(cell.begin);
      table_->bounds_.push_back(cell.end);
    }
    ++table_->row_count_;
  }

  CsvTable* const table_;
  std::string& text_;
  const char separator_;
  size_t at_ = 0;
  std::vector<Bounds> row_;
};

absl::StatusOr<CsvTable> CsvTable::Parse(std::string content) {
  if (content.size() >= UINT32_MAX) {
    return BadFile("FILE_TOO_LARGE", "The file has 4 GiB or more.");
  }
  CsvTable table;
  table.content_ = std::move(content);
  RETURN_IF_ERROR(Reader(&table).Read());
  return table;
}

absl::StatusOr<CsvTable> CsvTable::Read(const std::string& path) {
  ASSIGN_OR_RETURN(std::string content, ReadFile(path, UINT32_MAX - 1));
  return Parse(std::move(content));
}

int CsvTable::ColumnOf(absl::string_view name) const {
  name = absl::StripAsciiWhitespace(name);
  for (size_t i = 0; i < header_.size(); ++i) {
    if (absl::EqualsIgnoreCase(header_[i], name)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace lintas::client
