#include "client/receipt.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "server/base/status.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/signed_note.h"
#include "server/ledger/note/text_form.h"

namespace lintas::client {
namespace {

constexpr absl::string_view kHeaderLine = "lintas-header ";
constexpr absl::string_view kSectionLine = "lintas-section ";
constexpr size_t kHeaderBytesMax = 1024;
constexpr uint32_t kEntryFormat = 1;
constexpr uint32_t kSectionCount = 4;
constexpr size_t kSaltBytes = 16;

absl::Status NotAReceipt(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("not a receipt: ", why));
}

// Bytes that do not depend on the order of a map or on a library's mood.
std::string Canonical(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  return bytes;
}

// A reader that skips fields it does not know would show less than what was signed.
bool HasUnknownFields(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

absl::StatusOr<Receipt::Disclosed> ParseSection(absl::string_view line) {
  const std::vector<absl::string_view> items = absl::StrSplit(line, ' ');
  if (items.size() != 3) return NotAReceipt("a lintas-section line has three parts");
  ASSIGN_OR_RETURN(const uint64_t number, note::ParseDecimal(items[0]));
  ASSIGN_OR_RETURN(const std::string bytes, note::ParseBase64(items[1]));
  Receipt::Disclosed disclosed;
  if (!disclosed.section.ParseFromString(bytes) || Canonical(disclosed.section) != bytes ||
      HasUnknownFields(disclosed.section)) {
    return NotAReceipt("the section's bytes");
  }
  if (number != disclosed.section.section() || number < 1 || number > kSectionCount) {
    return NotAReceipt("the section's number");
  }
  if (items[2] != "synthetic" && items[2] != "real") {
    return NotAReceipt("a section is `synthetic` or `real`");
  }
  disclosed.synthetic = items[2] == "synthetic";
  return disclosed;
}

absl::StatusOr<ledger::v1::EntryHeader> ParseHeaderBytes(absl::string_view bytes) {
  ledger::v1::EntryHeader header;
  if (bytes.size() > kHeaderBytesMax || !header.ParseFromString(std::string(bytes)) ||
      Canonical(header) != bytes || HasUnknownFields(header)) {
    return NotAReceipt("the header's bytes");
  }
  if (header.format() != kEntryFormat || header.digests().size() != kSectionCount * Hash::kSize) {
    return NotAReceipt("the header has a format that this program does not know");
  }
  return header;
}

absl::Status CheckDisclosed(const ledger::v1::EntryHeader& header,
                            const Receipt::Disclosed& disclosed) {
  if (disclosed.section.salt().size() != kSaltBytes) return NotAReceipt("the section's salt");
  const size_t slot = (disclosed.section.section() - 1) * Hash::kSize;
  if (header.digests().substr(slot, Hash::kSize) != DisclosedDigest(disclosed).view()) {
    return absl::DataLossError("the section is not the one that the entry's header stands for");
  }
  return absl::OkStatus();
}

}  // namespace

Hash DisclosedDigest(const Receipt::Disclosed& disclosed) {
  std::string prefix = "lintas/section/v1";
  prefix.push_back('\0');
  prefix.push_back(disclosed.synthetic ? '\1' : '\0');
  prefix.push_back(static_cast<char>(disclosed.section.section()));
  return Sha256Of(prefix, disclosed.section.salt(), disclosed.section.content());
}

std::string FormatReceipt(const Receipt& receipt) {
  std::string text = note::FormatTlogProof(receipt.proof);
  absl::StrAppend(&text, kHeaderLine, note::FormatBase64(receipt.header), "\n");
  if (receipt.disclosed.has_value()) {
    absl::StrAppend(&text, kSectionLine, receipt.disclosed->section.section(), " ",
                    note::FormatBase64(Canonical(receipt.disclosed->section)), " ",
                    receipt.disclosed->synthetic ? "synthetic" : "real", "\n");
  }
  return text;
}

absl::StatusOr<Receipt> ParseReceipt(absl::string_view text) {
  // Neither a note's text nor its signature lines can hold this: they begin with an em dash, and
  // the text of a checkpoint has three lines that are parsed.
  const size_t header_at = text.find(absl::StrCat("\n", kHeaderLine));
  if (header_at == absl::string_view::npos) return NotAReceipt("it has no lintas-header line");
  Receipt receipt;
  ASSIGN_OR_RETURN(receipt.proof, note::ParseTlogProof(text.substr(0, header_at + 1)));
  absl::string_view rest = text.substr(header_at + 1);
  if (!absl::ConsumeSuffix(&rest, "\n")) return NotAReceipt("it is cut off");
  std::vector<absl::string_view> lines = absl::StrSplit(rest, '\n');
  absl::ConsumePrefix(&lines[0], kHeaderLine);
  ASSIGN_OR_RETURN(receipt.header, note::ParseBase64(lines[0]));
  if (lines.size() > 2) return NotAReceipt("it has lines after its end");
  if (lines.size() == 2) {
    if (!absl::ConsumePrefix(&lines[1], kSectionLine)) return NotAReceipt("its last line");
    ASSIGN_OR_RETURN(receipt.disclosed, ParseSection(lines[1]));
  }
  return receipt;
}

absl::StatusOr<ProvenReceipt> VerifyReceipt(const Receipt& receipt, const note::Policy& policy) {
  ProvenReceipt proven;
  ASSIGN_OR_RETURN(proven.header, ParseHeaderBytes(receipt.header));
  ASSIGN_OR_RETURN(const note::VerifiedCheckpoint verified,
                   note::VerifyTlogProof(receipt.proof, merkle::LeafHash(receipt.header), policy));
  // The leaf says itself where it stands; a policy may know several ledgers.
  if (proven.header.origin() != verified.checkpoint.origin) {
    return NotAReceipt("the entry names another ledger than the checkpoint");
  }
  if (proven.header.index() != receipt.proof.index.value()) {
    return NotAReceipt("the entry names another index than the proof");
  }
  if (receipt.disclosed.has_value()) {
    RETURN_IF_ERROR(CheckDisclosed(proven.header, *receipt.disclosed));
    proven.disclosed = receipt.disclosed;
  }
  proven.size = verified.checkpoint.size;
  for (const note::Signature& signature : verified.note.signatures) {
    if (signature.name == verified.checkpoint.origin) {
      proven.signers.push_back(signature.name);
      continue;
    }
    const auto time = note::CosignatureTime(signature);
    if (time.ok()) proven.cosigners.push_back({signature.name, *time});
  }
  return proven;
}

}  // namespace lintas::client
