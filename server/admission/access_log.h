// AccessLog: where the access entries of calls go. One entry a call, refusals included (P11, P25).
#ifndef LINTAS_SERVER_ADMISSION_ACCESS_LOG_H_
#define LINTAS_SERVER_ADMISSION_ACCESS_LOG_H_

#include <functional>

#include "absl/status/status.h"
#include "server/base/alarms.h"
#include "server/call/call.h"
#include "server/ledger/ledgers.h"
#include "server/records/access_entry.h"

namespace lintas {

// May be called from several threads at once.
class AccessLog {
 public:
  virtual ~AccessLog() = default;
  // Never blocks. `durable` comes once, from any thread: OK when the entry is on disk.
  virtual void Append(const Call& call, const AccessFacts& facts,
                      std::function<void(absl::Status)> durable) = 0;
};

// Into the home ledger. A call that met a file or an entry which cannot be read (kDataLoss) raises
// the alarm STORE_UNREADABLE: the caller only hears of a mistake. The entry is serialised, digested
// and sealed in the calling thread; entries of calls that run at once share one commit. All
// pointers outlive it.
class LedgerAccessLog final : public AccessLog {
 public:
  // `alarms` may be null.
  LedgerAccessLog(Ledgers* ledgers, const PayloadSealer* sealer, Random* random,
                  Alarms* alarms = nullptr);
  void Append(const Call& call, const AccessFacts& facts,
              std::function<void(absl::Status)> durable) override;

 private:
  Ledgers* const ledgers_;
  const PayloadSealer* const sealer_;
  Random* const random_;
  Alarms* const alarms_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_ADMISSION_ACCESS_LOG_H_
