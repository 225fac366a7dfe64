#include "server/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

BioPtr ReadBio(absl::string_view bytes) {
  BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())), &BIO_free);
  LINTAS_CHECK(bio != nullptr);
  return bio;
}

BioPtr WriteBio() {
  BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  LINTAS_CHECK(bio != nullptr);
  return bio;
}

std::string Content(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);  // NOLINT(google-runtime-int): OpenSSL's type.
  return std::string(bytes, static_cast<size_t>(size));
}

// A key file with a password must fail, not ask on the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

absl::StatusOr<absl::Time> TimeOf(const ASN1_TIME* time) {
  struct tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return absl::InvalidArgumentError("a time in the certificate or list cannot be read");
  }
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string SerialOf(const ASN1_INTEGER* serial) {
  std::unique_ptr<BIGNUM, decltype(&BN_free)> number(ASN1_INTEGER_to_BN(serial, nullptr), &BN_free);
  LINTAS_CHECK(number != nullptr);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(&bytes[0]));
  return absl::BytesToHexString(bytes);
}

std::string TextOf(const ASN1_STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<size_t>(ASN1_STRING_length(text)));
}

std::string AddressOf(const ASN1_STRING* address) {
  const std::string bytes = TextOf(address);
  std::vector<int> parts;
  for (unsigned char byte : bytes) parts.push_back(byte);
  return bytes.size() == 4 ? absl::StrJoin(parts, ".") : absl::BytesToHexString(bytes);
}

absl::Status Profile(absl::string_view rule) {
  return MakeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_PROFILE",
                   absl::StrCat("the certificate breaks the profile: ", rule));
}

absl::Status Untrusted(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, reason, message);
}

bool IsP256(EVP_PKEY* key) {
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return false;
  char group[32] = {};
  size_t size = 0;
  return EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         absl::string_view(group, size) == SN_X9_62_prime256v1;
}

}  // namespace

TlsKey TlsKey::Generate() {
  TlsKey key;
  key.key_.reset(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  LINTAS_CHECK(key.key_ != nullptr);
  return key;
}

TlsKey TlsKey::Adopt(evp_pkey_st* key) {
  LINTAS_CHECK(key != nullptr);
  TlsKey adopted;
  adopted.key_.reset(key, &EVP_PKEY_free);
  return adopted;
}

bool TlsKey::is_p256() const { return IsP256(key_.get()); }

absl::StatusOr<TlsKey> TlsKey::FromPem(absl::string_view pem) {
  TlsKey key;
  key.key_.reset(PEM_read_bio_PrivateKey(ReadBio(pem).get(), nullptr, &NoPassword, nullptr),
                 &EVP_PKEY_free);
  ERR_clear_error();
  if (key.key_ == nullptr) return absl::InvalidArgumentError("no private key in the PEM");
  if (!IsP256(key.key_.get())) return absl::InvalidArgumentError("the private key is not P-256");
  return key;
}

Secret TlsKey::Pem() const {
  BioPtr bio = WriteBio();
  LINTAS_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr) == 1);
  return Secret(Content(bio.get()));
}

absl::StatusOr<Certificate> Certificate::Adopt(x509_st* certificate) {
  LINTAS_CHECK(certificate != nullptr);
  Certificate parsed;
  parsed.certificate_.reset(certificate, &X509_free);
  parsed.serial_ = SerialOf(X509_get0_serialNumber(certificate));
  ASSIGN_OR_RETURN(parsed.not_before_, TimeOf(X509_get0_notBefore(certificate)));
  ASSIGN_OR_RETURN(parsed.not_after_, TimeOf(X509_get0_notAfter(certificate)));
  int critical = 0;
  std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)),
      &GENERAL_NAMES_free);
  ERR_clear_error();
  // -1: no such extension. -2: twice, and which one counts would be anybody's guess.
  if (names == nullptr && critical != -1) {
    return absl::InvalidArgumentError("the certificate's alternative names cannot be read");
  }
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_URI) parsed.uris_.push_back(TextOf(name->d.uniformResourceIdentifier));
    if (name->type == GEN_DNS) parsed.dns_names_.push_back(TextOf(name->d.dNSName));
    if (name->type == GEN_IPADD) parsed.ip_addresses_.push_back(AddressOf(name->d.iPAddress));
  }
  return parsed;
}

