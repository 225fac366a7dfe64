#include "server/crypto/chip/csca_store.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/chip/algorithms.h"
#include "server/crypto/chip/cms_signature.h"
#include "server/crypto/chip/der.h"
#include "server/crypto/chip/openssl_handles.h"
#include "server/crypto/sha256.h"

namespace lintas::chip {
namespace {

using absl::string_view;

absl::Status Refuse(string_view reason, string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

const unsigned char* Bytes(string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string NameText(const X509_NAME* name) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  LINTAS_CHECK(bio != nullptr);
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);  // NOLINT(google-runtime-int): OpenSSL's.
  return std::string(text, static_cast<size_t>(size));
}

std::string NameDer(const X509_NAME* name) {
  const unsigned char* der = nullptr;
  size_t size = 0;
  if (X509_NAME_get0_der(name, &der, &size) != 1) return "";
  return std::string(reinterpret_cast<const char*>(der), size);
}

std::string TimeText(const ASN1_TIME* time) {
  struct tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "";
  return absl::FormatTime(absl::RFC3339_sec, absl::FromTM(parts, absl::UTCTimeZone()),
                          absl::UTCTimeZone());
}

// Of the extension; else SHA-1 of the key, as Doc 9303-12 and RFC 5280 make it.
std::string KeyId(X509* certificate) {
  const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(certificate);
  if (id != nullptr) {
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(id)),
                       static_cast<size_t>(ASN1_STRING_length(id)));
  }
  const ASN1_BIT_STRING* key = X509_get0_pubkey_bitstr(certificate);
  if (key == nullptr) return "";
  return HashOf("SHA1", string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(key)),
                                    static_cast<size_t>(ASN1_STRING_length(key))));
}

std::string DerOf(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size <= 0) return "";
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

// Null unless `der` is one certificate and nothing else.
SharedCertificate ParseDer(string_view der) {
  const unsigned char* at = Bytes(der);
  SharedCertificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  ERR_clear_error();
  if (certificate == nullptr || at != Bytes(der) + der.size()) return nullptr;
  return certificate;
}

struct PemBlock {
  std::string name, der;
};

// Every block of a PEM; stops at the end or at what cannot be read.
std::vector<PemBlock> PemBlocks(string_view text) {
  std::vector<PemBlock> blocks;
  const BioPtr bio = ReadBio(text);
  char *name = nullptr, *header = nullptr;
  unsigned char* bytes = nullptr;
  long size = 0;  // NOLINT(google-runtime-int): OpenSSL's type.
  while (PEM_read_bio(bio.get(), &name, &header, &bytes, &size) == 1) {
    blocks.push_back(
        {name, std::string(reinterpret_cast<char*>(bytes), static_cast<size_t>(size))});
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(bytes);
  }
  ERR_clear_error();
  return blocks;
}

bool LooksLikePem(string_view file) { return absl::StrContains(file, "-----BEGIN "); }

// Country in capitals of the subject.
std::string CountryOf(X509* certificate) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(name, NID_countryName, -1);
  if (at < 0) return "";
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  return absl::AsciiStrToUpper(
      string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                  static_cast<size_t>(ASN1_STRING_length(value))));
}

bool SignedByItself(X509* certificate) {
  const bool good =
      X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0 &&
      X509_verify(certificate, X509_get0_pubkey(certificate)) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

CertificateFacts FactsOf(x509_st* certificate) {
  CertificateFacts facts;
  facts.country = CountryOf(certificate);
  facts.subject = NameText(X509_get_subject_name(certificate));
  facts.issuer = NameText(X509_get_issuer_name(certificate));
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  facts.serial = absl::BytesToHexString(
      string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                  static_cast<size_t>(ASN1_STRING_length(serial))));
  facts.subject_key_id = absl::BytesToHexString(KeyId(certificate));
  facts.sha256 = absl::BytesToHexString(Sha256Of(DerOf(certificate)).view());
  facts.not_before = TimeText(X509_get0_notBefore(certificate));
  facts.not_after = TimeText(X509_get0_notAfter(certificate));
  facts.key = KindOfKey(X509_get0_pubkey(certificate)).name;
  facts.self_issued =
      X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
  ERR_clear_error();
  return facts;
}

