#include "tests/simulation/world.h"

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "server/base/status.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/workload.h"

namespace lintas::simulation {
namespace {

constexpr int kThoroughInterval = 64;
// Back-off (90 s), silence (20 s), a held line's hour and questions' deadlines, in ticks of a
// second.
constexpr int kConvergeTicksMax = 600;

class World {
 public:
  World(uint64_t seed, const RunOptions& options)
      : options_(options),
        random_(seed),
        network_(&now_, &random_),
        nodes_{SimNode(0, &now_, seed * 2 + 1, &network_),
               SimNode(1, &now_, seed * 2 + 2, &network_)},
        checker_(&nodes_[0], &nodes_[1]),
        workload_(&random_, &checker_, &nodes_[0], &nodes_[1],
                  [this](const std::string& line) { Trace(line); }) {
    if (options_.store_wrapper) nodes_[0].SetStoreWrapper(options_.store_wrapper);
    DrawFaults();
  }

  RunResult Run() {
    RunResult result;
    result.status = Live();
    if (result.status.ok()) result.status = Converge();
    result.ticks = tick_;
    result.crashes = crashes_;
    result.answered = workload_.answered();
    result.reached = workload_.reached();
    for (const auto& [fault, count] : faults_) result.reached[fault] += count;
    for (int i = 0; i < 2; ++i) {
      result.entries += checker_.size(i, LedgerId::kExchange) + checker_.size(i, LedgerId::kHome);
    }
    return result;
  }

 private:
  // Chances per tick and node.
  struct Weights {
    double crash = 0, commit_fault = 0, head_fault = 0, background_fault = 0, lose_derived = 0;
    double disk_full = 0, clock_jump = 0, silence = 0, withhold = 0;
  };

  void Trace(const std::string& line) const {
    if (options_.trace) std::fprintf(stderr, "%5d %s\n", tick_, line.c_str());
  }

  // Half of the faults are off in each run, so that the others have room.
  double Draw(double most) {
    if (!options_.faults || random_.Chance(0.5)) return 0;
    return most * static_cast<double>(1 + random_.Below(100)) / 100;
  }

  void DrawFaults() {
    weights_.crash = Draw(0.02);
    weights_.commit_fault = Draw(0.03);
    weights_.head_fault = Draw(0.01);
    weights_.background_fault = Draw(0.05);
    weights_.lose_derived = Draw(0.3);
    weights_.disk_full = Draw(0.005);
    weights_.clock_jump = Draw(0.01);
    weights_.silence = Draw(0.01);
    weights_.withhold = Draw(0.01);
    NetworkFaults& line = network_.faults();
    line.lost = Draw(0.2);
    line.repeated = Draw(0.2);
    line.cut = Draw(0.05);
    if (options_.faults && random_.Chance(0.5)) {
      line.delay_max = absl::Milliseconds(5 + static_cast<int64_t>(random_.Below(3000)));
    }
    ticks_ = 60 + static_cast<int>(random_.Below(options_.ticks_max - 59));
    const int64_t steps_ms[] = {25, 100, 400, 2000};
    step_ = absl::Milliseconds(steps_ms[random_.Below(4)]);
  }

  absl::Status Start(int index) {
    SimNode& sim = nodes_[index];
    if (random_.Chance(weights_.lose_derived)) {
      sim.disk().LoseDerivedAtOpen(random_.Next());
      ++faults_["lost derived keys"];
    }
    RETURN_IF_ERROR(sim.Start());
    workload_.AfterStart(index);
    Trace(absl::StrCat(CountryOf(index), " starts"));
    return absl::OkStatus();
  }

  void Crash(int index, const std::string& why) {
    Trace(absl::StrCat(CountryOf(index), " crashes: ", why));
    ++crashes_;
    ++faults_[absl::StrCat("crash: ", why)];
    workload_.BeforeCrash(index);
    nodes_[index].Crash();
    down_until_[index] = tick_ + 1 + static_cast<int>(random_.Below(10));
  }

