#include "certs/country_ca.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"

namespace lintas {
namespace {

constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%SZ";

std::string TimeText(absl::Time time) {
  return absl::FormatTime(kTimeFormat, time, absl::UTCTimeZone());
}

absl::Status Unavailable(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(absl::StrCat(what, " ", path, ": ", strerror(errno)));
}

}  // namespace

CountryCa::~CountryCa() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::StatusOr<std::unique_ptr<CountryCa>> CountryCa::Init(const std::string& folder,
                                                           absl::string_view country,
                                                           absl::Duration life, absl::Time now,
                                                           Random& random,
                                                           const std::string& after) {
  const absl::string_view domain = TrustDomainOf(country);
  if (domain.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "UNKNOWN_COUNTRY",
                     "the country is neither idn nor khm");
  }
  std::unique_ptr<CountryCa> before;  // Held open: the old CA writes nothing meanwhile.
  std::string taken_over;
  if (!after.empty()) {
    ASSIGN_OR_RETURN(before, Open(after));
    if (before->country() != country) {
      return absl::InvalidArgumentError("the CA before this one is of another country");
    }
    ASSIGN_OR_RETURN(taken_over, ReadKeyFile(after + "/register"));
  }
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return Unavailable("cannot make", folder);
  }
  CertificateSpec spec;
  spec.common_name = absl::StrCat("Lintas CA ", domain);
  spec.uris = {absl::StrCat("spiffe://", domain)};
  spec.not_before = now - kClockSkew;
  spec.not_after = now + life;
  spec.authority = true;
  const TlsKey key = TlsKey::Generate();
  ASSIGN_OR_RETURN(const Certificate certificate, MakeCertificate(spec, key, nullptr, random));
  // C1. Crash after the key: Open finds no certificate, and Init asks for another folder.
  RETURN_IF_ERROR(WriteOnce(folder + "/ca.key", key.Pem().Bytes(SecretAccess::ForKeyFile()),
                            FileAccess::kPrivate));
  RETURN_IF_ERROR(WriteOnce(folder + "/ca.pem", certificate.Pem(), FileAccess::kPublic));
  if (!taken_over.empty()) {
    RETURN_IF_ERROR(WriteOnce(folder + "/before.pem", BeforePem(*before), FileAccess::kPublic));
    RETURN_IF_ERROR(WriteOnce(folder + "/register", taken_over, FileAccess::kPrivate));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<CountryCa> ca, Open(folder));
  RETURN_IF_ERROR(ca->WriteRevocationList(now).status());
  return ca;
}

std::string CountryCa::BeforePem(const CountryCa& before) {
  std::string pem = before.certificate().Pem();
  for (const Certificate& earlier : before.before_) absl::StrAppend(&pem, earlier.Pem());
  return pem;
}

absl::StatusOr<std::unique_ptr<CountryCa>> CountryCa::Open(const std::string& folder) {
  std::unique_ptr<CountryCa> ca(new CountryCa(folder));
  RETURN_IF_ERROR(ca->LoadIssuer());
  RETURN_IF_ERROR(ca->Lock());
  RETURN_IF_ERROR(ca->LoadRegister());
  return ca;
}

absl::Status CountryCa::Lock() {
  const std::string path = folder_ + "/register";
  lock_fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (lock_fd_ < 0) return Unavailable("cannot open", path);
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
    return absl::UnavailableError(absl::StrCat("another process works on the CA in ", folder_));
  }
  return absl::OkStatus();
}

