// Configuration of a node's process: one JSON file, paths relative to it. Every field is named in
// deploy/node.example.json; an unknown one is an error, so that a misspelt safeguard is not a lost
// one.
#ifndef LINTAS_SERVER_MAIN_CONFIG_H_
#define LINTAS_SERVER_MAIN_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/agreement/agreement.h"
#include "server/base/ids.h"
#include "server/crypto/ed25519.h"
#include "server/crypto/key_file.h"
#include "server/ledger/trust/key_history.h"
#include "server/main/node.h"

namespace lintas {

struct Config {
  std::string country, partner;  // Lower-case alpha-3.
  std::string partnership = "idn-khm";
  bool exercise = false;                               // P5.
  std::string data_folder;                             // The store.
  std::string heads_folder;                            // Outside every backup (P9).
  std::string staging_folder;                          // Copies of certificates that gRPC reads.
  std::string signing_keys, seal_key;                  // Key files, 0600, kept apart (P3, P20).
  std::string identity;                                // Node key and certificate, PEM.
  std::string own_authority, partner_authority;        // CA certificates, PEM.
  std::string own_revocations, partner_revocations;    // CRLs, PEM.
  std::string denied;                                  // Optional list of serials and URIs.
  std::string own_bundle, partner_bundle;              // Trust bundles, JSON.
  std::string officers_address, partner_port_address;  // To listen on.
  std::string partner_address;                         // The partner's partner port.
  std::string metrics_address;                         // Loopback; empty for none.
  uint32_t searches_per_minute = 0;                    // Lower than agreed; 0: as agreed.
  // So far ahead of the machine's is the node's clock: deadlines are rehearsed without waiting for
  // them. Of an exercise node only.
  uint32_t exercise_clock_ahead_hours = 0;
};

// kInvalidArgument names the field.
absl::StatusOr<Config> ReadConfig(const std::string& path);

// What a running node needs of a trust bundle.
struct BundleKeys {
  PartnerKeys keys;
  KeyHistory<VerifyKey> home_log;
  std::vector<AuthorityKey> authorities;
};
// Reads a bundle as lintas-pki does (trust_bundle.h), whole or not at all. kInvalidArgument names
// the configuration's `field`, the file and the rule.
absl::StatusOr<BundleKeys> ReadBundleKeys(const std::string& field, const std::string& path,
                                          const std::string& country,
                                          const std::string& partnership);

// Up to where an own ledger is signed: `exchange.head` or `home.head`. 0 if nothing is.
absl::StatusOr<TreeSize> SignedSize(const HeadStore& heads, absl::string_view name);

// That the node signs with the keys that its own bundle names last, from the sizes on that it says:
// otherwise the partner would refuse what is signed. `exchange` and `home` are the sizes signed so
// far. kFailedPrecondition names the key.
absl::Status CheckOwnKeys(const BundleKeys& own, const NodeKeys& keys, TreeSize exchange,
                          TreeSize home);

}  // namespace lintas

#endif  // LINTAS_SERVER_MAIN_CONFIG_H_