  void Inject(int index) {
    SimNode& sim = nodes_[index];
    if (random_.Chance(weights_.commit_fault)) {
      const CommitFault kinds[] = {CommitFault::kCrashBeforeCommit, CommitFault::kTornBatch,
                                   CommitFault::kCrashAfterCommit};
      sim.disk().FailNthCommit(1 + static_cast<int>(random_.Below(3)), kinds[random_.Below(3)]);
    }
    if (random_.Chance(weights_.head_fault)) sim.head_disk().FailNextPut(random_.Chance(0.5));
    if (random_.Chance(weights_.background_fault)) {
      sim.disk().FailBackgroundAfter(1 + static_cast<int>(random_.Below(2)));
    }
    if (random_.Chance(weights_.disk_full)) {
      sim.disk().SetDiskFull(true);
      full_until_[index] = tick_ + static_cast<int>(random_.Below(30));
    }
    if (tick_ >= full_until_[index]) sim.disk().SetDiskFull(false);
    if (random_.Chance(weights_.clock_jump)) {
      const int64_t jumps_s[] = {-3600, -30, 1, 30, 700, 7200};
      const absl::Duration jump = absl::Seconds(jumps_s[random_.Below(6)]);
      sim.clock().Jump(jump);
      ++faults_["clock jump"];
      Trace(absl::StrCat(CountryOf(index), " clock jumps ", absl::FormatDuration(jump)));
    }
    if (random_.Chance(weights_.silence)) {
      network_.SetSilent(index, true);
      silent_until_[index] = tick_ + static_cast<int>(random_.Below(40));
      ++faults_["one-way silence"];
      Trace(absl::StrCat(CountryOf(index), " falls silent"));
    }
    if (tick_ >= silent_until_[index]) network_.SetSilent(index, false);
    if (random_.Chance(weights_.withhold)) {
      network_.SetWithholding(index, true);
      ++faults_["withheld cosignature"];
      withholding_until_[index] = tick_ + static_cast<int>(random_.Below(60));
    }
    if (tick_ >= withholding_until_[index]) network_.SetWithholding(index, false);
    if (sim.up() && random_.Chance(weights_.crash)) Crash(index, "killed");
  }

  // Steps of one node, in an order that the seed draws.
  void Step(int index) {
    SimNode& sim = nodes_[index];
    const int steps = 1 + static_cast<int>(random_.Below(4));
    for (int i = 0; i < steps && sim.up(); ++i) {
      switch (random_.Below(4)) {
        case 0: {
          const absl::StatusOr<bool> moved = sim.store()->BackgroundStep();
          if (!moved.ok()) Crash(index, absl::StrCat("background ", moved.status().message()));
          break;
        }
        case 1:
          sim.node()->LinkStep(sim.Now());
          break;
        default: {
          const absl::StatusOr<bool> did = sim.node()->CommitStep(sim.Now());
          if (!did.ok()) Crash(index, std::string(did.status().message()));
        }
      }
    }
  }

  absl::Status TickOnce(bool faults) {
    ++tick_;
    now_ += step_;
    network_.Run();
    for (int i = 0; i < 2; ++i) {
      if (faults) Inject(i);
      if (!nodes_[i].up() && tick_ >= down_until_[i]) RETURN_IF_ERROR(Start(i));
    }
    workload_.Tick();
    for (int i = 0; i < 2; ++i) Step(i);
    RETURN_IF_ERROR(checker_.AfterTick());
    RETURN_IF_ERROR(workload_.Check());
    if (tick_ % kThoroughInterval != 0) return absl::OkStatus();
    NoteAlarms();
    RETURN_IF_ERROR(workload_.CheckRecords());
    return checker_.Thorough();
  }

  absl::Status Live() {
    while (tick_ < ticks_) RETURN_IF_ERROR(TickOnce(options_.faults));
    return absl::OkStatus();
  }

  // Faults stop, and all that was promised comes true within a bound.
  absl::Status Converge() {
    Trace("faults stop");
    weights_ = Weights();
    network_.StopFaults();
    for (SimNode& sim : nodes_) {
      sim.disk().SetDiskFull(false);
      sim.clock().Correct();
    }
    step_ = absl::Seconds(1);
    workload_.Finish();
    for (int i = 0; i < kConvergeTicksMax; ++i) {
      if (workload_.Done() && checker_.Level() && ++level_ticks_ > 2) {
        RETURN_IF_ERROR(workload_.CheckRecords());
        return checker_.Thorough();
      }
      RETURN_IF_ERROR(TickOnce(/*faults=*/false));
    }
    return absl::DeadlineExceededError(absl::StrCat(
        "no convergence: calls ", workload_.Done() ? "answered" : "unanswered", ", replicas ",
        checker_.Level() ? "level" : "not level", "; link: ", State(0), " / ", State(1)));
  }

  std::string State(int index) {
    if (!nodes_[index].up()) return "down";
    const LinkStatus status = nodes_[index].node()->puller().status();
    return absl::StrCat(status.state, " ", status.detail);
  }

  // What the link said of itself: P12's pause must come about somewhere.
  void NoteAlarms() {
    for (SimNode& sim : nodes_) {
      if (!sim.up()) continue;
      for (const Alarms::Alarm& alarm : sim.node()->alarms().all()) ++faults_[alarm.code];
    }
  }

  const RunOptions options_;
  absl::Time now_ = StartTime();
  SimRandom random_;
  SimNetwork network_;
  SimNode nodes_[2];
  Checker checker_;
  Workload workload_;
  Weights weights_;
  absl::Duration step_;
  std::map<std::string, uint64_t> faults_;
  int ticks_ = 0, tick_ = 0, crashes_ = 0, level_ticks_ = 0;
  int down_until_[2] = {0, 0}, full_until_[2] = {0, 0}, silent_until_[2] = {0, 0},
      withholding_until_[2] = {0, 0};
};

}  // namespace

RunResult RunSeed(uint64_t seed, const RunOptions& options) { return World(seed, options).Run(); }

}  // namespace lintas::simulation
