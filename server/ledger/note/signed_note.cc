#include "server/ledger/note/signed_note.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "server/base/check.h"
#include "server/base/status.h"
#include "server/crypto/sha256.h"
#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/text_form.h"

namespace lintas::note {
namespace {

constexpr absl::string_view kDash = "\xE2\x80\x94 ";  // U+2014 and a space.
constexpr size_t kIdBytes = 4;

uint32_t LoadId(absl::string_view bytes) {
  uint32_t id = 0;
  for (size_t i = 0; i < kIdBytes; ++i) id = id << 8 | static_cast<uint8_t>(bytes[i]);
  return id;
}

std::string StoreId(uint32_t id) {
  std::string bytes(kIdBytes, '\0');
  for (size_t i = kIdBytes; i-- > 0; id >>= 8) bytes[i] = static_cast<char>(id & 0xFF);
  return bytes;
}

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("not a signed note: ", what));
}

// One line without its newline.
absl::StatusOr<Signature> ParseSignatureLine(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kDash)) return Malformed("a signature line has no em dash");
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos) return Malformed("a signature line has no signature");
  Signature signature;
  signature.name = std::string(line.substr(0, space));
  if (!IsKeyName(signature.name)) return Malformed("a key name is not allowed");
  ASSIGN_OR_RETURN(const std::string bytes, ParseBase64(line.substr(space + 1)));
  if (bytes.size() <= kIdBytes) return Malformed("a signature is too short");
  signature.key_id = LoadId(bytes);
  signature.bytes = bytes.substr(kIdBytes);
  return signature;
}

bool SameKey(const Signature& a, absl::string_view name, uint32_t id) {
  return a.key_id == id && a.name == name;
}

}  // namespace

uint32_t KeyId(absl::string_view name, SignatureType type, absl::string_view public_key) {
  const char type_byte = static_cast<char>(type);
  const std::string named = absl::StrCat(name, "\n", absl::string_view(&type_byte, 1), public_key);
  return LoadId(Sha256Of(named).view());
}

absl::StatusOr<NoteKey> MakeKey(absl::string_view name, SignatureType type, const VerifyKey& key) {
  if (!IsKeyName(name)) return absl::InvalidArgumentError("not a key name (C2SP signed-note)");
  NoteKey made;
  made.name = std::string(name);
  made.type = type;
  made.key = key;
  made.id = KeyId(name, type, key.bytes());
  return made;
}

absl::StatusOr<NoteKey> ParseVkey(absl::string_view vkey) {
  const absl::Status refused =
      absl::InvalidArgumentError("not a verifier key: <name>+<id>+<base64> (C2SP signed-note)");
  const size_t first = vkey.find('+');
  const size_t second = first == absl::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == absl::string_view::npos || vkey.size() > kNoteBytesMax) return refused;
  const absl::StatusOr<std::string> typed = ParseBase64(vkey.substr(second + 1));
  if (!typed.ok() || typed->empty()) return refused;
  const SignatureType type = static_cast<SignatureType>(static_cast<uint8_t>(typed->front()));
  if (type != SignatureType::kEd25519 && type != SignatureType::kCosignature) {
    return absl::InvalidArgumentError("a verifier key of a type other than 0x01 and 0x04");
  }
  ASSIGN_OR_RETURN(const VerifyKey key, VerifyKey::FromBytes(absl::string_view(*typed).substr(1)));
  ASSIGN_OR_RETURN(NoteKey made, MakeKey(vkey.substr(0, first), type, key));
  // The id in the text is redundant; a difference means that name or key were mistyped.
  if (FormatVkey(made) != vkey) return refused;
  return made;
}

std::string FormatVkey(const NoteKey& key) {
  const char type_byte = static_cast<char>(key.type);
  return absl::StrCat(
      key.name, "+", absl::StrFormat("%08x", key.id), "+",
      FormatBase64(absl::StrCat(absl::string_view(&type_byte, 1), key.key.bytes())));
}

absl::StatusOr<SignedNote> ParseNote(absl::string_view note) {
  if (note.size() > kNoteBytesMax) return Malformed("too large");
  if (!IsNoteText(note)) return Malformed("not UTF-8 text");
  const size_t blank = note.rfind("\n\n");
  if (blank == absl::string_view::npos) return Malformed("no empty line before the signatures");
  SignedNote parsed;
  parsed.text = std::string(note.substr(0, blank + 1));
  absl::string_view lines = note.substr(blank + 2);
  if (lines.empty() || lines.back() != '\n') return Malformed("no complete signature line");
  while (!lines.empty()) {
    if (parsed.signatures.size() == kSignaturesMax) return Malformed("too many signatures");
    const size_t end = lines.find('\n');
    ASSIGN_OR_RETURN(Signature signature, ParseSignatureLine(lines.substr(0, end)));
    parsed.signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return parsed;
}

std::string FormatNote(const SignedNote& note) {
  LINTAS_CHECK(absl::EndsWith(note.text, "\n"));
  std::string bytes = absl::StrCat(note.text, "\n");
  for (const Signature& signature : note.signatures) {
    absl::StrAppend(&bytes, kDash, signature.name, " ",
                    FormatBase64(StoreId(signature.key_id) + signature.bytes), "\n");
  }
  return bytes;
}

Signature SignText(absl::string_view text, absl::string_view name, const SigningKey& key) {
  LINTAS_CHECK(IsKeyName(name));
  return Signature{std::string(name),
                   KeyId(name, SignatureType::kEd25519, key.verify_key().bytes()), key.Sign(text)};
}

void AddSignature(SignedNote* note, Signature signature) {
  for (Signature& old : note->signatures) {
    if (!SameKey(old, signature.name, signature.key_id)) continue;
    old = std::move(signature);
    return;
  }
  note->signatures.push_back(std::move(signature));
}

bool VerifySignature(absl::string_view text, const Signature& signature, const NoteKey& key) {
  if (!SameKey(signature, key.name, key.id)) return false;
  if (key.type == SignatureType::kCosignature) return VerifyCosignature(text, signature, key.key);
  return key.key.Verify(text, signature.bytes);
}

absl::StatusOr<SignedNote> VerifyNote(absl::string_view note, const std::vector<NoteKey>& keys) {
  ASSIGN_OR_RETURN(SignedNote parsed, ParseNote(note));
  SignedNote verified;
  std::vector<bool> seen(keys.size(), false);
  for (Signature& signature : parsed.signatures) {
    const auto is_signers = [&](const NoteKey& key) {
      return SameKey(signature, key.name, key.id);
    };
    const auto key = std::find_if(keys.begin(), keys.end(), is_signers);
    if (key == keys.end()) continue;
    if (std::find_if(key + 1, keys.end(), is_signers) != keys.end()) {
      return absl::InvalidArgumentError("two known keys share one name and id");
    }
    if (!VerifySignature(parsed.text, signature, *key)) {
      return absl::DataLossError(absl::StrCat("the signature of ", key->name, " does not verify"));
    }
    const size_t position = static_cast<size_t>(key - keys.begin());
    if (!seen[position]) verified.signatures.push_back(std::move(signature));
    seen[position] = true;
  }
  if (verified.signatures.empty()) {
    return absl::FailedPreconditionError("the note carries no signature of a known key");
  }
  verified.text = std::move(parsed.text);
  return verified;
}

}  // namespace lintas::note
