#include "certs/issuing.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/check.h"
#include "server/base/status.h"

namespace lintas {
namespace {

constexpr size_t kSerialSize = 16;
constexpr size_t kNameBytesMax = 255;

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using RequestPtr = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;
using CrlPtr = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;
using TimePtr = std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)>;

absl::Status OpenSslError(absl::string_view what) {
  char reason[256] = {};
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat(what, ": ", reason));
}

TimePtr ToAsn1(absl::Time time) {
  TimePtr made(ASN1_TIME_set(nullptr, absl::ToTimeT(time)), &ASN1_TIME_free);
  LINTAS_CHECK(made != nullptr);
  return made;
}

IntegerPtr ToAsn1(absl::string_view bytes) {
  std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                static_cast<int>(bytes.size()), nullptr),
      &BN_free);
  IntegerPtr made(BN_to_ASN1_INTEGER(number.get(), nullptr), &ASN1_INTEGER_free);
  LINTAS_CHECK(made != nullptr);
  return made;
}

// The value of a subjectAltName extension in OpenSSL's configuration form. Names that could end one
// item and begin another are refused, so that no name smuggles in a second.
absl::StatusOr<std::string> AlternativeNames(const CertificateSpec& spec) {
  std::vector<std::string> items;
  auto add = [&items](absl::string_view kind, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (name.empty() || name.size() > kNameBytesMax) return false;
      if (name.find_first_of(", \t\r\n\\\"#;") != std::string::npos) return false;
      items.push_back(absl::StrCat(kind, ":", name));
    }
    return true;
  };
  if (!add("URI", spec.uris) || !add("DNS", spec.dns_names) || !add("IP", spec.ip_addresses)) {
    return absl::InvalidArgumentError(
        "a name is empty, too long or has a sign that is not allowed");
  }
  return absl::StrJoin(items, ",");
}

std::vector<std::pair<int, std::string>> ExtensionsOf(const CertificateSpec& spec) {
  if (spec.authority) {
    return {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
            {NID_key_usage, "critical,keyCertSign,cRLSign"},
            {NID_subject_key_identifier, "hash"}};
  }
  return {{NID_basic_constraints, "critical,CA:FALSE"},
          {NID_key_usage, "critical,digitalSignature"},
          {NID_ext_key_usage, "serverAuth,clientAuth"},
          {NID_subject_key_identifier, "hash"},
          {NID_authority_key_identifier, "keyid"}};
}

absl::Status AddExtensions(const CertificateSpec& spec, X509* issuer, X509* certificate) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  std::vector<std::pair<int, std::string>> extensions = ExtensionsOf(spec);
  ASSIGN_OR_RETURN(const std::string names, AlternativeNames(spec));
  if (!names.empty()) extensions.emplace_back(NID_subject_alt_name, names);
  for (const auto& [nid, value] : extensions) {
    // A certificate that signs itself has no issuer's key identifier to name.
    if (nid == NID_authority_key_identifier && issuer == certificate) continue;
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (extension == nullptr) return OpenSslError("cannot make a certificate extension");
    const int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    LINTAS_CHECK(added == 1);
  }
  return absl::OkStatus();
}

bool SetName(X509_NAME* name, absl::string_view common_name) {
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

std::string TextOf(const ASN1_STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<size_t>(ASN1_STRING_length(text)));
}

