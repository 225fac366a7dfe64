// DescriptorService: one gRPC service made of its descriptor and of what admission knows. No
// generated service code is compiled into the server, and reflection still lists it.
//
//   G1  Each call goes: who is it (UNAUTHENTICATED), may they (admission), then the body is looked
//       at, then it is handled. Who is refused learns nothing of what their body would have met
//       (P26).
//   G2  A method of the proto without an operation, or an operation without a method of a proto,
//       stops the start of the node.
//   G3  Every call is finished exactly once, a cancelled one at once, whatever its handler does
//       later.
//   G4  A stream's messages reach its handler one at a time; its answers leave in order; with more
//       than kQueuedResponsesMax of them waiting for the client nothing more is read.
//   G5  A stream's caller is judged again at each message, and whenever trust changes (P24).
//
// Handlers run on gRPC's few threads and never block.
#ifndef LINTAS_SERVER_EDGE_DESCRIPTOR_SERVICE_H_
#define LINTAS_SERVER_EDGE_DESCRIPTOR_SERVICE_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/service_type.h>

#include <deque>
#include <string>

#include "server/admission/admission.h"
#include "server/edge/callers.h"
#include "server/edge/metrics.h"

namespace lintas {

constexpr size_t kQueuedResponsesMax = 64;

// What travels beside the body of a call, and back with its answer (the trace id).
constexpr char kPurposeKey[] = "lintas-purpose";
constexpr char kCaseKey[] = "lintas-case";
constexpr char kWaitForKey[] = "lintas-wait-for";
constexpr char kTraceKey[] = "lintas-trace";

// What all calls of a port share. Pointers outlive the server; `metrics` may be null.
struct Door {
  Admission* admission = nullptr;
  Callers callers;
  Clock* clock = nullptr;
  Metrics* metrics = nullptr;
};

class DescriptorService final : public grpc::Service {
 public:
  // `door` outlives it. CHECKs G2 for the methods of this service.
  DescriptorService(const google::protobuf::ServiceDescriptor* service, const Door* door);

 private:
  void AddUnary(int index, const google::protobuf::MethodDescriptor* method);
  void AddStream(int index, const google::protobuf::MethodDescriptor* method);

  const google::protobuf::ServiceDescriptor* const service_;
  const Door* const door_;
  // gRPC keeps pointers to the paths.
  std::deque<std::string> paths_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_DESCRIPTOR_SERVICE_H_
