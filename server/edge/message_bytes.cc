#include "server/edge/message_bytes.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>
#include <grpcpp/support/slice.h>

#include "server/base/check.h"
#include "server/base/error.h"

namespace lintas {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool FieldHasUnknown(const Message& message, const Reflection& reflection,
                     const FieldDescriptor* field) {
  if (!field->is_repeated()) {
    return reflection.HasField(message, field) &&
           HasUnknownFields(reflection.GetMessage(message, field));
  }
  const int count = reflection.FieldSize(message, field);
  for (int i = 0; i < count; ++i) {
    if (HasUnknownFields(reflection.GetRepeatedMessage(message, field, i))) return true;
  }
  return false;
}

absl::Status BadRequestBody(const char* rule, const char* description) {
  return FieldsError({{"request", rule, description}});
}

}  // namespace

bool HasUnknownFields(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  const auto* descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        FieldHasUnknown(message, reflection, field)) {
      return true;
    }
  }
  return false;
}

absl::Status ParseStrictly(const grpc::ByteBuffer& bytes, Message* message) {
  // An empty message may come as a buffer without any bytes behind it.
  if (!bytes.Valid() || bytes.Length() == 0) {
    message->Clear();
    return absl::OkStatus();
  }
  // The reader does not change the buffer; it only takes it without const.
  grpc::ByteBuffer shared = bytes;
  grpc::ProtoBufferReader reader(&shared);
  if (!reader.status().ok() || !message->ParseFromZeroCopyStream(&reader)) {
    return BadRequestBody("NOT_A_MESSAGE", "the bytes are not a message of the request's type");
  }
  if (HasUnknownFields(*message)) {
    return BadRequestBody("UNKNOWN_FIELD",
                          "the request holds a field that this version of the node does not know");
  }
  return absl::OkStatus();
}

grpc::ByteBuffer ToBytes(const Message& message) {
  const size_t size = message.ByteSizeLong();
  if (size == 0) {
    const grpc::Slice empty;
    return grpc::ByteBuffer(&empty, 1);
  }
  grpc::ByteBuffer bytes;
  {
    grpc::ProtoBufferWriter writer(&bytes, static_cast<int>(size), static_cast<int>(size));
    LINTAS_CHECK(message.SerializeToZeroCopyStream(&writer));
  }
  return bytes;
}

}  // namespace lintas