absl::Status ReadRequestedNames(X509_REQ* request, CertificateRequest* read) {
  std::unique_ptr<STACK_OF(X509_EXTENSION), void (*)(STACK_OF(X509_EXTENSION)*)> extensions(
      X509_REQ_get_extensions(request), [](STACK_OF(X509_EXTENSION) * list) {
        sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
      });
  int critical = 0;
  std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509V3_get_d2i(extensions.get(), NID_subject_alt_name, &critical, nullptr)),
      &GENERAL_NAMES_free);
  ERR_clear_error();
  if (names == nullptr) return absl::InvalidArgumentError("the request names nobody");
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_URI) read->uris.push_back(TextOf(name->d.uniformResourceIdentifier));
    if (name->type == GEN_DNS) read->dns_names.push_back(TextOf(name->d.dNSName));
    if (name->type == GEN_IPADD && ASN1_STRING_length(name->d.iPAddress) == 4) {
      std::vector<int> parts;
      for (unsigned char byte : TextOf(name->d.iPAddress)) parts.push_back(byte);
      read->ip_addresses.push_back(absl::StrJoin(parts, "."));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string RandomSerial(Random& random) {
  std::string serial = random.Bytes(kSerialSize);
  // The first byte between 0x40 and 0x7f: positive in DER and of the same length every time.
  serial[0] = static_cast<char>((static_cast<unsigned char>(serial[0]) & 0x3f) | 0x40);
  return serial;
}

absl::StatusOr<Certificate> MakeCertificate(const CertificateSpec& spec, const TlsKey& subject,
                                            const Issuer* issuer, Random& random) {
  X509Ptr certificate(X509_new(), &X509_free);
  LINTAS_CHECK(certificate != nullptr);
  X509* made = certificate.get();
  LINTAS_CHECK(X509_set_version(made, X509_VERSION_3) == 1);
  LINTAS_CHECK(X509_set_serialNumber(made, ToAsn1(RandomSerial(random)).get()) == 1);
  LINTAS_CHECK(X509_set1_notBefore(made, ToAsn1(spec.not_before).get()) == 1);
  LINTAS_CHECK(X509_set1_notAfter(made, ToAsn1(spec.not_after).get()) == 1);
  LINTAS_CHECK(X509_set_pubkey(made, subject.handle()) == 1);
  if (!SetName(X509_get_subject_name(made), spec.common_name)) {
    return OpenSslError("the common name is not accepted");
  }
  X509* signer = issuer == nullptr ? made : issuer->certificate.handle();
  LINTAS_CHECK(X509_set_issuer_name(made, X509_get_subject_name(signer)) == 1);
  RETURN_IF_ERROR(AddExtensions(spec, signer, made));
  EVP_PKEY* key = issuer == nullptr ? subject.handle() : issuer->key.handle();
  if (X509_sign(made, key, EVP_sha256()) == 0) return OpenSslError("cannot sign");
  return Certificate::Adopt(certificate.release());
}

absl::StatusOr<std::string> MakeRequest(const CertificateSpec& spec, const TlsKey& key) {
  RequestPtr request(X509_REQ_new(), &X509_REQ_free);
  LINTAS_CHECK(request != nullptr);
  if (!SetName(X509_REQ_get_subject_name(request.get()), spec.common_name)) {
    return OpenSslError("the common name is not accepted");
  }
  LINTAS_CHECK(X509_REQ_set_pubkey(request.get(), key.handle()) == 1);
  ASSIGN_OR_RETURN(const std::string names, AlternativeNames(spec));
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  if (extension == nullptr) return OpenSslError("cannot make the request's names");
  STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
  sk_X509_EXTENSION_push(extensions, extension);
  const int added = X509_REQ_add_extensions(request.get(), extensions);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  LINTAS_CHECK(added == 1);
  if (X509_REQ_sign(request.get(), key.handle(), EVP_sha256()) == 0) {
    return OpenSslError("cannot sign the request");
  }
  BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  LINTAS_CHECK(PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);  // NOLINT(google-runtime-int)
  return std::string(bytes, static_cast<size_t>(size));
}

absl::StatusOr<CertificateRequest> ReadRequest(absl::string_view pem) {
  BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  RequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr), &X509_REQ_free);
  ERR_clear_error();
  if (request == nullptr) return absl::InvalidArgumentError("no certificate request in the PEM");
  EVP_PKEY* key = X509_REQ_get_pubkey(request.get());
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("the request's key cannot be read");
  CertificateRequest read;
  read.public_key = TlsKey::Adopt(key);
  if (!read.public_key.is_p256()) {
    return absl::InvalidArgumentError("the request's key is not P-256");
  }
  const bool possessed = X509_REQ_verify(request.get(), key) == 1;
  ERR_clear_error();
  if (!possessed) {
    return absl::InvalidArgumentError("the request is not signed by the key that it names");
  }
  RETURN_IF_ERROR(ReadRequestedNames(request.get(), &read));
  return read;
}

TlsKey PublicKeyOf(const Certificate& certificate) {
  return TlsKey::Adopt(X509_get_pubkey(certificate.handle()));
}

absl::StatusOr<RevocationList> MakeRevocationList(const Issuer& issuer, uint64_t number,
                                                  const std::vector<RevokedSerial>& revoked,
                                                  absl::Time this_update, absl::Time next_update) {
  CrlPtr list(X509_CRL_new(), &X509_CRL_free);
  LINTAS_CHECK(list != nullptr);
  LINTAS_CHECK(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
  LINTAS_CHECK(X509_CRL_set_issuer_name(list.get(),
                                        X509_get_subject_name(issuer.certificate.handle())) == 1);
  LINTAS_CHECK(X509_CRL_set1_lastUpdate(list.get(), ToAsn1(this_update).get()) == 1);
  LINTAS_CHECK(X509_CRL_set1_nextUpdate(list.get(), ToAsn1(next_update).get()) == 1);
  for (const RevokedSerial& one : revoked) {
    X509_REVOKED* entry = X509_REVOKED_new();
    LINTAS_CHECK(entry != nullptr);
    X509_REVOKED_set_serialNumber(entry, ToAsn1(absl::HexStringToBytes(one.serial)).get());
    X509_REVOKED_set_revocationDate(entry, ToAsn1(one.time).get());
    LINTAS_CHECK(X509_CRL_add0_revoked(list.get(), entry) == 1);
  }
  IntegerPtr asn1_number(ASN1_INTEGER_new(), &ASN1_INTEGER_free);
  LINTAS_CHECK(ASN1_INTEGER_set_uint64(asn1_number.get(), number) == 1);
  LINTAS_CHECK(X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, asn1_number.get(), 0, 0) == 1);
  X509_CRL_sort(list.get());
  if (X509_CRL_sign(list.get(), issuer.key.handle(), EVP_sha256()) == 0) {
    return OpenSslError("cannot sign the revocation list");
  }
  return RevocationList::Adopt(list.release());
}

}  // namespace lintas
