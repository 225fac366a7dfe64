#include "tests/bench/silence_bench.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "lintas/partner/v1/partner.grpc.pb.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "tests/bench/crossings.h"
#include "tests/bench/node_pair.h"

namespace lintas::bench {
namespace {

using migration_information::v1::MigrationInformationService;
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr char kPartnership[] = "idn-khm";
constexpr uint64_t kRecords = 100;
constexpr uint64_t kAskers = 8;

absl::Status ToStatus(const grpc::Status& status) {
  return status.ok() ? absl::OkStatus() : absl::UnavailableError(status.error_message());
}

std::string Uuid(uint64_t number) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", number);
}

// At khm, of Indonesian nationals, and withdrawn again: there, and not to be shared.
absl::Status MakeWithdrawnRecords(const std::shared_ptr<grpc::Channel>& officer) {
  MigrationInformationService::Stub stub(officer);
  for (uint64_t row = 1; row <= kRecords; ++row) {
    migration_information::v1::CreateCrossingRequest create;
    create.set_parent("countries/khm");
    *create.mutable_crossing() = CrossingOf(row);
    create.mutable_crossing()->set_port("KHPNH");
    create.set_request_id(Uuid(2 * row));
    migration_information::v1::Crossing created;
    grpc::ClientContext creating;
    creating.AddMetadata("lintas-purpose", "MIGRATION_MANAGEMENT");
    RETURN_IF_ERROR(ToStatus(stub.CreateCrossing(&creating, create, &created)));
    migration_information::v1::WithdrawRecordRequest withdraw;
    withdraw.set_name(created.name());
    withdraw.set_reason("WRONG_FACT");
    withdraw.set_request_id(Uuid(2 * row + 1));
    migration_information::v1::AnyRecord withdrawn;
    grpc::ClientContext withdrawing;
    withdrawing.AddMetadata("lintas-purpose", "MIGRATION_MANAGEMENT");
    RETURN_IF_ERROR(ToStatus(stub.WithdrawRecord(&withdrawing, withdraw, &withdrawn)));
  }
  return absl::OkStatus();
}

struct Kind {
  std::vector<double> millis;
  std::set<size_t> lengths;
};

class Asking {
 public:
  Asking(const std::shared_ptr<grpc::Channel>& partner_port, SigningKey key)
      : stub_(partner_port), key_(std::move(key)) {}

  // Waits for the answer. Safe from several threads.
  absl::Status Ask(const std::string& number, Kind* kind) {
    const partner::v1::SignedQuestion question = Sign(number);
    grpc::ClientContext context;
    partner::v1::SignedAnswer signed_answer;
    const auto begin = Clock::now();
    const grpc::Status status = stub_.Ask(&context, question, &signed_answer);
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    RETURN_IF_ERROR(ToStatus(status));
    partner::v1::Answer answer;
    if (!answer.ParseFromString(signed_answer.answer()) ||
        answer.outcome() != partner::v1::Answer::NOTHING_TO_SHARE) {
      return absl::InternalError("an answer disclosed something");
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    kind->millis.push_back(took.count());
    kind->lengths.insert(signed_answer.ByteSizeLong());
    return absl::OkStatus();
  }

  // A moment anywhere between two points of the answers' grid.
  std::chrono::microseconds Pause() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::chrono::microseconds(random_() % 25'000);
  }

 private:
  partner::v1::SignedQuestion Sign(const std::string& number) {
    partner::v1::Question question;
    question.set_asker_country("idn");
    question.set_answerer_country("khm");
    question.set_partnership(kPartnership);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const uint64_t nonce[2] = {random_(), random_()};
      question.set_nonce(reinterpret_cast<const char*>(nonce), sizeof nonce);
    }
    const int64_t now = absl::ToUnixSeconds(absl::Now());
    question.set_issue_time_s(now);
    question.set_expire_time_s(now + 60);
    question.set_role("officer");
    question.set_officer_pseudonym("pseudonym-of-one");
    question.set_purpose("IDENTITY_VERIFICATION");
    question.set_case_token("case");
    question.set_kind(partner::v1::Question::FIND);
    question.set_document_number(number);
    partner::v1::SignedQuestion out;
    out.set_question(question.SerializeAsString());
    out.set_signature(key_.Sign(SignedBytes("question", kPartnership, out.question())));
    return out;
  }

  partner::v1::PartnerService::Stub stub_;
  const SigningKey key_;
  std::mutex mutex_;
  std::mt19937_64 random_{std::random_device{}()};
};

// Greatest distance of the two distributions.
double Distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double distance = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double at = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= at) ++i;
    while (j < b.size() && b[j] <= at) ++j;
    distance =
        std::max(distance, std::abs(double(i) / double(a.size()) - double(j) / double(b.size())));
  }
  return distance;
}

// The limiting distribution of Kolmogorov and Smirnov, with Stephens' correction for its size.
double PValue(double distance, double size_a, double size_b) {
  const double root = std::sqrt(size_a * size_b / (size_a + size_b));
  const double x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;  // The series converges too slowly and is 1 there.
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2 * k * k * x * x);
  return std::min(1.0, std::max(0.0, sum));
}

ordered_json Describe(Kind kind) {
  std::sort(kind.millis.begin(), kind.millis.end());
  const auto at = [&](double part) {
    return kind.millis[static_cast<size_t>(part * double(kind.millis.size() - 1))];
  };
  return ordered_json{{"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"lengths", kind.lengths}};
}

}  // namespace

absl::StatusOr<ordered_json> RunSilence(uint64_t pairs) {
  ASSIGN_OR_RETURN(const std::unique_ptr<NodePair> nodes, NodePair::Start());
  RETURN_IF_ERROR(MakeWithdrawnRecords(nodes->Connect("khm", "officer")));
  ASSIGN_OR_RETURN(NodeKeys keys, ReadNodeKeys(nodes->folder() + "/idn/node.keys"));
  Asking asking(nodes->ConnectAsPartner(), std::move(keys.question));
  Kind absent, held;
  std::vector<absl::Status> outcomes(kAskers);
  std::vector<std::thread> askers;
  for (uint64_t asker = 0; asker < kAskers; ++asker) {
    askers.emplace_back([&, asker] {
      for (uint64_t i = asker; i < 2 * pairs && outcomes[asker].ok(); i += kAskers) {
        std::this_thread::sleep_for(asking.Pause());
        // Each asker takes the two kinds in turns.
        const bool there = (i / kAskers + asker) % 2 == 0;
        outcomes[asker] = there ? asking.Ask(DocumentNumberOf(1 + i % kRecords), &held)
                                : asking.Ask(DocumentNumberOf(kRecords + 1 + i), &absent);
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  for (const absl::Status& outcome : outcomes) RETURN_IF_ERROR(outcome);
  const double distance = Distance(absent.millis, held.millis);
  return ordered_json{{"bench", "silence"},
                      {"pairs", pairs},
                      {"absent", Describe(absent)},
                      {"undisclosable", Describe(held)},
                      {"same_lengths", absent.lengths == held.lengths},
                      {"kolmogorov_smirnov_distance", distance},
                      {"kolmogorov_smirnov_p",
                       PValue(distance, double(absent.millis.size()), double(held.millis.size()))}};
}

}  // namespace lintas::bench
