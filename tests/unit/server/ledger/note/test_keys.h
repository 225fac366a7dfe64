// Keys for the tests of notes: made from one byte each, so that every run signs the same bytes.
#ifndef LINTAS_TESTS_UNIT_SERVER_LEDGER_NOTE_TEST_KEYS_H_
#define LINTAS_TESTS_UNIT_SERVER_LEDGER_NOTE_TEST_KEYS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/ed25519.h"
#include "server/ledger/note/signed_note.h"

namespace lintas::note {

inline SigningKey TestKey(char seed) {
  return *SigningKey::FromSeed(Secret(std::string(32, seed)));
}

inline NoteKey LogKey(absl::string_view name, char seed) {
  return *MakeKey(name, SignatureType::kEd25519, TestKey(seed).verify_key());
}

inline NoteKey WitnessKey(absl::string_view name, char seed) {
  return *MakeKey(name, SignatureType::kCosignature, TestKey(seed).verify_key());
}

}  // namespace lintas::note

#endif  // LINTAS_TESTS_UNIT_SERVER_LEDGER_NOTE_TEST_KEYS_H_
