#include "client/import/csv_columns.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/timestamp.pb.h"
#include "lintas/options/v1/options.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/matching/normalise.h"

namespace lintas::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = CsvColumns::Kind;

constexpr char kSourceKey[] = "source_key";
constexpr char kOffsetField[] = "utc_offset_minutes";
// Further elements of a repeated message that a file may have columns for.
constexpr int kElementsMax = 32;

absl::Status BadColumns(absl::string_view reason, absl::string_view message,
                        absl::string_view columns) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, absl::StrCat(message, columns),
                   {{"columns", std::string(columns)}});
}

const options::v1::Field& Declared(const FieldDescriptor& field) {
  return field.options().GetExtension(options::v1::field);
}

std::string ColumnOf(const FieldDescriptor& field) {
  const std::string& column = Declared(field).column();
  return column.empty() ? field.name() : column;
}

// kIgnored for what no column can fill; a message that is no value of its own is that too.
Kind KindOf(const FieldDescriptor& field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated()) {
    if (field.message_type() == types::v1::PartialDate::descriptor()) return Kind::kPartialDate;
    if (field.message_type() == google::protobuf::Timestamp::descriptor()) return Kind::kTime;
    return Kind::kIgnored;
  }
  if (field.type() == FieldDescriptor::TYPE_STRING) {
    return field.is_repeated() ? Kind::kTexts : Kind::kText;
  }
  if (field.is_repeated()) return Kind::kIgnored;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_INT32:
      return Kind::kInt32;
    case FieldDescriptor::CPPTYPE_INT64:
      return Kind::kInt64;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Kind::kBool;
    default:
      return Kind::kIgnored;
  }
}

bool IsStep(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && KindOf(field) == Kind::kIgnored;
}

// `name` and `meta` of a record are the node's.
bool IsSourced(const FieldDescriptor& field, bool top) {
  return !top || field.options().HasExtension(options::v1::field);
}

bool Digits(absl::string_view text, size_t at, size_t count, int* value) {
  if (at + count > text.size()) return false;
  *value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return false;
    *value = *value * 10 + (text[i] - '0');
  }
  return true;
}

// `Z`, `+07:00`.
bool ParseOffset(absl::string_view text, int* minutes) {
  *minutes = 0;
  if (text == "Z" || text == "z") return true;
  int hour = 0;
  int minute = 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
      !Digits(text, 1, 2, &hour) || !Digits(text, 4, 2, &minute) || hour > 23 || minute > 59) {
    return false;
  }
  *minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
  return true;
}

// `.25`: up to nine digits count, further ones are cut.
bool ParseFraction(absl::string_view* rest, int32_t* nanos) {
  *nanos = 0;
  if (!absl::ConsumePrefix(rest, ".")) return true;
  int32_t unit = 100'000'000;
  size_t count = 0;
  for (; count < rest->size() && absl::ascii_isdigit(static_cast<unsigned char>((*rest)[count]));
       ++count) {
    *nanos += unit * ((*rest)[count] - '0');
    unit /= 10;
  }
  rest->remove_prefix(count);
  return count > 0;
}

}  // namespace

bool ParseRfc3339(absl::string_view text, int64_t* seconds, int32_t* nanos, int* offset_minutes) {
  matching::CivilDate date;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() < 20 || !matching::ParseDate(text.substr(0, 10), &date)) return false;
  if (text[10] != 'T' && text[10] != 't') return false;
  if (text[13] != ':' || text[16] != ':' || !Digits(text, 11, 2, &hour) ||
      !Digits(text, 14, 2, &minute) || !Digits(text, 17, 2, &second) || hour > 23 || minute > 59 ||
      second > 60) {
    return false;
  }
  absl::string_view rest = text.substr(19);
  if (!ParseFraction(&rest, nanos) || !ParseOffset(rest, offset_minutes)) return false;
  const int64_t days = absl::CivilDay(date.year, date.month, date.day) - absl::CivilDay(1970, 1, 1);
  *seconds = ((days * 24 + hour) * 60 + minute - *offset_minutes) * 60 + second;
  return true;
}

