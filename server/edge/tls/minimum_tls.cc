#include "server/edge/tls/minimum_tls.h"

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

namespace lintas {
namespace {

// `Protocol` and not only `MinProtocol`: gRPC sets the minimum back to 1.2 on each context.
constexpr char kConfiguration[] = R"(
openssl_conf = lintas
[lintas]
ssl_conf = ssl
[ssl]
system_default = default
[default]
MinProtocol = TLSv1.3
Protocol = -TLSv1.2,-TLSv1.1,-TLSv1
NumTickets = 0
Ciphersuites = TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256
SignatureAlgorithms = ECDSA+SHA256:ed25519
)";

absl::Status Load() {
  // Without the strings there is no text in OpenSSL's errors; without this call first, OpenSSL
  // would load the machine's own configuration over ours later.
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, nullptr);
  std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(kConfiguration, -1), &BIO_free);
  std::unique_ptr<CONF, decltype(&NCONF_free)> conf(NCONF_new(nullptr), &NCONF_free);
  long bad_line = 0;  // NOLINT(google-runtime-int): OpenSSL's type.
  const bool loaded = text != nullptr && conf != nullptr &&
                      NCONF_load_bio(conf.get(), text.get(), &bad_line) == 1 &&
                      CONF_modules_load(conf.get(), nullptr, 0) == 1;
  ERR_clear_error();
  return loaded ? absl::OkStatus() : absl::InternalError("OpenSSL refuses to be set to TLS 1.3");
}

}  // namespace

absl::Status MinimumTls13() {
  static const absl::Status& status = *new absl::Status(Load());
  return status;
}

}  // namespace lintas
