// Alarms: what a person must look at. Raised by any part, shown by `lintas node status` and
// metrics. Texts name no person. Thread safe.
#ifndef LINTAS_SERVER_BASE_ALARMS_H_
#define LINTAS_SERVER_BASE_ALARMS_H_

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace lintas {

class Alarms {
 public:
  struct Alarm {
    std::string code;  // UPPER_SNAKE.
    std::string text;
    absl::Time raise_time;
  };
  // Repeated with the same code: the text is replaced, the time stays.
  void Raise(const std::string& code, const std::string& text, absl::Time now) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto [it, added] = alarms_.emplace(code, Alarm{code, text, now});
    if (!added) it->second.text = text;
  }
  void Clear(const std::string& code) {
    std::lock_guard<std::mutex> lock(mutex_);
    alarms_.erase(code);
  }
  bool raised(const std::string& code) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return alarms_.count(code) != 0;
  }
  std::vector<Alarm> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<Alarm> all;
    for (const auto& [code, alarm] : alarms_) all.push_back(alarm);
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Alarm> alarms_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_ALARMS_H_