namespace {

// `person.names[1].given_name` as the path without brackets and the index of each part.
struct IndexedPath {
  std::string dotted;
  std::vector<int> indices;
  bool any = false;  // An index over 0.
};

IndexedPath SplitIndices(absl::string_view path) {
  IndexedPath out;
  for (absl::string_view part : absl::StrSplit(path, '.')) {
    int index = 0;
    const size_t bracket = part.find('[');
    if (bracket != absl::string_view::npos && absl::EndsWith(part, "]") &&
        absl::SimpleAtoi(part.substr(bracket + 1, part.size() - bracket - 2), &index) &&
        index >= 0 && index < kElementsMax) {
      part = part.substr(0, bracket);
    }
    absl::StrAppend(&out.dotted, out.dotted.empty() ? "" : ".", part);
    out.indices.push_back(index);
    out.any = out.any || index > 0;
  }
  return out;
}

}  // namespace

struct CsvColumns::Leaf {
  std::vector<const FieldDescriptor*> steps;  // Messages on the way.
  const FieldDescriptor* field;
  std::string dotted;  // `person.names.family_name`
};

// Builds the plan: leaves of the type, then a column for each header name, then what is missing.
class CsvColumns::Maker {
 public:
  Maker(const Descriptor* type, CsvColumns* plan) : type_(type), plan_(plan) {
    Collect(type, {}, "");
  }

  absl::Status Add(const std::string& name, const FieldMapping& mapping) {
    const auto mapped = mapping.columns.find(name);
    const std::string& target = mapped == mapping.columns.end() ? name : mapped->second;
    Column column;
    column.name = name;
    if (const auto values = mapping.values.find(name); values != mapping.values.end()) {
      column.values = values->second;
    }
    if (const auto form = mapping.dates.find(name); form != mapping.dates.end()) {
      column.date_form = form->second;
    }
    if (target == kSourceKey) {
      column.kind = Kind::kSourceKey;
      column.path = kSourceKey;
      if (!filled_.insert(kSourceKey).second) return Duplicate(name);
    } else if (const Leaf* leaf = Find(target)) {
      if (!FillIn(*leaf, SplitIndices(target), &column)) return Duplicate(name);
    } else if (mapped == mapping.columns.end()) {
      plan_->unknown_.push_back(name);
    } else if (!target.empty()) {
      return NoSuchTarget(target);
    }
    plan_->columns_.push_back(std::move(column));
    return absl::OkStatus();
  }

  absl::Status AddConstant(const std::string& target, const std::string& text) {
    const Leaf* leaf = Find(target);
    if (leaf == nullptr) return NoSuchTarget(target);
    Constant constant;
    constant.column.name = target;
    constant.text = text;
    if (!FillIn(*leaf, SplitIndices(target), &constant.column)) return Duplicate(target);
    constants_.insert(leaf->dotted);
    plan_->constants_.push_back(std::move(constant));
    return absl::OkStatus();
  }

  absl::Status Finish() {
    if (filled_.count(kSourceKey) == 0) missing_.push_back(kSourceKey);
    FindMissing(type_, "");
    if (!missing_.empty()) {
      return BadColumns("MISSING_COLUMNS",
                        "The file has no column for: ", absl::StrJoin(missing_, ", "));
    }
    for (Column& column : plan_->columns_) {
      if (column.kind != Kind::kTime) continue;
      const FieldDescriptor* offset =
          column.field->containing_type()->FindFieldByName(kOffsetField);
      if (offset == nullptr || KindOf(*offset) != Kind::kInt32) continue;
      const bool own_column =
          std::any_of(plan_->columns_.begin(), plan_->columns_.end(), [&](const Column& other) {
            return other.field == offset && other.parent == column.parent;
          });
      if (!own_column) column.offset_field = offset;
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status NoSuchTarget(const std::string& target) {
    return BadColumns("BAD_MAPPING",
                      "The record type has no field for the mapping's target: ", target);
  }
  static absl::Status Duplicate(const std::string& name) {
    return BadColumns("DUPLICATE_COLUMN", "Two columns fill the same field, the second is: ", name);
  }

  void Collect(const Descriptor* type, const std::vector<const FieldDescriptor*>& steps,
               const std::string& prefix) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (!IsSourced(*field, steps.empty())) continue;
      const std::string dotted = prefix + field->name();
      if (IsStep(*field)) {
        std::vector<const FieldDescriptor*> below = steps;
        below.push_back(field);
        Collect(field->message_type(), below, dotted + ".");
      } else if (KindOf(*field) != Kind::kIgnored) {
        leaves_.push_back({steps, field, dotted});
      }
    }
  }

