#include "server/base/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace lintas {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kInvalidFields[] = "INVALID_FIELDS";

template <typename Message>
bool GetDetail(const absl::Status& status, const char* url, Message* out) {
  absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload.has_value() && out->ParseFromString(std::string(*payload));
}

// Equal errors have equal bytes: two refusals must not differ by the order of their metadata (P26).
std::string Serialize(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  absl::Status status(code, message);
  status.SetPayload(kErrorInfoUrl, absl::Cord(Serialize(info)));
  return status;
}

std::string ErrorReason(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  return GetDetail(status, kErrorInfoUrl, &info) ? info.reason() : "";
}

absl::Status FieldsError(const std::vector<FieldViolation>& violations) {
  if (violations.empty()) return absl::OkStatus();
  google::rpc::BadRequest bad;
  std::vector<std::string> parts;
  for (const FieldViolation& violation : violations) {
    auto* field = bad.add_field_violations();
    field->set_field(violation.field);
    field->set_description(violation.rule + ": " + violation.description);
    parts.push_back(violation.field + " " + violation.rule);
  }
  absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, kInvalidFields, absl::StrJoin(parts, "; "));
  status.SetPayload(kBadRequestUrl, absl::Cord(bad.SerializeAsString()));
  return status;
}

std::vector<FieldViolation> FieldViolations(const absl::Status& status) {
  google::rpc::BadRequest bad;
  std::vector<FieldViolation> out;
  if (!GetDetail(status, kBadRequestUrl, &bad)) return out;
  for (const auto& field : bad.field_violations()) {
    const std::string& text = field.description();
    const size_t colon = text.find(": ");
    out.push_back({field.field(), text.substr(0, colon),
                   colon == std::string::npos ? "" : text.substr(colon + 2)});
  }
  return out;
}

std::string SerializeErrorDetails(const absl::Status& status, absl::string_view domain) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(std::string(status.message()));
  google::rpc::ErrorInfo info;
  if (!GetDetail(status, kErrorInfoUrl, &info)) {
    info.set_reason(absl::StatusCodeToString(status.code()));
  }
  info.set_domain(std::string(domain));
  google::protobuf::Any* packed = out.add_details();
  packed->set_type_url(kErrorInfoUrl);
  packed->set_value(Serialize(info));
  google::rpc::BadRequest bad;
  if (GetDetail(status, kBadRequestUrl, &bad)) out.add_details()->PackFrom(bad);
  return out.SerializeAsString();
}

absl::Status ParseErrorDetails(absl::StatusCode code, absl::string_view message,
                               absl::string_view details) {
  absl::Status status(code, message);
  google::rpc::Status in;
  if (!in.ParseFromArray(details.data(), static_cast<int>(details.size()))) return status;
  for (const auto& any : in.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) {
      status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
    } else if (any.UnpackTo(&bad)) {
      status.SetPayload(kBadRequestUrl, absl::Cord(bad.SerializeAsString()));
    }
  }
  return status;
}

}  // namespace lintas
