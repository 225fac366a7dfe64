// Checkpoints (C2SP tlog-checkpoint): the signed head of a ledger. The text of the note is
//   <origin> newline <size, decimal> newline <base64(root)> newline
// Pure; safe from any thread.
#ifndef LINTAS_SERVER_LEDGER_NOTE_CHECKPOINT_H_
#define LINTAS_SERVER_LEDGER_NOTE_CHECKPOINT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ids.h"
#include "server/crypto/ed25519.h"
#include "server/crypto/sha256.h"
#include "server/ledger/note/signed_note.h"

namespace lintas::note {

struct Checkpoint {
  // The ledger's identity and the name of its key: a key name (text_form.h).
  std::string origin;
  TreeSize size;
  Hash root;
  // Lines after the third, without newlines. Our ledgers have none: monitors cannot audit them.
  std::vector<std::string> extensions = {};
};

// Extension lines are refused by default; a tool that reads strangers' logs may take them.
enum class Extensions { kRefuse, kAccept };

// The note's text. `origin` must be a key name.
std::string FormatCheckpoint(const Checkpoint& checkpoint);
// kInvalidArgument unless `body` is exactly what FormatCheckpoint gives for some checkpoint.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view body,
                                           Extensions extensions = Extensions::kRefuse);

// The whole note, signed by the log's key under the origin's name.
std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);

struct VerifiedCheckpoint {
  Checkpoint checkpoint;
  // The text and the verified signatures: the log's, and those of known cosigners.
  SignedNote note;
};

// Verifies a signed checkpoint against the keys of logs (kEd25519) and cosigners (kCosignature).
// At least one key of type kEd25519 that bears the origin as its name must have signed; which
// cosigners are needed is the caller's or a Policy's question. Errors: as VerifyNote and
// ParseCheckpoint; kFailedPrecondition also if only others signed.
absl::StatusOr<VerifiedCheckpoint> VerifyCheckpoint(absl::string_view note,
                                                    const std::vector<NoteKey>& keys,
                                                    Extensions extensions = Extensions::kRefuse);

}  // namespace lintas::note

#endif  // LINTAS_SERVER_LEDGER_NOTE_CHECKPOINT_H_
