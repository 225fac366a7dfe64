#include "client/import/csv_rows.h"

#include <csv.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "lintas/options/v1/options.pb.h"
#include "server/base/check.h"
#include "server/base/status.h"
#include "server/matching/text.h"

namespace lintas::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::Reflection;

constexpr size_t kChunkBytes = 64 << 10;

absl::Status BadFile(absl::string_view reason, absl::string_view message, uint64_t line) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason,
                   absl::StrCat("Line ", line, ": ", message), {{"line", absl::StrCat(line)}});
}

absl::string_view DescribeRule(absl::string_view rule) {
  if (rule == "NOT_A_NUMBER") return "Expected a whole number within the field's range.";
  if (rule == "UNKNOWN_VALUE") return "Expected one of the values that the field declares.";
  if (rule == "NOT_A_TIME") return "Expected a time with its UTC offset (RFC 3339).";
  if (rule == "BAD_PARTIAL_DATE") {
    return "Expected YYYY-MM-DD with unknown parts as 00, year 1900 to 2100.";
  }
  if (rule == "NOT_UTF8") return "The text must be UTF-8 (RFC 3629).";
  if (rule == "TOO_MANY_COLUMNS") return "The row has more fields than the header.";
  if (rule == "MISSING_COLUMNS") return "The row has fewer fields than the header.";
  return "The field must be given.";
}

// Line ends in a quoted field: LF, CR LF and CR count one each.
uint64_t CountLines(absl::string_view text) {
  uint64_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    count += (text[i] == '\n' || (text[i] == '\r' && !pair)) ? 1 : 0;
  }
  return count;
}

}  // namespace

