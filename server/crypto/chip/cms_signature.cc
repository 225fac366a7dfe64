#include "server/crypto/chip/cms_signature.h"

#include <openssl/cmserr.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/chip/algorithms.h"
#include "server/crypto/chip/der.h"
#include "server/crypto/chip/openssl_handles.h"

namespace lintas::chip {
namespace {

using absl::string_view;

// The reasons on OpenSSL's queue that mean: computed, and it does not fit.
bool QueueSaysWrong() {
  bool wrong = false;
  while (const unsigned long error = ERR_get_error()) {  // NOLINT(google-runtime-int): OpenSSL's.
    if (ERR_GET_LIB(error) != ERR_LIB_CMS) continue;
    const int reason = ERR_GET_REASON(error);
    wrong = wrong || reason == CMS_R_VERIFICATION_FAILURE ||
            reason == CMS_R_MESSAGEDIGEST_ATTRIBUTE_WRONG_LENGTH ||
            reason == CMS_R_ERROR_READING_MESSAGEDIGEST_ATTRIBUTE;
  }
  return wrong;
}

// The signed attributes of the first signer as they were signed: with the tag of a SET.
std::string SignedAttributes(string_view der) {
  Element info, type, explicit0, data, field, signers, signer, attributes;
  if (!DerReader(der).Next(kSequence, &info)) return "";
  DerReader inner(info.content);
  if (!inner.Next(kObjectId, &type) || !inner.Next(kContext0, &explicit0)) return "";
  if (!DerReader(explicit0.content).Next(kSequence, &data)) return "";
  DerReader fields(data.content);
  // Version, algorithms, content, optionally certificates [0] and lists [1], signers.
  for (int i = 0; i < 3; ++i) {
    if (!fields.Next(&field)) return "";
  }
  while (fields.Peek() == 0xA0 || fields.Peek() == 0xA1) {
    if (!fields.Next(&field)) return "";
  }
  if (!fields.Next(kSet, &signers) || !DerReader(signers.content).Next(kSequence, &signer)) {
    return "";
  }
  DerReader parts(signer.content);
  for (int i = 0; i < 3; ++i) {
    if (!parts.Next(&field)) return "";
  }
  if (!parts.Next(kContext0, &attributes)) return "";
  std::string signed_bytes(attributes.whole);
  signed_bytes[0] = static_cast<char>(kSet);
  return signed_bytes;
}

std::string OidDer(const ASN1_OBJECT* object) {
  const size_t size = OBJ_length(object);
  std::string der = {static_cast<char>(kObjectId), static_cast<char>(size)};
  der.append(reinterpret_cast<const char*>(OBJ_get0_data(object)), size);
  return der;
}

std::string Tagged(uint32_t tag, string_view content) {
  return absl::StrCat(std::string({static_cast<char>(tag), static_cast<char>(content.size())}),
                      content);
}

// True if RSA recovers a DigestInfo that lacks only the NULL parameters of its algorithm: correct
// mathematics in a form that RFC 8017 allows to refuse (openssl/openssl#22093).
bool LacksOnlyParameters(CMS_SignerInfo* signer, X509* certificate, string_view der,
                         const SignatureCheck& check) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  const KeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  const ASN1_OCTET_STRING* signature = CMS_SignerInfo_get0_signature(signer);
  std::string recovered(static_cast<size_t>(EVP_PKEY_get_size(key)), '\0');
  size_t size = recovered.size();
  const bool read =
      context != nullptr && EVP_PKEY_verify_recover_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
      EVP_PKEY_verify_recover(context.get(), reinterpret_cast<unsigned char*>(&recovered[0]), &size,
                              ASN1_STRING_get0_data(signature),
                              static_cast<size_t>(ASN1_STRING_length(signature))) == 1;
  ERR_clear_error();
  const std::string attributes = SignedAttributes(der);
  if (!read || attributes.empty()) return false;
  X509_ALGOR* digest = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, nullptr);
  const ASN1_OBJECT* oid = nullptr;
  X509_ALGOR_get0(&oid, nullptr, nullptr, digest);
  const std::string expected =
      Tagged(kSequence, absl::StrCat(Tagged(kSequence, OidDer(oid)),
                                     Tagged(kOctetString, HashOf(check.hash, attributes))));
  return string_view(recovered).substr(0, size) == expected;
}