  const Leaf* Find(const std::string& name) const {
    for (const Leaf& leaf : leaves_) {
      if (ColumnOf(*leaf.field) == name) return &leaf;
    }
    const std::string dotted = SplitIndices(name).dotted;
    const Leaf* own = nullptr;
    int own_count = 0;
    for (const Leaf& leaf : leaves_) {
      if (leaf.dotted == dotted) return &leaf;
      if (leaf.field->name() != name) continue;
      own = &leaf;
      ++own_count;
    }
    return own_count == 1 ? own : nullptr;
  }

  // False if a column fills the field already.
  bool FillIn(const Leaf& leaf, const IndexedPath& path, Column* column) {
    column->kind = KindOf(*leaf.field);
    column->field = leaf.field;
    column->path = type_->options().GetExtension(options::v1::record).type();
    const bool indexed = path.any && path.indices.size() == leaf.steps.size() + 1;
    for (size_t i = 0; i < leaf.steps.size(); ++i) {
      const FieldDescriptor* step = leaf.steps[i];
      const int index = indexed && step->is_repeated() ? path.indices[i] : 0;
      column->parent = ParentOf(column->parent, step, index);
      absl::StrAppend(&column->path, ".", step->name(),
                      step->is_repeated() ? absl::StrCat("[", index, "]") : "");
    }
    absl::StrAppend(&column->path, ".", leaf.field->name());
    return filled_.insert(indexed ? column->path : leaf.dotted).second;
  }

  int ParentOf(int above, const FieldDescriptor* step, int index) {
    auto& parents = plan_->parents_;
    for (size_t i = 1; i < parents.size(); ++i) {
      const Parent& parent = parents[i];
      if (parent.above == above && parent.step == step && parent.index == index) {
        return static_cast<int>(i);
      }
    }
    parents.push_back({above, step, index});
    return static_cast<int>(parents.size()) - 1;
  }

  // By a column: a constant completes a message and makes up none.
  bool FilledBelow(const std::string& prefix) const {
    for (auto it = filled_.lower_bound(prefix);
         it != filled_.end() && absl::StartsWith(*it, prefix); ++it) {
      if (constants_.count(*it) == 0) return true;
    }
    return false;
  }

  static bool AnyRequired(const Descriptor* type) {
    for (int i = 0; i < type->field_count(); ++i) {
      if (Declared(*type->field(i)).required()) return true;
    }
    return false;
  }

  // A message needs its required fields if it is required itself or any column fills a part of it.
  void FindMissing(const Descriptor* type, const std::string& prefix) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (!IsSourced(*field, prefix.empty())) continue;
      const bool required = Declared(*field).required();
      const std::string dotted = prefix + field->name();
      if (!IsStep(*field)) {
        if (required && filled_.count(dotted) == 0) missing_.push_back(ColumnOf(*field));
        continue;
      }
      const bool filled = FilledBelow(dotted + ".");
      if (required && !filled && !AnyRequired(field->message_type())) {
        missing_.push_back(AnyOf(field->message_type()));
      } else if (required || filled) {
        FindMissing(field->message_type(), dotted + ".");
      }
    }
  }

  static std::string AnyOf(const Descriptor* type) {
    std::vector<std::string> names;
    names.reserve(static_cast<size_t>(type->field_count()));
    for (int i = 0; i < type->field_count(); ++i) names.push_back(ColumnOf(*type->field(i)));
    return absl::StrJoin(names, " or ");
  }

  const Descriptor* type_;
  CsvColumns* plan_;
  std::vector<Leaf> leaves_;
  std::set<std::string> filled_;     // Dotted paths that a column or a constant fills.
  std::set<std::string> constants_;  // Those that only a constant fills.
  std::vector<std::string> missing_;
};

absl::StatusOr<CsvColumns> CsvColumns::Make(const Descriptor* type,
                                            const std::vector<std::string>& header,
                                            const FieldMapping& mapping) {
  CsvColumns plan;
  Maker maker(type, &plan);
  for (const std::string& name : header) RETURN_IF_ERROR(maker.Add(name, mapping));
  for (const auto& [target, text] : mapping.constants) {
    RETURN_IF_ERROR(maker.AddConstant(target, text));
  }
  RETURN_IF_ERROR(maker.Finish());
  return plan;
}

