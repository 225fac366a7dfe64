// Secret bytes: wiped on destruction, compared in constant time, no way to print them. Raw bytes
// need a SecretAccess token, which only named, greppable functions make.
#ifndef LINTAS_SERVER_CRYPTO_SECRET_H_
#define LINTAS_SERVER_CRYPTO_SECRET_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lintas {

class SecretAccess {
 public:
  // For handing key bytes to OpenSSL, in server/crypto only.
  static SecretAccess ForCrypto() { return SecretAccess(); }
  // For writing a key file with mode 0600, in certs/ only.
  static SecretAccess ForKeyFile() { return SecretAccess(); }

 private:
  SecretAccess() = default;
};

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  ~Secret();
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;

  absl::string_view Bytes(SecretAccess) const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  // Constant time for equal sizes.
  bool Equals(const Secret& other) const;

 private:
  std::string bytes_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_SECRET_H_
