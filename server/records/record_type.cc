#include "server/records/record_type.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/wire_format_lite.h"
#include "server/base/check.h"

namespace lintas {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::internal::WireFormatLite;
using options::v1::Field;

constexpr uint8_t kDropped = 255;
constexpr int kNameNumber = 1;
constexpr int kMetaNumber = 100;
constexpr size_t kCodeLengthMax = 31;  // options.proto, RecordType.type.

absl::Status Malformed() {
  return MakeError(absl::StatusCode::kInvalidArgument, "MALFORMED_RECORD",
                   "The record is not well-formed protobuf.");
}

absl::Status Undeclared(uint32_t number) {
  return MakeError(absl::StatusCode::kInvalidArgument, "UNDECLARED_FIELD",
                   absl::StrCat("The record type declares no field ", number, " of this form."),
                   {{"number", absl::StrCat(number)}});
}

// Reads bytes as protobuf's wire format does (https://protobuf.dev/programming-guides/encoding).
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes)
      : at_(reinterpret_cast<const uint8_t*>(bytes.data())), end_(at_ + bytes.size()) {}

  bool done() const { return at_ == end_; }
  const char* at() const { return reinterpret_cast<const char*>(at_); }

  // At most `bytes_max` bytes long.
  bool Varint(int bytes_max, uint64_t* value) {
    uint64_t read = 0;
    for (int i = 0; i < bytes_max && at_ < end_; ++i) {
      const uint8_t byte = *at_++;
      read |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        *value = read;
        return true;
      }
    }
    return false;
  }

  bool Skip(uint64_t count) {
    if (count > static_cast<uint64_t>(end_ - at_)) return false;
    at_ += count;
    return true;
  }

  // The value behind a tag. Groups are not read: no declared field is one.
  bool SkipValue(uint32_t wire_type) {
    uint64_t value = 0;
    switch (wire_type) {
      case WireFormatLite::WIRETYPE_VARINT:
        return Varint(10, &value);
      case WireFormatLite::WIRETYPE_FIXED64:
        return Skip(8);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return Varint(5, &value) && Skip(value);
      case WireFormatLite::WIRETYPE_FIXED32:
        return Skip(4);
      default:
        return false;
    }
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

uint8_t WireTypesOf(const FieldDescriptor& field) {
  const auto type = static_cast<WireFormatLite::FieldType>(field.type());
  auto types = static_cast<uint8_t>(1u << WireFormatLite::WireTypeForFieldType(type));
  if (field.is_packable()) types |= 1u << WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
  return types;
}

bool IsCountry(absl::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c));
         });
}

