// Records of area 1 by their descriptors (proto options, D5): a further record type needs no change
// here. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_RECORD_H_
#define LINTAS_CLIENT_RECORD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "lintas/migration_information/v1/migration_information.pb.h"

namespace lintas::client {

using AnyRecord = migration_information::v1::AnyRecord;

// A declared record type.
struct RecordKind {
  // Code, for example `stay_permit`.
  std::string type;
  // Collection in names, for example `stayPermits`.
  std::string collection;
  // Its place in AnyRecord.
  const google::protobuf::FieldDescriptor* field = nullptr;
  const google::protobuf::Descriptor* message() const { return field->message_type(); }
};

// In the order of AnyRecord.
const std::vector<RecordKind>& RecordKinds();
// kInvalidArgument, naming the types there are.
absl::StatusOr<const RecordKind*> KindOfType(absl::string_view type);
// By a name `countries/{country}/{collection}/{id}`. kInvalidArgument if it is none.
absl::StatusOr<const RecordKind*> KindOfName(absl::string_view name);

// The record inside, or null if there is none.
const google::protobuf::Message* RecordIn(const AnyRecord& any);
AnyRecord WrapRecord(const RecordKind& kind, const google::protobuf::Message& record);

// The same to be filled in; null if there is none.
google::protobuf::Message* MutableRecordIn(AnyRecord* any);

// One line about a record: name, type, origin country, document, state, revision; with `full` also
// the person (name, birth date, nationality), after the document.
std::vector<std::string> SummaryHeader(bool full);
std::vector<std::string> SummaryRow(const AnyRecord& any, bool full);

// Every filled field as path and value; dates, times and enums as people write them.
std::vector<std::pair<std::string, std::string>> FlatFields(
    const google::protobuf::Message& message);

// Sets the field at `path` (`document.number`, `person.names[0].given_name`) from text. A birth
// date is `YYYY-MM-DD` with unknown parts as 00, a time RFC 3339, an enum its name.
// kInvalidArgument with the path and what is expected.
absl::Status SetField(absl::string_view path, absl::string_view value,
                      google::protobuf::Message* message);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_RECORD_H_
