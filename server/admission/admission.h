// Admission: every call of one's own people and jobs passes here, on its way down (may they, for
// this purpose?) and on its way up (the access entry is durable before the answer leaves).
//
//   D1  No operation, no method: what is not registered cannot be called.
//   D2  Default deny: without a grant of the agreement in force a call is refused. Before the first
//       agreement is in force an operator may READ_STATUS, PROVE and ADOPT for the purpose
//       OPERATION, so that there can be one; nobody may do anything else.
//   D3  A call is judged by certificate, method, purpose and case alone, before its body is looked
//       at: a refusal reads the same whatever the node holds (P26).
//   D4  Every call leaves one access entry, a refused one too; a stream leaves one when it opens
//   and
//       one when it ends. No answer leaves before its entry is durable (P25).
//
// May be called from several threads at once, after all methods are registered.
#ifndef LINTAS_SERVER_ADMISSION_ADMISSION_H_
#define LINTAS_SERVER_ADMISSION_ADMISSION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/admission/access_log.h"
#include "server/admission/case_register.h"
#include "server/agreement/agreement.h"
#include "server/agreement/quota.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/call/call.h"

namespace lintas {

constexpr size_t kCaseLengthMax = 64;

// What travels beside the body. All of it is the caller's word.
struct CallMetadata {
  std::string purpose;
  std::string case_id;   // [A-Za-z0-9./-]{1,64}, or empty.
  std::string trace_id;  // 32 hexadecimal digits; anything else is replaced by a random one.
  absl::Time deadline = absl::InfiniteFuture();
  std::string wait_for{};  // `PARTNER` (P6, a write of one record only), or empty.
};

// A call and whether it was admitted. Refused ones are handed on too, since they are recorded.
struct Attempt {
  Call call;
  absl::Status verdict;  // OK: admitted.
};

struct AdmissionOptions {
  Country country;  // Own.
  // Limits that are lower here than in the agreement; 0 means as agreed. They never raise one: what
  // both countries signed holds.
  agreement::v1::Limits lower_limits;
};

class Admission {
 public:
  // All pointers outlive it.
  Admission(AdmissionOptions options, const AgreementBook* book, AccessLog* log, Random* random,
            Clock* clock);
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Before the first call only. CHECKs a name given twice, and that there is exactly one handler.
  void Register(Method method);
  void Register(std::vector<Method> methods);
  // Null if there is no such method. `full_name` is `package.Service/Method`.
  const Method* Find(absl::string_view full_name) const;
  std::vector<const Method*> methods() const;

  // The verdict: OK, or PERMISSION_DENIED, INVALID_ARGUMENT (a malformed case, a wait),
  // RESOURCE_EXHAUSTED (reason QUOTA) with the reasons of reasons.h. Takes from the caller's quotas
  // when it admits.
  Attempt Admit(const Principal& principal, const Method& method, CallMetadata metadata,
                absl::Time now);

  // Runs the handler if admitted, records the outcome, then gives the answer or the outward error
  // to `done`, once, from any thread. `request` is needed until HandleUnary returns only, as far as
  // the handler keeps to that too. UNAVAILABLE, reason ACCESS_NOT_RECORDED, if the entry failed.
  void HandleUnary(
      const Method& method, Attempt attempt, const google::protobuf::Message& request,
      std::function<void(absl::StatusOr<std::unique_ptr<google::protobuf::Message>>)> done);

  // Records the opening, then gives the stream's handler or the refusal to `opened`, once, from any
  // thread. The handler records its end: with the status that ended it, or CANCELLED when it is
  // destroyed before. It must not outlive this object.
  void OpenStream(const Method& method, Attempt attempt, StreamWriter write,
                  std::function<void(absl::StatusOr<std::unique_ptr<StreamHandler>>)> opened);

  // P24: OK while what `call` was admitted under is in force. PERMISSION_DENIED if its caller may
  // not do it any more, else UNAVAILABLE, reason AGREEMENT_CHANGED: to be opened again.
  absl::Status JudgeAgain(const Call& call) const;

  // One access entry for what a stream is about to disclose (P25). `durable`: as AccessLog, with
  // UNAVAILABLE, reason ACCESS_NOT_RECORDED, for any error.
  void RecordDisclosure(const Call& call, const Disclosure& disclosure,
                        std::function<void(absl::Status)> durable);

  // Who holds which case; asked for every admitted call that may see own nationals only (R7).
  // Before the first call only; `cases` outlives this object.
  void SetCases(CaseRegister* cases) { cases_ = cases; }

  // Takes `count` rows of a bulk import out of the caller's day. RESOURCE_EXHAUSTED, reason QUOTA,
  // if they are not all left. main/ hands it to the areas that take rows.
  absl::Status ChargeRows(const Call& call, uint64_t count);

 private:
  absl::Status Judge(const Method& method, absl::Time now, Call* call);
  absl::Status JudgeByAgreement(const AgreementVersion& agreement, Operation operation,
                                Call* call) const;
  absl::Status ChargeCall(const AgreementVersion& agreement, Operation operation, const Call& call,
                          absl::Time now);

  const AdmissionOptions options_;
  const AgreementBook* const book_;
  AccessLog* const log_;
  Random* const random_;
  Clock* const clock_;
  CaseRegister* cases_ = nullptr;
  absl::flat_hash_map<std::string, std::unique_ptr<const Method>> methods_;
  Quota searches_, questions_, rows_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_ADMISSION_ADMISSION_H_
