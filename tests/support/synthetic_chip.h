// Makes country-signing certificates, document signers and security objects for tests and measures,
// with keys made at run time. Everything is SYNTHETIC. A failure of OpenSSL aborts.
#ifndef LINTAS_TESTS_SUPPORT_SYNTHETIC_CHIP_H_
#define LINTAS_TESTS_SUPPORT_SYNTHETIC_CHIP_H_

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/check.h"

namespace lintas::synthetic {

using Key = std::shared_ptr<EVP_PKEY>;
using Cert = std::shared_ptr<X509>;

inline absl::Time Day(int year, int month, int day) {
  return absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone());
}

inline Key RsaKey(int bits) {
  Key key(EVP_RSA_gen(static_cast<unsigned int>(bits)), &EVP_PKEY_free);
  LINTAS_CHECK(key != nullptr);
  return key;
}

// `explicit_parameters`: the curve is written out in every certificate, as Doc 9303-12 asks for.
inline Key EcKey(const char* curve, bool explicit_parameters = false) {
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr), &EVP_PKEY_CTX_free);
  LINTAS_CHECK(EVP_PKEY_keygen_init(context.get()) == 1);
  const int nist = EC_curve_nist2nid(curve);
  LINTAS_CHECK(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(
                   context.get(), nist == NID_undef ? OBJ_txt2nid(curve) : nist) == 1);
  LINTAS_CHECK(EVP_PKEY_CTX_set_ec_param_enc(context.get(), explicit_parameters
                                                                ? OPENSSL_EC_EXPLICIT_CURVE
                                                                : OPENSSL_EC_NAMED_CURVE) == 1);
  EVP_PKEY* made = nullptr;
  LINTAS_CHECK(EVP_PKEY_keygen(context.get(), &made) == 1);
  return Key(made, &EVP_PKEY_free);
}

// What a certificate says. The defaults are a CSCA's of Indonesia.
struct CertSpec {
  std::string country = "ID", name = "SYNTHETIC CSCA";
  int serial = 1;
  absl::Time not_before = Day(2020, 1, 1), not_after = Day(2035, 1, 1);
  bool authority = true;
  // Null: no such extension.
  const char* key_usage = "critical,keyCertSign,cRLSign";
  const EVP_MD* hash = EVP_sha256();
  bool pss = false;
  bool key_ids = true;
};

// A document signer of that country.
inline CertSpec SignerSpec(const std::string& country = "ID") {
  CertSpec spec;
  spec.country = country;
  spec.name = "SYNTHETIC DS";
  spec.serial = 7;
  spec.not_before = Day(2024, 1, 1);
  spec.not_after = Day(2034, 6, 1);
  spec.authority = false;
  spec.key_usage = "critical,digitalSignature";
  return spec;
}

// What signs a certificate: the key, and the certificate whose subject becomes the issuer; null for
// one that signs itself.
struct Issuer {
  Key key;
  Cert certificate;
};

inline void SetTime(ASN1_TIME* time, absl::Time at) {
  LINTAS_CHECK(ASN1_TIME_set(time, absl::ToTimeT(at)) != nullptr);
}

inline void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  LINTAS_CHECK(extension != nullptr);
  LINTAS_CHECK(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

inline void SignWith(EVP_MD_CTX* context, const Key& key, const EVP_MD* hash, bool pss) {
  EVP_PKEY_CTX* key_context = nullptr;
  LINTAS_CHECK(EVP_DigestSignInit(context, &key_context, hash, nullptr, key.get()) == 1);
  if (!pss) return;
  LINTAS_CHECK(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1);
  LINTAS_CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

inline Cert MakeCert(const CertSpec& spec, const Key& key, const Issuer& issuer) {
  Cert certificate(X509_new(), &X509_free);
  X509* x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), spec.serial);
  SetTime(X509_getm_notBefore(x), spec.not_before);
  SetTime(X509_getm_notAfter(x), spec.not_after);
  X509_NAME* name = X509_get_subject_name(x);
  const auto add = [&](const char* field, const std::string& value) {
    if (value.empty()) return;
    LINTAS_CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                            reinterpret_cast<const unsigned char*>(value.data()),
                                            static_cast<int>(value.size()), -1, 0) == 1);
  };
  add("C", spec.country);
  add("CN", spec.name);
  X509* above = issuer.certificate == nullptr ? x : issuer.certificate.get();
  X509_set_issuer_name(x, X509_get_subject_name(above));
  X509_set_pubkey(x, key.get());
  if (spec.key_ids) {
    AddExtension(x, x, NID_subject_key_identifier, "hash");
    AddExtension(x, above, NID_authority_key_identifier, "keyid");
  }
  if (spec.authority) AddExtension(x, above, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  if (spec.key_usage != nullptr) AddExtension(x, above, NID_key_usage, spec.key_usage);
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free);
  SignWith(context.get(), issuer.key, spec.hash, spec.pss);
  LINTAS_CHECK(X509_sign_ctx(x, context.get()) > 0);
  return certificate;
}

