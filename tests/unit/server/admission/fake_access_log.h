// An access log in memory that can fail or hold its acknowledgements back. For tests only.
#ifndef LINTAS_TESTS_UNIT_SERVER_ADMISSION_FAKE_ACCESS_LOG_H_
#define LINTAS_TESTS_UNIT_SERVER_ADMISSION_FAKE_ACCESS_LOG_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/admission/access_log.h"
#include "server/base/error.h"

namespace lintas {

class FakeAccessLog final : public AccessLog {
 public:
  struct Entry {
    Call call;
    absl::StatusCode code;
    std::string reason;
    Disclosure disclosure;
  };

  void Append(const Call& call, const AccessFacts& facts,
              std::function<void(absl::Status)> durable) override {
    entries.push_back({call, facts.outcome.code(), ErrorReason(facts.outcome),
                       facts.disclosure == nullptr ? Disclosure() : *facts.disclosure});
    if (hold) {
      held.push_back(std::move(durable));
    } else {
      durable(fail ? absl::UnavailableError("disk full") : absl::OkStatus());
    }
  }
  // All held entries are durable.
  void Sync() {
    std::vector<std::function<void(absl::Status)>> ready;
    ready.swap(held);
    for (auto& durable : ready) durable(absl::OkStatus());
  }

  std::vector<Entry> entries;
  bool fail = false;
  bool hold = false;
  std::vector<std::function<void(absl::Status)>> held;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_UNIT_SERVER_ADMISSION_FAKE_ACCESS_LOG_H_