absl::Status CountryCa::LoadIssuer() {
  ASSIGN_OR_RETURN(const std::string key_pem, ReadKeyFile(folder_ + "/ca.key"));
  const Secret wiped(key_pem);
  ASSIGN_OR_RETURN(issuer_.key, TlsKey::FromPem(key_pem));
  ASSIGN_OR_RETURN(const std::string pem, ReadKeyFile(CertificatePath()));
  ASSIGN_OR_RETURN(issuer_.certificate, Certificate::FromPem(pem));
  if (!issuer_.certificate.BelongsTo(issuer_.key)) {
    return absl::InvalidArgumentError("ca.key is not the key of ca.pem");
  }
  const absl::StatusOr<std::string> before = ReadKeyFile(folder_ + "/before.pem");
  if (before.ok()) {
    ASSIGN_OR_RETURN(before_, Certificate::ListFromPem(*before));
  } else if (!absl::IsNotFound(before.status())) {
    return before.status();
  }
  for (absl::string_view country : {"idn", "khm"}) {
    if (issuer_.certificate.CheckAuthorityProfile(TrustDomainOf(country)).ok()) {
      country_ = std::string(country);
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError("ca.pem is not the CA certificate of a Party");
}

absl::Status CountryCa::LoadRegister() {
  ASSIGN_OR_RETURN(const std::string text, ReadKeyFile(folder_ + "/register"));
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    ++number;
    if (!ReadLine(line).ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " of the register is broken"));
    }
  }
  return absl::OkStatus();
}

absl::Status CountryCa::ReadLine(absl::string_view line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  const absl::Status broken = absl::InvalidArgumentError("broken line");
  if (words[0] == "issued" && words.size() == 4) {
    issued_[words[1]].uri = words[2];
    return absl::OkStatus();
  }
  if (words[0] == "revoked" && words.size() == 3) {
    auto found = issued_.find(words[1]);
    std::string error;
    if (found == issued_.end()) return broken;
    if (!absl::ParseTime(kTimeFormat, words[2], &found->second.revoked, &error)) return broken;
    return absl::OkStatus();
  }
  uint64_t list_number = 0;
  if (words[0] == "list" && words.size() == 2 && absl::SimpleAtoi(words[1], &list_number)) {
    list_number_ = list_number;
    return absl::OkStatus();
  }
  return broken;
}

