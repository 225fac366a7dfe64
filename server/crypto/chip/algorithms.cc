#include "server/crypto/chip/algorithms.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "absl/strings/str_cat.h"
#include "server/base/check.h"

namespace lintas::chip {
namespace {

using absl::string_view;

struct Hash {
  string_view oid, name;
  size_t size;
  const EVP_MD* (*make)();
};
constexpr Hash kHashes[] = {{"2.16.840.1.101.3.4.2.1", "SHA256", 32, &EVP_sha256},
                            {"2.16.840.1.101.3.4.2.2", "SHA384", 48, &EVP_sha384},
                            {"2.16.840.1.101.3.4.2.3", "SHA512", 64, &EVP_sha512},
                            {"2.16.840.1.101.3.4.2.4", "SHA224", 28, &EVP_sha224},
                            {"1.3.14.3.2.26", "SHA1", 20, &EVP_sha1}};

struct Curve {
  string_view name;
  bool weak;
};
constexpr Curve kCurves[] = {
    {"prime256v1", false},      {"secp384r1", false},       {"secp521r1", false},
    {"secp224r1", true},        {"brainpoolP224r1", true},  {"brainpoolP256r1", false},
    {"brainpoolP320r1", false}, {"brainpoolP384r1", false}, {"brainpoolP512r1", false}};

const Hash* Find(string_view name) {
  for (const Hash& hash : kHashes) {
    if (hash.name == name) return &hash;
  }
  return nullptr;
}

KeyKind KindOfCurve(EVP_PKEY* key) {
  char name[64] = {};
  size_t size = 0;
  // Explicit parameters that are a known curve's resolve to its name; others have none.
  const bool named = EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name,
                                                    sizeof name, &size) == 1;
  ERR_clear_error();
  if (!named) return {"EC unnamed curve", false, false};
  for (const Curve& curve : kCurves) {
    if (curve.name == name) return {absl::StrCat("EC ", name), true, curve.weak};
  }
  return {absl::StrCat("EC ", name), false, false};
}

}  // namespace

string_view HashOfOid(string_view oid) {
  for (const Hash& hash : kHashes) {
    if (hash.oid == oid) return hash.name;
  }
  return "";
}

size_t HashSize(string_view hash) {
  const Hash* found = Find(hash);
  return found == nullptr ? 0 : found->size;
}

bool IsWeakHash(string_view hash) { return hash == "SHA1" || hash == "SHA224"; }

std::string HashOf(string_view hash, string_view bytes) {
  const Hash* found = Find(hash);
  LINTAS_CHECK(found != nullptr);
  std::string value(found->size, '\0');
  unsigned int size = 0;
  LINTAS_CHECK(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(&value[0]),
                          &size, found->make(), nullptr) == 1);
  return value;
}

KeyKind KindOfKey(evp_pkey_st* key) {
  if (key == nullptr) return {"unreadable", false, false};
  const int type = EVP_PKEY_get_base_id(key);
  if (type == EVP_PKEY_EC) return KindOfCurve(key);
  if (type != EVP_PKEY_RSA && type != EVP_PKEY_RSA_PSS) return {"other", false, false};
  const int bits = EVP_PKEY_get_bits(key);
  return {absl::StrCat("RSA ", bits), bits >= 1024, bits < 2048};
}

}  // namespace lintas::chip
