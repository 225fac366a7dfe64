// Writes records of one type as CSV (RFC 4180, UTF-8, LF) that `migration import` takes back
// unchanged: the columns are those that the import knows (import/csv_columns.h). A value that could
// not come back, for want of a column, is an error and never left out.
#ifndef LINTAS_CLIENT_EXPORT_RECORD_CSV_H_
#define LINTAS_CLIENT_EXPORT_RECORD_CSV_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/import/csv_columns.h"
#include "google/protobuf/message.h"

namespace lintas::client {

// Columns for so many elements of each repeated message.
constexpr int kCsvElements = 4;

// Immutable, any thread.
class RecordCsv {
 public:
  // `type` must be a generated record type.
  explicit RecordCsv(const google::protobuf::Descriptor* type);

  // With its line end.
  std::string Header() const;
  // kFailedPrecondition (reason TOO_MANY_ELEMENTS, with the field) if the record has more elements
  // than there are columns.
  absl::StatusOr<std::string> Line(const std::string& source_key,
                                   const google::protobuf::Message& record) const;

 private:
  CsvColumns columns_;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_EXPORT_RECORD_CSV_H_
