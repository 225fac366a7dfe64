#include "server/edge/edge_server.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/edge/tls/credentials.h"

namespace lintas {
namespace {

// Which plugins one server has. Linking gRPC's reflection adds it to every server of the process,
// and the partner must not have it, so each server says for itself.
class Plugins final : public grpc::ServerBuilderOption {
 public:
  explicit Plugins(bool reflection) : reflection_(reflection) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->clear();
    if (!reflection_) return;
    plugins->push_back(std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>());
  }

 private:
  const bool reflection_;
};

absl::Status NotBound(const std::string& address) {
  return MakeError(absl::StatusCode::kUnavailable, "ADDRESS_IN_USE",
                   absl::StrCat("cannot listen on ", address), {{"address", address}});
}

// G2: every operation belongs to a service that is served.
void CheckAllServed(const EdgeOptions::Officers& options) {
  for (const Method* method : options.admission->methods()) {
    LINTAS_CHECK(std::any_of(options.services.begin(), options.services.end(),
                             [&](const google::protobuf::ServiceDescriptor* service) {
                               return absl::StartsWith(method->full_name,
                                                       absl::StrCat(service->full_name(), "/"));
                             }));
  }
}

}  // namespace

EdgeServer::EdgeServer(EdgeOptions options) : pump_(options.clock) {
  officers_door_ = {options.officers.admission, std::move(options.officers.callers), options.clock,
                    options.metrics};
  partner_door_ = {options.partner.port, std::move(options.partner.callers), options.clock,
                   options.metrics, &pump_};
}

EdgeServer::~EdgeServer() { Shutdown(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<EdgeServer>> EdgeServer::Start(EdgeOptions options) {
  LINTAS_CHECK(options.clock != nullptr);
  const EdgeOptions::Officers officers = options.officers;
  const EdgeOptions::Partner partner = options.partner;
  std::unique_ptr<EdgeServer> server(new EdgeServer(std::move(options)));
  if (!partner.address.empty()) RETURN_IF_ERROR(server->StartPartner(partner));
  if (!officers.address.empty()) RETURN_IF_ERROR(server->StartOfficers(officers));
  return server;
}

absl::Status EdgeServer::StartOfficers(const EdgeOptions::Officers& options) {
  CheckAllServed(options);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.SetOption(std::make_unique<Plugins>(/*reflection=*/true));
  builder.AddListeningPort(options.address, options.credentials, &officers_bound_);
  ApplyServerArguments(&builder);
  builder.SetMaxReceiveMessageSize(kOfficerMessageBytesMax);
  builder.SetMaxSendMessageSize(kOfficerMessageBytesMax);
  for (const auto* service : options.services) {
    services_.push_back(std::make_unique<DescriptorService>(service, &officers_door_));
    builder.RegisterService(services_.back().get());
  }
  officers_ = builder.BuildAndStart();
  if (officers_ == nullptr || officers_bound_ == 0) return NotBound(options.address);
  return absl::OkStatus();
}

absl::Status EdgeServer::StartPartner(const EdgeOptions::Partner& options) {
  LINTAS_CHECK(options.port != nullptr);
  grpc::ServerBuilder builder;
  builder.SetOption(std::make_unique<Plugins>(/*reflection=*/false));
  // Health is a setting of the process; null takes it off this port again.
  builder.SetOption(std::make_unique<grpc::HealthCheckServiceServerBuilderOption>(nullptr));
  builder.AddListeningPort(options.address, options.credentials, &partner_bound_);
  ApplyServerArguments(&builder);
  builder.SetMaxReceiveMessageSize(kPartnerMessageBytesMax);
  builder.SetMaxSendMessageSize(kPartnerMessageBytesMax);
  services_.push_back(std::make_unique<PartnerGrpcService>(&partner_door_));
  builder.RegisterService(services_.back().get());
  partner_ = builder.BuildAndStart();
  if (partner_ == nullptr || partner_bound_ == 0) return NotBound(options.address);
  return absl::OkStatus();
}

void EdgeServer::Shutdown(absl::Duration grace) {
  std::lock_guard<std::mutex> lock(shutdown_mutex_);
  if (stopped_) return;
  stopped_ = true;
  const auto deadline = std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace);
  // A pull never ends by itself, so both wait their full time; together, not one after the other.
  std::thread partner([this, deadline] {
    if (partner_ != nullptr) partner_->Shutdown(deadline);
  });
  if (officers_ != nullptr) officers_->Shutdown(deadline);
  partner.join();
}

}  // namespace lintas