string_view SourceName(SourceKind kind) {
  switch (kind) {
    case SourceKind::kCertificates:
      return "certificates";
    case SourceKind::kMasterList:
      return "master_list";
    case SourceKind::kUnverifiableMasterList:
      return "master_list_unverifiable";
    case SourceKind::kMasterListContent:
      return "master_list_content";
  }
  return "";
}

CscaStore::CscaStore() = default;
CscaStore::~CscaStore() = default;
CscaStore::CscaStore(CscaStore&&) noexcept = default;
CscaStore& CscaStore::operator=(CscaStore&&) noexcept = default;

void CscaStore::Take(x509_st* certificate, SourceReport* report) {
  std::shared_ptr<x509_st> owned(certificate, &X509_free);
  // Fills OpenSSL's cache of extensions, and 0 means no authority.
  if (X509_check_ca(certificate) == 0) {
    ++report->refused;
    return;
  }
  const auto key = std::make_pair(KeyId(certificate), NameDer(X509_get_issuer_name(certificate)));
  const auto range = entries_.equal_range(key);
  for (auto at = range.first; at != range.second; ++at) {
    if (X509_cmp(at->second.certificate.get(), certificate) != 0) continue;
    ++report->repeated;
    return;
  }
  ++report->read;
  const bool self_signed = SignedByItself(certificate);
  entries_.emplace(key, Entry{std::move(owned), CountryOf(certificate), self_signed});
}

absl::Status CscaStore::AddMasterListContent(string_view content, SourceReport* report) {
  const absl::Status form = Refuse("MASTER_LIST_FORM", "the content is no list of certificates");
  DerReader outer(content);
  Element list, version, set, one;
  if (!outer.Next(kSequence, &list) || !outer.done()) return form;
  DerReader fields(list.content);
  if (!fields.Next(kInteger, &version) || SmallInteger(version) != 0 || !fields.Next(kSet, &set) ||
      !fields.done()) {
    return form;
  }
  DerReader certificates(set.content);
  while (!certificates.done()) {
    if (!certificates.Next(&one)) return form;
    const SharedCertificate certificate = ParseDer(one.whole);
    if (certificate == nullptr) {
      ++report->unreadable;
      continue;
    }
    X509_up_ref(certificate.get());
    Take(certificate.get(), report);
  }
  return absl::OkStatus();
}

absl::Status CscaStore::AddMasterList(string_view der, SourceReport* report) {
  const unsigned char* at = Bytes(der);
  const CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (cms == nullptr || at != Bytes(der) + der.size() ||
      OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed ||
      OidOf(CMS_get0_eContentType(cms.get())) != kMasterListOid) {
    return Refuse("MASTER_LIST_FORM", "the file is no master list");
  }
  ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
  if (content == nullptr || *content == nullptr) {
    return Refuse("MASTER_LIST_FORM", "the master list is empty");
  }
  const SignatureCheck check = CheckSignature(cms.get(), der, {});
  if (check.result == SignatureResult::kBad) {
    return Refuse("MASTER_LIST_SIGNATURE", "the master list's signature is wrong");
  }
  report->kind = check.result == SignatureResult::kGood ? SourceKind::kMasterList
                                                        : SourceKind::kUnverifiableMasterList;
  const string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
                          static_cast<size_t>(ASN1_STRING_length(*content)));
  return AddMasterListContent(bytes, report);
}