bool IsRecordIdHex(absl::string_view text) {
  return text.size() == 2 * kRecordIdBytes && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

RecordType::RecordType(const Descriptor* descriptor) : descriptor_(descriptor) {
  LINTAS_CHECK(descriptor->options().HasExtension(options::v1::record));
  const options::v1::RecordType& declared = descriptor->options().GetExtension(options::v1::record);
  code_ = declared.type();
  collection_ = declared.collection();
  retention_class_ = declared.retention_class();
  sensitive_ = declared.sensitive();
  LINTAS_CHECK(!code_.empty() && code_.size() <= kCodeLengthMax);
  LINTAS_CHECK(!collection_.empty());
  LINTAS_CHECK(!retention_class_.empty());
  for (int i = 0; i < descriptor->field_count(); ++i) DeclareField(descriptor->field(i));
  terms_ = std::make_unique<TermPlan>(descriptor);
  rules_ = std::make_unique<RulePlan>(descriptor, code_);
}

void RecordType::DeclareField(const FieldDescriptor* field) {
  const auto number = static_cast<size_t>(field->number());
  LINTAS_CHECK(number <= 10'000);
  LINTAS_CHECK(field->type() != FieldDescriptor::TYPE_GROUP);
  if (wire_fields_.size() <= number) wire_fields_.resize(number + 1);
  WireField& wire = wire_fields_[number];
  wire.wire_types = WireTypesOf(*field);
  const bool declared = field->options().HasExtension(options::v1::field);
  if (!declared) {
    LINTAS_CHECK(field->number() == kNameNumber || field->number() == kMetaNumber);
    wire.section = kDropped;
    return;
  }
  const int section = field->options().GetExtension(options::v1::field).section();
  wire.section = static_cast<uint8_t>(section == 0 ? int{Field::BASIC} : section);
  LINTAS_CHECK(wire.section >= 1 && wire.section <= kSectionCount);
  if (wire.section != Field::BASIC) basic_only_ = false;
  // Sections are joined in order: members of a oneof would change places.
  LINTAS_CHECK(field->real_containing_oneof() == nullptr);
}

std::unique_ptr<Message> RecordType::NewMessage() const {
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(descriptor_)->New());
}

absl::StatusOr<std::array<std::string, kSectionCount>> RecordType::Split(
    absl::string_view bytes) const {
  std::array<std::string, kSectionCount> sections;
  WireReader reader(bytes);
  const char* run = reader.at();  // Neighbouring fields of one section are copied at once.
  uint8_t run_section = kDropped;
  const auto end_run = [&](const char* end) {
    if (run_section != kDropped) {
      sections[run_section - 1].append(run, static_cast<size_t>(end - run));
    }
  };
  while (!reader.done()) {
    const char* const start = reader.at();
    uint64_t tag = 0;
    if (!reader.Varint(5, &tag) || tag > UINT32_MAX) return Malformed();
    const auto number = static_cast<uint32_t>(tag >> 3);
    const auto wire_type = static_cast<uint32_t>(tag & 7);
    if (number == 0 || !reader.SkipValue(wire_type)) return Malformed();
    if (number >= wire_fields_.size()) return Undeclared(number);
    const WireField field = wire_fields_[number];
    if (field.section == 0 || ((field.wire_types >> wire_type) & 1) == 0) return Undeclared(number);
    if (field.section == run_section) continue;
    end_run(start);
    run = start;
    run_section = field.section;
  }
  end_run(reader.at());
  for (const std::string& section : sections) {
    if (section.size() > kSectionBytesMax) {
      return MakeError(absl::StatusCode::kInvalidArgument, "SECTION_TOO_LARGE",
                       "A section of the record is over 1 MiB.");
    }
  }
  return sections;
}

void RecordType::ExtractTerms(const Message& record, const Tokenizer& tokens,
                              std::vector<DerivedTerm>* terms) const {
  terms_->Extract(record, tokens, terms);
}

std::vector<std::string> RecordType::Nationalities(const Message& record) const {
  return terms_->Nationalities(record);
}

void RecordType::Validate(const Message& record, std::vector<FieldViolation>* violations) const {
  rules_->Check(record, violations);
}

RecordTypes::RecordTypes(const std::vector<const FileDescriptor*>& files) {
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor* descriptor = file->message_type(i);
      if (!descriptor->options().HasExtension(options::v1::record)) continue;
      auto type = std::make_unique<RecordType>(descriptor);
      LINTAS_CHECK(ByCode(type->code()) == nullptr);
      LINTAS_CHECK(ByCollection(type->collection()) == nullptr);
      types_.push_back(std::move(type));
    }
  }
}

const RecordType* RecordTypes::ByCode(absl::string_view code) const {
  for (const auto& type : types_) {
    if (type->code() == code) return type.get();
  }
  return nullptr;
}

const RecordType* RecordTypes::ByCollection(absl::string_view collection) const {
  for (const auto& type : types_) {
    if (type->collection() == collection) return type.get();
  }
  return nullptr;
}

const RecordType* RecordTypes::ByDescriptor(const Descriptor* descriptor) const {
  for (const auto& type : types_) {
    if (type->descriptor() == descriptor) return type.get();
  }
  return nullptr;
}

std::string RecordName(absl::string_view country, const RecordType& type,
                       absl::string_view record_id) {
  return absl::StrCat("countries/", country, "/", type.collection(), "/",
                      absl::BytesToHexString(record_id));
}

absl::StatusOr<ParsedName> ParseRecordName(absl::string_view name, const RecordTypes& types) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, absl::MaxSplits('/', 4));
  const RecordType* type = parts.size() == 4 ? types.ByCollection(parts[2]) : nullptr;
  if (type == nullptr || parts[0] != "countries" || !IsCountry(parts[1]) ||
      !IsRecordIdHex(parts[3])) {
    return FieldsError({{"name", "RECORD_NAME",
                         "Expected countries/{country}/{collection}/{32 hexadecimal digits}."}});
  }
  return ParsedName{std::string(parts[1]), type, absl::HexStringToBytes(parts[3])};
}

}  // namespace lintas
