// Checkpoint bodies and cosignatures from strangers: no input may crash, and what is accepted has
// one spelling.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/note/cosignature.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace note = lintas::note;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto strict = note::ParseCheckpoint(text);
  const auto lenient = note::ParseCheckpoint(text, note::Extensions::kAccept);
  if (strict.ok()) {
    LINTAS_CHECK(strict->extensions.empty());
    LINTAS_CHECK(lenient.ok());
  }
  if (lenient.ok()) LINTAS_CHECK(note::FormatCheckpoint(*lenient) == text);
  const auto parsed = note::ParseNote(text);
  if (!parsed.ok()) return 0;
  for (const note::Signature& signature : parsed->signatures) {
    const auto time = note::CosignatureTime(signature);
    if (time.ok()) LINTAS_CHECK(*time >= absl::UnixEpoch());
    LINTAS_CHECK(!note::VerifyCosignature(parsed->text, signature, lintas::VerifyKey()));
  }
  return 0;
}
