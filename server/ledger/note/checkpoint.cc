#include "server/ledger/note/checkpoint.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/check.h"
#include "server/base/status.h"
#include "server/ledger/note/text_form.h"

namespace lintas::note {

std::string FormatCheckpoint(const Checkpoint& checkpoint) {
  LINTAS_CHECK(IsKeyName(checkpoint.origin));
  std::string body = absl::StrCat(checkpoint.origin, "\n", checkpoint.size.value(), "\n",
                                  FormatBase64(checkpoint.root.view()), "\n");
  for (const std::string& line : checkpoint.extensions) absl::StrAppend(&body, line, "\n");
  return body;
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view body, Extensions extensions) {
  if (body.empty() || body.back() != '\n') {
    return absl::InvalidArgumentError("a checkpoint ends in a newline");
  }
  body.remove_suffix(1);
  const std::vector<absl::string_view> lines = absl::StrSplit(body, '\n');
  if (lines.size() < 3) return absl::InvalidArgumentError("a checkpoint has three lines");
  if (lines.size() > 3 && extensions == Extensions::kRefuse) {
    return absl::InvalidArgumentError("a checkpoint with extension lines");
  }
  Checkpoint checkpoint;
  if (!IsKeyName(lines[0])) return absl::InvalidArgumentError("an origin is a key name");
  checkpoint.origin = std::string(lines[0]);
  ASSIGN_OR_RETURN(const uint64_t size, ParseDecimal(lines[1]));
  checkpoint.size = TreeSize(size);
  ASSIGN_OR_RETURN(checkpoint.root, ParseHash(lines[2]));
  for (size_t i = 3; i < lines.size(); ++i) {
    if (lines[i].empty()) return absl::InvalidArgumentError("an extension line is not empty");
    checkpoint.extensions.emplace_back(lines[i]);
  }
  return checkpoint;
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  SignedNote note;
  note.text = FormatCheckpoint(checkpoint);
  note.signatures.push_back(SignText(note.text, checkpoint.origin, key));
  return FormatNote(note);
}

absl::StatusOr<VerifiedCheckpoint> VerifyCheckpoint(absl::string_view note,
                                                    const std::vector<NoteKey>& keys,
                                                    Extensions extensions) {
  VerifiedCheckpoint verified;
  ASSIGN_OR_RETURN(verified.note, VerifyNote(note, keys));
  ASSIGN_OR_RETURN(verified.checkpoint, ParseCheckpoint(verified.note.text, extensions));
  for (const Signature& signature : verified.note.signatures) {
    for (const NoteKey& key : keys) {
      if (key.type == SignatureType::kEd25519 && key.name == verified.checkpoint.origin &&
          key.name == signature.name && key.id == signature.key_id) {
        return verified;
      }
    }
  }
  return absl::FailedPreconditionError("the checkpoint is not signed by its own log");
}

}  // namespace lintas::note
