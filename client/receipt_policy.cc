#include "client/receipt_policy.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/status.h"
#include "server/ledger/note/signed_note.h"

namespace lintas::client {
namespace {

using trust::v1::LedgerKey;
using trust::v1::TrustBundle;

bool IsLog(LedgerKey::Use use) {
  return use == LedgerKey::EXCHANGE_LOG || use == LedgerKey::HOME_LOG;
}

// What a bundle says of the ledger.
struct Found {
  std::string country;
  LedgerKey::Use use = LedgerKey::USE_UNSPECIFIED;
  std::vector<std::string> vkeys;
};

absl::StatusOr<Found> FindLog(const std::vector<TrustBundle>& bundles, absl::string_view origin,
                              TreeSize size) {
  Found found;
  for (const TrustBundle& bundle : bundles) {
    for (const LedgerKey& key : bundle.ledger_keys()) {
      if (!IsLog(key.use())) continue;
      ASSIGN_OR_RETURN(const KeyHistory<note::NoteKey> keys, KeysFor(bundle, key.use()));
      if (keys.newest().name != origin) continue;
      found.country = bundle.country();
      found.use = key.use();
      found.vkeys.push_back(note::FormatVkey(keys.At(size)));
    }
  }
  if (!found.vkeys.empty()) return found;
  return absl::InvalidArgumentError(absl::StrCat("no bundle names the ledger ", origin));
}

std::vector<std::string> HeldKeysOfOthers(const std::vector<TrustBundle>& bundles,
                                          absl::string_view country) {
  std::vector<std::string> vkeys;
  for (const TrustBundle& bundle : bundles) {
    if (bundle.country() == country) continue;
    for (const LedgerKey& key : bundle.ledger_keys()) {
      if (key.use() != LedgerKey::HELD) continue;
      for (const auto& period : key.periods()) vkeys.push_back(period.vkey());
    }
  }
  return vkeys;
}

}  // namespace

absl::StatusOr<note::Policy> PolicyOf(const std::vector<TrustBundle>& bundles,
                                      absl::string_view origin, TreeSize size) {
  ASSIGN_OR_RETURN(const Found found, FindLog(bundles, origin, size));
  std::string text;
  for (const std::string& vkey : found.vkeys) absl::StrAppend(&text, "log ", vkey, "\n");
  std::vector<std::string> witnesses;
  // A home ledger never leaves, so nobody can say that they hold it.
  if (found.use == LedgerKey::EXCHANGE_LOG) {
    for (const std::string& vkey : HeldKeysOfOthers(bundles, found.country)) {
      witnesses.push_back(absl::StrCat("w", witnesses.size()));
      absl::StrAppend(&text, "witness ", witnesses.back(), " ", vkey, "\n");
    }
  }
  if (witnesses.empty()) {
    absl::StrAppend(&text, "quorum none\n");
  } else {
    absl::StrAppend(&text, "group held any ", absl::StrJoin(witnesses, " "), "\nquorum held\n");
  }
  return note::Policy::Parse(text);
}

}  // namespace lintas::client