absl::StatusOr<Certificate> Certificate::FromPem(absl::string_view pem) {
  X509* certificate = PEM_read_bio_X509(ReadBio(pem).get(), nullptr, &NoPassword, nullptr);
  ERR_clear_error();
  if (certificate == nullptr) return absl::InvalidArgumentError("no certificate in the PEM");
  return Adopt(certificate);
}

absl::StatusOr<std::vector<Certificate>> Certificate::ListFromPem(absl::string_view pem) {
  BioPtr bio = ReadBio(pem);
  std::vector<Certificate> list;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, &NoPassword, nullptr)) {
    ASSIGN_OR_RETURN(Certificate parsed, Adopt(certificate));
    list.push_back(std::move(parsed));
    if (list.size() > kCertificatesMax) {
      return absl::InvalidArgumentError("more than 16 certificates in the PEM");
    }
  }
  // The reader stops at the end, which is one error, or at a certificate that is broken, which is
  // another: a list must not lose its tail unseen.
  const unsigned long error = ERR_peek_last_error();  // NOLINT(google-runtime-int): OpenSSL's type.
  const bool at_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return absl::InvalidArgumentError("a certificate in the PEM cannot be read");
  if (list.empty()) return absl::InvalidArgumentError("no certificate in the PEM");
  return list;
}

