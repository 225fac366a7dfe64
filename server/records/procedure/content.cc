#include "server/records/procedure/content.h"

#include <algorithm>

#include "lintas/options/v1/options.pb.h"
#include "server/agreement/release.h"
#include "server/ledger/entry.h"

namespace lintas {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool StatesNationality(const FieldDescriptor& field) {
  return field.options().HasExtension(options::v1::field) &&
         field.options().GetExtension(options::v1::field).term() == options::v1::Field::NATIONALITY;
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

// True if every filled field of a record belongs to a section that an answer may carry.
bool ShowsSharedSectionsOnly(const Message& message, const AgreementVersion& agreement) {
  const auto& options = message.GetDescriptor()->options();
  if (!options.HasExtension(options::v1::record)) return true;
  const std::vector<int> shared =
      RequestSections(agreement, options.GetExtension(options::v1::record).type());
  std::vector<const FieldDescriptor*> filled;
  message.GetReflection()->ListFields(message, &filled);
  return std::all_of(filled.begin(), filled.end(), [&](const FieldDescriptor* field) {
    const int section = field->options().GetExtension(options::v1::field).section();
    return std::count(shared.begin(), shared.end(),
                      section == 0 ? static_cast<int>(options::v1::Field::BASIC) : section) != 0;
  });
}

using Rule = bool (*)(const Message&, const AgreementVersion&);

bool StatesPartysNationality(const Message& message, const AgreementVersion& agreement) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (StatesNationality(field) && !IsPartysNational(agreement, TextsOf(message, field))) {
      return false;
    }
  }
  return true;
}

// True if `rule` holds of the message and of every one in it.
bool Everywhere(Rule rule, const Message& message, const AgreementVersion& agreement) {
  if (!rule(message, agreement)) return false;
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> filled;
  reflection.ListFields(message, &filled);
  for (const FieldDescriptor* field : filled) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (!Everywhere(rule, reflection.GetMessage(message, field), agreement)) return false;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (!Everywhere(rule, reflection.GetRepeatedMessage(message, field, i), agreement)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

std::unique_ptr<Message> ParseContent(const StepRow& row, const std::string& bytes) {
  if (row.content == nullptr) return nullptr;
  std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(row.content)->New());
  if (!message->ParseFromString(bytes)) return nullptr;
  return message;
}

std::string WhyBadContent(const ProcedureTables& tables, const StepRow& row,
                          const std::string& bytes, const AgreementVersion& agreement,
                          std::vector<FieldViolation>* violations) {
  if (row.content == nullptr) return bytes.empty() ? "" : "UNKNOWN_FIELD";
  if (bytes.size() > kSectionBytesMax) return "TOO_LARGE";
  const std::unique_ptr<Message> message = ParseContent(row, bytes);
  if (message == nullptr) return "UNKNOWN_FIELD";
  const size_t size = message->ByteSizeLong();
  message->DiscardUnknownFields();
  if (message->ByteSizeLong() != size) return "UNKNOWN_FIELD";
  tables.RulesOf(row.content).Check(*message, violations);
  if (!violations->empty()) return "INVALID_FIELDS";
  if (!Everywhere(StatesPartysNationality, *message, agreement)) return "THIRD_COUNTRY";
  if (!Everywhere(ShowsSharedSectionsOnly, *message, agreement)) return "SECTION_NOT_SHARED";
  return "";
}

}  // namespace lintas
