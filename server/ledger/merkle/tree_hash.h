// The hashes of a ledger's tree: RFC 6962 2.1. Pure; safe from any thread.
#ifndef LINTAS_SERVER_LEDGER_MERKLE_TREE_HASH_H_
#define LINTAS_SERVER_LEDGER_MERKLE_TREE_HASH_H_

#include "absl/strings/string_view.h"
#include "server/crypto/sha256.h"

namespace lintas::merkle {

// SHA-256(0x00 | leaf).
Hash LeafHash(absl::string_view leaf);
// SHA-256(0x01 | left | right). The first byte keeps a node from being passed off as a leaf.
Hash NodeHash(const Hash& left, const Hash& right);
// The root of the tree of size 0: SHA-256 of nothing.
Hash EmptyRoot();

}  // namespace lintas::merkle

#endif  // LINTAS_SERVER_LEDGER_MERKLE_TREE_HASH_H_
