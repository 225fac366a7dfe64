// PullCall: one Pull of the partner from its arrival to its end (F1 to F3 of pull_pump.h). It lives
// until the line, the source or the trust ends it, at most an hour (P24).
#ifndef LINTAS_SERVER_EDGE_PULL_CALL_H_
#define LINTAS_SERVER_EDGE_PULL_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "server/edge/partner_service.h"

namespace lintas {

constexpr char kPartnerServiceName[] = "lintas.partner.v1.PartnerService";

// Frames that are read before the line asks for them: what a write takes, the disk is given.
constexpr size_t kFramesAhead = 8;

// Starts the stream; the reactor deletes itself.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StartPullCall(const PartnerDoor& door,
                                                          grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer& request);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_PULL_CALL_H_
