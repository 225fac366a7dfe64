// Messages to gRPC's buffers and back. Safe from any thread.
#ifndef LINTAS_SERVER_EDGE_MESSAGE_BYTES_H_
#define LINTAS_SERVER_EDGE_MESSAGE_BYTES_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>

#include "absl/status/statusor.h"

namespace lintas {

// kInvalidArgument with the field `request`: rule NOT_A_MESSAGE, or UNKNOWN_FIELD for a field, at
// any depth, that this node does not know: dropping it unseen could change what the caller means.
absl::Status ParseStrictly(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);

// True if `message` or one inside it holds a field that its descriptor does not know.
bool HasUnknownFields(const google::protobuf::Message& message);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_MESSAGE_BYTES_H_
