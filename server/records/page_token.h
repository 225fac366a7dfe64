// Page tokens (AIP-158, P32): opaque, grant nothing, bound to caller and request, and to the ledger
// sizes at the first page.
#ifndef LINTAS_SERVER_RECORDS_PAGE_TOKEN_H_
#define LINTAS_SERVER_RECORDS_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "google/protobuf/message.h"
#include "server/crypto/token.h"
#include "server/store/store.h"

namespace lintas {

constexpr int kPageSizeDefault = 50;
constexpr int kPageSizeMax = 500;

struct PageStart {
  absl::optional<DerivedKey> after;
  Sizes sizes;
};

// The request's other fields, as bytes: a token is good for the same request only.
std::string PageBinding(const std::string& principal_uri, const google::protobuf::Message& request);

std::string MakePageToken(const Tokenizer& tokens, const std::string& binding,
                          const PageStart& start);
// An empty token starts at the beginning, with `now_sizes`. INVALID_ARGUMENT, reason
// BAD_PAGE_TOKEN, if it was not given out here for this request.
absl::StatusOr<PageStart> ParsePageToken(const Tokenizer& tokens, const std::string& binding,
                                         const std::string& token, const Sizes& now_sizes);
// 0 is the default, too large is lowered, negative is INVALID_ARGUMENT on `page_size`.
absl::StatusOr<size_t> PageSize(int32_t page_size);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PAGE_TOKEN_H_
