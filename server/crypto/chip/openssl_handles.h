// OpenSSL's objects of this folder with their owners. Not for other folders.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_OPENSSL_HANDLES_H_
#define LINTAS_SERVER_CRYPTO_CHIP_OPENSSL_HANDLES_H_

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "absl/strings/string_view.h"
#include "server/base/check.h"

namespace lintas::chip {

template <typename T, void (*Free)(T*)>
struct FreeWith {
  void operator()(T* object) const { Free(object); }
};

inline void FreeBio(BIO* bio) { BIO_free(bio); }
inline void FreeStack(STACK_OF(X509) * stack) { sk_X509_free(stack); }

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO, &FreeBio>>;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, FreeWith<CMS_ContentInfo, &CMS_ContentInfo_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY, &EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE, &X509_STORE_free>>;
using StoreContextPtr =
    std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX, &X509_STORE_CTX_free>>;
// Frees the stack, not the certificates in it.
using StackPtr = std::unique_ptr<STACK_OF(X509), FreeWith<STACK_OF(X509), &FreeStack>>;
using SharedCertificate = std::shared_ptr<X509>;

inline BioPtr ReadBio(absl::string_view bytes) {
  BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  LINTAS_CHECK(bio != nullptr);
  return bio;
}

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_OPENSSL_HANDLES_H_
