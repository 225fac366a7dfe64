// Trust policies (C2SP tlog-policy): which logs and which witnesses are known, and whose
// cosignatures make a checkpoint count. The offline verifier takes one as a file (P23). Pure; an
// object is read-only after Parse and safe from any thread.
//
//   log <vkey> [<url>]
//   witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <member>...
//   quorum <name>|none
#ifndef LINTAS_SERVER_LEDGER_NOTE_POLICY_H_
#define LINTAS_SERVER_LEDGER_NOTE_POLICY_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/note/signed_note.h"

namespace lintas::note {

class Policy {
 public:
  static constexpr size_t kPolicyBytesMax = 64 * 1024;
  // Of logs, and of witnesses and groups together.
  static constexpr size_t kLinesMax = 256;

  // kInvalidArgument with the line's number and the rule it breaks.
  static absl::StatusOr<Policy> Parse(absl::string_view text);

  // The checkpoint in `note`, if one of the logs signed it and the quorum cosigned it. Errors: as
  // VerifyCheckpoint; kFailedPrecondition if the quorum is not reached.
  absl::StatusOr<VerifiedCheckpoint> Satisfied(absl::string_view note) const;

  const std::vector<NoteKey>& logs() const { return logs_; }

 private:
  // A witness (no members) or a group.
  struct Voter {
    // Witness: its place in witnesses_.
    size_t witness = 0;
    // Group: how many of `members` (places in voters_, all smaller than its own) are needed.
    size_t threshold = 0;
    std::vector<size_t> members;
    // A voter is a member of at most one group.
    bool taken = false;
  };

  absl::Status ParseLine(const std::vector<absl::string_view>& items);
  absl::Status ParseLog(const std::vector<absl::string_view>& items);
  absl::Status ParseWitness(const std::vector<absl::string_view>& items);
  absl::Status ParseGroup(const std::vector<absl::string_view>& items);
  absl::Status ParseQuorum(const std::vector<absl::string_view>& items);
  absl::Status Define(absl::string_view name, Voter voter);
  bool QuorumReached(const SignedNote& verified) const;

  std::vector<NoteKey> logs_;
  std::vector<NoteKey> witnesses_;
  // In the order of their lines, so that a group stands after its members.
  std::vector<Voter> voters_;
  std::map<std::string, size_t> names_;
  bool has_quorum_line_ = false;
  bool quorum_is_none_ = false;
  size_t quorum_ = 0;
};

}  // namespace lintas::note

#endif  // LINTAS_SERVER_LEDGER_NOTE_POLICY_H_
