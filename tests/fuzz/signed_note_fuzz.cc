// Signed notes, verifier keys and policies from strangers: no input may crash, and what is accepted
// has one spelling.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/ledger/note/policy.h"
#include "server/ledger/note/signed_note.h"
#include "server/ledger/note/text_form.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace note = lintas::note;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = note::ParseNote(text);
  if (parsed.ok()) {
    LINTAS_CHECK(note::FormatNote(*parsed) == text);
    LINTAS_CHECK(!parsed->signatures.empty());
    // A stranger's signature under a known name and id is verified, not believed.
    const auto key =
        note::ParseVkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    LINTAS_CHECK(key.ok());
    const auto verified = note::VerifyNote(text, {*key});
    LINTAS_CHECK(!verified.ok() || verified->text == parsed->text);
  }
  const auto key = note::ParseVkey(text);
  if (key.ok()) LINTAS_CHECK(note::FormatVkey(*key) == text);
  const auto policy = note::Policy::Parse(text);
  // No such policy can be satisfied by bytes that are no note.
  if (policy.ok()) LINTAS_CHECK(!policy->Satisfied(text).ok());
  return 0;
}
