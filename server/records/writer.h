// Writer: commands on records, idempotent by request id (P30). Decides release (P2, R8), makes the
// entries of both ledgers and their access entry as one group. Nothing blocks; `done` comes from
// the stepping thread, or at once on a refusal. Thread safe.
//
//   W1  A released record that a change makes unreleasable (R8, P2, or no agreement in force) goes
//       home in one group: a RECALL of every released revision that was not recalled yet, and the
//       changed content as a revision of the home ledger under the same name. A later change that
//       may be released makes an exchange revision again. Which one is current: reader.h, C1 to C3.
//   W2  A step of a procedure that carries a copy of an own record names it (kDisclosed), and is
//       recalled like a released revision: with the record, and by W1 once the record may not even
//       be asked for. The record is claimed while such a step is written, so that none is missed.
#ifndef LINTAS_SERVER_RECORDS_WRITER_H_
#define LINTAS_SERVER_RECORDS_WRITER_H_

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/agreement/release.h"
#include "server/call/call.h"
#include "server/records/access_entry.h"
#include "server/records/claims.h"
#include "server/records/reader.h"

namespace lintas {

// A record ready to be entries: sections apart, terms extracted.
struct DraftRecord {
  const RecordType* type = nullptr;
  std::array<std::string, kSectionCount> sections;
  std::vector<DerivedTerm> terms;
  ReleasePlan plan;
  bool may_be_asked = false;  // A step may carry a copy of it (R8, and some section is agreed).
  uint32_t agreement_version = 0;
  bool synthetic = false;
};

// Where a record stands before a revision.
struct RecordBase {
  std::string record_id;           // Random for a new record.
  uint32_t exchange_revision = 0;  // Revisions so far in the exchange ledger.
  uint32_t home_revision = 0;      // Revisions so far in the home ledger.
  // The newest revision or withdrawal in each ledger's chain; none where a revision would open it.
  absl::optional<uint64_t> exchange_predecessor, home_predecessor;
  absl::optional<uint64_t> full_predecessor;  // The newest FULL_VERSION.
  bool at_home = true;                        // The home chain is current (C1, C2).
  // Entries that still hold something: what a recall names in each ledger.
  std::vector<uint64_t> released, kept;
  std::vector<uint64_t> disclosed;  // Own steps that carry a copy of it (W2).
};

// What of the exchange ledger is recalled when `draft` follows `base` (W1, W2).
std::vector<uint64_t> RecalledBy(const DraftRecord& draft, const RecordBase& base);

class Writer {
 public:
  Writer(const RecordsDeps& deps, const Reader* reader, AreaCheck check)
      : deps_(deps), reader_(reader), check_(std::move(check)) {}

  struct Written {
    std::string name;
    Position position;
    // The first answer again (P30): nothing was appended this time.
    bool repeated = false;
    // The last entry of the exchange ledger that was appended; none: the partner gets nothing.
    absl::optional<Index> last_exchange{};
  };
  using Done = std::function<void(absl::StatusOr<Written>)>;

  void Create(const Call& call, const RecordType& type, const google::protobuf::Message& record,
              const std::string& request_id, Done done);
  // `merged`: the whole record as it shall be. `body`: the change as the caller sent it, which a
  // repeat is compared by (the merged record depends on what happened since). `etag` may be empty.
  void Correct(const Call& call, const ParsedName& name, const google::protobuf::Message& merged,
               const std::string& body, const std::string& request_id, const std::string& etag,
               Done done);
  void Withdraw(const Call& call, const ParsedName& name, const std::string& reason,
                const std::string& request_id, Done done);
  void Recall(const Call& call, const ParsedName& name, const std::string& reason,
              const std::string& request_id, Done done);
  // Enters a signed agreement that the caller has verified (P20).
  void Adopt(const Call& call, const std::string& signed_agreement, uint32_t version,
             const std::string& request_id, Done done);

  // Any other write that is idempotent by request id: `make` gives its entries, the one that
  // Written::position names first, once the request is known to be no repeat.
  struct Made {
    std::string name;
    Group group;
    // Own records of which the entries carry copies: claimed until the group is durable (W2).
    // kAborted if one is being changed.
    std::vector<std::string> record_ids;
    // What else is claimed until then, as its owner names it; kAborted as well.
    std::vector<std::string> claims = {};
    // Called once they are claimed; an error is the answer. None: nothing to look at again.
    std::function<absl::Status()> check;
  };
  void WriteOnce(const Call& call, const std::string& body, const std::string& request_id,
                 const std::function<absl::StatusOr<Made>()>& make, Done done);

  // For bulk: validates and splits. Violations instead of a draft if it may not be entered.
  // `bytes` is `record`, serialised.
  bool Draft(const RecordType& type, const google::protobuf::Message& record,
             absl::string_view bytes, bool synthetic, absl::Time now, DraftRecord* draft,
             std::vector<FieldViolation>* violations) const;
  // Appends the entries of `draft` to `entries`, with the recalls of W1; returns how many. The
  // first one is the record's own position (exchange if released, else home).
  size_t AddEntries(const DraftRecord& draft, const RecordBase& base, bool correction,
                    std::vector<PreparedEntry>* entries) const;
  // kFailedPrecondition, reason NOT_OWN_RECORD, if this country entered nothing under the id.
  absl::StatusOr<RecordBase> BaseOf(absl::string_view record_id) const;

  Claims& claims() { return claims_; }
  const AreaCheck& check() const { return check_; }
  const RecordsDeps& deps() const { return deps_; }
  const Reader& reader() const { return *reader_; }

 private:
  struct Command;
  struct Change;
  bool StartChange(const Call& call, const ParsedName& name, const std::string& request_id,
                   const std::string& body, Done* done, Change* change);
  void Refuse(const Command& command, const absl::Status& status, const Done& done);
  PreparedEntry ErasingEntry(LedgerId ledger, const std::string& type,
                             const std::string& retention_class, const std::string& record_id,
                             uint32_t revision, uint64_t target) const;
  bool Start(const Call& call, const std::string& request_id, const std::string& body, Done* done,
             Command* command);
  void Finish(const Call& call, Command command, Group group, const std::string& name, Done done);
  absl::StatusOr<absl::optional<Written>> Earlier(const Command& command) const;
  PreparedEntry RecordEntry(LedgerId ledger, const DraftRecord& draft,
                            ledger::v1::EntryHeader header, const std::vector<int>& sections) const;

  const RecordsDeps deps_;
  const Reader* const reader_;
  const AreaCheck check_;
  Claims claims_;
};

// UUID version 4 in its usual text form (RFC 9562 section 5.4).
bool IsRequestId(absl::string_view text);
// The codes of a change's reason.
bool IsChangeReason(absl::string_view code);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_WRITER_H_
