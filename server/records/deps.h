// What the parts of records/, link/, areas/ and admission/ are handed. All pointers outlive them.
#ifndef LINTAS_SERVER_RECORDS_DEPS_H_
#define LINTAS_SERVER_RECORDS_DEPS_H_

#include <string>

#include "server/agreement/agreement.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/crypto/token.h"
#include "server/ledger/ledgers.h"
#include "server/records/procedure/table.h"
#include "server/records/record_type.h"
#include "server/store/store.h"

namespace lintas {

struct RecordsDeps {
  std::string country;          // Own, lower-case alpha-3.
  std::string partner_country;  // The other Party.
  bool exercise =
      false;  // An exercise node takes synthetic data only, a production node none (P5).
  const RecordTypes* types = nullptr;
  // The areas' procedures; null: every step of the partner is parked.
  const ProcedureTables* procedures = nullptr;
  const Tokenizer* tokens = nullptr;  // Keyed by the node (derived.h).
  const PayloadSealer* sealer = nullptr;
  AgreementBook* book = nullptr;
  Store* store = nullptr;
  Random* random = nullptr;
  Ledgers* ledgers = nullptr;  // Null until the ledgers are open.
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_DEPS_H_
