#include "server/records/procedure/attachment.h"

#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/entry.h"
#include "server/matching/text.h"
#include "server/records/procedure/content.h"

namespace lintas {
namespace {

using types::v1::Attachment;

constexpr char kPdf[] = "application/pdf";
constexpr char kJpeg[] = "image/jpeg";
constexpr char kPng[] = "image/png";
constexpr char kText[] = "text/plain";

// The first bytes of each type: ISO 32000-1 section 7.5.2; ITU-T T.81 annex B.1.1.3 (SOI, then
// another marker); PNG (W3C, third edition) section 5.2. A text has none.
constexpr absl::string_view kPdfBegins = "%PDF-";
constexpr absl::string_view kJpegBegins = "\xFF\xD8\xFF";
constexpr absl::string_view kPngBegins = "\x89PNG\r\n\x1A\n";

// UTF-8 (RFC 3629) without what can make a screen show another text than the one that is here:
// control characters other than tab and ends of lines, and signs that turn the direction.
bool IsPlainText(absl::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const int point = matching::NextCodePoint(bytes, &at);
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    if (control && point != '\t' && point != '\n' && point != '\r') return false;
    if ((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069)) return false;
  }
  return true;
}

struct RuleText {
  absl::string_view rule, field, description;
};

constexpr RuleText kRules[] = {
    {"SALT", "salt", "16 random bytes"},
    {"DIGEST_NAME", "digest_name",
     "32 bytes: SHA-256 over \"lintas/attachment/v1\", a zero byte, salt and bytes (P2)"},
    {"UNKNOWN_MEDIA_TYPE", "media_type", "application/pdf, image/jpeg, image/png or text/plain"},
    {"BAD_SIZE", "size_bytes", "1 to 26,214,400 bytes"},
    {"TWICE", "digest_name", "each attachment once, with a salt of its own"},
    {"TOO_MANY", "digest_name", "at most 20 attachments in a step"},
    {"WRONG_SIZE", "size_bytes", "as many bytes as were said"},
    {"WRONG_DIGEST", "digest_name", "the name that salt and bytes give (P2)"},
    {"WRONG_MEDIA_TYPE", "media_type", "the type that the bytes are of"},
    {"NOT_HERE", "digest_name", "an attachment that the caller has brought here completely"},
    {"TAKEN", "digest_name", "a name that was not used before: draw another salt"},
    {"CHUNK_OFFSET", "offset", "a multiple of 262,144 within the attachment"},
    {"CHUNK_SIZE", "content", "262,144 bytes, or what is left at the end"},
};

}  // namespace

int64_t ChunkEnd(const Attachment& attachment, int64_t offset) {
  return std::min(offset + kAttachmentChunkBytes, attachment.size_bytes());
}

std::vector<Attachment> AttachmentsIn(const google::protobuf::Message& content) {
  std::vector<Attachment> found;
  VisitMessages(content, [&found](const google::protobuf::Message& each) {
    if (each.GetDescriptor() != Attachment::descriptor()) return;
    found.push_back(static_cast<const Attachment&>(each));
  });
  return found;
}

std::vector<Attachment> AttachmentsIn(const RecordsDeps& deps,
                                      const ledger::v1::EntryHeader& header,
                                      const ledger::v1::Payload& payload) {
  if (header.kind() != ledger::v1::EntryHeader::STEP || deps.procedures == nullptr) return {};
  const std::string* bytes = FindSection(payload, 1);
  const ProcedureTable* table = deps.procedures->ByCode(header.type());
  const StepRow* row = table == nullptr ? nullptr : table->Step(header.code());
  if (bytes == nullptr || row == nullptr) return {};
  const std::unique_ptr<google::protobuf::Message> content = ParseContent(*row, *bytes);
  return content == nullptr ? std::vector<Attachment>() : AttachmentsIn(*content);
}

FieldViolation AttachmentViolation(absl::string_view rule) {
  for (const RuleText& each : kRules) {
    if (each.rule != rule) continue;
    return {absl::StrCat("attachments.", each.field), std::string(rule),
            std::string(each.description)};
  }
  return {"attachments", std::string(rule), ""};
}

void CheckAttachment(const Attachment& attachment, std::vector<FieldViolation>* violations) {
  const auto broken = [violations](absl::string_view rule) {
    violations->push_back(AttachmentViolation(rule));
  };
  if (attachment.salt().size() != kSaltBytes) broken("SALT");
  if (attachment.digest_name().size() != Hash::kSize) broken("DIGEST_NAME");
  const std::string& type = attachment.media_type();
  if (type != kPdf && type != kJpeg && type != kPng && type != kText) broken("UNKNOWN_MEDIA_TYPE");
  if (attachment.size_bytes() < 1 || attachment.size_bytes() > kAttachmentBytesMax) {
    broken("BAD_SIZE");
  }
}

void CheckAttachments(const google::protobuf::Message& content,
                      std::vector<FieldViolation>* violations) {
  const std::vector<Attachment> found = AttachmentsIn(content);
  if (found.size() > kStepAttachmentsMax) violations->push_back(AttachmentViolation("TOO_MANY"));
  std::set<std::string> names;
  for (const Attachment& each : found) {
    CheckAttachment(each, violations);
    if (!names.insert(each.digest_name()).second) {
      violations->push_back(AttachmentViolation("TWICE"));
    }
  }
}

bool MayBegin(absl::string_view media_type, absl::string_view first_bytes) {
  if (media_type == kPdf) return absl::StartsWith(first_bytes, kPdfBegins);
  if (media_type == kJpeg) return absl::StartsWith(first_bytes, kJpegBegins);
  if (media_type == kPng) return absl::StartsWith(first_bytes, kPngBegins);
  // Its end may cut a character in two; what it is shows when all of it is here.
  return media_type == kText && first_bytes.find('\0') == absl::string_view::npos;
}

std::string WhyNotTheAttachment(const Attachment& attachment, absl::string_view bytes) {
  if (static_cast<int64_t>(bytes.size()) != attachment.size_bytes()) return "WRONG_SIZE";
  if (attachment.salt().size() != kSaltBytes ||
      AttachmentName(attachment.salt(), bytes).view() != attachment.digest_name()) {
    return "WRONG_DIGEST";
  }
  const bool is_type = attachment.media_type() == kText ? IsPlainText(bytes)
                                                        : MayBegin(attachment.media_type(), bytes);
  return is_type ? "" : "WRONG_MEDIA_TYPE";
}

}  // namespace lintas
