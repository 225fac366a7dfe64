#include "client/record.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "lintas/options/v1/options.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;
using types::v1::PartialDate;

std::vector<RecordKind> ReadKinds() {
  std::vector<RecordKind> kinds;
  const auto* record = AnyRecord::descriptor()->FindOneofByName("record");
  for (int i = 0; i < record->field_count(); ++i) {
    const FieldDescriptor* field = record->field(i);
    const auto& declared = field->message_type()->options().GetExtension(options::v1::record);
    kinds.push_back({declared.type(), declared.collection(), field});
  }
  return kinds;
}

std::string DateText(const PartialDate& date) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return "";
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string PersonText(const types::v1::Person& person) {
  std::string text;
  if (person.names_size() > 0) {
    const auto& name = person.names(0);
    text = name.family_name().empty() ? name.given_name()
                                      : absl::StrCat(name.family_name(), ", ", name.given_name());
  }
  const std::string born = DateText(person.birth_date());
  if (!born.empty()) absl::StrAppend(&text, " *", born);
  for (const std::string& nationality : person.nationalities()) {
    absl::StrAppend(&text, " ", nationality);
  }
  return text;
}

// The submessage `name`, or null if the type has none or it is not filled.
const Message* Part(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_MESSAGE) return nullptr;
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    return reflection->FieldSize(message, field) == 0
               ? nullptr
               : &reflection->GetRepeatedMessage(message, field, 0);
  }
  return reflection->HasField(message, field) ? &reflection->GetMessage(message, field) : nullptr;
}

std::string DocumentText(const Message& record) {
  const Message* part = Part(record, "document");
  if (part == nullptr) part = Part(record, "documents");
  const auto* document = dynamic_cast<const types::v1::DocumentReference*>(part);
  if (document == nullptr) return "";
  std::string text = document->issuer();
  if (!document->code().empty()) absl::StrAppend(&text, " ", document->code());
  return absl::StrCat(text, " ", document->number());
}

std::string NameOf(const Message& record) {
  return record.GetReflection()->GetString(record, record.GetDescriptor()->FindFieldByName("name"));
}

