// The access entry: one home entry for every question, answer, refusal and disclosure (P11, P25).
#ifndef LINTAS_SERVER_RECORDS_ACCESS_ENTRY_H_
#define LINTAS_SERVER_RECORDS_ACCESS_ENTRY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/random.h"
#include "server/call/call.h"
#include "server/ledger/entry.h"

namespace lintas {

constexpr size_t kAccessNamesMax = 100;

// Counts one more record or procedure, and names it while there is room.
void Disclose(std::string name, Disclosure* disclosure);

struct AccessFacts {
  absl::Status outcome;
  absl::Time now;
  const Disclosure* disclosure = nullptr;
  // Of a unary write (P30): keyed token of its request id and digest of its body; empty otherwise.
  std::string request_token;
  std::string body_digest;
  // To whom a case was handed; else empty.
  std::string case_holder;
};

// Sealed and ready to enqueue. Holds digests and record names, no content.
PreparedEntry MakeAccessEntry(const Call& call, const AccessFacts& facts,
                              const PayloadSealer& sealer, Random& random);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_ACCESS_ENTRY_H_
