// Client: typed, blocking calls to the own country's node.
//
//   auto transport = Connect(profile);
//   Client client(transport->get(), HeadersOf(profile, *random), random, Backoff{}, sleep);
//   auto found = client.FindRecords(request);
//
// Only UNAVAILABLE is retried unasked, with jittered back-off and within the call's time. Every
// other error comes back at once with its reason and its bad fields (server/base/error.h). Writes
// carry a request_id, so that a retry changes nothing. Thread safe as far as `transport`, `random`
// and `sleep` are.
#ifndef LINTAS_CLIENT_CLIENT_H_
#define LINTAS_CLIENT_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/profile.h"
#include "client/transport.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "lintas/node/v1/node.pb.h"
#include "server/base/random.h"

namespace lintas::client {

// UUID, version 4 (RFC 4122): a request_id.
std::string MakeUuid(Random& random);
// Purpose and case of the profile, and a trace id of 32 random hexadecimal digits.
CallHeaders HeadersOf(const Profile& profile, Random& random);

// How UNAVAILABLE is retried: the n-th pause is random between 0 and first * 2^n, at most `longest`
// (full jitter, so that many clients of one node do not come back together).
struct Backoff {
  int attempts_max = 4;
  absl::Duration first = absl::Milliseconds(200);
  absl::Duration longest = absl::Seconds(2);
};

// The pause before attempt `attempt` + 1; attempts count from 1.
absl::Duration Pause(const Backoff& backoff, int attempt, Random& random);

class Client {
 public:
  using Sleep = std::function<void(absl::Duration)>;

  // `transport` and `random` must outlive the client.
  Client(Transport* transport, CallHeaders headers, Random* random, Backoff backoff, Sleep sleep)
      : transport_(transport),
        headers_(std::move(headers)),
        random_(random),
        backoff_(backoff),
        sleep_(std::move(sleep)) {}

  // The same client for writes that are answered when the partner holds them (P6). Other methods
  // refuse it.
  Client WaitingForPartner() const {
    CallHeaders headers = headers_;
    headers.wait_for_partner = true;
    Client waiting(transport_, std::move(headers), random_, backoff_, sleep_);
    waiting.set_timeout(timeout_);
    return waiting;
  }

  // One call with everything said above; for methods that are known by descriptor only.
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response) const;

#define LINTAS_CLIENT_CALL_(Package, Service, Name, Response)                                      \
  absl::StatusOr<Package::v1::Response> Name(const Package::v1::Name##Request& request) const {    \
    Package::v1::Response response;                                                                \
    absl::Status status = Call("/lintas." #Package ".v1." #Service "/" #Name, request, &response); \
    if (!status.ok()) return status;                                                               \
    return response;                                                                               \
  }
#define LINTAS_MIGRATION_(Name, Response) \
  LINTAS_CLIENT_CALL_(migration_information, MigrationInformationService, Name, Response)
#define LINTAS_NODE_(Name, Response) LINTAS_CLIENT_CALL_(node, NodeService, Name, Response)

  LINTAS_MIGRATION_(GetRecord, AnyRecord)
  LINTAS_MIGRATION_(ListRecords, ListRecordsResponse)
  LINTAS_MIGRATION_(CorrectRecord, AnyRecord)
  LINTAS_MIGRATION_(WithdrawRecord, AnyRecord)
  LINTAS_MIGRATION_(RecallRecord, Recall)
  LINTAS_MIGRATION_(GetRecall, Recall)
  LINTAS_MIGRATION_(FindRecords, FindRecordsResponse)
  LINTAS_MIGRATION_(ListRevisions, ListRevisionsResponse)
  LINTAS_MIGRATION_(GetImport, Import)
  LINTAS_MIGRATION_(AskPartner, AskPartnerResponse)
  LINTAS_MIGRATION_(SearchCandidates, SearchCandidatesResponse)
  LINTAS_MIGRATION_(OpenCandidate, AnyRecord)
  LINTAS_MIGRATION_(HandOverCase, HandOverCaseResponse)
  LINTAS_NODE_(GetStatus, NodeStatus)
  LINTAS_NODE_(GetCheckpoint, Checkpoint)
  LINTAS_NODE_(GetReceipt, Receipt)
  LINTAS_NODE_(ListAccessEntries, ListAccessEntriesResponse)
  LINTAS_NODE_(AdoptAgreement, AgreementStatus)
  LINTAS_NODE_(GetAgreement, AgreementStatus)
  LINTAS_NODE_(PauseLink, NodeStatus)
  LINTAS_NODE_(ResumeLink, NodeStatus)

#undef LINTAS_NODE_
#undef LINTAS_MIGRATION_
#undef LINTAS_CLIENT_CALL_

  // Opens a bulk submission; BulkImport (bulk_import.h) drives it.
  std::unique_ptr<SubmitStream> Submit() const { return transport_->Submit(headers_); }

  // Opens a subscription; `lintas migration watch` drives it.
  std::unique_ptr<WatchStream> Watch(const WatchStream::Request& request) const {
    return transport_->Watch(headers_, request);
  }

  const CallHeaders& headers() const { return headers_; }
  Random& random() const { return *random_; }
  const Backoff& backoff() const { return backoff_; }
  void SleepFor(absl::Duration duration) const { sleep_(duration); }

  // How long one call may take with all its attempts. A question waits for another country's node.
  void set_timeout(absl::Duration timeout) { timeout_ = timeout; }

 private:
  Transport* const transport_;
  const CallHeaders headers_;
  Random* const random_;
  const Backoff backoff_;
  const Sleep sleep_;
  absl::Duration timeout_ = absl::Seconds(30);
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_CLIENT_H_
