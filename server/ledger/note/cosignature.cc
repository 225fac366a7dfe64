#include "server/ledger/note/cosignature.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/status.h"
#include "server/ledger/note/text_form.h"

namespace lintas::note {
namespace {

constexpr size_t kTimeBytes = 8;
constexpr size_t kCosignatureBytes = kTimeBytes + 64;

std::string CosignedMessage(uint64_t seconds, absl::string_view body) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", body);
}

}  // namespace

Signature Cosign(absl::string_view body, absl::string_view name, const SigningKey& key,
                 absl::Time time) {
  LINTAS_CHECK(IsKeyName(name));
  LINTAS_CHECK(time >= absl::UnixEpoch());
  const uint64_t seconds = static_cast<uint64_t>(absl::ToUnixSeconds(time));
  return Signature{std::string(name),
                   KeyId(name, SignatureType::kCosignature, key.verify_key().bytes()),
                   BigEndian64(seconds) + key.Sign(CosignedMessage(seconds, body))};
}

absl::StatusOr<absl::Time> CosignatureTime(const Signature& signature) {
  if (signature.bytes.size() != kCosignatureBytes) {
    return absl::InvalidArgumentError("an Ed25519 cosignature has 72 bytes");
  }
  const uint64_t seconds = LoadBigEndian64(signature.bytes.data());
  if (seconds > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return absl::InvalidArgumentError("a cosignature's time is below 2^63 seconds");
  }
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

bool VerifyCosignature(absl::string_view body, const Signature& signature, const VerifyKey& key) {
  if (!CosignatureTime(signature).ok()) return false;
  const uint64_t seconds = LoadBigEndian64(signature.bytes.data());
  return key.Verify(CosignedMessage(seconds, body),
                    absl::string_view(signature.bytes).substr(kTimeBytes));
}

}  // namespace lintas::note
