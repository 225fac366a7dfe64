#include "client/attachment.h"

#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/file.h"
#include "client/output.h"
#include "client/procedure.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/sha256.h"

namespace lintas::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using types::v1::Attachment;

constexpr size_t kSaltBytes = 16;

bool HoldsAttachments(const FieldDescriptor& field) {
  return field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == Attachment::descriptor();
}

// A name that was used before: by a step whose answer never came back.
bool IsTaken(const absl::Status& status) {
  for (const FieldViolation& each : FieldViolations(status)) {
    if (each.rule == "TAKEN") return true;
  }
  return false;
}

}  // namespace

std::string MediaTypeOf(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "%PDF-")) return "application/pdf";
  if (absl::StartsWith(bytes, "\xFF\xD8\xFF")) return "image/jpeg";
  if (absl::StartsWith(bytes, "\x89PNG\r\n\x1A\n")) return "image/png";
  return "text/plain";
}

std::string AttachmentDigest(absl::string_view salt, absl::string_view bytes) {
  constexpr absl::string_view kUse("lintas/attachment/v1\0", 21);
  return Sha256Of(kUse, salt, bytes).str();
}

absl::StatusOr<std::string> Uploads::SaltFor(const std::string& path, bool draw_anew) const {
  std::error_code error;
  if (!draw_anew && std::filesystem::exists(path, error)) {
    ASSIGN_OR_RETURN(const std::string hex, ReadFile(path));
    std::string salt = absl::HexStringToBytes(hex.substr(0, 2 * kSaltBytes));
    if (salt.size() == kSaltBytes) return salt;
  }
  std::string salt = client_->random().Bytes(kSaltBytes);
  RETURN_IF_ERROR(WriteFile(path, absl::BytesToHexString(salt)));
  return salt;
}

absl::Status Uploads::Send(const Attachment& attachment, const std::string& bytes) const {
  procedure::v1::BeginUploadRequest begin;
  *begin.mutable_attachment() = attachment;
  procedure::v1::Upload upload;
  RETURN_IF_ERROR(client_->Call(ProcedureMethod("BeginUpload"), begin, &upload));
  while (!upload.complete()) {
    if (upload.held_bytes() < 0 || upload.held_bytes() >= attachment.size_bytes()) {
      return absl::DataLossError("the node says that it holds what it cannot");
    }
    procedure::v1::UploadChunkRequest request;
    *request.mutable_attachment() = attachment;
    request.set_offset(upload.held_bytes());
    request.set_content(bytes.substr(static_cast<size_t>(upload.held_bytes()),
                                     static_cast<size_t>(kAttachmentChunkBytes)));
    RETURN_IF_ERROR(client_->Call(ProcedureMethod("UploadChunk"), request, &upload));
    if (!upload.complete() && upload.held_bytes() <= request.offset()) {
      return absl::AbortedError("the node does not take the attachment; try again");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Attachment> Uploads::Bring(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kAttachmentBytesMax));
  const std::string salt_file =
      absl::StrCat(folder_, "/uploads/", absl::BytesToHexString(Sha256Of(bytes).view()), ".salt");
  absl::Status sent;
  for (const bool draw_anew : {false, true}) {
    Attachment attachment;
    ASSIGN_OR_RETURN(*attachment.mutable_salt(), SaltFor(salt_file, draw_anew));
    attachment.set_digest_name(AttachmentDigest(attachment.salt(), bytes));
    attachment.set_media_type(MediaTypeOf(bytes));
    attachment.set_size_bytes(static_cast<int64_t>(bytes.size()));
    sent = Send(attachment, bytes);
    if (sent.ok()) {
      salt_files_.push_back(salt_file);
      return attachment;
    }
    if (!IsTaken(sent)) return sent;
  }
  return sent;
}

void Uploads::Forget() {
  std::error_code error;
  for (const std::string& path : salt_files_) std::filesystem::remove(path, error);
  salt_files_.clear();
}

absl::Status AddAttachments(const std::vector<Attachment>& attachments,
                            google::protobuf::Any* content) {
  const std::string& url = content->type_url();
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      url.substr(url.find('/') + 1));
  const FieldDescriptor* place = nullptr;
  for (int i = 0; type != nullptr && i < type->field_count(); ++i) {
    if (HoldsAttachments(*type->field(i))) place = type->field(i);
  }
  if (place == nullptr) {
    return FieldsError({{"attach", "NO_PLACE", "a content whose message may hold attachments"}});
  }
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(content->value())) {
    return absl::InvalidArgumentError("the content does not parse");
  }
  for (const Attachment& each : attachments) {
    message->GetReflection()->AddMessage(message.get(), place)->CopyFrom(each);
  }
  content->PackFrom(*message);
  return absl::OkStatus();
}

void ClearAttachments(Message* content) {
  const auto* type = content->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (!HoldsAttachments(*type->field(i))) continue;
    content->GetReflection()->ClearField(content, type->field(i));
  }
}

std::vector<std::pair<std::string, std::string>> AttachmentRows(const procedure::v1::Step& step,
                                                                int first) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& each : step.attachments()) {
    const std::string size = Thousands(static_cast<uint64_t>(each.attachment().size_bytes()));
    rows.emplace_back(
        absl::StrCat("attachment ", first++),
        absl::StrCat(each.attachment().media_type(), ", ", size, " bytes, ",
                     each.held() ? "held"
                                 : absl::StrCat("on its way (", Thousands(each.held_bytes()),
                                                " bytes are here)")));
  }
  return rows;
}

absl::StatusOr<std::string> FetchAttachment(const Client& client,
                                            const procedure::v1::Procedure& shown, int number) {
  procedure::v1::DownloadAttachmentRequest request;
  request.set_name(shown.name());
  const Attachment* attachment = nullptr;
  int count = 0;
  for (const auto& step : shown.steps()) {
    for (const auto& each : step.attachments()) {
      if (++count != number) continue;
      attachment = &each.attachment();
      request.set_country(step.country());
      request.set_ledger_index(step.ledger_index());
      request.set_digest_name(attachment->digest_name());
    }
  }
  if (attachment == nullptr) {
    return FieldsError({{"attachment", "UNKNOWN_VALUE",
                         absl::StrCat("a number from 1 to ", count, ", as case view shows them")}});
  }
  std::string bytes;
  while (static_cast<int64_t>(bytes.size()) < attachment->size_bytes()) {
    request.set_offset(static_cast<int64_t>(bytes.size()));
    procedure::v1::DownloadAttachmentResponse response;
    RETURN_IF_ERROR(client.Call(ProcedureMethod("DownloadAttachment"), request, &response));
    if (response.content().empty()) break;
    bytes += response.content();
  }
  if (AttachmentDigest(attachment->salt(), bytes) != attachment->digest_name()) {
    return absl::DataLossError("the node gave other bytes than the step names");
  }
  return bytes;
}

}  // namespace lintas::client
