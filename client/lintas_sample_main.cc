// lintas-sample: a seeded synthetic country pair as CSV. docs/sample.md.
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "client/sample/options.h"
#include "client/sample/sample_files.h"

namespace {

constexpr int kDone = 0;
constexpr int kUsage = 2;

int Run(const std::vector<std::string>& arguments) {
  const auto options = lintas::sample::ParseOptions(arguments);
  if (!options.ok()) {
    std::fprintf(stderr, "lintas-sample: %s\n", std::string(options.status().message()).c_str());
    return kUsage;
  }
  if (options->help) {
    std::fputs(lintas::sample::HelpText().c_str(), stdout);
    return kDone;
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto counts = lintas::sample::WriteSample(*options);
  if (!counts.ok()) {
    std::fprintf(stderr, "lintas-sample: %s\n", std::string(counts.status().message()).c_str());
    return kUsage;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const double rows = static_cast<double>(counts->RowsOf(lintas::sample::Country::kIndonesia) +
                                          counts->RowsOf(lintas::sample::Country::kCambodia));
  std::fputs(lintas::sample::CountsText(*counts).c_str(), stdout);
  std::printf("\n%s written in %.1f s, %.0f rows/s\n", options->out.c_str(), seconds.count(),
              rows / seconds.count());
  return kDone;
}

}  // namespace

int main(int argc, char** argv) { return Run(std::vector<std::string>(argv + 1, argv + argc)); }