std::string ScalarText(const Message& message, const FieldDescriptor* field, int index) {
  const auto* reflection = message.GetReflection();
  const bool repeated = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = repeated ? reflection->GetRepeatedString(message, field, index)
                                        : reflection->GetString(message, field);
      return field->type() == FieldDescriptor::TYPE_BYTES ? absl::BytesToHexString(text) : text;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return (repeated ? reflection->GetRepeatedEnum(message, field, index)
                       : reflection->GetEnum(message, field))
          ->name();
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(repeated ? reflection->GetRepeatedInt32(message, field, index)
                                   : reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(repeated ? reflection->GetRepeatedInt64(message, field, index)
                                   : reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(repeated ? reflection->GetRepeatedUInt32(message, field, index)
                                   : reflection->GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(repeated ? reflection->GetRepeatedUInt64(message, field, index)
                                   : reflection->GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (repeated ? reflection->GetRepeatedBool(message, field, index)
                       : reflection->GetBool(message, field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(repeated ? reflection->GetRepeatedDouble(message, field, index)
                                   : reflection->GetDouble(message, field));
    default:
      return "";
  }
}

void Flatten(const Message& message, const std::string& prefix,
             std::vector<std::pair<std::string, std::string>>* out) {
  std::vector<const FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string path = absl::StrCat(prefix, field->name(),
                                            field->is_repeated() ? absl::StrCat("[", i, "]") : "");
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        out->emplace_back(path, ScalarText(message, field, i));
        continue;
      }
      const Message& part = field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                                 : reflection->GetMessage(message, field);
      if (const auto* date = dynamic_cast<const PartialDate*>(&part)) {
        out->emplace_back(path, DateText(*date));
      } else if (const auto* time = dynamic_cast<const Timestamp*>(&part)) {
        out->emplace_back(path, absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ",
                                                 absl::FromUnixSeconds(time->seconds()) +
                                                     absl::Nanoseconds(time->nanos()),
                                                 absl::UTCTimeZone()));
      } else {
        Flatten(part, path + ".", out);
      }
    }
  }
}

absl::Status BadField(absl::string_view path, absl::string_view rule, absl::string_view expected) {
  return FieldsError({{std::string(path), std::string(rule), std::string(expected)}});
}

// One part of a path: a field and, in brackets, which of several.
struct Segment {
  const FieldDescriptor* field = nullptr;
  int index = -1;
};

absl::StatusOr<Segment> ParseSegment(absl::string_view path, absl::string_view part,
                                     const Descriptor* type) {
  Segment segment;
  absl::string_view name = part;
  const size_t bracket = part.find('[');
  if (bracket != absl::string_view::npos) {
    name = part.substr(0, bracket);
    absl::string_view number = part.substr(bracket + 1);
    if (!absl::ConsumeSuffix(&number, "]") || !absl::SimpleAtoi(number, &segment.index) ||
        segment.index < 0) {
      return BadField(path, "BAD_PATH", "an index is a number in brackets, from 0");
    }
  }
  segment.field = type->FindFieldByName(std::string(name));
  if (segment.field == nullptr) return BadField(path, "UNKNOWN_FIELD", "a field of the record");
  if (segment.field->is_repeated() && segment.index < 0) segment.index = 0;
  if (!segment.field->is_repeated() && segment.index >= 0) {
    return BadField(path, "BAD_PATH", "this field is there once; leave the brackets out");
  }
  return segment;
}

// Existing ones may be set, and one may be added at the end.
absl::Status MakeRoom(absl::string_view path, const Segment& segment, Message* message) {
  const auto* reflection = message->GetReflection();
  if (!segment.field->is_repeated()) return absl::OkStatus();
  const int size = reflection->FieldSize(*message, segment.field);
  if (segment.index > size) return BadField(path, "BAD_PATH", "an index at most the number there");
  if (segment.index < size) return absl::OkStatus();
  if (segment.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    reflection->AddMessage(message, segment.field);
  } else if (segment.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection->AddString(message, segment.field, "");
  } else {
    return BadField(path, "NOT_SETTABLE", "a text or message field");
  }
  return absl::OkStatus();
}

absl::Status SetDate(absl::string_view path, absl::string_view value, PartialDate* date) {
  const std::vector<absl::string_view> parts = absl::StrSplit(value, '-');
  int year = 0;
  int month = 0;
  int day = 0;
  if (parts.size() != 3 || parts[0].size() != 4 || parts[1].size() != 2 || parts[2].size() != 2 ||
      !absl::SimpleAtoi(parts[0], &year) || !absl::SimpleAtoi(parts[1], &month) ||
      !absl::SimpleAtoi(parts[2], &day)) {
    return BadField(path, "NOT_A_DATE", "YYYY-MM-DD, unknown parts as 00");
  }
  date->set_year(year);
  date->set_month(month);
  date->set_day(day);
  return absl::OkStatus();
}

absl::Status SetTime(absl::string_view path, absl::string_view value, Timestamp* time) {
  absl::Time parsed;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, value, &parsed, &error)) {
    return BadField(path, "NOT_A_TIME", "RFC 3339, for example 2026-03-01T08:00:00+07:00");
  }
  time->set_seconds(absl::ToUnixSeconds(parsed));
  time->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(parsed - absl::FromUnixSeconds(time->seconds()))));
  return absl::OkStatus();
}

absl::Status SetScalar(absl::string_view path, absl::string_view value, const Segment& segment,
                       Message* message) {
  const auto* reflection = message->GetReflection();
  const FieldDescriptor* field = segment.field;
  if (field->type() == FieldDescriptor::TYPE_STRING) {
    if (field->is_repeated()) {
      reflection->SetRepeatedString(message, field, segment.index, std::string(value));
    } else {
      reflection->SetString(message, field, std::string(value));
    }
    return absl::OkStatus();
  }
  if (field->is_repeated()) return BadField(path, "NOT_SETTABLE", "a text field");
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const auto* number = field->enum_type()->FindValueByName(std::string(value));
    if (number == nullptr) return BadField(path, "UNKNOWN_VALUE", "a name that the field can have");
    reflection->SetEnum(message, field, number);
    return absl::OkStatus();
  }
  int32_t number = 0;
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_INT32 || !absl::SimpleAtoi(value, &number)) {
    return BadField(path, "NOT_A_NUMBER", "a whole number");
  }
  reflection->SetInt32(message, field, number);
  return absl::OkStatus();
}

}  // namespace

