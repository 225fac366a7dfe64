// Cosignatures (C2SP tlog-cosignature, Ed25519): a witness states that at a time it had seen
// nothing of this log that contradicts the checkpoint, and nothing larger. "held" and "consistent"
// (P8) are two cosigners: each has a name and a key of its own, since the message does not contain
// the name. Pure; safe from any thread.
#ifndef LINTAS_SERVER_LEDGER_NOTE_COSIGNATURE_H_
#define LINTAS_SERVER_LEDGER_NOTE_COSIGNATURE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/ed25519.h"
#include "server/ledger/note/signed_note.h"

namespace lintas::note {

// The signature line of cosigner `name` for the checkpoint with this body (the note's text). `time`
// is cut to seconds and must not be before 1970.
Signature Cosign(absl::string_view body, absl::string_view name, const SigningKey& key,
                 absl::Time time);

// When the cosigner says it signed. kInvalidArgument unless the signature has 72 bytes and a time
// below 2^63. Only to be believed after verification.
absl::StatusOr<absl::Time> CosignatureTime(const Signature& signature);

// True if `signature` is of the holder of `key` over `body`. Name and id are not looked at;
// VerifySignature does.
bool VerifyCosignature(absl::string_view body, const Signature& signature, const VerifyKey& key);

}  // namespace lintas::note

#endif  // LINTAS_SERVER_LEDGER_NOTE_COSIGNATURE_H_
