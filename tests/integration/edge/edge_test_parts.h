// What the tests of the edge share: a clock and an access log for several threads, callers whose
// certificates are only said to be there, and raw calls. For tests only; no TLS here, which
// tests/integration/tls shows.
#ifndef LINTAS_TESTS_INTEGRATION_EDGE_EDGE_TEST_PARTS_H_
#define LINTAS_TESTS_INTEGRATION_EDGE_EDGE_TEST_PARTS_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/admission/access_log.h"
#include "server/base/error.h"
#include "server/edge/callers.h"
#include "server/edge/message_bytes.h"

namespace lintas {

constexpr absl::Duration kPatience = absl::Seconds(10);

class SharedClock final : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixMillis(now_ms_); }
  void Advance(absl::Duration by) { now_ms_ += absl::ToInt64Milliseconds(by); }

 private:
  std::atomic<int64_t> now_ms_{1772366400000};
};

class SharedAccessLog final : public AccessLog {
 public:
  void Append(const Call& call, const AccessFacts& facts,
              std::function<void(absl::Status)> durable) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      lines_.push_back(absl::StrCat(call.method.substr(call.method.rfind('/') + 1), " ",
                                    absl::StatusCodeToString(facts.outcome.code())));
    }
    durable(absl::OkStatus());
  }
  // `Method CODE` of each entry.
  std::vector<std::string> lines() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

// Callers of which the test says who they are; all are the same one at a time.
class SaidCallers {
 public:
  explicit SaidCallers(Principal principal) : principal_(std::move(principal)) {}

  Callers Get() {
    Callers callers;
    callers.principal = [this](const grpc::AuthContext&) {
      std::lock_guard<std::mutex> lock(mutex_);
      return principal_;
    };
    callers.watch = [this](const grpc::AuthContext&, std::function<void(absl::Status)> cut) {
      std::lock_guard<std::mutex> lock(mutex_);
      cut_ = std::move(cut);
      return [this] {
        std::lock_guard<std::mutex> guard(mutex_);
        cut_ = nullptr;
      };
    };
    return callers;
  }
  void Set(absl::StatusOr<Principal> principal) {
    std::lock_guard<std::mutex> lock(mutex_);
    principal_ = std::move(principal);
  }
  void Cut(const absl::Status& why) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (cut_) cut_(why);
  }

 private:
  std::mutex mutex_;
  absl::StatusOr<Principal> principal_;
  std::function<void(absl::Status)> cut_;
};

inline grpc::ByteBuffer RawBytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

inline std::string Joined(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// A unary call with whatever bytes.
inline grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                            grpc::ClientContext* context, const std::string& request,
                            std::string* response) {
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                         channel);
  grpc::ByteBuffer out;
  const grpc::ByteBuffer in = RawBytes(request);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), method, context, in, &out);
  if (response != nullptr) *response = Joined(out);
  return status;
}

}  // namespace lintas

#endif  // LINTAS_TESTS_INTEGRATION_EDGE_EDGE_TEST_PARTS_H_
