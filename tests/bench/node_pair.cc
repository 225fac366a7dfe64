#include "tests/bench/node_pair.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "lintas/node/v1/node.grpc.pb.h"
#include "server/base/clock.h"
#include "server/base/status.h"
#include "server/edge/tls/credentials.h"
#include "server/edge/tls/minimum_tls.h"

namespace lintas::bench {
namespace {

constexpr char kSetUp[] = R"SH(set -euo pipefail
cd "$bench_folder"
export LINTAS_HOME=$PWD/home
mkdir -p idn/trust khm/trust home
declare -A port=([idn]=18101 [khm]=18201) partner=([idn]=khm [khm]=idn)
for country in idn khm; do
  ca=$country/ca
  "$bench_bin/lintas-pki" init --dir $ca --country $country
  for holder in dg deputy; do
    "$bench_bin/lintas-pki" authority $holder --dir $ca --office "Office $holder" \
      --from 2024-01-01 --to 2030-12-31
  done
  "$bench_bin/lintas-pki" ledger-keys --dir $ca --out $country/node.keys --seal $country/node.seal
  "$bench_bin/lintas-pki" issue node node-1 --dir $ca --out $country/node.pem
  for role in officer agency operator; do
    "$bench_bin/lintas-pki" issue $role $role-1 --dir $ca --out $country/$role.pem
  done
  for role in agency operator; do
    "$bench_bin/lintas" profile add $country-$role --country $country \
      --address 127.0.0.1:${port[$country]} --certificate $country/$role.pem --ca $ca/ca.pem
  done
  "$bench_bin/lintas-pki" crl --dir $ca
  "$bench_bin/lintas-pki" bundle export --dir $ca --keys $country/node.keys \
    --out $country/bundle.json
done
for country in idn khm; do
  other=${partner[$country]}
  words=$("$bench_bin/lintas-pki" bundle show $other/bundle.json | tail -n 1)
  "$bench_bin/lintas-pki" bundle import --dir $country/ca $other/bundle.json --fingerprint "$words"
  for side in own partner; do
    from=$country; [ $side = own ] || from=$other
    cp $from/ca/ca.pem $country/trust/$side-ca.pem
    cp $from/ca/crl.pem $country/trust/$side-crl.pem
    cp $from/bundle.json $country/trust/$side-bundle.json
  done
  jq --arg country $country --arg partner $other --argjson port ${port[$country]} \
    --argjson other ${port[$other]} '.country = $country | .partner = $partner | .exercise = true
      | .signing_keys = "node.keys" | .seal_key = "node.seal" | .identity = "node.pem"
      | .officers_address = "127.0.0.1:\($port)" | .partner_port_address = "127.0.0.1:\($port + 1)"
      | .partner_address = "127.0.0.1:\($other + 1)" | .metrics_address = "127.0.0.1:\($port + 2)"' \
    "$bench_source/deploy/node.example.json" >$country/node.json
done
sed -e 's/searches_per_minute: .*/searches_per_minute: 1000000000/' \
    -e 's/import_rows_per_day: .*/import_rows_per_day: 1000000000/' \
    -e 's/questions_per_officer_day: .*/questions_per_officer_day: 1000000000/' \
    -e 's/questions_per_partner_day: .*/questions_per_partner_day: 1000000000/' \
    "$bench_source/deploy/agreement/default.textproto" >agreement.textproto
"$bench_bin/lintas" agreement draft agreement.textproto --bundle idn/bundle.json \
  --bundle khm/bundle.json --out agreement.bin
for country in idn khm; do
  for holder in dg deputy; do
    "$bench_bin/lintas" agreement sign agreement.bin --key $country/ca/authority/$holder.key
  done
done
)SH";

constexpr char kAdopt[] = R"SH(set -euo pipefail
cd "$bench_folder"
export LINTAS_HOME=$PWD/home
for country in idn khm; do
  "$bench_bin/lintas" --profile $country-operator --purpose OPERATION \
    agreement adopt agreement.bin
done
)SH";

absl::Status RunScript(const std::string& folder, const std::string& name, const char* text) {
  const std::string path = absl::StrCat(folder, "/", name);
  std::ofstream(path) << text;
  setenv("bench_folder", folder.c_str(), 1);
  setenv("bench_bin", ProgramFolder().c_str(), 1);
  setenv("bench_source", LINTAS_SOURCE_DIR, 1);
  const std::string command = absl::StrCat("bash ", path, " >", path, ".log 2>&1");
  if (std::system(command.c_str()) == 0) return absl::OkStatus();
  std::ifstream log(path + ".log");
  return absl::InternalError(absl::StrCat(
      name, " failed: ",
      std::string(std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>())));
}

