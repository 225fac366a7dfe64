// BulkImport: brings rows into the node over one stream after another, with batches in flight, and
// goes on where it stopped when the line breaks.
//
// B1  Rows are numbered from 1 in the order of Add(); the node takes them without a gap.
// B2  A result is handed on exactly once for each row, in order, from the calling thread.
// B3  At most batch_rows * batches_in_flight rows are sent and undecided; memory is bounded by it.
// B4  The line may break after the node decided rows and before the results came back. Those rows
//     are sent once more under an import id of their own: an upsert that finds the same content
//     does nothing, and the rejections are told again.
//
// Not thread safe; has one thread of its own that reads results.
#ifndef LINTAS_CLIENT_BULK_IMPORT_H_
#define LINTAS_CLIENT_BULK_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"
#include "client/transport.h"
#include "server/base/error.h"

namespace lintas::client {

struct BulkRow {
  // Where the row came from, for the list of rejections.
  uint64_t line = 0;
  // The row's key at its agency.
  std::string source_key;
  migration_information::v1::AnyRecord record;
};

struct ImportCounts {
  uint64_t created = 0;
  uint64_t revised = 0;
  uint64_t unchanged = 0;
  uint64_t home = 0;
  uint64_t rejected = 0;
};

struct Rejection {
  uint64_t line = 0;
  std::vector<FieldViolation> violations;
};

// What was decided since the result before.
struct ImportResult {
  // All rows up to this one are decided and durable at the node.
  uint64_t decided_row = 0;
  // Since the beginning of this object.
  ImportCounts counts;
  // Since the result before.
  std::vector<Rejection> rejections;
};

class BulkImport {
 public:
  struct Options {
    std::string import_id;
    // No person stands behind the rows (P5).
    bool synthetic = false;
    // 500 to 1,000; the node refuses more.
    size_t batch_rows = 1000;
    size_t batches_in_flight = 4;
    // The last row whose result an interrupted run of this import has kept.
    uint64_t seen_row = 0;
    // Breaks in a row without progress, after which the import gives up with UNAVAILABLE.
    int breaks_max = 10;
  };
  // An error stops the import with it.
  using OnResult = std::function<absl::Status(const ImportResult&)>;

  // `client` must outlive the import.
  BulkImport(const Client* client, Options options, OnResult on_result);
  ~BulkImport();
  BulkImport(const BulkImport&) = delete;
  BulkImport& operator=(const BulkImport&) = delete;

  // Asks the node where the import stands. Gives the number of rows to leave out of Add(): those
  // whose result is known. It is below `seen_row` if the node knows less of the import.
  absl::StatusOr<uint64_t> Start();

  // Hands in the next row; blocks while B3 asks for it. After an error the object is finished; the
  // same import can be begun again from the last `decided_row`.
  absl::Status Add(BulkRow row);
  // Sends what is left and waits for all results.
  absl::Status Finish();

  // Rows that the node had decided before Start() and whose results this object tells again (B4).
  uint64_t repeated_rows() const { return repeated_rows_; }

 private:
  struct Batch;
  struct Line;

  absl::Status Pump(bool to_the_end);
  absl::Status Step(bool to_the_end);
  absl::Status Open();
  absl::Status Close();
  absl::Status AfterBreak(const absl::Status& why);
  absl::StatusOr<uint64_t> AskCommitted() const;
  bool CanSend(bool to_the_end) const;
  void Send();
  absl::Status TakeResponses(bool wait);
  absl::Status Decide(const SubmitStream::Response& response);
  void TakeBack();
  uint64_t LineOf(uint64_t row) const;

  const Client* const client_;
  const Options options_;
  const OnResult on_result_;

  // Rows not sent on the open stream: those from next_row_ on.
  std::deque<BulkRow> waiting_;
  // Sent on the open stream and not wholly decided.
  std::deque<Batch> in_flight_;
  // The first row in waiting_, or the number that the next row gets.
  uint64_t next_row_ = 1;
  uint64_t decided_row_ = 0;
  // What the node said that it has committed when the open stream began.
  uint64_t known_row_ = 0;
  uint64_t repeated_rows_ = 0;
  ImportCounts counts_;
  int breaks_ = 0;

  // The open stream. Its rows are numbered from offset_ + 1 and end at end_row_ (B4).
  std::unique_ptr<Line> line_;
  std::string stream_id_;
  uint64_t offset_ = 0;
  uint64_t end_row_ = 0;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_BULK_IMPORT_H_
