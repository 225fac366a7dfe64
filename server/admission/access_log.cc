#include "server/admission/access_log.h"

#include <utility>

namespace lintas {

LedgerAccessLog::LedgerAccessLog(Ledgers* ledgers, const PayloadSealer* sealer, Random* random)
    : ledgers_(ledgers), sealer_(sealer), random_(random) {}

void LedgerAccessLog::Append(const Call& call, const AccessFacts& facts,
                             std::function<void(absl::Status)> durable) {
  Group group;
  group.entries.push_back(MakeAccessEntry(call, facts, *sealer_, *random_));
  group.durable = [durable = std::move(durable)](const absl::StatusOr<std::vector<Position>>& at) {
    durable(at.status());
  };
  ledgers_->Enqueue(std::move(group));
}

}  // namespace lintas