absl::Status CountryCa::AppendLine(const std::string& line) {
  const std::string text = line + "\n";
  if (write(lock_fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fsync(lock_fd_) != 0) {
    return Unavailable("cannot append to", folder_ + "/register");
  }
  return absl::OkStatus();
}

absl::StatusOr<Certificate> CountryCa::SignLeaf(const LeafOrder& order, const TlsKey& subject,
                                                absl::Time now, Random& random) {
  if (order.principal.country != country_) {
    return absl::InvalidArgumentError("this CA issues for its own country only");
  }
  if (order.life <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the life of a certificate must be positive");
  }
  CertificateSpec spec;
  spec.common_name = absl::StrCat(RoleName(order.principal.role), " ", order.principal.id);
  // X.509 bounds a common name at 64; the URI is the name that counts.
  spec.common_name.resize(std::min<size_t>(spec.common_name.size(), 64));
  spec.uris = {order.principal.spiffe_uri};
  spec.dns_names = order.dns_names;
  spec.ip_addresses = order.ip_addresses;
  spec.not_before = now - kClockSkew;
  // The whole span, so that "at most seven days" (P24) is what the certificate says.
  spec.not_after = std::min(spec.not_before + order.life, issuer_.certificate.not_after());
  if (spec.not_after <= now) return absl::FailedPreconditionError("the CA itself has expired");
  ASSIGN_OR_RETURN(Certificate made, MakeCertificate(spec, subject, &issuer_, random));
  RETURN_IF_ERROR(AppendLine(absl::StrCat("issued ", made.serial(), " ", order.principal.spiffe_uri,
                                          " ", TimeText(made.not_after()))));  // C2
  issued_[made.serial()].uri = order.principal.spiffe_uri;
  return made;
}

absl::StatusOr<Secret> CountryCa::Issue(const LeafOrder& order, absl::Time now, Random& random) {
  const TlsKey key = TlsKey::Generate();
  ASSIGN_OR_RETURN(const Certificate certificate, SignLeaf(order, key, now, random));
  const Secret key_pem = key.Pem();
  return Secret(absl::StrCat(key_pem.Bytes(SecretAccess::ForKeyFile()), certificate.Pem()));
}

absl::StatusOr<Certificate> CountryCa::SignRequest(absl::string_view request_pem,
                                                   absl::Duration life, absl::Time now,
                                                   Random& random) {
  ASSIGN_OR_RETURN(const CertificateRequest request, ReadRequest(request_pem));
  if (request.uris.size() != 1) {
    return absl::InvalidArgumentError("the request does not name exactly one URI");
  }
  absl::StatusOr<Principal> principal = ParsePrincipal(request.uris[0]);
  if (!principal.ok()) {
    return absl::InvalidArgumentError("the request's URI is not that of a principal");
  }
  LeafOrder order;
  order.principal = *std::move(principal);
  // Only a node is a server; a host name in anybody else's certificate would say otherwise.
  if (order.principal.role != Role::kNode &&
      !(request.dns_names.empty() && request.ip_addresses.empty())) {
    return absl::InvalidArgumentError("only a node's request may name a host");
  }
  order.dns_names = request.dns_names;
  order.ip_addresses = request.ip_addresses;
  order.life = life;
  return SignLeaf(order, request.public_key, now, random);
}

absl::StatusOr<Certificate> CountryCa::Renew(const Certificate& old, absl::Duration life,
                                             absl::Time now, Random& random) {
  auto found = issued_.find(old.serial());
  // An expired certificate may be renewed, hence judged at its own start.
  std::vector<Certificate> authorities = before_;
  authorities.push_back(issuer_.certificate);
  if (found == issued_.end() || !old.CheckIssued(authorities, old.not_before()).ok()) {
    return absl::InvalidArgumentError("this CA has not issued the certificate");
  }
  if (IsRevoked(old.serial())) {
    return absl::FailedPreconditionError("the certificate is revoked; issue another");
  }
  LeafOrder order;
  ASSIGN_OR_RETURN(order.principal, ParsePrincipal(found->second.uri));
  order.dns_names = old.dns_names();
  order.ip_addresses = old.ip_addresses();
  order.life = life;
  return SignLeaf(order, PublicKeyOf(old), now, random);
}

absl::StatusOr<size_t> CountryCa::Revoke(absl::string_view serial_or_uri, absl::Time now) {
  bool known = false;
  size_t count = 0;
  for (auto& [serial, issued] : issued_) {
    if (serial != serial_or_uri && issued.uri != serial_or_uri) continue;
    known = true;
    if (issued.revoked != absl::InfiniteFuture()) continue;
    RETURN_IF_ERROR(AppendLine(absl::StrCat("revoked ", serial, " ", TimeText(now))));
    issued.revoked = now;
    ++count;
  }
  if (!known) return absl::NotFoundError("this CA has issued no such certificate");
  RETURN_IF_ERROR(WriteRevocationList(now).status());
  return count;
}

absl::StatusOr<RevocationList> CountryCa::WriteRevocationList(absl::Time now, absl::Duration life) {
  std::vector<RevokedSerial> revoked;
  for (const auto& [serial, issued] : issued_) {
    if (issued.revoked != absl::InfiniteFuture()) revoked.push_back({serial, issued.revoked});
  }
  // C3. Crash after the line: a number is left out.
  RETURN_IF_ERROR(AppendLine(absl::StrCat("list ", list_number_ + 1)));
  ++list_number_;
  ASSIGN_OR_RETURN(RevocationList list,
                   MakeRevocationList(issuer_, list_number_, revoked, now, now + life));
  RETURN_IF_ERROR(Replace(RevocationListPath(), list.Pem(), FileAccess::kPublic));
  return list;
}

bool CountryCa::IsRevoked(absl::string_view serial) const {
  auto found = issued_.find(std::string(serial));
  return found != issued_.end() && found->second.revoked != absl::InfiniteFuture();
}

}  // namespace lintas