template <typename T, typename Encode>
std::string DerBy(Encode encode, T* object) {
  unsigned char* bytes = nullptr;
  const int size = encode(object, &bytes);
  LINTAS_CHECK(size > 0);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}
inline std::string Der(const Cert& certificate) { return DerBy(&i2d_X509, certificate.get()); }

inline std::string Pem(const Cert& certificate) {
  std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  LINTAS_CHECK(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);  // NOLINT(google-runtime-int)
  return std::string(bytes, static_cast<size_t>(size));
}

// Tag, length, content.
inline std::string Tlv(uint32_t tag, absl::string_view content) {
  std::string out;
  if (tag > 0xff) out += static_cast<char>(tag >> 8);
  out += static_cast<char>(tag);
  const size_t size = content.size();
  if (size >= 0x10000) {
    out += '\x83';
    out += static_cast<char>(size >> 16);
  } else if (size >= 0x100) {
    out += '\x82';
  } else if (size >= 0x80) {
    out += '\x81';
  }
  if (size >= 0x100) out += static_cast<char>(size >> 8);
  out += static_cast<char>(size);
  return out.append(content.data(), content.size());
}

inline std::string OidTlv(const char* dotted) {
  ASN1_OBJECT* object = OBJ_txt2obj(dotted, 1);
  LINTAS_CHECK(object != nullptr);
  std::string der = DerBy(&i2d_ASN1_OBJECT, object);
  ASN1_OBJECT_free(object);
  return der;
}

// EF.DG1 with the zone, EF.DG`number` with any content.
inline std::string Group1(absl::string_view zone) { return Tlv(0x61, Tlv(0x5F1F, zone)); }

constexpr char kZoneIndonesia[] =
    "PPIDNSARI<<DEWI<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
    "X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<04";

using Groups = std::map<int, std::string>;

struct ObjectSpec {
  const char* hash_oid = "2.16.840.1.101.3.4.2.1";
  const EVP_MD* hash = EVP_sha256();
  int version = 0;
  bool version_info = false;
  // Appended inside the sequence of hashes.
  std::string more_hashes;
};

