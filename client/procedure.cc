#include "client/procedure.h"

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/output.h"

namespace lintas::client {

using procedure::v1::NextStep;
using procedure::v1::Procedure;

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Rows = std::vector<std::pair<std::string, std::string>>;

// One value, `i` counting from 0 in a repeated field. What a person reads: no enum numbers, no raw
// bytes.
std::string ValueText(const Message& message, const FieldDescriptor& field, int i) {
  const Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text = many ? reflection.GetRepeatedString(message, &field, i)
                              : reflection.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? absl::BytesToHexString(text) : text;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return (many ? reflection.GetRepeatedEnum(message, &field, i)
                   : reflection.GetEnum(message, &field))
          ->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? reflection.GetRepeatedBool(message, &field, i)
                   : reflection.GetBool(message, &field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(many ? reflection.GetRepeatedInt32(message, &field, i)
                               : reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(many ? reflection.GetRepeatedUInt32(message, &field, i)
                               : reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(many ? reflection.GetRepeatedInt64(message, &field, i)
                               : reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(many ? reflection.GetRepeatedUInt64(message, &field, i)
                               : reflection.GetUInt64(message, &field));
    default:
      return "";  // Floating point: no message of ours has any.
  }
}

void AddRows(const Message& message, const std::string& path, Rows* rows) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> filled;
  reflection.ListFields(message, &filled);
  for (const FieldDescriptor* field : filled) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string at = absl::StrCat(path, path.empty() ? "" : ".", field->name(),
                                          field->is_repeated() ? absl::StrCat("[", i, "]") : "");
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        rows->emplace_back(at, ValueText(message, *field, i));
        continue;
      }
      const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      google::protobuf::Timestamp time;
      if (inner.GetDescriptor() == time.GetDescriptor()) {
        time.CopyFrom(inner);
        rows->emplace_back(at, TimeText(time));
      } else {
        AddRows(inner, at, rows);
      }
    }
  }
}

procedure::v1::Board::Column* ColumnOf(const std::string& country, procedure::v1::Board* board) {
  for (auto& column : *board->mutable_columns()) {
    if (column.country() == country) return &column;
  }
  auto* column = board->add_columns();
  column->set_country(country);
  return column;
}

}  // namespace

Rows ContentRows(const procedure::v1::Step& step) {
  Rows rows;
  if (!step.has_content()) return rows;
  const std::string& url = step.content().type_url();
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      url.substr(url.find('/') + 1));
  const Message* prototype =
      type == nullptr ? nullptr
                      : google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  if (prototype == nullptr) return {{"@type", url}};
  const std::unique_ptr<Message> content(prototype->New());
  if (!content->ParseFromString(step.content().value())) return {{"@type", url}};
  AddRows(*content, "", &rows);
  return rows;
}

void AddPage(const procedure::v1::Board& page, procedure::v1::Board* board) {
  for (const auto& more : page.columns()) {
    auto* column = ColumnOf(more.country(), board);
    column->mutable_procedures()->MergeFrom(more.procedures());
    column->set_overdue_count(column->overdue_count() + more.overdue_count());
    std::stable_sort(column->mutable_procedures()->begin(), column->mutable_procedures()->end(),
                     [](const Procedure& a, const Procedure& b) {
                       return a.waiting_since_time().seconds() < b.waiting_since_time().seconds();
                     });
    if (column->procedures_size() > 0 && column->procedures(0).has_waiting_since_time()) {
      *column->mutable_longest_since_time() = column->procedures(0).waiting_since_time();
    }
  }
}

std::string ProcedureMethod(absl::string_view name) {
  return absl::StrCat("/lintas.procedure.v1.ProcedureService/", name);
}

std::string WaitText(const Procedure& shown, absl::Time now) {
  if (shown.waiting_for().empty()) return "";
  return Span(now - absl::FromUnixSeconds(shown.waiting_since_time().seconds()));
}

std::string NoteText(const Procedure& shown) {
  if (shown.suspended()) return "suspended";
  if (shown.overdue()) return absl::StrCat("overdue, told: ", shown.escalation_office());
  return shown.due_soon() ? "due soon" : "";
}

std::string NextText(const Procedure& shown) {
  return absl::StrJoin(shown.next_steps(), " ", [](std::string* out, const NextStep& next) {
    absl::StrAppend(out, next.step(), next.waits_for_partner() ? "(waits)" : "");
  });
}

std::string SummaryText(const Procedure& shown, absl::Time now) {
  std::vector<std::string> parts = {absl::StrCat(shown.state(), " (", shown.track(), ")")};
  if (!shown.waiting_for().empty()) {
    parts.push_back(
        absl::StrCat("waits for ", shown.waiting_for(), " since ", WaitText(shown, now)));
  }
  if (shown.has_due_time()) {
    parts.push_back(
        absl::StrCat("due ", TimeText(shown.due_time()), " by the days of ", shown.counted_by()));
  }
  if (!NoteText(shown).empty()) parts.push_back(NoteText(shown));
  return absl::StrJoin(parts, "; ");
}

}  // namespace lintas::client
