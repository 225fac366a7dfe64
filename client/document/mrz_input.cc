#include "client/document/mrz_input.h"

#include <csv.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

using absl::string_view;

constexpr size_t kChunkBytes = 1 << 16;
// The longest row is far shorter; more without an end is a quotation that is never closed.
constexpr size_t kCsvRowBytesMax = 1 << 20;

bool IsBlank(string_view line) { return absl::StripAsciiWhitespace(line).empty(); }

// Takes text in pieces and hands on blocks of lines.
class Blocks {
 public:
  Blocks(uint64_t* count, const OnMrzDocument& on_document)
      : count_(count), on_document_(on_document) {}

  void Add(string_view text) {
    for (const char c : text) {
      // CR LF ends one line, and so does either alone.
      if (c == '\n' && after_return_) {
        after_return_ = false;
        continue;
      }
      after_return_ = c == '\r';
      if (c == '\n' || c == '\r') {
        EndLine();
      } else if (line_.size() < kMrzLineBytesMax) {
        line_ += c;
      }
    }
  }
  void End() {
    if (!line_.empty()) EndLine();
    EndBlock();
  }

 private:
  void EndLine() {
    ++line_number_;
    if (IsBlank(line_)) {
      EndBlock();
    } else {
      if (document_.lines.empty()) document_.position = line_number_;
      if (document_.lines.size() < kMrzLinesMax) document_.lines.push_back(line_);
    }
    line_.clear();
  }
  void EndBlock() {
    if (document_.lines.empty()) return;
    document_.number = ++*count_;
    on_document_(document_);
    document_.lines.clear();
  }

  uint64_t* const count_;
  const OnMrzDocument& on_document_;
  MrzDocument document_;
  std::string line_;
  uint64_t line_number_ = 0;
  bool after_return_ = false;
};

// Takes CSV in pieces and hands on rows.
class Rows {
 public:
  Rows(char separator, uint64_t* count, const OnMrzDocument& on_document)
      : count_(count), on_document_(on_document) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~Rows() { csv_free(&parser_); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  absl::Status Add(string_view text) {
    since_row_ += text.size();
    const size_t taken =
        csv_parse(&parser_, text.data(), text.size(), &Rows::OnCell, &Rows::OnRow, this);
    if (taken == text.size() && since_row_ <= kCsvRowBytesMax) return absl::OkStatus();
    return Malformed();
  }
  absl::Status End() {
    if (csv_fini(&parser_, &Rows::OnCell, &Rows::OnRow, this) != 0) return Malformed();
    if (header_seen_ && columns_[1] == kNone) {
      return MakeError(absl::StatusCode::kInvalidArgument, "MISSING_COLUMNS",
                       "the CSV needs the columns line1, line2 and, for cards, line3");
    }
    return absl::OkStatus();
  }

 private:
  static constexpr size_t kNone = SIZE_MAX;

  static void OnCell(void* bytes, size_t size, void* self) {
    static_cast<Rows*>(self)->Cell(string_view(static_cast<const char*>(bytes), size));
  }
  static void OnRow(int, void* self) { static_cast<Rows*>(self)->EndRow(); }

  void Cell(string_view text) {
    const size_t column = column_++;
    if (!header_seen_) {
      const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
      for (size_t i = 0; i < columns_.size(); ++i) {
        if (name == kNames[i]) columns_[i] = column;
      }
      return;
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == column) cells_[i] = std::string(text.substr(0, kMrzLineBytesMax));
    }
  }

  absl::Status Malformed() const {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "MALFORMED_CSV",
        absl::StrCat("the CSV breaks off behind row ", row_,
                     ": a quotation mark at a wrong place, or a row that does not end"));
  }

  void EndRow() {
    column_ = 0;
    since_row_ = 0;
    if (!header_seen_) {
      header_seen_ = true;
      return;
    }
    MrzDocument document;
    document.position = ++row_;
    for (std::string& cell : cells_) {
      document.lines.push_back(std::move(cell));
      cell.clear();
    }
    while (!document.lines.empty() && IsBlank(document.lines.back())) document.lines.pop_back();
    if (columns_[1] == kNone) return;
    document.number = ++*count_;
    on_document_(document);
  }

  static constexpr std::array<string_view, 3> kNames = {"line1", "line2", "line3"};

  uint64_t* const count_;
  const OnMrzDocument& on_document_;
  csv_parser parser_ = {};
  std::array<size_t, 3> columns_ = {kNone, kNone, kNone};
  std::array<std::string, 3> cells_;
  size_t column_ = 0;
  uint64_t row_ = 0;
  size_t since_row_ = 0;  // Bytes taken since the piece in which the last row ended.
  bool header_seen_ = false;
};

// The separator of a CSV whose first line names line1; 0 if `text` is no such CSV.
char CsvSeparator(string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  const std::string first =
      absl::AsciiStrToLower(text.substr(0, std::min(text.find_first_of("\r\n"), text.size())));
  for (const char separator : {',', ';', '\t'}) {
    for (string_view cell : absl::StrSplit(first, separator)) {
      cell = absl::StripAsciiWhitespace(cell);
      if (absl::ConsumePrefix(&cell, "\"")) absl::ConsumeSuffix(&cell, "\"");
      if (cell == "line1") return separator;
    }
  }
  return '\0';
}

// The next piece of the stream; empty at its end.
string_view NextChunk(std::istream& in, std::string* buffer) {
  in.read(&(*buffer)[0], static_cast<std::streamsize>(buffer->size()));
  return string_view(*buffer).substr(0, static_cast<size_t>(in.gcount()));
}

}  // namespace

absl::Status ReadMrzDocuments(std::istream& in, uint64_t* count, const OnMrzDocument& on_document) {
  std::string buffer(kChunkBytes, '\0');
  string_view chunk = NextChunk(in, &buffer);
  absl::ConsumePrefix(&chunk, "\xEF\xBB\xBF");
  const char separator = CsvSeparator(chunk);
  Rows rows(separator == '\0' ? ',' : separator, count, on_document);
  Blocks blocks(count, on_document);
  for (; !chunk.empty(); chunk = NextChunk(in, &buffer)) {
    if (separator == '\0') {
      blocks.Add(chunk);
    } else if (absl::Status added = rows.Add(chunk); !added.ok()) {
      return added;
    }
  }
  if (in.bad()) return absl::UnavailableError("reading failed");
  if (separator != '\0') return rows.End();
  blocks.End();
  return absl::OkStatus();
}

}  // namespace lintas::client
