// Files that hold keys or decide whom we trust: read with a bound, written whole or not at all.
// Private ones have mode 0600. Safe from any thread, on different paths.
#ifndef LINTAS_SERVER_CRYPTO_KEY_FILE_H_
#define LINTAS_SERVER_CRYPTO_KEY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/crypto/ed25519.h"
#include "server/crypto/secret.h"

namespace lintas {

constexpr size_t kKeyFileBytesMax = 4 << 20;

enum class FileAccess {
  kPrivate,  // 0600
  kPublic,   // 0644
};

// kNotFound if there is no such file; kInvalidArgument if it is longer than kKeyFileBytesMax;
// kUnavailable for any other error of the file system.
absl::StatusOr<std::string> ReadKeyFile(const std::string& path);

// Writes a temporary file, syncs it, gives it its name. After an error there is no file at `path`
// that was not there before. WriteOnce: kAlreadyExists if `path` is taken. Replace takes its place.
absl::Status WriteOnce(const std::string& path, absl::string_view content, FileAccess access);
absl::Status Replace(const std::string& path, absl::string_view content, FileAccess access);

// The signing keys of a node, distinct per use (P20). Personal authority keys are never among them.
struct NodeKeys {
  SigningKey log;         // Checkpoints of both own ledgers.
  SigningKey held;        // Cosigns: the content is durable here (P8).
  SigningKey consistent;  // Cosigns: the head extends the last one seen (P8).
  SigningKey question;    // Questions, answers, erasure receipts.
};

NodeKeys GenerateNodeKeys(Random& random);
// The text form of a key file; only for writing it with FileAccess::kPrivate.
Secret FormatNodeKeys(const NodeKeys& keys);
// kInvalidArgument unless all four keys are there, once each, and differ from one another.
absl::StatusOr<NodeKeys> ReadNodeKeys(const std::string& path);

// The key that wraps payload keys (P3), 32 bytes in a file of its own, so that a copy of the
// signing keys opens no payload. ReadSealKey: kInvalidArgument unless it is one.
Secret FormatSealKey(const Secret& key);
absl::StatusOr<Secret> ReadSealKey(const std::string& path);

// An office-holder's personal key.
Secret FormatAuthorityKey(const SigningKey& key);
absl::StatusOr<SigningKey> ReadAuthorityKey(const std::string& path);

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_KEY_FILE_H_
