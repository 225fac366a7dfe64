// A program started beside the benchmark: its output in a file, its CPU and memory from /proc.
#ifndef LINTAS_TESTS_BENCH_CHILD_H_
#define LINTAS_TESTS_BENCH_CHILD_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lintas::bench {

// Ended by SIGTERM, and waited for, at the end of its life; also when the benchmark dies.
class Child {
 public:
  // Standard output and error go to `log`. Only from the main thread: the child dies with it.
  Child(const std::vector<std::string>& command, const std::string& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Until its log holds `text`. kUnavailable, with the log's end, if it exits or 30 s pass.
  absl::Status AwaitLog(const std::string& text) const;
  // Until it has exited: its exit code. kDeadlineExceeded after `seconds`.
  absl::StatusOr<int> AwaitExit(int seconds);
  // User and system time so far; all of it once AwaitExit has given a code.
  double cpu_s() const;
  // Resident now.
  double memory_mb() const;
  pid_t pid() const { return pid_; }

 private:
  const std::string log_;
  pid_t pid_ = -1;
  double ended_cpu_s_ = 0;
};

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_CHILD_H_
