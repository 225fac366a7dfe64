// fsck: reads all that a stopped node holds and checks it against itself: every header, digest,
// tree, tile and signed head of the three ledgers, every projection against a fold from nothing,
// and the attachments against the steps that name them.
#ifndef LINTAS_SERVER_MAIN_FSCK_H_
#define LINTAS_SERVER_MAIN_FSCK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/main/node.h"

namespace lintas {

struct FsckReport {
  uint64_t entries = 0, erased = 0, sections = 0, tiles = 0, derived_keys = 0, state_keys = 0;
  // Named by a step and here; named by a step of the partner's and not yet fetched; here and named
  // by no step any more, which the running node will sweep. The last two are no faults.
  uint64_t attachments = 0, attachments_awaited = 0, attachments_unnamed = 0;
  // One sentence each, with ledger and index; at most 100 are kept.
  std::vector<std::string> faults;
  uint64_t fault_count = 0;
};

struct FsckKeys {
  KeyHistory<VerifyKey> own_log, partner_log;
  // The home ledger's keys are those of the exchange ledger, from other sizes on; without periods
  // if there has been one key only.
  KeyHistory<VerifyKey> own_home_log = {};
};

// `store` belongs to no running node. kUnavailable or kDataLoss if it cannot be read at all.
absl::StatusOr<FsckReport> Fsck(const NodeOptions& options, const Secret& seal,
                                const FsckKeys& keys, Store* store, HeadStore* heads);

}  // namespace lintas

#endif  // LINTAS_SERVER_MAIN_FSCK_H_
