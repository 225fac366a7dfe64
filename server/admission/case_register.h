// CaseRegister: which attaché holds which case (R7: an attaché asks with a case, and not with a
// colleague's). A case belongs to the first attaché who names it, until it is handed over.
//
// Node state outside the fold (P15), under `n/case/<token of the case>`: the token of its holder.
// Neither says which case or who; the access entries do.
#ifndef LINTAS_SERVER_ADMISSION_CASE_REGISTER_H_
#define LINTAS_SERVER_ADMISSION_CASE_REGISTER_H_

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/call/call.h"
#include "server/records/deps.h"

namespace lintas {

// Thread safe.
class CaseRegister {
 public:
  explicit CaseRegister(const RecordsDeps& deps) : deps_(deps) {}
  CaseRegister(const CaseRegister&) = delete;
  CaseRegister& operator=(const CaseRegister&) = delete;

  // OK if the caller holds the call's case, or nobody does: then the caller holds it from now on,
  // durably before any later entry is. PERMISSION_DENIED, reason CASE_OF_ANOTHER, otherwise. Upper
  // and lower case are one case.
  absl::Status Claim(const Call& call);

  // Gives `case_id` to `to`, with an access entry that names both. `done` comes once, from any
  // thread. An attaché hands over own cases only: PERMISSION_DENIED, reason CASE_OF_ANOTHER; other
  // callers whatever has a holder. FAILED_PRECONDITION, reason CASE_NOT_HELD.
  void HandOver(const Call& call, const std::string& case_id, const Principal& to,
                std::function<void(absl::Status)> done);

 private:
  std::string CaseToken(absl::string_view case_id) const;
  std::string HolderToken(absl::string_view principal_uri) const;
  // Notes the next holder, from whom on the caller has it no more, if the caller may give it.
  absl::Status Give(const Call& call, const std::string& case_token, const std::string& next);
  // It is durable that `holder` has it.
  void Forget(const std::string& case_token, const std::string& holder);
  // Empty if nobody holds it; with the mutex held. Reads the store.
  absl::StatusOr<std::string> HolderOf(const std::string& case_token) const;

  const RecordsDeps deps_;
  mutable std::mutex mutex_;
  // Given and not yet known to be durable; for good if the ledger failed meanwhile.
  std::map<std::string, std::string> given_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_ADMISSION_CASE_REGISTER_H_
