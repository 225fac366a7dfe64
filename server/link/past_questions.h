// What the home ledger tells of the partner's questions: read when a node opens, so that a question
// answered before is not answered twice and a day's quota outlives a restart (P25).
#ifndef LINTAS_SERVER_LINK_PAST_QUESTIONS_H_
#define LINTAS_SERVER_LINK_PAST_QUESTIONS_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/ledger/entry.h"
#include "server/store/store.h"

namespace lintas {

struct PastQuestion {
  std::string digest;  // SHA-256 of the question's bytes.
  std::string asker;   // As in the entry; empty if the question could not be believed.
  absl::Time asked;
  // Until when a repeat gets the same answer; InfinitePast: a repeat is judged again.
  absl::Time expires = absl::InfinitePast();
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string refusal_reason;
  std::string sealed_answer;  // Empty for a refusal, or if it was too large to be kept.
};

// Visits the partner's questions of the hour of `from` and later in the order in which they came.
// The store's derived keys must be complete. An erased entry is passed over; kDataLoss if an entry
// cannot be read or a question has no answer beside it.
absl::Status VisitPastQuestions(const Store& store, const PayloadSealer& sealer, absl::Time from,
                                const std::function<void(PastQuestion)>& visit);

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_PAST_QUESTIONS_H_