absl::Status CscaStore::AddDer(string_view der, SourceReport* report) {
  const SharedCertificate certificate = ParseDer(der);
  if (certificate != nullptr) {
    X509_up_ref(certificate.get());
    Take(certificate.get(), report);
    return absl::OkStatus();
  }
  DerReader reader(der);
  Element outer;
  if (!reader.Peek() || !reader.Next(kSequence, &outer)) {
    // Signed data of indefinite length is BER; OpenSSL reads it.
    if (!absl::StartsWith(der, "\x30\x80")) {
      return Refuse("NO_CERTIFICATE", "the file holds neither a certificate nor a master list");
    }
    return AddMasterList(der, report);
  }
  if (DerReader(outer.content).Peek() == kInteger) {
    report->kind = SourceKind::kMasterListContent;
    return AddMasterListContent(der, report);
  }
  return AddMasterList(der, report);
}

absl::StatusOr<SourceReport> CscaStore::Add(string_view file) {
  SourceReport report;
  if (!LooksLikePem(file)) {
    RETURN_IF_ERROR(AddDer(file, &report));
  } else {
    const std::vector<PemBlock> blocks = PemBlocks(file);
    if (blocks.empty()) return Refuse("NO_CERTIFICATE", "the PEM cannot be read");
    for (const PemBlock& block : blocks) RETURN_IF_ERROR(AddDer(block.der, &report));
  }
  if (report.read + report.repeated == 0) {
    return Refuse("NO_CERTIFICATE", "the file holds no certificate of an authority");
  }
  return report;
}

absl::Status CscaStore::AddCrl(string_view file) {
  std::vector<std::string> ders;
  if (LooksLikePem(file)) {
    for (PemBlock& block : PemBlocks(file)) ders.push_back(std::move(block.der));
  } else {
    ders.emplace_back(file);
  }
  if (ders.empty()) return Refuse("NO_CRL", "the file holds no revocation list");
  for (const std::string& der : ders) {
    const unsigned char* at = Bytes(der);
    std::shared_ptr<X509_crl_st> crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())),
                                     &X509_CRL_free);
    ERR_clear_error();
    if (crl == nullptr || at != Bytes(der) + der.size()) {
      return Refuse("NO_CRL", "the file holds no revocation list");
    }
    crls_.push_back(std::move(crl));
  }
  return absl::OkStatus();
}

size_t CscaStore::size() const { return entries_.size(); }

std::vector<CertificateFacts> CscaStore::Facts() const {
  std::vector<CertificateFacts> facts;
  for (const auto& entry : entries_) facts.push_back(FactsOf(entry.second.certificate.get()));
  return facts;
}

bool CscaStore::HoldsCountry(string_view country) const {
  for (const auto& entry : entries_) {
    if (entry.second.country == country) return true;
  }
  return false;
}

CscaStore::Held CscaStore::Of(string_view country) const {
  Held held;
  for (const auto& [key, entry] : entries_) {
    if (entry.country != country) continue;
    (entry.self_signed ? held.anchors : held.links).push_back(entry.certificate.get());
  }
  return held;
}

std::vector<X509_crl_st*> CscaStore::crls() const {
  std::vector<X509_crl_st*> crls;
  for (const auto& crl : crls_) crls.push_back(crl.get());
  return crls;
}

absl::StatusOr<std::vector<std::shared_ptr<x509_st>>> ReadCertificates(string_view file) {
  std::vector<std::shared_ptr<x509_st>> certificates;
  std::vector<std::string> ders;
  if (LooksLikePem(file)) {
    for (PemBlock& block : PemBlocks(file)) ders.push_back(std::move(block.der));
  } else {
    ders.emplace_back(file);
  }
  for (const std::string& der : ders) {
    SharedCertificate certificate = ParseDer(der);
    if (certificate == nullptr) return Refuse("NO_CERTIFICATE", "the file holds no certificate");
    certificates.push_back(std::move(certificate));
  }
  if (certificates.empty()) return Refuse("NO_CERTIFICATE", "the file holds no certificate");
  return certificates;
}

}  // namespace lintas::chip
