#include "server/records/procedure/content.h"

#include "lintas/options/v1/options.pb.h"
#include "server/agreement/release.h"

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

bool NamesPartysNationalsOnly(const Message& message, const AgreementVersion& agreement) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (StatesNationality(field)) {
      if (!IsPartysNational(agreement, TextsOf(message, field))) return false;
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field.is_repeated()) {
        if (reflection.HasField(message, &field) &&
            !NamesPartysNationalsOnly(reflection.GetMessage(message, &field), agreement)) {
          return false;
        }
        continue;
      }
      for (int j = 0; j < reflection.FieldSize(message, &field); ++j) {
        if (!NamesPartysNationalsOnly(reflection.GetRepeatedMessage(message, &field, j),
                                      agreement)) {
          return false;
        }
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
  const std::unique_ptr<Message> message = ParseContent(row, bytes);
  if (message == nullptr) return "UNKNOWN_FIELD";
  const size_t size = message->ByteSizeLong();
  message->DiscardUnknownFields();
  if (message->ByteSizeLong() != size) return "UNKNOWN_FIELD";
  tables.RulesOf(row.content).Check(*message, violations);
  if (!violations->empty()) return "INVALID_FIELDS";
  if (!NamesPartysNationalsOnly(*message, agreement)) return "THIRD_COUNTRY";
  return "";
}

}  // namespace lintas
