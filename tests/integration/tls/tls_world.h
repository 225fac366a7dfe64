// Two countries with a CA and a node each, in a folder of their own, and gRPC servers that echo.
// All keys are made when the test runs; all names are synthetic.
#ifndef LINTAS_TESTS_INTEGRATION_TLS_TLS_WORLD_H_
#define LINTAS_TESTS_INTEGRATION_TLS_TLS_WORLD_H_

#include <grpcpp/channel.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "certs/country_ca.h"
#include "server/base/clock.h"
#include "server/edge/tls/credentials.h"
#include "server/edge/tls/open_streams.h"
#include "server/edge/tls/trust_store.h"

namespace lintas {

// The machine's time and an offset, since OpenSSL's handshake asks the machine.
class ShiftedClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now() + absl::Seconds(shift_s_.load()); }
  void Advance(absl::Duration by) { shift_s_ += absl::ToInt64Seconds(by); }

 private:
  std::atomic<int64_t> shift_s_{0};
};

// A folder that disappears with the test.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// True as soon as `holds` is; false if it is not within ten seconds.
bool Eventually(const std::function<bool()>& holds);

// One country: its CA, its node's identity file, and that node's trust in files.
class Party {
 public:
  Party(const std::string& folder, const std::string& country, Clock* clock, Random* random);

  // Key and certificate for a principal of this country.
  std::string Issue(Role role, const std::string& id, absl::Duration life = kCertificateLife,
                    absl::Duration ago = absl::ZeroDuration());
  // Key and certificate signed by this country's CA, profile or not.
  std::string IssueSpec(CertificateSpec spec);
  // Opens the node's trust towards `partner`.
  void Trust(const Party& partner);

  const std::string& country() const { return country_; }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string AuthorityPem() const { return ca->certificate().Pem(); }
  bool Logged(const std::string& part);

  std::unique_ptr<CountryCa> ca;
  std::unique_ptr<TrustStore> trust;

 private:
  const std::string folder_, country_;
  Clock* const clock_;
  Random* const random_;
  absl::Mutex mutex_;
  std::vector<std::string> log_ ABSL_GUARDED_BY(mutex_);
};

// A server whose every method echoes each message of a stream; cuts streams on a change of trust.
class EchoServer {
 public:
  EchoServer(TrustStore* trust, Port port);
  ~EchoServer();
  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  OpenStreams& streams() { return streams_; }
  int calls() const { return calls_; }

 private:
  class Stream;
  class Service;
  TrustStore* const trust_;
  const Peer peer_;
  OpenStreams streams_;
  std::atomic<int> calls_{0};
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// A connection of its own, never shared with another channel.
std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       std::shared_ptr<grpc::ChannelCredentials> credentials);
// One call; at most five seconds.
grpc::Status Echo(const std::shared_ptr<grpc::Channel>& channel);

// A stream in progress on the client's side.
class EchoStream {
 public:
  explicit EchoStream(const std::shared_ptr<grpc::Channel>& channel);
  ~EchoStream();
  // True if a message came back.
  bool Exchange();
  // Waits until the server ends the stream.
  grpc::Status Ended();

 private:
  class Reactor;
  std::unique_ptr<Reactor> reactor_;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_INTEGRATION_TLS_TLS_WORLD_H_
