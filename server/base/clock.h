// Clock: time is handed in, so that two nodes run in one simulation from one seed.
#ifndef LINTAS_SERVER_BASE_CLOCK_H_
#define LINTAS_SERVER_BASE_CLOCK_H_

#include <memory>

#include "absl/time/time.h"

namespace lintas {

// May be called from several threads at once.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

// The machine's clock. Only server/main, client/ and certs/ create one.
std::unique_ptr<Clock> MakeSystemClock();

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_CLOCK_H_
