// Signed notes (C2SP signed-note): a text with the signatures of one or more named keys.
// Checkpoints, cosignatures and tlog-proofs are made of them, so that strangers' tools can check a
// ledger. Pure; safe from any thread.
//
// A note is
//   <text, ends in newline> <empty line> { "— " <key name> " " base64(key id | signature) newline }
// and the key id is SHA-256(name | 0x0A | type | public key)[:4]: name and id together name the key
// and the algorithm.
#ifndef LINTAS_SERVER_LEDGER_NOTE_SIGNED_NOTE_H_
#define LINTAS_SERVER_LEDGER_NOTE_SIGNED_NOTE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/crypto/ed25519.h"

namespace lintas::note {

// Larger notes are refused before anything is verified. The standard asks for 16 signatures.
constexpr size_t kNoteBytesMax = 128 * 1024;
constexpr size_t kSignaturesMax = 64;

enum class SignatureType : uint8_t {
  // Ed25519 over the text.
  kEd25519 = 0x01,
  // Ed25519 over a time and the text (cosignature.h).
  kCosignature = 0x04,
};

// A public key with the name and the algorithm under which it signs. Made by MakeKey or ParseVkey.
struct NoteKey {
  std::string name;
  SignatureType type = SignatureType::kEd25519;
  VerifyKey key;
  // Big-endian value of the four bytes.
  uint32_t id = 0;
};

uint32_t KeyId(absl::string_view name, SignatureType type, absl::string_view public_key);

// kInvalidArgument if `name` is not a key name (text_form.h).
absl::StatusOr<NoteKey> MakeKey(absl::string_view name, SignatureType type, const VerifyKey& key);

// `<name>+<id, 8 lower-case hex digits>+<base64(type | public key)>`: how keys are handed over.
// kInvalidArgument for a bad name, a type that is neither of ours, or an id that is not the key's.
absl::StatusOr<NoteKey> ParseVkey(absl::string_view vkey);
std::string FormatVkey(const NoteKey& key);

struct Signature {
  std::string name;
  uint32_t key_id = 0;
  // Without the id: 64 bytes for kEd25519, 72 for kCosignature; others' may have any length > 0.
  std::string bytes;
};

struct SignedNote {
  // Ends in newline.
  std::string text;
  std::vector<Signature> signatures;
};

// kInvalidArgument unless `note` is well-formed and within the bounds. Nothing is verified: the
// text of an unverified note is not to be believed.
absl::StatusOr<SignedNote> ParseNote(absl::string_view note);
// The bytes of a note; ParseNote gives it back.
std::string FormatNote(const SignedNote& note);

// Signs `text` with `key` under `name` as kEd25519.
Signature SignText(absl::string_view text, absl::string_view name, const SigningKey& key);

// Adds `signature`, in place of one with the same name and id if there is one.
void AddSignature(SignedNote* note, Signature signature);

// True if `signature` is that of `key` over `text`, by the key's type.
bool VerifySignature(absl::string_view text, const Signature& signature, const NoteKey& key);

// The text and those signatures that were verified, in the note's order, the first of each key.
// Signatures of unknown keys are ignored and left out. kInvalidArgument: not a note, or two of
// `keys` share name and id. kDataLoss: a signature that carries a known name and id fails, so the
// whole note is refused. kFailedPrecondition: no signature of a known key.
absl::StatusOr<SignedNote> VerifyNote(absl::string_view note, const std::vector<NoteKey>& keys);

}  // namespace lintas::note

#endif  // LINTAS_SERVER_LEDGER_NOTE_SIGNED_NOTE_H_
