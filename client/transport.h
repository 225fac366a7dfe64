// Transport: how calls reach the node. The real one is gRPC (connection.h); tests use a fake that
// works. Keeps the gRPC headers out of everything above it.
#ifndef LINTAS_CLIENT_TRANSPORT_H_
#define LINTAS_CLIENT_TRANSPORT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "lintas/migration_information/v1/migration_information.pb.h"

namespace lintas::client {

// What travels with every call as metadata.
struct CallHeaders {
  // `lintas-purpose`.
  std::string purpose;
  // `lintas-case`; empty: not sent.
  std::string case_id;
  // `lintas-trace`, 32 hexadecimal digits.
  std::string trace_id;
  // `lintas-wait-for: PARTNER` (P6): a write is answered when the partner holds it.
  bool wait_for_partner = false;
};

// One open bulk submission. Read() may be called by one thread while another calls Write().
class SubmitStream {
 public:
  using Request = migration_information::v1::SubmitRecordsRequest;
  using Response = migration_information::v1::SubmitRecordsResponse;

  virtual ~SubmitStream() = default;
  // False: the stream is broken; Finish() says why. Blocks while the node's windows are full.
  virtual bool Write(const Request& request) = 0;
  virtual void WritesDone() = 0;
  // False: no more responses.
  virtual bool Read(Response* response) = 0;
  // Once, after Read() has given false.
  virtual absl::Status Finish() = 0;
  // Makes Read() and Write() return false soon.
  virtual void Cancel() = 0;
};

// One open subscription. One thread.
class WatchStream {
 public:
  using Request = migration_information::v1::WatchRecordsRequest;
  using Response = migration_information::v1::WatchRecordsResponse;

  virtual ~WatchStream() = default;
  // Waits for the next batch. False: no more; Finish() says why. Not reading is the back-pressure.
  virtual bool Read(Response* response) = 0;
  // Once, after Read() has given false or after Cancel().
  virtual absl::Status Finish() = 0;
  virtual void Cancel() = 0;
};

// May be called from several threads at once.
class Transport {
 public:
  virtual ~Transport() = default;
  // One attempt. `method` is the full name with slashes, for example
  // `/lintas.node.v1.NodeService/GetStatus`. Errors carry their details (server/base/error.h).
  virtual absl::Status Unary(const std::string& method, const CallHeaders& headers,
                             absl::Duration timeout, const google::protobuf::Message& request,
                             google::protobuf::Message* response) = 0;
  virtual std::unique_ptr<SubmitStream> Submit(const CallHeaders& headers) = 0;
  // Null: this transport carries no subscriptions.
  virtual std::unique_ptr<WatchStream> Watch(const CallHeaders&, const WatchStream::Request&) {
    return nullptr;
  }
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_TRANSPORT_H_
