// Receipts: that an entry stands in a ledger, checked offline. Pure; safe from any thread.
//
// A receipt is the text of a C2SP tlog-proof (server/ledger/note/tlog_proof.h), then one line
//   lintas-header <base64 of the header's bytes, which are the Merkle leaf>
// and, if a section is disclosed, one more:
//   lintas-section <number> <base64 of a serialised lintas.ledger.v1.Section> synthetic|real
// The node writes the same format (NodeService.GetReceipt, Recall.receipt_text). A stranger's tool
// reads the tlog-proof alone when the lines that begin with `lintas-` are taken off.
#ifndef LINTAS_CLIENT_RECEIPT_H_
#define LINTAS_CLIENT_RECEIPT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "lintas/ledger/v1/ledger.pb.h"
#include "server/base/ids.h"
#include "server/crypto/sha256.h"
#include "server/ledger/note/policy.h"
#include "server/ledger/note/tlog_proof.h"

namespace lintas::client {

struct Receipt {
  note::TlogProof proof;
  // The bytes of the header, as hashed.
  std::string header;
  struct Disclosed {
    ledger::v1::Section section;
    bool synthetic = false;
  };
  absl::optional<Disclosed> disclosed;
};

std::string FormatReceipt(const Receipt& receipt);

// kInvalidArgument unless `text` is exactly what FormatReceipt gives for some receipt. Nothing is
// verified.
absl::StatusOr<Receipt> ParseReceipt(absl::string_view text);

// What a receipt proves.
struct ProvenReceipt {
  ledger::v1::EntryHeader header;
  TreeSize size;
  // Who signed the checkpoint, and who cosigned it when.
  std::vector<std::string> signers;
  struct Cosigner {
    std::string name;
    absl::Time time;
  };
  std::vector<Cosigner> cosigners;
  absl::optional<Receipt::Disclosed> disclosed;
};

// kInvalidArgument: the header is malformed. kFailedPrecondition: signatures are missing that the
// policy asks for. kDataLoss: something was changed. kInvalidArgument is also given for a header
// that names another ledger or index than the checkpoint and the proof.
absl::StatusOr<ProvenReceipt> VerifyReceipt(const Receipt& receipt, const note::Policy& policy);

// The digest of a section as ledger.proto says it.
Hash DisclosedDigest(const Receipt::Disclosed& disclosed);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_RECEIPT_H_