class CsvRows::Reader {
 public:
  Reader(const Descriptor* type, FieldMapping mapping)
      : type_(type),
        prototype_(MessageFactory::generated_factory()->GetPrototype(type)),
        code_(type->options().GetExtension(options::v1::record).type()),
        mapping_(std::move(mapping)) {
    LINTAS_CHECK(prototype_ != nullptr);
    // Every line end is told, so that lines can be counted.
    LINTAS_CHECK(csv_init(&csv_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) == 0);
    csv_set_blk_size(&csv_, 4096);
  }
  ~Reader() { csv_free(&csv_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  absl::Status Read(std::istream& in, const OnRow& on_row) {
    on_row_ = &on_row;
    std::string chunk(kChunkBytes, '\0');
    for (bool first = true; in.good(); first = false) {
      in.read(&chunk[0], static_cast<std::streamsize>(chunk.size()));
      absl::string_view bytes(chunk.data(), static_cast<size_t>(in.gcount()));
      if (first && absl::string_view(bytes.substr(0, 3)) == "\xef\xbb\xbf") bytes.remove_prefix(3);
      RETURN_IF_ERROR(Feed(bytes));
    }
    if (in.bad()) return absl::UnavailableError("The CSV file cannot be read.");
    if (csv_fini(&csv_, &Reader::OnField, &Reader::OnRowEnd, this) != 0) return Malformed();
    if (status_.ok() && !has_plan_) return BadFile("EMPTY_FILE", "there is no header.", 1);
    return status_;
  }

  const CsvColumns& plan() const { return plan_; }
  uint64_t row_count() const { return row_.number; }

 private:
  static void OnField(void* bytes, size_t size, void* self) {
    static_cast<Reader*>(self)->Field(
        absl::string_view(bytes == nullptr ? "" : static_cast<const char*>(bytes), size));
  }
  static void OnRowEnd(int sign, void* self) { static_cast<Reader*>(self)->RowEnd(sign); }

  absl::Status Malformed() const {
    return BadFile("MALFORMED_CSV",
                   "a quotation mark stands where RFC 4180 has none, or is never "
                   "closed.",
                   row_line_);
  }

  absl::Status Feed(absl::string_view bytes) {
    row_bytes_ += bytes.size();
    const size_t taken =
        csv_parse(&csv_, bytes.data(), bytes.size(), &Reader::OnField, &Reader::OnRowEnd, this);
    RETURN_IF_ERROR(status_);
    if (taken != bytes.size()) return Malformed();
    if (row_bytes_ > kCsvRowBytesMax) {
      return BadFile("ROW_TOO_LONG", "the row is over 1 MiB; is a quotation mark not closed?",
                     row_line_);
    }
    return absl::OkStatus();
  }

  // The library cannot be stopped within a chunk: after an error the rest is passed over.
  void Field(absl::string_view text) {
    if (!status_.ok()) return;
    const size_t at = fields_++;
    const matching::TextFault fault = matching::CheckText(text);
    if (fault != matching::TextFault::kNone) lines_ += CountLines(text);
    if (!has_plan_) {
      header_.emplace_back(text);
    } else if (at < plan_.columns().size()) {
      Fill(plan_.columns()[at], text, fault == matching::TextFault::kNotUtf8);
    }
  }

  void Fill(const CsvColumns::Column& column, absl::string_view text, bool not_utf8) {
    if (text.empty() || column.kind == CsvColumns::Kind::kIgnored) return;
    if (not_utf8) return Broken(column.path, "NOT_UTF8");
    if (column.kind == CsvColumns::Kind::kSourceKey) {
      row_.source_key.assign(text.data(), text.size());
      return;
    }
    const bool plain = column.values.empty() && column.date_form.empty();
    const std::string meant = plain ? std::string() : Meaning(column, text);
    if (!plain) text = meant;
    if (text.empty()) return;
    const char* rule = FillField(column, text, ParentAt(column.parent));
    if (rule != nullptr) Broken(column.path, rule);
  }

  // Messages on the way are made when the first field below them has a value.
  Message* ParentAt(int index) {
    Message*& parent = parents_[static_cast<size_t>(index)];
    if (parent != nullptr) return parent;
    const CsvColumns::Parent& way = plan_.parents()[static_cast<size_t>(index)];
    Message* above = ParentAt(way.above);
    const Reflection& reflection = *above->GetReflection();
    if (!way.step->is_repeated()) return parent = reflection.MutableMessage(above, way.step);
    while (reflection.FieldSize(*above, way.step) <= way.index) {
      reflection.AddMessage(above, way.step);
    }
    return parent = reflection.MutableRepeatedMessage(above, way.step, way.index);
  }

  void Broken(absl::string_view field, const char* rule) {
    row_.errors.push_back({std::string(field), rule, std::string(DescribeRule(rule))});
  }

  void RowEnd(int sign) {
    const bool second_of_pair = sign == '\n' && last_sign_ == '\r' && fields_ == 0;
    last_sign_ = second_of_pair ? 0 : sign;
    if (!second_of_pair && sign >= 0) ++lines_;
    if (status_.ok() && fields_ > 0) status_ = has_plan_ ? HandOn() : TakeHeader();
    fields_ = 0;
    row_bytes_ = 0;
    row_line_ = lines_ + 1;
  }

  absl::Status TakeHeader() {
    ASSIGN_OR_RETURN(plan_, CsvColumns::Make(type_, header_, mapping_));
    has_plan_ = true;
    BeginRow();
    return absl::OkStatus();
  }

  absl::Status HandOn() {
    row_.line = row_line_;
    ++row_.number;
    const size_t expected = plan_.columns().size();
    if (fields_ > expected) Broken(code_, "TOO_MANY_COLUMNS");
    if (fields_ < expected) Broken(code_, "MISSING_COLUMNS");
    if (row_.source_key.empty()) Broken("source_key", "REQUIRED");
    for (const CsvColumns::Constant& constant : plan_.constants()) {
      // It completes what a row has; it does not make up a document of its own.
      const int parent = constant.column.parent;
      if (parent != 0 && parents_[static_cast<size_t>(parent)] == nullptr) continue;
      Fill(constant.column, constant.text, /*not_utf8=*/false);
    }
    const absl::Status status = (*on_row_)(&row_);
    BeginRow();
    return status;
  }

  void BeginRow() {
    row_.source_key.clear();
    row_.errors.clear();
    if (row_.record == nullptr) {
      row_.record.reset(prototype_->New());
    } else {
      row_.record->Clear();
    }
    parents_.assign(plan_.parents().size(), nullptr);
    parents_[0] = row_.record.get();
  }

  const Descriptor* const type_;
  const Message* const prototype_;
  const std::string code_;
  const FieldMapping mapping_;
  csv_parser csv_{};
  const OnRow* on_row_ = nullptr;
  absl::Status status_;
  std::vector<std::string> header_;
  bool has_plan_ = false;
  CsvColumns plan_;
  CsvRow row_;
  std::vector<Message*> parents_;
  size_t fields_ = 0;      // Of the row so far.
  uint64_t lines_ = 0;     // Line ends so far.
  uint64_t row_line_ = 1;  // The line that the row begins on.
  size_t row_bytes_ = 0;   // Fed since the last row end.
  int last_sign_ = 0;
};

CsvRows::CsvRows(const Descriptor* type, FieldMapping mapping)
    : reader_(std::make_unique<Reader>(type, std::move(mapping))) {}
CsvRows::~CsvRows() = default;

absl::Status CsvRows::Read(std::istream& in, const OnRow& on_row) {
  return reader_->Read(in, on_row);
}

const std::vector<std::string>& CsvRows::unknown_columns() const {
  return reader_->plan().unknown();
}

uint64_t CsvRows::row_count() const { return reader_->row_count(); }

}  // namespace lintas::client
