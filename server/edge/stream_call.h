// StreamCall: one bidirectional stream from its arrival to its end (G1, G3 to G5 of
// descriptor_service.h).
#ifndef LINTAS_SERVER_EDGE_STREAM_CALL_H_
#define LINTAS_SERVER_EDGE_STREAM_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "server/edge/admitted_call.h"

namespace lintas {

// Starts the stream; the reactor deletes itself.
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StartStreamCall(
    const ServedMethod& served, grpc::CallbackServerContext* context);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_STREAM_CALL_H_
