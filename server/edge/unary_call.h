// UnaryCall: one unary call from its arrival to its end (G1, G3 of descriptor_service.h).
#ifndef LINTAS_SERVER_EDGE_UNARY_CALL_H_
#define LINTAS_SERVER_EDGE_UNARY_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "server/edge/admitted_call.h"

namespace lintas {

// Starts the call; the reactor deletes itself.
grpc::ServerUnaryReactor* StartUnaryCall(const ServedMethod& served,
                                         grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_UNARY_CALL_H_
