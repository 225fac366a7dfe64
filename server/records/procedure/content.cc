#include "server/records/procedure/content.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "lintas/options/v1/options.pb.h"
#include "server/agreement/release.h"
#include "server/ledger/entry.h"
#include "server/records/procedure/attachment.h"

namespace lintas {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kNameField[] = "name";

bool IsRecord(const Message& message) {
  return message.GetDescriptor()->options().HasExtension(options::v1::record);
}

bool IsDeclared(const FieldDescriptor& field) {
  return field.options().HasExtension(options::v1::field);
}

bool StatesNationality(const FieldDescriptor& field) {
  return IsDeclared(field) &&
         field.options().GetExtension(options::v1::field).term() == options::v1::Field::NATIONALITY;
}

std::vector<const FieldDescriptor*> Filled(const Message& message) {
  std::vector<const FieldDescriptor*> filled;
  message.GetReflection()->ListFields(message, &filled);
  return filled;
}

std::vector<std::string> TextsOf(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<std::string> texts;
  if (field.is_repeated()) {
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      texts.push_back(reflection.GetRepeatedString(message, &field, i));
    }
  } else {
    texts.push_back(reflection.GetString(message, &field));
  }
  return texts;
}

// True if every filled field of a record belongs to a section that an answer may carry. What is not
// declared is the node's own and belongs to none; S1 says what of it may be there.
bool ShowsSharedSectionsOnly(const Message& message, const AgreementVersion& agreement) {
  if (!IsRecord(message)) return true;
  const std::vector<int> shared = RequestSections(
      agreement, message.GetDescriptor()->options().GetExtension(options::v1::record).type());
  if (shared.empty()) return false;
  const std::vector<const FieldDescriptor*> filled = Filled(message);
  return std::all_of(filled.begin(), filled.end(), [&](const FieldDescriptor* field) {
    if (!IsDeclared(*field)) return true;
    const int section = field->options().GetExtension(options::v1::field).section();
    return std::count(shared.begin(), shared.end(),
                      section == 0 ? static_cast<int>(options::v1::Field::BASIC) : section) != 0;
  });
}

bool StatesPartysNationality(const Message& message, const AgreementVersion& agreement) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (StatesNationality(field) && !IsPartysNational(agreement, TextsOf(message, field))) {
      return false;
    }
  }
  return true;
}

// S1, of one record.
void CheckCopy(const ContentRules& rules, const RecordCopy& copy,
               std::vector<FieldViolation>* violations) {
  if (copy.type == nullptr) {
    violations->push_back({"records", "UNKNOWN_VALUE", "a record of a type that is declared"});
    return;
  }
  if (!copy.name || copy.name->country != rules.author || copy.name->type != copy.type) {
    violations->push_back({absl::StrCat(copy.type->code(), ".name"), "RECORD_NAME",
                           "the name of the record of its author's that this is a copy of"});
  }
  for (const FieldDescriptor* field : Filled(*copy.message)) {
    if (IsDeclared(*field) || field->name() == kNameField) continue;
    violations->push_back({absl::StrCat(copy.type->code(), ".", field->name()), "NODES_OWN",
                           "what a node knows of its record does not leave it"});
  }
  copy.type->Validate(*copy.message, violations);
  if (rules.check != nullptr && *rules.check) {
    (*rules.check)(*copy.type, *copy.message, rules.time, violations);
  }
}

}  // namespace

void VisitMessages(const Message& message, const std::function<void(const Message&)>& visit) {
  visit(message);
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : Filled(message)) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      VisitMessages(reflection.GetMessage(message, field), visit);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      VisitMessages(reflection.GetRepeatedMessage(message, field, i), visit);
    }
  }
}

std::unique_ptr<Message> ParseContent(const StepRow& row, const std::string& bytes) {
  if (row.content == nullptr) return nullptr;
  std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(row.content)->New());
  if (!message->ParseFromString(bytes)) return nullptr;
  return message;
}

std::vector<RecordCopy> CopiesIn(const Message& content, const RecordTypes& types) {
  std::vector<RecordCopy> copies;
  VisitMessages(content, [&](const Message& message) {
    if (!IsRecord(message)) return;
    RecordCopy copy;
    copy.type = types.ByDescriptor(message.GetDescriptor());
    copy.message = &message;
    const FieldDescriptor* name = message.GetDescriptor()->FindFieldByName(kNameField);
    if (name != nullptr) {
      absl::StatusOr<ParsedName> parsed =
          ParseRecordName(message.GetReflection()->GetString(message, name), types);
      if (parsed.ok()) copy.name = *std::move(parsed);
    }
    copies.push_back(std::move(copy));
  });
  return copies;
}

void ClearNodesOwn(Message* copy) {
  for (const FieldDescriptor* field : Filled(*copy)) {
    if (IsDeclared(*field) || field->name() == kNameField) continue;
    copy->GetReflection()->ClearField(copy, field);
  }
}

bool IsCopyOf(const Message& copy, const Message& whole) {
  if (copy.GetDescriptor() != whole.GetDescriptor()) return false;
  const std::unique_ptr<Message> shown(copy.New()), held(whole.New());
  shown->CopyFrom(copy);
  held->CopyFrom(whole);
  for (int i = 0; i < copy.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = copy.GetDescriptor()->field(i);
    const Reflection& reflection = *copy.GetReflection();
    const bool filled = field->is_repeated() ? reflection.FieldSize(copy, field) > 0
                                             : reflection.HasField(copy, field);
    if (!IsDeclared(*field)) shown->GetReflection()->ClearField(shown.get(), field);
    if (!IsDeclared(*field) || !filled) held->GetReflection()->ClearField(held.get(), field);
  }
  return shown->SerializeAsString() == held->SerializeAsString();
}

std::string WhyBadContent(const ContentRules& rules, const StepRow& row, const std::string& bytes,
                          const AgreementVersion& agreement,
                          std::vector<FieldViolation>* violations) {
  if (row.content == nullptr) return bytes.empty() ? "" : "UNKNOWN_FIELD";
  if (bytes.size() > kSectionBytesMax) return "TOO_LARGE";
  const std::unique_ptr<Message> message = ParseContent(row, bytes);
  if (message == nullptr) return "UNKNOWN_FIELD";
  const size_t size = message->ByteSizeLong();
  message->DiscardUnknownFields();
  if (message->ByteSizeLong() != size) return "UNKNOWN_FIELD";
  bool partys = true, shared = true;
  VisitMessages(*message, [&](const Message& each) {
    partys = partys && StatesPartysNationality(each, agreement);
    shared = shared && ShowsSharedSectionsOnly(each, agreement);
  });
  if (!partys) return "THIRD_COUNTRY";
  if (!shared) return "SECTION_NOT_SHARED";
  const std::vector<RecordCopy> copies = CopiesIn(*message, *rules.deps->types);
  if (copies.size() > kStepRecordsMax) return "TOO_LARGE";
  rules.deps->procedures->RulesOf(row.content).Check(*message, violations);
  for (const RecordCopy& copy : copies) CheckCopy(rules, copy, violations);
  CheckAttachments(*message, violations);
  return violations->empty() ? "" : "INVALID_FIELDS";
}

}  // namespace lintas
