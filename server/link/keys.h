// Keys of the two nodes as link/ uses them (P8, P20, P23): who signs what, under which name.
#ifndef LINTAS_SERVER_LINK_KEYS_H_
#define LINTAS_SERVER_LINK_KEYS_H_

#include <string>
#include <vector>

#include "server/crypto/ed25519.h"
#include "server/ledger/note/signed_note.h"
#include "server/ledger/trust/key_history.h"

namespace lintas {

// A longer revocation list does not travel by the link (P24).
constexpr size_t kRevocationListBytesMax = 1 << 20;

// Our own, distinct keys. The log key is in Ledgers.
struct OwnLinkKeys {
  std::string held_name, consistent_name;  // Cosigner names.
  SigningKey held, consistent, question;
};

// The partner's, from its trust bundle, each with the keys before it (P23).
struct PartnerLinkKeys {
  KeyHistory<note::NoteKey> log;  // Named as the exchange ledger's origin.
  KeyHistory<note::NoteKey> held, consistent;
  KeyHistory<VerifyKey> question;
};

// `<trust domain>/lintas/<partnership>/<held|consistent>`.
std::string CosignerName(const std::string& trust_domain, const std::string& partnership,
                         absl::string_view what);

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_KEYS_H_