std::string Contents(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

std::string ProgramFolder() {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  const std::string program(path, length > 0 ? length : 0);
  return program.substr(0, program.rfind('/'));
}

const node::v1::NodeStatus::Ledger* LedgerIn(const node::v1::NodeStatus& status,
                                             const std::string& ledger) {
  for (const auto& one : status.ledgers()) {
    if (one.ledger() == ledger) return &one;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<NodePair>> NodePair::Start() {
  RETURN_IF_ERROR(MinimumTls13());
  std::unique_ptr<NodePair> pair(new NodePair);
  char folder[] = "/tmp/lintas-bench.XXXXXX";
  if (mkdtemp(folder) == nullptr) return absl::InternalError("no temporary folder");
  pair->folder_ = folder;
  RETURN_IF_ERROR(RunScript(folder, "set-up", kSetUp));
  const auto start = [&](const std::string& country) {
    return std::make_unique<Child>(
        std::vector<std::string>{ProgramFolder() + "/lintasd", "run", "--config",
                                 absl::StrCat(folder, "/", country, "/node.json")},
        absl::StrCat(folder, "/", country, "/log"));
  };
  pair->idn_ = start("idn");
  pair->khm_ = start("khm");
  RETURN_IF_ERROR(pair->idn_->AwaitLog("\"serving\""));
  RETURN_IF_ERROR(pair->khm_->AwaitLog("\"serving\""));
  RETURN_IF_ERROR(RunScript(folder, "adopt", kAdopt));
  pair->idn_operator_ = pair->Connect("idn", "operator");
  pair->khm_operator_ = pair->Connect("khm", "operator");
  RETURN_IF_ERROR(pair->AwaitAgreement());
  return pair;
}

NodePair::~NodePair() {
  idn_.reset();
  khm_.reset();
  if (folder_.empty()) return;
  const std::string command = absl::StrCat("rm -rf ", folder_);
  if (std::system(command.c_str()) != 0) std::perror("rm");
}

std::shared_ptr<grpc::Channel> NodePair::Open(const std::string& address,
                                              const std::string& country,
                                              const std::string& role) const {
  static Clock* const clock = MakeSystemClock().release();
  ClientTrust trust;
  trust.identity_pem = Contents(absl::StrCat(folder_, "/", country, "/", role, ".pem"));
  trust.authority_pem = Contents(absl::StrCat(folder_, "/", country, "/ca/ca.pem"));
  trust.country = country;
  const auto credentials = MakeClientCredentials(trust, clock);
  if (!credentials.ok()) std::abort();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, *credentials, arguments);
}

std::shared_ptr<grpc::Channel> NodePair::Connect(const std::string& country,
                                                 const std::string& role) const {
  return Open(country == "idn" ? "127.0.0.1:18101" : "127.0.0.1:18201", country, role);
}

std::shared_ptr<grpc::Channel> NodePair::ConnectTo(const std::string& address,
                                                   const std::string& role) const {
  return Open(address, "idn", role);
}

std::shared_ptr<grpc::Channel> NodePair::ConnectAsPartner() const {
  static Clock* const clock = MakeSystemClock().release();
  ClientTrust trust;
  trust.identity_pem = Contents(folder_ + "/idn/node.pem");
  trust.authority_pem = Contents(folder_ + "/khm/ca/ca.pem");
  trust.country = "khm";
  const auto credentials = MakeClientCredentials(trust, clock);
  if (!credentials.ok()) std::abort();
  return grpc::CreateChannel("127.0.0.1:18202", *credentials);
}

absl::StatusOr<node::v1::NodeStatus> NodePair::Status(const std::string& country) const {
  node::v1::NodeService::Stub stub(country == "idn" ? idn_operator_ : khm_operator_);
  grpc::ClientContext context;
  context.AddMetadata("lintas-purpose", "OPERATION");
  node::v1::NodeStatus status;
  const grpc::Status result = stub.GetStatus(&context, {}, &status);
  if (!result.ok()) return absl::UnavailableError(result.error_message());
  return status;
}

absl::Status NodePair::AwaitAgreement() const {
  for (int i = 0; i < 300; ++i) {
    ASSIGN_OR_RETURN(const auto idn, Status("idn"));
    ASSIGN_OR_RETURN(const auto khm, Status("khm"));
    if (idn.agreement_version() > 0 && khm.agreement_version() > 0) return absl::OkStatus();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return absl::UnavailableError("the agreement did not come into force");
}

}  // namespace lintas::bench
