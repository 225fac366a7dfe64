#include "server/edge/descriptor_service.h"

#include <google/protobuf/message.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/check.h"
#include "server/edge/stream_call.h"
#include "server/edge/unary_call.h"

namespace lintas {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using grpc::ByteBuffer;

std::string FullName(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

ServedMethod Serve(const MethodDescriptor& method, const Door* door) {
  ServedMethod served;
  served.method = door->admission->Find(FullName(method));
  LINTAS_CHECK(served.method != nullptr);  // G2: no operation, no method.
  served.request_prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  LINTAS_CHECK(served.request_prototype != nullptr);
  served.domain = method.service()->full_name();
  served.door = door;
  return served;
}

}  // namespace

DescriptorService::DescriptorService(const ServiceDescriptor* service, const Door* door)
    : service_(service), door_(door) {
  for (int i = 0; i < service_->method_count(); ++i) {
    const MethodDescriptor* method = service_->method(i);
    paths_.push_back(absl::StrCat("/", FullName(*method)));
    LINTAS_CHECK(!method->client_streaming() || method->server_streaming());
    if (method->server_streaming()) {
      // On the wire a stream of the server alone is one with a single message from the client.
      AddStream(i, method);
    } else {
      AddUnary(i, method);
    }
  }
  const std::string prefix = absl::StrCat(service_->full_name(), "/");
  for (const Method* registered : door_->admission->methods()) {
    if (!absl::StartsWith(registered->full_name, prefix)) continue;
    const std::string name = registered->full_name.substr(prefix.size());
    LINTAS_CHECK(service_->FindMethodByName(name) != nullptr);  // G2: no method, no operation.
  }
}

void DescriptorService::AddUnary(int index, const MethodDescriptor* method) {
  ServedMethod served = Serve(*method, door_);
  LINTAS_CHECK(served.method->unary != nullptr);
  AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(),
                                                 grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                 [served = std::move(served)](grpc::CallbackServerContext* context,
                                              const ByteBuffer* request, ByteBuffer* response) {
                   return StartUnaryCall(served, context, request, response);
                 }));
}

void DescriptorService::AddStream(int index, const MethodDescriptor* method) {
  ServedMethod served = Serve(*method, door_);
  LINTAS_CHECK(served.method->stream != nullptr);
  AddMethod(new grpc::internal::RpcServiceMethod(
      paths_.back().c_str(), grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
  MarkMethodRawCallback(index,
                        new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                            [served = std::move(served)](grpc::CallbackServerContext* context) {
                              return StartStreamCall(served, context);
                            }));
}

}  // namespace lintas