inline std::string Digest(const EVP_MD* hash, absl::string_view bytes) {
  unsigned char value[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  LINTAS_CHECK(EVP_Digest(bytes.data(), bytes.size(), value, &size, hash, nullptr) == 1);
  return std::string(reinterpret_cast<char*>(value), size);
}

inline std::string GroupHash(int number, absl::string_view hash) {
  return Tlv(0x30,
             absl::StrCat(Tlv(0x02, std::string(1, static_cast<char>(number))), Tlv(0x04, hash)));
}

inline std::string LdsObject(const Groups& groups, const ObjectSpec& spec = {}) {
  std::string hashes;
  for (const auto& [number, file] : groups) hashes += GroupHash(number, Digest(spec.hash, file));
  hashes += spec.more_hashes;
  std::string fields = Tlv(0x02, std::string(1, static_cast<char>(spec.version)));
  fields += Tlv(0x30, OidTlv(spec.hash_oid) + std::string("\x05\x00", 2));
  fields += Tlv(0x30, hashes);
  if (spec.version_info) fields += Tlv(0x30, Tlv(0x13, "0108") + Tlv(0x13, "040000"));
  return Tlv(0x30, fields);
}

struct SignSpec {
  const char* content_oid = "2.23.136.1.1.1";
  const EVP_MD* hash = EVP_sha256();
  bool pss = false;
  bool with_certificate = true;
  bool with_attributes = true;
};

// CMS SignedData over `content`.
inline std::string SignedData(absl::string_view content, const Cert& certificate, const Key& key,
                              const SignSpec& spec = {}) {
  std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(content.data(), static_cast<int>(content.size())), &BIO_free);
  const unsigned int flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
  std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)> cms(
      CMS_sign(nullptr, nullptr, nullptr, bio.get(), flags), &CMS_ContentInfo_free);
  LINTAS_CHECK(cms != nullptr);
  ASN1_OBJECT* type = OBJ_txt2obj(spec.content_oid, 1);
  LINTAS_CHECK(CMS_set1_eContentType(cms.get(), type) == 1);
  ASN1_OBJECT_free(type);
  unsigned int signer_flags = flags | CMS_KEY_PARAM;
  if (!spec.with_certificate) signer_flags |= CMS_NOCERTS;
  if (!spec.with_attributes) signer_flags |= CMS_NOATTR;
  CMS_SignerInfo* signer =
      CMS_add1_signer(cms.get(), certificate.get(), key.get(), spec.hash, signer_flags);
  LINTAS_CHECK(signer != nullptr);
  if (spec.pss) {
    EVP_PKEY_CTX* context = CMS_SignerInfo_get0_pkey_ctx(signer);
    LINTAS_CHECK(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1);
    LINTAS_CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  LINTAS_CHECK(CMS_final(cms.get(), bio.get(), nullptr, flags) == 1);
  return DerBy(&i2d_CMS_ContentInfo, cms.get());
}

inline std::string Sod(absl::string_view signed_data) { return Tlv(0x77, signed_data); }

// A master list's content, version 0.
inline std::string MasterListContent(const std::vector<Cert>& certificates) {
  std::string set;
  for (const Cert& certificate : certificates) set += Der(certificate);
  return Tlv(0x30, Tlv(0x02, std::string(1, '\0')) + Tlv(0x31, set));
}

struct Revoked {
  int serial = 0;
  absl::Time at;
};

// A revocation list, DER.
inline std::string Crl(const Issuer& issuer, const std::vector<Revoked>& revoked,
                       absl::Time this_update, absl::Time next_update) {
  std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(X509_CRL_new(), &X509_CRL_free);
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.certificate.get()));
  std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> time(ASN1_TIME_new(), &ASN1_TIME_free);
  SetTime(time.get(), this_update);
  X509_CRL_set1_lastUpdate(crl.get(), time.get());
  SetTime(time.get(), next_update);
  X509_CRL_set1_nextUpdate(crl.get(), time.get());
  for (const Revoked& one : revoked) {
    X509_REVOKED* entry = X509_REVOKED_new();
    std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> serial(ASN1_INTEGER_new(),
                                                                       &ASN1_INTEGER_free);
    ASN1_INTEGER_set(serial.get(), one.serial);
    X509_REVOKED_set_serialNumber(entry, serial.get());
    SetTime(time.get(), one.at);
    X509_REVOKED_set_revocationDate(entry, time.get());
    X509_CRL_add0_revoked(crl.get(), entry);
  }
  X509_CRL_sort(crl.get());
  LINTAS_CHECK(X509_CRL_sign(crl.get(), issuer.key.get(), EVP_sha256()) > 0);
  return DerBy(&i2d_X509_CRL, crl.get());
}

// A whole country: one CSCA and one signer.
struct Country {
  Key csca_key, signer_key;
  Cert csca, signer;

  Country(const Key& csca_key_in, const Key& signer_key_in, const CertSpec& csca_spec = {},
          const CertSpec& signer_spec = SignerSpec())
      : csca_key(csca_key_in), signer_key(signer_key_in) {
    csca = MakeCert(csca_spec, csca_key, {csca_key, nullptr});
    signer = MakeCert(signer_spec, signer_key, {csca_key, csca});
  }
  std::string SodOf(const Groups& groups, const ObjectSpec& object = {},
                    const SignSpec& sign = {}) const {
    return Sod(SignedData(LdsObject(groups, object), signer, signer_key, sign));
  }
};

}  // namespace lintas::synthetic

#endif  // LINTAS_TESTS_SUPPORT_SYNTHETIC_CHIP_H_
