// Which field of a record type each column of a CSV file fills, and how its text becomes a value.
// Worked out once a file, from the descriptors alone: a further record type needs no code here.
#ifndef LINTAS_CLIENT_IMPORT_CSV_COLUMNS_H_
#define LINTAS_CLIENT_IMPORT_CSV_COLUMNS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/import/mapping.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace lintas::client {

// The plan of one file. Immutable, any thread.
class CsvColumns {
 public:
  enum class Kind : uint8_t {
    kIgnored,
    kSourceKey,
    kText,
    kTexts,  // Repeated; split at `;`.
    kEnum,
    kInt32,
    kInt64,
    kBool,
    kPartialDate,
    kTime,
  };
  struct Column {
    Kind kind = Kind::kIgnored;
    int parent = 0;  // Index into parents().
    const google::protobuf::FieldDescriptor* field = nullptr;
    // On a time: the field beside it that takes the text's UTC offset, if no column fills that.
    const google::protobuf::FieldDescriptor* offset_field = nullptr;
    std::string name;  // As in the file.
    std::string path;  // `crossing.document.number`, as the node writes it in its violations.
    // What a text of the file means, and how the file writes days, by the mapping.
    std::map<std::string, std::string> values;
    std::string date_form;
  };
  // A message on the way to a field: 0 is the record, each other hangs on an earlier one.
  struct Parent {
    int above = 0;
    const google::protobuf::FieldDescriptor* step = nullptr;
    int index = 0;  // Of a repeated message.
  };
  // A field that is the same in every row.
  struct Constant {
    Column column;
    std::string text;
  };

  // A column is known by a field's `column` option, by the path of the field (`document.number`;
  // of a further element of a repeated message `person.names[1].given_name`), or by the field's own
  // name if only one field has it; and `source_key`. Errors: reasons MISSING_COLUMNS (a required
  // field or source_key has none), DUPLICATE_COLUMN, BAD_MAPPING (a target that the type does not
  // have).
  static absl::StatusOr<CsvColumns> Make(const google::protobuf::Descriptor* type,
                                         const std::vector<std::string>& header,
                                         const FieldMapping& mapping);

  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<Constant>& constants() const { return constants_; }
  const std::vector<Parent>& parents() const { return parents_; }
  // Columns that fill nothing and that the mapping does not leave out.
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  struct Leaf;
  class Maker;

  std::vector<Column> columns_;
  std::vector<Constant> constants_;
  std::vector<Parent> parents_{1};
  std::vector<std::string> unknown_;
};

// Every column that fills or shows a field of the type, in the order of the fields: `source_key`
// first; of each repeated message `elements` elements.
std::vector<std::string> AllColumns(const google::protobuf::Descriptor* type, int elements);

// What the column means by `text`: the mapping's word for it and its days as this program has them.
std::string Meaning(const CsvColumns::Column& column, absl::string_view text);

// Puts a text that is UTF-8 and not empty into the column's field of `parent`. nullptr, or the rule
// that the text breaks: NOT_A_NUMBER, UNKNOWN_VALUE, NOT_A_TIME, BAD_PARTIAL_DATE.
const char* FillField(const CsvColumns::Column& column, absl::string_view text,
                      google::protobuf::Message* parent);

// Reads an RFC 3339 time. The offset is in minutes ahead of UTC.
bool ParseRfc3339(absl::string_view text, int64_t* seconds, int32_t* nanos, int* offset_minutes);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_IMPORT_CSV_COLUMNS_H_
