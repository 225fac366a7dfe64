// One CSV file into the node: reads it row by row, sends what is good, lists what is not, and keeps
// where it stands so that the same command goes on after a break. Constant memory.
//
// I1  The rejects file holds each rejected row once, also over breaks: state is kept after the rows
//     it speaks of are in the file, and the file is cut back to the state's length on resume.
// I2  Rows that the node never saw (a date that is none) count as rejected and have no row number.
#ifndef LINTAS_CLIENT_COMMANDS_IMPORT_FILE_H_
#define LINTAS_CLIENT_COMMANDS_IMPORT_FILE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/bulk_import.h"
#include "client/client.h"
#include "client/record.h"
#include "server/base/clock.h"

namespace lintas::client {

struct ImportFileOptions {
  std::string path;
  // Code of the record type; empty: guessed from the file's name, then from its header.
  std::string type;
  std::string mapping_path;
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

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_IMPORT_FILE_H_
