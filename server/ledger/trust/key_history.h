// KeyHistory: the keys that one node has had for one use, each from a tree size on (P23). Pure;
// safe from any thread when no longer changed.
#ifndef LINTAS_SERVER_LEDGER_TRUST_KEY_HISTORY_H_
#define LINTAS_SERVER_LEDGER_TRUST_KEY_HISTORY_H_

#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/ids.h"

namespace lintas {

// `Key` is a VerifyKey or a note::NoteKey.
template <typename Key>
class KeyHistory {
 public:
  struct Period {
    Key key;
    TreeSize from_size;
  };

  KeyHistory() = default;
  // One key since the beginning. Implicit, because most nodes never have another.
  KeyHistory(Key key) { Add(std::move(key), TreeSize(0)); }  // NOLINT(google-explicit-constructor)

  // The first period begins at 0, each further one later than the one before; checked.
  void Add(Key key, TreeSize from_size) {
    LINTAS_CHECK(periods_.empty() ? from_size == TreeSize(0)
                                  : from_size > periods_.back().from_size);
    periods_.push_back({std::move(key), from_size});
  }

  // The key that signs a tree of `size`. There must be a period; checked.
  const Key& At(TreeSize size) const {
    LINTAS_CHECK(!periods_.empty());
    size_t at = periods_.size() - 1;
    while (periods_[at].from_size > size) --at;
    return periods_[at].key;
  }

  // What is signed without a tree of the signer's (cosignatures, questions) is dated by the size of
  // its exchange ledger as far as the verifier has `seen` it: the key in force there, and those
  // after it, since the signer may be ahead. A key that had ended by then is not among them.
  std::vector<Key> NotEndedAt(TreeSize seen) const {
    std::vector<Key> keys;
    for (size_t i = 0; i < periods_.size(); ++i) {
      if (i + 1 < periods_.size() && periods_[i + 1].from_size <= seen) continue;
      keys.push_back(periods_[i].key);
    }
    return keys;
  }

  const std::vector<Period>& periods() const { return periods_; }
  const Key& newest() const { return periods_.back().key; }

 private:
  std::vector<Period> periods_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LEDGER_TRUST_KEY_HISTORY_H_
