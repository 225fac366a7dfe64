#include "client/agreement/key_file.h"

#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using absl::string_view;

constexpr char kPublicTitle[] = "lintas authority public key v1";
constexpr char kPrivateTitle[] = "lintas authority private key v1";
constexpr size_t kKeyBytes = 32;

absl::Status BadKeyFile(const std::string& why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_KEY_FILE", why);
}

// The `key: value` lines below the title line.
absl::StatusOr<std::map<std::string, std::string>> Lines(string_view content, string_view title) {
  std::map<std::string, std::string> lines;
  bool titled = false;
  for (string_view line : absl::StrSplit(content, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    if (!titled) {
      if (line != title) return BadKeyFile(absl::StrCat("the first line must be `", title, "`"));
      titled = true;
      continue;
    }
    const std::pair<string_view, string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 1));
    const std::string name(absl::StripAsciiWhitespace(parts.first));
    if (!lines.emplace(name, absl::StripAsciiWhitespace(parts.second)).second) {
      return BadKeyFile(absl::StrCat("`", name, "` appears twice"));
    }
  }
  if (!titled) return BadKeyFile("the file is empty");
  return lines;
}

absl::StatusOr<std::string> KeyBytes(const std::map<std::string, std::string>& lines,
                                     const std::string& name) {
  auto found = lines.find(name);
  std::string bytes;
  if (found == lines.end() || !absl::Base64Unescape(found->second, &bytes) ||
      bytes.size() != kKeyBytes) {
    return BadKeyFile(absl::StrCat("`", name, "` must be base64 of 32 bytes"));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<agreement::v1::OfficeHolder> ParseAuthorityPublicKey(string_view content) {
  ASSIGN_OR_RETURN(const auto lines, Lines(content, kPublicTitle));
  for (const char* name : {"country", "office", "from", "to"}) {
    auto found = lines.find(name);
    if (found == lines.end() || found->second.empty()) {
      return BadKeyFile(absl::StrCat("`", name, "` is missing"));
    }
  }
  agreement::v1::OfficeHolder holder;
  ASSIGN_OR_RETURN(const std::string key, KeyBytes(lines, "key"));
  holder.set_public_key(key);
  holder.set_country(lines.at("country"));
  holder.set_office(lines.at("office"));
  holder.set_start_date(lines.at("from"));
  holder.set_end_date(lines.at("to"));
  return holder;
}

absl::StatusOr<SigningKey> ParseAuthorityPrivateKey(string_view content) {
  ASSIGN_OR_RETURN(const auto lines, Lines(content, kPrivateTitle));
  ASSIGN_OR_RETURN(std::string seed, KeyBytes(lines, "seed"));
  return SigningKey::FromSeed(Secret(std::move(seed)));
}

std::string WriteAuthorityPublicKey(const agreement::v1::OfficeHolder& holder) {
  return absl::StrCat(kPublicTitle, "\ncountry: ", holder.country(), "\noffice: ", holder.office(),
                      "\nfrom: ", holder.start_date(), "\nto: ", holder.end_date(),
                      "\nkey: ", absl::Base64Escape(holder.public_key()), "\n");
}

}  // namespace lintas::client