std::string NameOfAlgorithm(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* oid = nullptr;
  X509_ALGOR_get0(&oid, nullptr, nullptr, algorithm);
  const int nid = OBJ_obj2nid(oid);
  return nid == NID_undef ? OidOf(oid) : std::string(OBJ_nid2sn(nid));
}

SignatureCheck End(SignatureCheck check, SignatureResult result, string_view reason) {
  check.result = result;
  check.reason = std::string(reason);
  ERR_clear_error();
  return check;
}

// The attribute must name the type of what is signed, or a signature over another content with the
// same bytes would do.
bool AttributeNamesType(CMS_ContentInfo* cms, CMS_SignerInfo* signer) {
  const auto* type = static_cast<const ASN1_OBJECT*>(
      CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT));
  return type != nullptr && OBJ_cmp(type, CMS_get0_eContentType(cms)) == 0;
}

SignatureCheck CheckSigner(CMS_ContentInfo* cms, CMS_SignerInfo* signer, string_view der,
                           SignatureCheck check) {
  using Result = SignatureResult;
  X509_ALGOR *digest = nullptr, *algorithm = nullptr;
  X509* certificate = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, &certificate, &digest, &algorithm);
  const ASN1_OBJECT* oid = nullptr;
  X509_ALGOR_get0(&oid, nullptr, nullptr, digest);
  check.hash = std::string(HashOfOid(OidOf(oid)));
  check.algorithm = NameOfAlgorithm(algorithm);
  if (certificate != nullptr) {
    X509_up_ref(certificate);
    check.signer.reset(certificate, &X509_free);
  }
  if (check.hash.empty()) return End(check, Result::kUnverifiable, "UNKNOWN_HASH");
  if (CMS_signed_get_attr_count(signer) <= 0) {
    return End(check, Result::kUnverifiable, "NO_SIGNED_ATTRIBUTES");
  }
  if (!AttributeNamesType(cms, signer)) {
    return End(check, Result::kBad, "ATTRIBUTE_CONTENT_TYPE");
  }
  if (certificate == nullptr) return End(check, Result::kUnverifiable, "NO_SIGNER_CERTIFICATE");
  if (!KindOfKey(X509_get0_pubkey(certificate)).allowed) {
    return End(check, Result::kUnverifiable, "KEY_NOT_ALLOWED");
  }
  ERR_clear_error();
  if (CMS_verify(cms, nullptr, nullptr, nullptr, nullptr, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) ==
      1) {
    return End(check, Result::kGood, "");
  }
  if (!QueueSaysWrong()) return End(check, Result::kUnverifiable, "SIGNATURE_UNSUPPORTED");
  if (LacksOnlyParameters(signer, certificate, der, check)) {
    return End(check, Result::kUnverifiable, "DIGEST_INFO_WITHOUT_PARAMETERS");
  }
  return End(check, Result::kBad, "SIGNATURE_WRONG");
}

}  // namespace

SignatureCheck CheckSignature(CMS_ContentInfo_st* cms, string_view der,
                              const std::vector<std::shared_ptr<x509_st>>& certificates) {
  SignatureCheck check;
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms);
  const int count = signers == nullptr ? 0 : sk_CMS_SignerInfo_num(signers);
  if (count <= 0) return End(check, SignatureResult::kBad, "NO_SIGNER");
  if (count > 1) return End(check, SignatureResult::kUnverifiable, "SEVERAL_SIGNERS");
  const StackPtr given(sk_X509_new_null());
  LINTAS_CHECK(given != nullptr);
  for (const auto& certificate : certificates) sk_X509_push(given.get(), certificate.get());
  CMS_set1_signers_certs(cms, given.get(), 0);
  return CheckSigner(cms, sk_CMS_SignerInfo_value(signers, 0), der, std::move(check));
}

std::string OidOf(const asn1_object_st* object) {
  char text[128] = {};
  const int size = OBJ_obj2txt(text, sizeof text, object, /*no_name=*/1);
  return size > 0 && size < static_cast<int>(sizeof text) ? std::string(text) : "";
}

}  // namespace lintas::chip
