// RecordType: what the machinery knows of a declared type (D5 of docs/architecture.md), read once
// from the proto options. A new type needs no code here.
#ifndef LINTAS_SERVER_RECORDS_RECORD_TYPE_H_
#define LINTAS_SERVER_RECORDS_RECORD_TYPE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "lintas/options/v1/options.pb.h"
#include "server/base/error.h"
#include "server/ledger/entry.h"
#include "server/records/rules.h"
#include "server/records/terms.h"

namespace lintas {

// Immutable, thread safe, lives as long as the registry.
class RecordType {
 public:
  // CHECKs that the declaration is complete: a wrong declaration is our own mistake.
  explicit RecordType(const google::protobuf::Descriptor* descriptor);

  const std::string& code() const { return code_; }              // `crossing`
  const std::string& collection() const { return collection_; }  // `crossings`
  const std::string& retention_class() const { return retention_class_; }
  bool sensitive() const { return sensitive_; }
  const google::protobuf::Descriptor* descriptor() const { return descriptor_; }
  std::unique_ptr<google::protobuf::Message> NewMessage() const;

  // Splits serialised bytes of the type into its four sections by top-level field number, without
  // parsing deeper; fields `name` (1) and `meta` (100) are dropped. Joining the sections in order
  // gives bytes that parse to the same message. kInvalidArgument if the bytes are not well-formed
  // or hold a field that the type does not declare (reasons MALFORMED_RECORD, UNDECLARED_FIELD), or
  // if a section is over 1 MiB (SECTION_TOO_LARGE).
  absl::StatusOr<std::array<std::string, kSectionCount>> Split(absl::string_view bytes) const;
  // True if every declared field is in the BASIC section.
  bool basic_only() const { return basic_only_; }

  // The record's search terms, normalised (server/matching), tokens keyed by `tokens`. Includes one
  // NAME_WORD term per name part. Never throws away a record for a bad term.
  void ExtractTerms(const google::protobuf::Message& record, const Tokenizer& tokens,
                    std::vector<DerivedTerm>* terms) const;
  // Upper-case alpha-3 codes found in fields marked NATIONALITY.
  std::vector<std::string> Nationalities(const google::protobuf::Message& record) const;
  // Checks every field by its rule (rules.h); all violations at once, paths as
  // `crossing.document.number` and `crossing.person.names[0].given_name`.
  void Validate(const google::protobuf::Message& record,
                std::vector<FieldViolation>* violations) const;

 private:
  // What the wire scan knows of a field number: the section (0 if not declared, kDropped if it is
  // the node's own) and the wire types that it may have, one bit each.
  struct WireField {
    uint8_t section = 0;
    uint8_t wire_types = 0;
  };
  void DeclareField(const google::protobuf::FieldDescriptor* field);

  const google::protobuf::Descriptor* descriptor_;
  std::string code_, collection_, retention_class_;
  bool sensitive_ = false;
  bool basic_only_ = true;
  std::vector<WireField> wire_fields_;  // By field number.
  std::unique_ptr<const TermPlan> terms_;
  std::unique_ptr<const RulePlan> rules_;
};

// The area's own judgement of a record, beyond its descriptor. Pure.
using AreaCheck =
    std::function<void(const RecordType& type, const google::protobuf::Message& record,
                       absl::Time now, std::vector<FieldViolation>* violations)>;

// All declared types, found by walking the generated pool for messages with the `record` option in
// the given files' packages. Immutable after construction.
class RecordTypes {
 public:
  // `files`: descriptors of the areas' proto files.
  explicit RecordTypes(const std::vector<const google::protobuf::FileDescriptor*>& files);
  // Null if unknown.
  const RecordType* ByCode(absl::string_view code) const;
  const RecordType* ByCollection(absl::string_view collection) const;
  const RecordType* ByDescriptor(const google::protobuf::Descriptor* descriptor) const;
  const std::vector<std::unique_ptr<RecordType>>& all() const { return types_; }

 private:
  std::vector<std::unique_ptr<RecordType>> types_;
};

// `countries/idn/crossings/<32 hex digits of the record id>`.
std::string RecordName(absl::string_view country, const RecordType& type,
                       absl::string_view record_id);
struct ParsedName {
  std::string country;
  const RecordType* type;
  std::string record_id;  // 16 bytes.
};
// kInvalidArgument (FieldViolation on `name`, rule RECORD_NAME) if it is not a record name.
absl::StatusOr<ParsedName> ParseRecordName(absl::string_view name, const RecordTypes& types);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_RECORD_TYPE_H_
