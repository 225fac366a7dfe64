// Bulk: rows of an agency's export as upserts by (agency, source key) (P30). Each message of rows
// is one group: its entries and an import mark are appended together, so that a resumed import goes
// on exactly where the marks end.
//
//   B1  A row is answered after it is durable, or refused with field and rule; never dropped.
//   B2  A row of which the content did not change makes no entry.
//   B3  A source key's record that was recalled is not entered again by the next export.
//   B4  A changed row that may not be released any more takes the released record home (Writer,
//   W1).
#ifndef LINTAS_SERVER_RECORDS_BULK_H_
#define LINTAS_SERVER_RECORDS_BULK_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/records/writer.h"

namespace lintas {

struct BulkRow {
  uint64_t row_number = 0;
  std::string source_key;
  const google::protobuf::Message* record = nullptr;
  const RecordType* type = nullptr;
};

struct BulkResult {
  struct Rejected {
    uint64_t row_number;
    std::vector<FieldViolation> violations;
  };
  uint64_t committed_row = 0;
  uint64_t created = 0, revised = 0, unchanged = 0, home = 0;
  std::vector<Rejected> rejected;
};

// One import in progress on one stream. Calls come one after another; results from the stepping
// thread, in order.
class BulkImport : public std::enable_shared_from_this<BulkImport> {
 public:
  using Done = std::function<void(absl::StatusOr<BulkResult>)>;

  BulkImport(Writer* writer, const Call& call, std::string import_id, bool synthetic);

  // Prepares and enqueues `rows`. `prepared` is called once everything of them is in the
  // committer's hands (the next Submit may follow), `done` when they are durable. kInvalidArgument,
  // reason ROW_NUMBERS_NOT_CONTIGUOUS: nothing of these rows was entered.
  void Submit(std::vector<BulkRow> rows, std::function<void()> prepared, Done done);

  // The last row of (principal, import id) up to which all are durable or refused; 0 if none. A
  // later row may be durable too: sent again it is unchanged. kDataLoss: a mark cannot be read.
  static absl::StatusOr<uint64_t> CommittedRow(const RecordsDeps& deps,
                                               const std::string& principal_uri,
                                               const std::string& import_id);

 private:
  struct Keyed;
  struct Batch;
  // What the newest import mark says of a source key.
  struct Known {
    bool found = false;
    bool same_content = false;
    bool same_import = false;
    std::string record_id;
  };
  void MakeKeys(Batch* batch);
  void Claim(std::shared_ptr<Batch> batch);
  absl::Status FindMarks(Batch* batch) const;
  void Continue(std::shared_ptr<Batch> batch);
  // What stands of a known row's record. False: the row was rejected, or `blocked_by` is filled.
  bool FindBase(Batch* batch, const BulkRow& row, const Known& known, RecordBase* base,
                std::string* blocked_by);
  bool IsInFlight(Batch* batch, const BulkRow& row, const Keyed& keyed);
  bool AddRow(Batch* batch, const BulkRow& row, const Keyed& keyed, std::string* blocked_by);
  absl::Status ReadMark(Position position, Batch* batch) const;
  absl::StatusOr<Known> Lookup(const Keyed& keyed, Batch* batch) const;
  void Reject(Batch* batch, const BulkRow& row, std::vector<FieldViolation> violations);
  void Enqueue(std::shared_ptr<Batch> batch);
  PreparedEntry Mark(const Batch& batch, const std::vector<Position>& positions) const;

  Writer* const writer_;
  const Call call_;
  const std::string import_id_;
  const std::string import_token_;
  const bool synthetic_;
  uint64_t next_row_;
  // Content tokens of this import's rows that are not committed yet, by source token.
  std::mutex mutex_;
  absl::flat_hash_map<std::string, std::string> in_flight_;
  // Source keys of this stream, by the first 8 bytes of their tokens: a key stands once in an
  // export, also where its first row was unchanged and left no mark. 10 bytes a row while the
  // stream lives.
  absl::flat_hash_set<uint64_t> seen_;
  // Of the row at hand: whether it was put into `seen_`, and whether its key stood there before.
  bool row_counted_ = false;
  bool seen_before_ = false;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_BULK_H_
