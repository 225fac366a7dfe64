// The operating system's randomness through OpenSSL's RAND_bytes, drawn in blocks: a node seals
// every payload under a key of its own, and a call per key would cost as much as the sealing.
#ifndef LINTAS_SERVER_CRYPTO_OS_RANDOM_H_
#define LINTAS_SERVER_CRYPTO_OS_RANDOM_H_

#include <memory>

#include "server/base/random.h"

namespace lintas {

std::unique_ptr<Random> MakeOsRandom();

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_OS_RANDOM_H_
