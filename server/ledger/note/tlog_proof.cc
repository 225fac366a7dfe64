#include "server/ledger/note/tlog_proof.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/status.h"
#include "server/ledger/merkle/proof.h"
#include "server/ledger/note/text_form.h"

namespace lintas::note {
namespace {

constexpr absl::string_view kFirstLine = "c2sp.org/tlog-proof@v1";

// Takes the next line off `text`, without its newline.
absl::StatusOr<absl::string_view> TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  if (end == absl::string_view::npos) return absl::InvalidArgumentError("a tlog-proof was cut");
  const absl::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string FormatTlogProof(const TlogProof& proof) {
  std::string text = absl::StrCat(kFirstLine, "\n");
  if (!proof.extra.empty()) absl::StrAppend(&text, "extra ", FormatBase64(proof.extra), "\n");
  absl::StrAppend(&text, "index ", proof.index.value(), "\n");
  for (const Hash& hash : proof.hashes) absl::StrAppend(&text, FormatBase64(hash.view()), "\n");
  absl::StrAppend(&text, "\n", proof.checkpoint);
  return text;
}

absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view text) {
  if (text.size() > kTlogProofBytesMax) return absl::InvalidArgumentError("a tlog-proof too large");
  TlogProof proof;
  ASSIGN_OR_RETURN(absl::string_view line, TakeLine(&text));
  if (line != kFirstLine) return absl::InvalidArgumentError("not a tlog-proof of version 1");
  ASSIGN_OR_RETURN(line, TakeLine(&text));
  if (absl::ConsumePrefix(&line, "extra ")) {
    ASSIGN_OR_RETURN(proof.extra, ParseBase64(line));
    if (proof.extra.empty()) return absl::InvalidArgumentError("an extra line without data");
    ASSIGN_OR_RETURN(line, TakeLine(&text));
  }
  if (!absl::ConsumePrefix(&line, "index ")) {
    return absl::InvalidArgumentError("a tlog-proof without its index line");
  }
  ASSIGN_OR_RETURN(const uint64_t index, ParseDecimal(line));
  proof.index = Index(index);
  for (;;) {
    ASSIGN_OR_RETURN(line, TakeLine(&text));
    if (line.empty()) break;
    if (proof.hashes.size() == kTlogProofHashesMax) {
      return absl::InvalidArgumentError("a tlog-proof with too many hashes");
    }
    ASSIGN_OR_RETURN(const Hash hash, ParseHash(line));
    proof.hashes.push_back(hash);
  }
  RETURN_IF_ERROR(ParseNote(text).status());
  proof.checkpoint = std::string(text);
  return proof;
}

absl::StatusOr<VerifiedCheckpoint> VerifyTlogProof(const TlogProof& proof, const Hash& leaf_hash,
                                                   const Policy& policy) {
  ASSIGN_OR_RETURN(VerifiedCheckpoint verified, policy.Satisfied(proof.checkpoint));
  RETURN_IF_ERROR(merkle::VerifyInclusion(leaf_hash, proof.index, verified.checkpoint.size,
                                          proof.hashes, verified.checkpoint.root));
  return verified;
}

}  // namespace lintas::note