const std::vector<RecordKind>& RecordKinds() {
  static const auto& kinds = *new std::vector<RecordKind>(ReadKinds());
  return kinds;
}

absl::StatusOr<const RecordKind*> KindOfType(absl::string_view type) {
  std::vector<std::string> known;
  for (const RecordKind& kind : RecordKinds()) {
    if (kind.type == type) return &kind;
    known.push_back(kind.type);
  }
  return BadField("type", "UNKNOWN_TYPE", absl::StrJoin(known, ", "));
}

absl::StatusOr<const RecordKind*> KindOfName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() == 4 && parts[0] == "countries" && !parts[1].empty() && !parts[3].empty()) {
    for (const RecordKind& kind : RecordKinds()) {
      if (kind.collection == parts[2]) return &kind;
    }
  }
  return BadField("name", "NOT_A_NAME", "countries/{country}/{collection}/{id}, as find shows it");
}

const Message* RecordIn(const AnyRecord& any) {
  const auto* reflection = any.GetReflection();
  const auto* field =
      reflection->GetOneofFieldDescriptor(any, AnyRecord::descriptor()->FindOneofByName("record"));
  return field == nullptr ? nullptr : &reflection->GetMessage(any, field);
}

AnyRecord WrapRecord(const RecordKind& kind, const Message& record) {
  AnyRecord any;
  any.GetReflection()->MutableMessage(&any, kind.field)->CopyFrom(record);
  return any;
}

Message* MutableRecordIn(AnyRecord* any) {
  const auto* reflection = any->GetReflection();
  const auto* field =
      reflection->GetOneofFieldDescriptor(*any, AnyRecord::descriptor()->FindOneofByName("record"));
  return field == nullptr ? nullptr : reflection->MutableMessage(any, field);
}

std::vector<std::string> SummaryHeader(bool full) {
  if (full) return {"name", "type", "origin", "document", "person", "state", "rev"};
  return {"name", "type", "origin", "document", "state", "rev"};
}

std::vector<std::string> SummaryRow(const AnyRecord& any, bool full) {
  const Message* record = RecordIn(any);
  if (record == nullptr) return {};
  const std::string name = NameOf(*record);
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  const auto kind = KindOfName(name);
  std::vector<std::string> row = {name, kind.ok() ? (*kind)->type : "",
                                  parts.size() > 1 ? parts[1] : "", DocumentText(*record)};
  if (full) {
    const auto* person = dynamic_cast<const types::v1::Person*>(Part(*record, "person"));
    row.push_back(person == nullptr ? "" : PersonText(*person));
  }
  using Meta = migration_information::v1::RecordMeta;
  const auto* meta = dynamic_cast<const Meta*>(Part(*record, "meta"));
  row.push_back(meta == nullptr ? "" : Meta::State_Name(meta->state()));
  row.push_back(meta == nullptr ? "" : absl::StrCat(meta->revision()));
  return row;
}

std::vector<std::pair<std::string, std::string>> FlatFields(const Message& message) {
  std::vector<std::pair<std::string, std::string>> out;
  Flatten(message, "", &out);
  return out;
}

absl::Status SetField(absl::string_view path, absl::string_view value, Message* message) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    ASSIGN_OR_RETURN(const Segment segment, ParseSegment(path, parts[i], message->GetDescriptor()));
    RETURN_IF_ERROR(MakeRoom(path, segment, message));
    const bool last = i + 1 == parts.size();
    if (segment.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!last) return BadField(path, "UNKNOWN_FIELD", "a field of the record");
      return SetScalar(path, value, segment, message);
    }
    const auto* reflection = message->GetReflection();
    message = segment.field->is_repeated()
                  ? reflection->MutableRepeatedMessage(message, segment.field, segment.index)
                  : reflection->MutableMessage(message, segment.field);
    if (!last) continue;
    if (auto* date = dynamic_cast<PartialDate*>(message)) return SetDate(path, value, date);
    if (auto* time = dynamic_cast<Timestamp*>(message)) return SetTime(path, value, time);
  }
  return BadField(path, "UNKNOWN_FIELD", "a field with a value of its own, for example a.b");
}

}  // namespace lintas::client
