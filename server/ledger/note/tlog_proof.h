// Proofs of logging as one text file (C2SP tlog-proof, file ending .tlog-proof): that an entry is
// in a ledger, under a checkpoint that witnesses cosigned. Checked offline with a policy. Pure;
// safe from any thread.
//
//   c2sp.org/tlog-proof@v1
//   [extra <base64>]
//   index <decimal>
//   {<base64(hash)>}
//   <empty line>
//   <signed checkpoint>
#ifndef LINTAS_SERVER_LEDGER_NOTE_TLOG_PROOF_H_
#define LINTAS_SERVER_LEDGER_NOTE_TLOG_PROOF_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ids.h"
#include "server/crypto/sha256.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/note/policy.h"

namespace lintas::note {

constexpr size_t kTlogProofBytesMax = 2 * kNoteBytesMax;
constexpr size_t kTlogProofHashesMax = 63;

struct TlogProof {
  // Bytes that nobody has signed, for example the entry's header. Empty: no extra line.
  std::string extra;
  Index index;
  // RFC 6962 2.1.1, from the leaf's sibling upward.
  std::vector<Hash> hashes;
  // The signed note with its cosignatures, verbatim.
  std::string checkpoint;
};

std::string FormatTlogProof(const TlogProof& proof);

// kInvalidArgument unless `text` is what FormatTlogProof gives for some proof whose checkpoint is a
// well-formed note. Nothing is verified.
absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view text);

// The checkpoint under which the leaf is proven. Errors: as Policy::Satisfied and
// merkle::VerifyInclusion. The caller compares the origin if its policy knows several logs.
absl::StatusOr<VerifiedCheckpoint> VerifyTlogProof(const TlogProof& proof, const Hash& leaf_hash,
                                                   const Policy& policy);

}  // namespace lintas::note

#endif  // LINTAS_SERVER_LEDGER_NOTE_TLOG_PROOF_H_
