#include "server/records/page_token.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/error.h"

namespace lintas {
namespace {

constexpr size_t kBodyBytes = DerivedKey::kSize + 3 * 8;

absl::string_view View(const Token& token) { return absl::string_view(token.data(), token.size()); }

}  // namespace

std::string PageBinding(const std::string& principal_uri,
                        const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> bare(request.New());
  bare->CopyFrom(request);
  for (const char* field : {"page_token", "page_size"}) {
    const auto* descriptor = bare->GetDescriptor()->FindFieldByName(field);
    if (descriptor != nullptr) bare->GetReflection()->ClearField(bare.get(), descriptor);
  }
  return absl::StrCat(principal_uri, std::string(1, '\0'), request.GetDescriptor()->full_name(),
                      std::string(1, '\0'), bare->SerializeAsString());
}

std::string MakePageToken(const Tokenizer& tokens, const std::string& binding,
                          const PageStart& start) {
  const DerivedKey key = start.after.value_or(DerivedKey());
  const std::string body =
      absl::StrCat(key.view(), BigEndian64(start.sizes.exchange.value()),
                   BigEndian64(start.sizes.home.value()), BigEndian64(start.sizes.replica.value()));
  const Token mac = tokens.Make("page", absl::StrCat(body, binding));
  return absl::WebSafeBase64Escape(absl::StrCat(View(mac), body));
}

absl::StatusOr<PageStart> ParsePageToken(const Tokenizer& tokens, const std::string& binding,
                                         const std::string& token, const Sizes& now_sizes) {
  PageStart start;
  start.sizes = now_sizes;
  if (token.empty()) return start;
  std::string raw;
  const size_t mac_size = std::tuple_size<Token>::value;
  if (!absl::WebSafeBase64Unescape(token, &raw) || raw.size() != mac_size + kBodyBytes ||
      !ConstantTimeEquals(absl::string_view(raw).substr(0, mac_size),
                          View(tokens.Make("page", absl::StrCat(raw.substr(mac_size), binding))))) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN",
                     "page_token is not one that was given for this request");
  }
  const char* body = raw.data() + mac_size;
  start.after.emplace();
  std::memcpy(start.after->bytes.data(), body, DerivedKey::kSize);
  body += DerivedKey::kSize;
  start.sizes.exchange = TreeSize(LoadBigEndian64(body));
  start.sizes.home = TreeSize(LoadBigEndian64(body + 8));
  start.sizes.replica = TreeSize(LoadBigEndian64(body + 16));
  return start;
}

absl::StatusOr<size_t> PageSize(int32_t page_size) {
  if (page_size < 0) {
    return FieldsError({{"page_size", "NEGATIVE", "0 for the default, or 1 to 500 (AIP-158)"}});
  }
  return page_size == 0 ? kPageSizeDefault : std::min(page_size, kPageSizeMax);
}

}  // namespace lintas
