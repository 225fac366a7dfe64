#include "client/export/record_csv.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/output.h"
#include "google/protobuf/timestamp.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Column = CsvColumns::Column;
using Kind = CsvColumns::Kind;

std::string TimeCell(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ",
                          absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()),
                          absl::UTCTimeZone());
}

std::string TextsCell(const Column& column, const Message& parent) {
  const Reflection& reflection = *parent.GetReflection();
  std::vector<std::string> texts;
  for (int i = 0; i < reflection.FieldSize(parent, column.field); ++i) {
    texts.push_back(reflection.GetRepeatedString(parent, column.field, i));
  }
  return absl::StrJoin(texts, ";");
}

// Of a message field that is a value.
std::string ValueCell(const Column& column, const Message& parent) {
  const Reflection& reflection = *parent.GetReflection();
  if (!reflection.HasField(parent, column.field)) return "";
  const Message& value = reflection.GetMessage(parent, column.field);
  if (column.kind == Kind::kTime) {
    return TimeCell(static_cast<const google::protobuf::Timestamp&>(value));
  }
  const auto& date = static_cast<const types::v1::PartialDate&>(value);
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string CellOf(const Column& column, const Message& parent) {
  const Reflection& reflection = *parent.GetReflection();
  switch (column.kind) {
    case Kind::kText:
      return reflection.GetString(parent, column.field);
    case Kind::kTexts:
      return TextsCell(column, parent);
    case Kind::kEnum: {
      const auto* value = reflection.GetEnum(parent, column.field);
      return value->number() == 0 ? "" : value->name();
    }
    case Kind::kInt32: {
      const int32_t number = reflection.GetInt32(parent, column.field);
      return number == 0 ? "" : absl::StrCat(number);
    }
    case Kind::kInt64: {
      const int64_t number = reflection.GetInt64(parent, column.field);
      return number == 0 ? "" : absl::StrCat(number);
    }
    case Kind::kBool:
      return reflection.GetBool(parent, column.field) ? "true" : "";
    case Kind::kPartialDate:
    case Kind::kTime:
      return ValueCell(column, parent);
    default:
      return "";
  }
}

// The import drops blanks around a field that is not quoted.
std::string Quoted(const std::string& cell) {
  if (cell.empty() || (cell.front() != ' ' && cell.back() != ' ')) return CsvCell(cell);
  return absl::StrCat("\"", absl::StrJoin(absl::StrSplit(cell, '"'), "\"\""), "\"");
}

// The messages on the way, null where the record has none. An error if it has more than that.
absl::StatusOr<std::vector<const Message*>> ParentsOf(const CsvColumns& columns,
                                                      const Message& record) {
  std::vector<const Message*> parents(columns.parents().size(), nullptr);
  parents[0] = &record;
  for (size_t i = 1; i < parents.size(); ++i) {
    const CsvColumns::Parent& way = columns.parents()[i];
    const Message* above = parents[static_cast<size_t>(way.above)];
    if (above == nullptr) continue;
    const Reflection& reflection = *above->GetReflection();
    if (!way.step->is_repeated()) {
      if (reflection.HasField(*above, way.step))
        parents[i] = &reflection.GetMessage(*above, way.step);
      continue;
    }
    const int size = reflection.FieldSize(*above, way.step);
    if (size > kCsvElements) {
      return MakeError(absl::StatusCode::kFailedPrecondition, "TOO_MANY_ELEMENTS",
                       absl::StrCat("a record has more of ", way.step->name(),
                                    " than CSV has "
                                    "columns (",
                                    kCsvElements, "); export it as NDJSON"),
                       {{"field", way.step->name()}});
    }
    if (way.index < size) {
      parents[i] = &reflection.GetRepeatedMessage(*above, way.step, way.index);
    }
  }
  return parents;
}

CsvColumns ColumnsOf(const google::protobuf::Descriptor* type) {
  auto columns = CsvColumns::Make(type, AllColumns(type, kCsvElements), {});
  LINTAS_CHECK(columns.ok());
  return *std::move(columns);
}

}  // namespace

RecordCsv::RecordCsv(const google::protobuf::Descriptor* type) : columns_(ColumnsOf(type)) {}

std::string RecordCsv::Header() const {
  std::vector<std::string> names;
  for (const Column& column : columns_.columns()) names.push_back(CsvCell(column.name));
  return absl::StrJoin(names, ",") + "\n";
}

absl::StatusOr<std::string> RecordCsv::Line(const std::string& source_key,
                                            const Message& record) const {
  ASSIGN_OR_RETURN(const std::vector<const Message*> parents, ParentsOf(columns_, record));
  std::string line;
  for (const Column& column : columns_.columns()) {
    if (column.kind == Kind::kSourceKey) {
      absl::StrAppend(&line, Quoted(source_key));
      continue;
    }
    const Message* parent = parents[static_cast<size_t>(column.parent)];
    absl::StrAppend(&line, ",", parent == nullptr ? "" : Quoted(CellOf(column, *parent)));
  }
  return line + "\n";
}

}  // namespace lintas::client
