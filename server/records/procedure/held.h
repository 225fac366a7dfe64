// What a cosignature promises (P18): up to where the partner holds this node's exchange ledger, and
// from where on everything that it writes has seen that. The second size is the partner's word
// beside its signature; what contradicts it later is refused on arrival, so nobody is harmed by
// having believed it.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_HELD_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_HELD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "absl/types/optional.h"
#include "server/base/ids.h"

namespace lintas {

struct HeldPrefix {
  TreeSize held_size;     // Of the own exchange ledger.
  TreeSize partner_size;  // Of the partner's, when it cosigned.
  // Of the own one, by earlier promises: whatever is still to come has seen that.
  TreeSize seen_by_all;
  // True if an entry of the partner at `index` that knows nothing of ours from `below` on was
  // promised not to come.
  bool Excludes(uint64_t index, uint64_t below) const {
    return below < seen_by_all.value() ||
           (index >= partner_size.value() && below < held_size.value());
  }
};

// The newest one; nothing if the partner never said. Any thread.
using HeldSource = std::function<absl::optional<HeldPrefix>()>;

// Arrivals: steps and verdicts of the partner that are judged and not committed yet. Whoever is
// about to rely on a promise looks here too: these came before it. Thread safe.
class Arrivals {
 public:
  // `committed`: the replica's size; what is below is forgotten.
  void Note(uint64_t index, uint64_t below, TreeSize committed);
  // True if one that is not committed knows nothing of ours from somewhere below `held` on.
  bool AnyBelow(TreeSize committed, TreeSize held) const;

 private:
  mutable std::mutex mutex_;
  std::map<uint64_t, uint64_t> below_;  // By index.
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_HELD_H_
