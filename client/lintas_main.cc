// `lintas`: the command line. Everything is in client/commands; this connects it to the machine.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/time/clock.h"
#include "client/commands/command_line.h"
#include "client/connection.h"
#include "google/protobuf/stubs/logging.h"
#include "server/base/clock.h"
#include "server/crypto/os_random.h"

namespace {

std::string SettingsFolder() {
  if (const char* folder = std::getenv("LINTAS_HOME")) return folder;
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.config/lintas";
}

}  // namespace

int main(int argc, char** argv) {
  // Bytes that are no message are told in our own words.
  google::protobuf::SetLogHandler(nullptr);
  // gRPC writes its own lines about every refused handshake; the status says the same in one line.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  const auto clock = lintas::MakeSystemClock();
  const auto random = lintas::MakeOsRandom();
  lintas::client::Environment environment;
  environment.out = &std::cout;
  environment.err = &std::cerr;
  environment.err_is_terminal = isatty(STDERR_FILENO) == 1;
  environment.folder = SettingsFolder();
  environment.connect = lintas::client::Connect;
  environment.clock = clock.get();
  environment.random = random.get();
  environment.sleep = [](absl::Duration duration) { absl::SleepFor(duration); };
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(lintas::client::RunCommandLine(arguments, environment));
}
