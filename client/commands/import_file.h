// One file, CSV or NDJSON, into the node: reads it row by row, sends what is good, lists what is
// not, and keeps where it stands so that the same command goes on after a break. Constant memory.
//
// I1  The rejects file holds each rejected row once, also over breaks: state is kept after the rows
//     it speaks of are in the file, and the file is cut back to the state's length on resume.
// I2  Rows that the node never saw (a date that is none) count as rejected and have no row number.
#ifndef LINTAS_CLIENT_COMMANDS_IMPORT_FILE_H_
#define LINTAS_CLIENT_COMMANDS_IMPORT_FILE_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/bulk_import.h"
#include "client/client.h"
#include "client/import/mapping.h"
#include "client/record.h"
#include "server/base/clock.h"

namespace lintas::client {

struct ImportFileOptions {
  std::string path;
  // Code of the record type; empty: by the mapping, then guessed from the file's name, then from
  // its header. NDJSON names the type in each row.
  std::string type;
  std::string mapping_path;
  // The agency whose built-in mapping is used; not with a path.
  std::string agency;
  // Empty: from path, size, time of change, type and mapping, so that the unchanged file resumes.
  std::string import_id;
  // Empty: `<path>.rejects.csv`. Written only if there are rejected rows.
  std::string rejects_path;
  // Marks all rows as SYNTHETIC (P5). Otherwise the first row's source_key decides (`SYN-…`), and a
  // row that differs from it is rejected.
  bool synthetic = false;
  // Where states are kept.
  std::string state_folder;
};

struct ImportProgress {
  // Rows decided, rejected ones among them.
  uint64_t rows = 0;
  ImportCounts counts;
  // Read so far, and all that there is; 0 if not known.
  uint64_t bytes = 0;
  uint64_t bytes_total = 0;
};

struct ImportReport {
  ImportProgress total;
  std::string import_id;
  std::string type;
  std::string rejects_path;
  // Rows decided by earlier runs of the same command.
  uint64_t resumed_after = 0;
  // Rows sent once more because an earlier run lost their results.
  uint64_t repeated_rows = 0;
  // Columns that fill nothing.
  std::vector<std::string> unknown_columns;
};

// Told while it runs; both may be empty.
struct ImportWatch {
  std::function<void(const ImportProgress&)> progress;
  // Once, if earlier runs decided rows.
  std::function<void(uint64_t resumed_after)> resumed;
};

// `client` and `clock` must outlive the call. Errors: kInvalidArgument for the file as a whole, and
// those of BulkImport; what was decided before is kept.
absl::StatusOr<ImportReport> ImportFile(const ImportFileOptions& options, const Client* client,
                                        Clock* clock, const ImportWatch& watch);

// The record type of a file by its name (`crossings-2026.csv`), or by the header's columns.
absl::StatusOr<const RecordKind*> GuessKind(const std::string& path, const std::string& header);

// What is read of a file and how.
struct FileForm {
  bool ndjson = false;
  // Null for NDJSON.
  const RecordKind* kind = nullptr;
  FieldMapping mapping;
  // The mapping as it was given, for what depends on all of it.
  std::string mapping_text;
};

// By the file's beginning and the options. kInvalidArgument if there is no such file, mapping or
// type.
absl::StatusOr<FileForm> FormOf(const ImportFileOptions& options);

// Good and bad rows of a file in order, of either form.
struct FileRow {
  uint64_t line = 0;
  std::string source_key;
  AnyRecord record;  // Incomplete if there are errors.
  std::vector<FieldViolation> errors;
};
// `unknown_columns` may be null.
absl::Status ReadRows(std::istream& in, const FileForm& form,
                      const std::function<absl::Status(FileRow*)>& on_row,
                      std::vector<std::string>* unknown_columns);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_IMPORT_FILE_H_