namespace {

// Columns of the fields below `type`, with the paths that lead to them.
void AppendColumns(const Descriptor* type, const std::string& prefix, bool first, int elements,
                   std::vector<std::string>* columns) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!IsSourced(*field, prefix.empty())) continue;
    const std::string path = prefix + field->name();
    if (IsStep(*field)) {
      const int count = field->is_repeated() ? elements : 1;
      for (int n = 0; n < count; ++n) {
        const std::string index = field->is_repeated() ? absl::StrCat("[", n, "]") : "";
        AppendColumns(field->message_type(), absl::StrCat(path, index, "."), first && n == 0,
                      elements, columns);
      }
    } else if (KindOf(*field) != Kind::kIgnored) {
      const bool named = first && (prefix.empty() || !Declared(*field).column().empty());
      columns->push_back(named ? ColumnOf(*field) : path);
    }
  }
}

}  // namespace

std::vector<std::string> AllColumns(const Descriptor* type, int elements) {
  std::vector<std::string> columns = {kSourceKey};
  AppendColumns(type, "", true, elements, &columns);
  return columns;
}

std::string Meaning(const CsvColumns::Column& column, absl::string_view text) {
  if (const auto found = column.values.find(std::string(text)); found != column.values.end()) {
    return found->second;
  }
  return column.date_form.empty() ? std::string(text) : DayOf(text, column.date_form);
}

namespace {

const char* FillTexts(const FieldDescriptor* field, absl::string_view text,
                      const Reflection& reflection, Message* parent) {
  for (absl::string_view part : absl::StrSplit(text, ';')) {
    part = absl::StripAsciiWhitespace(part);
    if (!part.empty()) reflection.AddString(parent, field, std::string(part));
  }
  return nullptr;
}

const char* FillEnum(const FieldDescriptor* field, absl::string_view text,
                     const Reflection& reflection, Message* parent) {
  const auto* type = field->enum_type();
  for (int i = 0; i < type->value_count(); ++i) {
    const EnumValueDescriptor* value = type->value(i);
    if (value->name() == text) {
      reflection.SetEnumValue(parent, field, value->number());
      return nullptr;
    }
  }
  return "UNKNOWN_VALUE";
}

const char* FillBool(const FieldDescriptor* field, absl::string_view text,
                     const Reflection& reflection, Message* parent) {
  if (text != "true" && text != "false") return "UNKNOWN_VALUE";
  reflection.SetBool(parent, field, text == "true");
  return nullptr;
}

const char* FillPartialDate(const FieldDescriptor* field, absl::string_view text,
                            const Reflection& reflection, Message* parent) {
  matching::CivilDate read;
  if (!matching::ParsePartialDate(text, &read)) return "BAD_PARTIAL_DATE";
  auto* date = static_cast<types::v1::PartialDate*>(reflection.MutableMessage(parent, field));
  date->set_year(read.year);
  date->set_month(read.month);
  date->set_day(read.day);
  return nullptr;
}

const char* FillTime(const CsvColumns::Column& column, absl::string_view text,
                     const Reflection& reflection, Message* parent) {
  int64_t seconds = 0;
  int32_t nanos = 0;
  int offset = 0;
  if (!ParseRfc3339(text, &seconds, &nanos, &offset)) return "NOT_A_TIME";
  auto* time =
      static_cast<google::protobuf::Timestamp*>(reflection.MutableMessage(parent, column.field));
  time->set_seconds(seconds);
  time->set_nanos(nanos);
  if (column.offset_field != nullptr) reflection.SetInt32(parent, column.offset_field, offset);
  return nullptr;
}

}  // namespace

const char* FillField(const CsvColumns::Column& column, absl::string_view text, Message* parent) {
  const Reflection& reflection = *parent->GetReflection();
  const FieldDescriptor* field = column.field;
  int32_t number = 0;
  int64_t long_number = 0;
  switch (column.kind) {
    case Kind::kText:
      reflection.SetString(parent, field, std::string(text));
      return nullptr;
    case Kind::kTexts:
      return FillTexts(field, text, reflection, parent);
    case Kind::kEnum:
      return FillEnum(field, text, reflection, parent);
    case Kind::kInt32:
      if (!absl::SimpleAtoi(text, &number)) return "NOT_A_NUMBER";
      reflection.SetInt32(parent, field, number);
      return nullptr;
    case Kind::kInt64:
      if (!absl::SimpleAtoi(text, &long_number)) return "NOT_A_NUMBER";
      reflection.SetInt64(parent, field, long_number);
      return nullptr;
    case Kind::kBool:
      return FillBool(field, text, reflection, parent);
    case Kind::kPartialDate:
      return FillPartialDate(field, text, reflection, parent);
    case Kind::kTime:
      return FillTime(column, text, reflection, parent);
    default:
      return nullptr;
  }
}

}  // namespace lintas::client