absl::Status Certificate::CheckPrincipalProfile() const {
  X509* certificate = certificate_.get();
  if (uris_.size() != 1) return Profile("exactly one URI name");
  const uint32_t flags = X509_get_extension_flags(certificate);
  if ((flags & EXFLAG_INVALID) != 0) return Profile("readable extensions");
  if ((flags & EXFLAG_CA) != 0) return Profile("not a CA");
  if ((flags & EXFLAG_KUSAGE) == 0) return Profile("a key usage");
  const uint32_t usage = X509_get_key_usage(certificate);
  if ((usage & KU_DIGITAL_SIGNATURE) == 0) return Profile("key usage digitalSignature");
  if ((usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0) return Profile("no signing of certificates");
  if ((flags & EXFLAG_XKUSAGE) == 0) return Profile("an extended key usage");
  const uint32_t both = XKU_SSL_SERVER | XKU_SSL_CLIENT;
  if ((X509_get_extended_key_usage(certificate) & both) != both) {
    return Profile("extended key usage server and client");
  }
  if (!IsP256(X509_get0_pubkey(certificate))) return Profile("a P-256 key");
  return absl::OkStatus();
}

absl::Status Certificate::CheckAuthorityProfile(absl::string_view trust_domain) const {
  X509* certificate = certificate_.get();
  if (uris_.size() != 1 || uris_[0] != absl::StrCat("spiffe://", trust_domain)) {
    return absl::InvalidArgumentError("the CA certificate is not of the expected trust domain");
  }
  const uint32_t flags = X509_get_extension_flags(certificate);
  if ((flags & EXFLAG_INVALID) != 0 || (flags & EXFLAG_CA) == 0) {
    return absl::InvalidArgumentError("the certificate is not a CA's");
  }
  const uint32_t usage = X509_get_key_usage(certificate);
  if ((flags & EXFLAG_KUSAGE) == 0 || (usage & KU_KEY_CERT_SIGN) == 0 ||
      (usage & KU_CRL_SIGN) == 0) {
    return absl::InvalidArgumentError("the CA certificate may not sign certificates and lists");
  }
  if (!IsP256(X509_get0_pubkey(certificate))) {
    return absl::InvalidArgumentError("the CA certificate's key is not P-256");
  }
  const bool self_signed = X509_verify(certificate, X509_get0_pubkey(certificate)) == 1;
  ERR_clear_error();
  if (!self_signed) return absl::InvalidArgumentError("the CA certificate is not signed by itself");
  return absl::OkStatus();
}

absl::Status Certificate::CheckIssued(const std::vector<Certificate>& authorities,
                                      absl::Time now) const {
  if (now > not_after_) return Untrusted("CERTIFICATE_EXPIRED", "the certificate has expired");
  if (now < not_before_) {
    return Untrusted("CERTIFICATE_NOT_YET_VALID", "the certificate is not valid yet");
  }
  for (const Certificate& authority : authorities) {
    if (now > authority.not_after_ || now < authority.not_before_) continue;
    X509* issuer = authority.certificate_.get();
    if (X509_check_issued(issuer, certificate_.get()) != X509_V_OK) continue;
    const bool signed_by = X509_verify(certificate_.get(), X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    if (signed_by) return absl::OkStatus();
  }
  return Untrusted("UNTRUSTED_ISSUER", "no trusted CA has issued the certificate");
}

bool Certificate::BelongsTo(const TlsKey& key) const {
  const bool matches = X509_check_private_key(certificate_.get(), key.handle()) == 1;
  ERR_clear_error();
  return matches;
}

std::string Certificate::Pem() const {
  BioPtr bio = WriteBio();
  LINTAS_CHECK(PEM_write_bio_X509(bio.get(), certificate_.get()) == 1);
  return Content(bio.get());
}

std::string Certificate::Der() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate_.get(), &bytes);
  LINTAS_CHECK(size > 0);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

absl::StatusOr<RevocationList> RevocationList::Adopt(X509_crl_st* list) {
  LINTAS_CHECK(list != nullptr);
  RevocationList parsed;
  parsed.list_.reset(list, &X509_CRL_free);
  ASSIGN_OR_RETURN(parsed.this_update_, TimeOf(X509_CRL_get0_lastUpdate(list)));
  ASSIGN_OR_RETURN(parsed.next_update_, TimeOf(X509_CRL_get0_nextUpdate(list)));
  std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list, NID_crl_number, nullptr, nullptr)),
      &ASN1_INTEGER_free);
  ERR_clear_error();
  if (number == nullptr || ASN1_INTEGER_get_uint64(&parsed.number_, number.get()) != 1) {
    return absl::InvalidArgumentError("the revocation list has no number");
  }
  STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(list);
  for (int i = 0; revoked != nullptr && i < sk_X509_REVOKED_num(revoked); ++i) {
    const X509_REVOKED* one = sk_X509_REVOKED_value(revoked, i);
    parsed.serials_.insert(SerialOf(X509_REVOKED_get0_serialNumber(one)));
  }
  return parsed;
}

absl::StatusOr<RevocationList> RevocationList::FromPem(absl::string_view pem) {
  X509_CRL* list = PEM_read_bio_X509_CRL(ReadBio(pem).get(), nullptr, &NoPassword, nullptr);
  ERR_clear_error();
  if (list == nullptr) return absl::InvalidArgumentError("no revocation list in the PEM");
  return Adopt(list);
}

bool RevocationList::SignedByOneOf(const std::vector<Certificate>& authorities) const {
  for (const Certificate& authority : authorities) {
    X509* issuer = authority.handle();
    if (X509_NAME_cmp(X509_CRL_get_issuer(list_.get()), X509_get_subject_name(issuer)) != 0) {
      continue;
    }
    const bool signed_by = X509_CRL_verify(list_.get(), X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    if (signed_by) return true;
  }
  return false;
}

std::string RevocationList::Pem() const {
  BioPtr bio = WriteBio();
  LINTAS_CHECK(PEM_write_bio_X509_CRL(bio.get(), list_.get()) == 1);
  return Content(bio.get());
}

}  // namespace lintas
