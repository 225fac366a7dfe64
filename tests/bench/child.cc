#include "tests/bench/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lintas::bench {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::string& log) : log_(log) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  pid_ = fork();
  if (pid_ != 0) {
    close(out);
    return;
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execv(arguments[0], arguments.data());
  _exit(127);
}

Child::~Child() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

absl::Status Child::AwaitLog(const std::string& text) const {
  for (int i = 0; i < 1500; ++i) {
    const std::string log = Contents(log_);
    if (log.find(text) != std::string::npos) return absl::OkStatus();
    siginfo_t info = {};
    const bool ended =
        waitid(P_PID, pid_, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid_;
    if (ended) return absl::UnavailableError(absl::StrCat("it ended: ", log));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return absl::UnavailableError(absl::StrCat("it did not start: ", Contents(log_)));
}

absl::StatusOr<int> Child::AwaitExit(int seconds) {
  for (int i = 0; i < 500 * seconds; ++i) {
    int status = 0;
    rusage usage = {};
    if (wait4(pid_, &status, WNOHANG, &usage) == pid_) {
      pid_ = -1;
      ended_cpu_s_ = double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return absl::DeadlineExceededError(absl::StrCat("it still runs: ", Contents(log_)));
}

double Child::cpu_s() const {
  if (pid_ <= 0) return ended_cpu_s_;
  const std::string stat = Contents(absl::StrCat("/proc/", pid_, "/stat"));
  // The name in parentheses may hold blanks. proc(5): utime and stime are fields 14 and 15.
  const std::vector<std::string> fields = absl::StrSplit(stat.substr(stat.rfind(')') + 2), ' ');
  if (fields.size() < 13) return 0;
  return (std::atof(fields[11].c_str()) + std::atof(fields[12].c_str())) / sysconf(_SC_CLK_TCK);
}

double Child::memory_mb() const {
  std::istringstream status(Contents(absl::StrCat("/proc/", pid_, "/status")));
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

}  // namespace lintas::bench
