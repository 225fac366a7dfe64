// tlog-proof files from strangers: no input may crash, what is accepted has one spelling, and
// hashes that nobody computed prove nothing.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/ledger/merkle/proof.h"
#include "server/ledger/note/tlog_proof.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace note = lintas::note;
  namespace merkle = lintas::merkle;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto proof = note::ParseTlogProof(text);
  if (!proof.ok()) return 0;
  LINTAS_CHECK(note::FormatTlogProof(*proof) == text);
  // Sizes around the index reach every branch of both verifiers.
  const lintas::Hash zero;
  for (uint64_t extra : {0, 1, 2, 100}) {
    const lintas::TreeSize tree(proof->index.value() + extra);
    const auto included = merkle::VerifyInclusion(zero, proof->index, tree, proof->hashes, zero);
    LINTAS_CHECK(!included.ok() || tree == lintas::TreeSize(1));
    const lintas::TreeSize older(proof->index.value());
    const auto consistent =
        merkle::VerifyConsistency({older, tree}, proof->hashes, {zero, lintas::Hash{{1}}});
    LINTAS_CHECK(!consistent.ok());
  }
  const auto policy = note::Policy::Parse("quorum none\n");
  LINTAS_CHECK(policy.ok());
  LINTAS_CHECK(!note::VerifyTlogProof(*proof, zero, *policy).ok());
  return 0;
}
