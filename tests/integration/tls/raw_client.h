// An OpenSSL client that does what no gRPC client can be told to do.
#ifndef LINTAS_TESTS_INTEGRATION_TLS_RAW_CLIENT_H_
#define LINTAS_TESTS_INTEGRATION_TLS_RAW_CLIENT_H_

#include <string>

namespace lintas {

struct RawHandshake {
  bool connected = false;     // The handshake was completed from the client's side.
  int version = 0;            // Of TLS, as OpenSSL counts.
  std::string server_serial;  // Of the certificate that the server showed.
  std::string server_key;     // Its public key, DER.
  int tickets = 0;            // For resumption, received before the server's first bytes.
  bool served = false;        // The server sent application bytes: it is content with us.
};

// One handshake with 127.0.0.1:`port`, with no version but `version`. Believes every server.
RawHandshake Handshake(int port, const std::string& identity_pem, int version);

// True if such a client can shake hands over `version` with some server of this process that allows
// it: that a refusal is the server's doing.
bool CanSpeak(const std::string& identity_pem, int version);

}  // namespace lintas

#endif  // LINTAS_TESTS_INTEGRATION_TLS_RAW_CLIENT_H_
