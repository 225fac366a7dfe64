// What unary calls and streams have in common: the method's descriptors, and the way from a gRPC
// context to an admitted call.
#ifndef LINTAS_SERVER_EDGE_ADMITTED_CALL_H_
#define LINTAS_SERVER_EDGE_ADMITTED_CALL_H_

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>

#include <string>

#include "server/edge/call_record.h"
#include "server/edge/descriptor_service.h"

namespace lintas {

// One method as served; lives as long as the service.
struct ServedMethod {
  const Method* method = nullptr;
  const google::protobuf::Message* request_prototype = nullptr;
  std::string domain;  // The service's full name, of ErrorInfo.
  const Door* door = nullptr;
};

// Metadata that is given twice counts as not given: which one would be meant?
CallMetadata MetadataOf(const grpc::CallbackServerContext& context);

// Any failure but a refusal becomes kUnauthenticated.
absl::StatusOr<Principal> Authenticate(const Callers& callers, const grpc::AuthContext& context);

CallRecord BeginRecord(const ServedMethod& served);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_ADMITTED_CALL_H_
