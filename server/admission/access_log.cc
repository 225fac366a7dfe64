#include "server/admission/access_log.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace lintas {

LedgerAccessLog::LedgerAccessLog(Ledgers* ledgers, const PayloadSealer* sealer, Random* random,
                                 Alarms* alarms)
    : ledgers_(ledgers), sealer_(sealer), random_(random), alarms_(alarms) {}

void LedgerAccessLog::Append(const Call& call, const AccessFacts& facts,
                             std::function<void(absl::Status)> durable) {
  if (alarms_ != nullptr && absl::IsDataLoss(facts.outcome)) {
    alarms_->Raise("STORE_UNREADABLE",
                   absl::StrCat("a call met what cannot be read: ", facts.outcome.message(),
                                "; stop the node and run lintasd fsck"),
                   facts.now);
  }
  Group group;
  group.entries.push_back(MakeAccessEntry(call, facts, *sealer_, *random_));
  group.durable = [durable = std::move(durable)](const absl::StatusOr<std::vector<Position>>& at) {
    durable(at.status());
  };
  ledgers_->Enqueue(std::move(group));
}

}  // namespace lintas
