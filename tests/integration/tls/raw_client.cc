#include "tests/integration/tls/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <memory>

#include "server/base/check.h"
#include "server/crypto/certificate.h"

namespace lintas {
namespace {

using ContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using SslPtr = std::unique_ptr<SSL, decltype(&SSL_free)>;

// Undoes MinimumTls13 for this one context.
ContextPtr MakeContext(const SSL_METHOD* method, const std::string& identity_pem, int version) {
  ContextPtr context(SSL_CTX_new(method), &SSL_CTX_free);
  LINTAS_CHECK(context != nullptr);
  SSL_CTX_clear_options(context.get(), SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
  LINTAS_CHECK(SSL_CTX_set_min_proto_version(context.get(), version) == 1);
  LINTAS_CHECK(SSL_CTX_set_max_proto_version(context.get(), version) == 1);
  const Certificate certificate = *Certificate::FromPem(identity_pem);
  const TlsKey key = *TlsKey::FromPem(identity_pem);
  LINTAS_CHECK(SSL_CTX_use_certificate(context.get(), certificate.handle()) == 1);
  LINTAS_CHECK(SSL_CTX_use_PrivateKey(context.get(), key.handle()) == 1);
  const unsigned char alpn[] = {2, 'h', '2'};
  LINTAS_CHECK(SSL_CTX_set_alpn_protos(context.get(), alpn, sizeof alpn) == 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  return context;
}

int CountTicket(SSL* ssl, SSL_SESSION*) {
  ++*static_cast<int*>(SSL_get_app_data(ssl));
  return 0;
}

int Dial(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  LINTAS_CHECK(fd >= 0);
  LINTAS_CHECK(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const timeval bound = {5, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
  return fd;
}

}  // namespace

RawHandshake Handshake(int port, const std::string& identity_pem, int version) {
  ContextPtr context = MakeContext(TLS_client_method(), identity_pem, version);
  SSL_CTX_sess_set_new_cb(context.get(), &CountTicket);
  SslPtr ssl(SSL_new(context.get()), &SSL_free);
  RawHandshake result;
  SSL_set_app_data(ssl.get(), &result.tickets);
  const int fd = Dial(port);
  SSL_set_fd(ssl.get(), fd);
  result.connected = SSL_connect(ssl.get()) == 1;
  if (result.connected) {
    result.version = SSL_version(ssl.get());
    X509* shown = SSL_get1_peer_certificate(ssl.get());
    LINTAS_CHECK(shown != nullptr);
    unsigned char* key = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(shown), &key);
    result.server_key.assign(reinterpret_cast<char*>(key), static_cast<size_t>(size));
    OPENSSL_free(key);
    result.server_serial = Certificate::Adopt(shown)->serial();
    // HTTP/2 begins with the server's settings; TLS 1.3 tickets would come before them.
    char bytes[9];
    result.served = SSL_read(ssl.get(), bytes, sizeof bytes) > 0;
  }
  ERR_clear_error();
  close(fd);
  return result;
}

bool CanSpeak(const std::string& identity_pem, int version) {
  ContextPtr client_context = MakeContext(TLS_client_method(), identity_pem, version);
  ContextPtr server_context = MakeContext(TLS_server_method(), identity_pem, version);
  SslPtr client(SSL_new(client_context.get()), &SSL_free);
  SslPtr server(SSL_new(server_context.get()), &SSL_free);
  int tickets = 0;
  SSL_set_app_data(client.get(), &tickets);
  BIO* client_end = nullptr;
  BIO* server_end = nullptr;
  LINTAS_CHECK(BIO_new_bio_pair(&client_end, 0, &server_end, 0) == 1);
  SSL_set_bio(client.get(), client_end, client_end);
  SSL_set_bio(server.get(), server_end, server_end);
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());
  bool done = false;
  for (int i = 0; i < 20 && !done; ++i) {
    const bool client_done = SSL_do_handshake(client.get()) == 1;
    const bool server_done = SSL_do_handshake(server.get()) == 1;
    done = client_done && server_done;
  }
  ERR_clear_error();
  return done && SSL_version(client.get()) == version;
}

}  // namespace lintas
