// The text forms that notes are made of, each with exactly one spelling per value: what is accepted
// is formatted back to the same bytes. Pure.
#ifndef LINTAS_SERVER_LEDGER_NOTE_TEXT_FORM_H_
#define LINTAS_SERVER_LEDGER_NOTE_TEXT_FORM_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/crypto/sha256.h"

namespace lintas::note {

// ASCII decimal without sign or leading zeros, up to 2^63 - 1 (what Go's int64 readers take).
absl::StatusOr<uint64_t> ParseDecimal(absl::string_view text);

// Base 64 of RFC 4648 section 4 with its padding; line breaks and stray low bits are refused.
absl::StatusOr<std::string> ParseBase64(absl::string_view text);
std::string FormatBase64(absl::string_view bytes);
// 44 signs of base 64 that stand for 32 bytes.
absl::StatusOr<Hash> ParseHash(absl::string_view text);

// Valid UTF-8 (RFC 3629) without control characters below U+0020 other than newline.
bool IsNoteText(absl::string_view text);

// A key name: not empty, valid UTF-8, no Unicode space, no plus, no control character.
bool IsKeyName(absl::string_view name);

}  // namespace lintas::note

#endif  // LINTAS_SERVER_LEDGER_NOTE_TEXT_FORM_H_
