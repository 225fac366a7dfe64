#include "client/client.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace lintas::client {

std::string MakeUuid(Random& random) {
  std::string bytes = random.Bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = absl::BytesToHexString(bytes);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

CallHeaders HeadersOf(const Profile& profile, Random& random) {
  return {profile.purpose, profile.case_id, absl::BytesToHexString(random.Bytes(16))};
}

absl::Duration Pause(const Backoff& backoff, int attempt, Random& random) {
  const int doublings = std::min(attempt - 1, 20);
  const absl::Duration bound = std::min(backoff.first * (int64_t{1} << doublings), backoff.longest);
  constexpr uint64_t kSteps = 1024;
  return bound * static_cast<int64_t>(random.Uint64() % (kSteps + 1)) / kSteps;
}

absl::Status Client::Call(const std::string& method, const google::protobuf::Message& request,
                          google::protobuf::Message* response) const {
  absl::Duration left = timeout_;
  for (int attempt = 1;; ++attempt) {
    const absl::Time start = absl::Now();
    const absl::Status status = transport_->Unary(method, headers_, left, request, response);
    if (!absl::IsUnavailable(status) || attempt >= backoff_.attempts_max) return status;
    const absl::Duration pause = Pause(backoff_, attempt, *random_);
    left -= absl::Now() - start + pause;
    if (left <= absl::ZeroDuration()) return status;
    sleep_(pause);
  }
}

}  // namespace lintas::client
