#include "server/edge/tls/trust_store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "server/crypto/sha256.h"

namespace lintas {
namespace {

// More principals than a node has at a time; beyond it the memory of judgements starts anew.
constexpr size_t kJudgementsMax = 4096;

absl::Status Unauthenticated(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, reason, message);
}

std::string JudgementKey(absl::string_view leaf_pem, Peer peer) {
  std::string key = Sha256Of(leaf_pem).str();
  key.push_back(static_cast<char>(peer));
  return key;
}

bool MayBe(const Principal& principal, Peer peer, const TrustOptions& options) {
  switch (peer) {
    case Peer::kOwnPerson:
      return principal.country == options.country && principal.role != Role::kNode;
    case Peer::kPartnerNode:
      return principal.country == options.partner && principal.role == Role::kNode;
  }
  return false;
}

bool IsDenial(absl::string_view line) {
  return ParsePrincipal(line).ok() ||
         (!line.empty() && std::all_of(line.begin(), line.end(), [](unsigned char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         }));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TrustStore>> TrustStore::Open(TrustOptions options, Clock* clock) {
  if (TrustDomainOf(options.country).empty() || TrustDomainOf(options.partner).empty() ||
      options.country == options.partner) {
    return absl::InvalidArgumentError("country and partner must be the two Parties");
  }
  if (mkdir(options.staging_folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::UnavailableError(
        absl::StrCat("cannot make ", options.staging_folder, ": ", strerror(errno)));
  }
  if (chmod(options.staging_folder.c_str(), 0700) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot make private ", options.staging_folder, ": ", strerror(errno)));
  }
  std::unique_ptr<TrustStore> store(new TrustStore(std::move(options), clock));
  RETURN_IF_ERROR(store->Reload(clock->Now(), /*first=*/true));
  return store;
}

void TrustStore::Tick(absl::Time now) {
  // Refusals are logged where they are made, and the old trust stays (T1).
  Reload(now, /*first=*/false).IgnoreError();
  NoticeTime(now);
}

absl::Status TrustStore::Reload(absl::Time now, bool first) {
  absl::MutexLock lock(&reload_mutex_);
  auto next = first ? std::make_shared<Trust>() : std::make_shared<Trust>(*trust());
  bool identity_changed = false;
  bool peers_changed = false;
  absl::Status status;  // The first refusal.
  auto step = [&status](const absl::Status& taken) { status.Update(taken); };
  step(LoadOwn(now, first, next.get(), &identity_changed, &peers_changed));
  step(LoadAuthorities(options_.partner_authority_path, options_.partner, now,
                       &next->partner_authorities, &peers_changed));
  step(LoadRevocations(options_.own_revocations_path, next->own_authorities, &next->own_revocations,
                       &peers_changed));
  step(LoadRevocations(options_.partner_revocations_path, next->partner_authorities,
                       &next->partner_revocations, &peers_changed));
  step(LoadDenied(next.get(), &peers_changed));
  if (first) RETURN_IF_ERROR(status);
  if (!identity_changed && !peers_changed) return status;
  const absl::Status staged = Stage(*next);
  if (!staged.ok()) {
    // What gRPC reads stays as it was, so the rest must too; everything is looked at again.
    Log(absl::StrCat("trust not taken over: ", staged.message()));
    seen_.clear();
    return staged;
  }
  if (!first) {
    Log(absl::StrCat("trust taken over:", identity_changed ? " own certificate" : "",
                     peers_changed ? " whom we believe" : ""));
  }
  TakeOver(std::move(next), peers_changed);
  return status;
}

absl::Status TrustStore::LoadOwn(absl::Time now, bool first, Trust* next, bool* identity_changed,
                                 bool* peers_changed) {
  const Trust before = *next;
  bool own_changed = false;
  absl::Status status = LoadAuthorities(options_.own_authority_path, options_.country, now,
                                        &next->own_authorities, &own_changed);
  status.Update(LoadIdentity(now, next, identity_changed));
  if (own_changed && !first && !CheckIdentity(*next, now).ok()) {
    // Authorities under which this node itself is nobody: the wrong file, or the identity is still
    // to follow.
    status.Update(
        Refused(options_.own_authority_path,
                absl::InvalidArgumentError("this node's certificate is not of these CAs")));
    *next = before;
    *identity_changed = false;
    return status;
  }
  *peers_changed |= own_changed;
  return status;
}

absl::StatusOr<bool> TrustStore::ReadChanged(const std::string& path, std::string* content) {
  absl::StatusOr<std::string> read = ReadKeyFile(path);
  SeenFile& seen = seen_[path];
  if (!read.ok()) {
    if (!seen.logged) {
      Log(absl::StrCat("trust file not read, the old stays: ", read.status().message()));
    }
    seen.logged = true;
    seen.refused = true;
    return read.status();
  }
  const bool same = seen.looked_at && *read == seen.content;
  if (same && !seen.refused) return false;
  if (!same) seen = SeenFile{true, *read, false, false};
  seen.refused = false;  // Until the caller says otherwise.
  *content = *std::move(read);
  return true;
}

absl::Status TrustStore::Refused(const std::string& path, const absl::Status& why) {
  const std::string line =
      absl::StrCat("trust file refused, the old stays: ", path, ": ", why.message());
  SeenFile& seen = seen_[path];
  if (!seen.logged) Log(line);
  seen.logged = true;
  seen.refused = true;
  return absl::Status(why.code(), line);
}

absl::Status TrustStore::LoadAuthorities(const std::string& path, const Country& country,
                                         absl::Time now, std::vector<Certificate>* authorities,
                                         bool* changed) {
  std::string content;
  ASSIGN_OR_RETURN(const bool differs, ReadChanged(path, &content));
  if (!differs) return absl::OkStatus();
  absl::StatusOr<std::vector<Certificate>> list = Certificate::ListFromPem(content);
  if (!list.ok()) return Refused(path, list.status());
  bool any_valid = false;
  for (const Certificate& authority : *list) {
    const absl::Status profile = authority.CheckAuthorityProfile(TrustDomainOf(country));
    if (!profile.ok()) return Refused(path, profile);
    any_valid |= now >= authority.not_before() && now <= authority.not_after();
  }
  if (!any_valid) return Refused(path, absl::InvalidArgumentError("every CA in it has expired"));
  *authorities = *std::move(list);
  *changed = true;
  return absl::OkStatus();
}

absl::Status TrustStore::LoadRevocations(const std::string& path,
                                         const std::vector<Certificate>& authorities,
                                         RevocationList* list, bool* changed) {
  std::string content;
  ASSIGN_OR_RETURN(const bool differs, ReadChanged(path, &content));
  if (!differs) return absl::OkStatus();
  absl::StatusOr<RevocationList> next = RevocationList::FromPem(content);
  if (!next.ok()) return Refused(path, next.status());
  if (!next->SignedByOneOf(authorities)) {
    return Refused(path, absl::InvalidArgumentError("no trusted CA has signed the list"));
  }
  if (next->number() < list->number()) {  // T3
    return Refused(path, absl::FailedPreconditionError("the list is older than the one in force"));
  }
  *list = *std::move(next);
  *changed = true;
  return absl::OkStatus();
}

absl::Status TrustStore::LoadDenied(Trust* trust, bool* changed) {
  if (options_.denied_path.empty()) return absl::OkStatus();
  std::string content;
  ASSIGN_OR_RETURN(const bool differs, ReadChanged(options_.denied_path, &content));
  if (!differs) return absl::OkStatus();
  std::unordered_set<std::string> denied;
  for (absl::string_view line : absl::StrSplit(content, '\n')) {
    line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (!IsDenial(line)) {
      return Refused(options_.denied_path,
                     absl::InvalidArgumentError("a line is neither a serial nor a SPIFFE URI"));
    }
    denied.insert(std::string(line));
  }
  trust->denied = std::move(denied);
  *changed = true;
  return absl::OkStatus();
}

absl::Status TrustStore::LoadIdentity(absl::Time now, Trust* trust, bool* changed) {
  const std::string& path = options_.identity_path;
  std::string content;
  ASSIGN_OR_RETURN(const bool differs, ReadChanged(path, &content));
  if (!differs) return absl::OkStatus();
  absl::StatusOr<Certificate> certificate = Certificate::FromPem(content);
  if (!certificate.ok()) return Refused(path, certificate.status());
  absl::StatusOr<TlsKey> key = TlsKey::FromPem(content);
  if (!key.ok()) return Refused(path, key.status());
  if (!certificate->BelongsTo(*key)) {
    return Refused(path, absl::InvalidArgumentError("the key is not the certificate's"));
  }
  Trust candidate = *trust;
  candidate.identity = *std::move(certificate);
  const absl::Status valid = CheckIdentity(candidate, now);
  if (!valid.ok()) return Refused(path, valid);
  trust->identity = candidate.identity;
  trust->identity_pem = std::move(content);
  ASSIGN_OR_RETURN(trust->identity_principal, ParsePrincipal(trust->identity.uris()[0]));
  *changed = true;
  return absl::OkStatus();
}

absl::Status TrustStore::CheckIdentity(const Trust& trust, absl::Time now) const {
  RETURN_IF_ERROR(trust.identity.CheckPrincipalProfile());
  ASSIGN_OR_RETURN(const Principal principal, ParsePrincipal(trust.identity.uris()[0]));
  if (principal.country != options_.country) {
    return Unauthenticated("UNKNOWN_TRUST_DOMAIN", "the certificate is not of the own country");
  }
  if (principal.role != Role::kNode) {
    return Unauthenticated("CERTIFICATE_PROFILE", "the certificate is not a node's");
  }
  return trust.identity.CheckIssued(trust.own_authorities, now);
}

absl::Status TrustStore::Stage(const Trust& trust) const {
  auto joined = [](const std::vector<Certificate>& authorities) {
    std::string pem;
    for (const Certificate& authority : authorities) absl::StrAppend(&pem, authority.Pem());
    return pem;
  };
  // The authorities first: a crash between leaves an identity that its own CA still vouches for.
  RETURN_IF_ERROR(Replace(StagedAuthorityPath(Peer::kOwnPerson), joined(trust.own_authorities),
                          FileAccess::kPrivate));
  RETURN_IF_ERROR(Replace(StagedAuthorityPath(Peer::kPartnerNode),
                          joined(trust.partner_authorities), FileAccess::kPrivate));
  return Replace(StagedIdentityPath(), trust.identity_pem, FileAccess::kPrivate);
}

void TrustStore::TakeOver(std::shared_ptr<const Trust> trust, bool peers_changed) {
  {
    absl::MutexLock lock(&mutex_);
    trust_ = std::move(trust);
    if (!peers_changed) return;
    judgements_.clear();  // T4
    ++epoch_;
  }
  CallListeners();
}

void TrustStore::NoticeTime(absl::Time now) {
  const bool stale = IsStale(now);
  bool changed = false;
  bool went_stale = false;
  {
    absl::MutexLock lock(&mutex_);
    went_stale = stale && !stale_;
    changed = went_stale;
    stale_ = stale;
    for (const auto& [key, judgement] : judgements_) changed |= now > judgement.valid_until;
    if (changed) {
      judgements_.clear();
      ++epoch_;
    }
  }
  if (went_stale) {
    Log("ALARM a revocation list is overdue; certificates of more than seven days are refused");
  }
  if (changed) CallListeners();
}

void TrustStore::CallListeners() {
  absl::MutexLock lock(&listeners_mutex_);
  for (const auto& [id, changed] : listeners_) changed();
}

uint64_t TrustStore::AddListener(std::function<void()> changed) {
  absl::MutexLock lock(&listeners_mutex_);
  listeners_.emplace(next_listener_, std::move(changed));
  return next_listener_++;
}

void TrustStore::RemoveListener(uint64_t listener) {
  absl::MutexLock lock(&listeners_mutex_);
  listeners_.erase(listener);
}

absl::StatusOr<Principal> TrustStore::Judge(absl::string_view leaf_pem, Peer peer, absl::Time now) {
  const std::string key = JudgementKey(leaf_pem, peer);
  std::shared_ptr<const Trust> trust;
  uint64_t epoch = 0;
  {
    absl::ReaderMutexLock lock(&mutex_);
    trust = trust_;
    epoch = epoch_;
    auto found = judgements_.find(key);
    if (found != judgements_.end()) {
      const Judgement& known = found->second;
      // Otherwise judged anew, which also gives the reason.
      if (now >= known.valid_from && now <= known.valid_until &&
          (known.life <= kLifeMaxWhileStale || !stale_)) {
        return known.principal;
      }
    }
  }
  ASSIGN_OR_RETURN(Judgement judgement, JudgeAnew(*trust, leaf_pem, peer, now));
  Principal principal = judgement.principal;
  absl::MutexLock lock(&mutex_);
  if (epoch == epoch_) {  // T4
    if (judgements_.size() >= kJudgementsMax) judgements_.clear();
    judgements_.insert_or_assign(key, std::move(judgement));
  }
  return principal;
}

absl::StatusOr<TrustStore::Judgement> TrustStore::JudgeAnew(const Trust& trust,
                                                            absl::string_view leaf_pem, Peer peer,
                                                            absl::Time now) const {
  absl::StatusOr<Certificate> leaf = Certificate::FromPem(leaf_pem);
  if (!leaf.ok()) return Unauthenticated("CERTIFICATE_UNREADABLE", "no readable certificate");
  RETURN_IF_ERROR(leaf->CheckPrincipalProfile());
  ASSIGN_OR_RETURN(Principal principal, ParsePrincipal(leaf->uris()[0]));
  const bool own = peer == Peer::kOwnPerson;
  const std::vector<Certificate>& authorities =
      own ? trust.own_authorities : trust.partner_authorities;
  const RevocationList& list = own ? trust.own_revocations : trust.partner_revocations;
  RETURN_IF_ERROR(leaf->CheckIssued(authorities, now));
  if (list.Revokes(leaf->serial()) || trust.denied.count(leaf->serial()) != 0 ||
      trust.denied.count(principal.spiffe_uri) != 0) {
    return Unauthenticated("CERTIFICATE_REVOKED", "the certificate is revoked");
  }
  const absl::Duration life = leaf->not_after() - leaf->not_before();
  if (life > kLifeMaxWhileStale && now > list.next_update()) {
    return Unauthenticated("REVOCATIONS_STALE",
                           "the revocation list is overdue and the certificate's life is longer "
                           "than seven days");
  }
  if (!MayBe(principal, peer, options_)) {
    return MakeError(absl::StatusCode::kPermissionDenied, "WRONG_PORT",
                     "the certificate's holder has no business on this port");
  }
  absl::Time authority_until = absl::InfinitePast();
  for (const Certificate& authority : authorities) {
    if (leaf->CheckIssued({authority}, now).ok()) {
      authority_until = std::max(authority_until, authority.not_after());
    }
  }
  return Judgement{std::move(principal), leaf->not_before(),
                   std::min(leaf->not_after(), authority_until), life};
}

absl::Status TrustStore::OfferPartnerRevocations(absl::string_view pem, absl::Time now) {
  ASSIGN_OR_RETURN(const RevocationList offered, RevocationList::FromPem(pem));
  // A list carried by hand counts from when it lies there, not from the next look.
  Reload(now, /*first=*/false).IgnoreError();
  std::shared_ptr<const Trust> current = trust();
  if (!offered.SignedByOneOf(current->partner_authorities)) {
    return absl::InvalidArgumentError("the offered list is not signed by the partner's CA");
  }
  if (offered.number() <= current->partner_revocations.number()) {
    return absl::FailedPreconditionError("the offered list is not newer than the one in force");
  }
  RETURN_IF_ERROR(Replace(options_.partner_revocations_path, offered.Pem(), FileAccess::kPublic));
  Reload(now, /*first=*/false).IgnoreError();  // Other files' troubles are not the offer's.
  if (trust()->partner_revocations.number() < offered.number()) {
    return absl::UnavailableError("the offered list was written and is not in force yet");
  }
  return absl::OkStatus();
}

std::string TrustStore::OwnRevocations() const { return trust()->own_revocations.Pem(); }

bool TrustStore::IsStale(absl::Time now) const {
  std::shared_ptr<const Trust> current = trust();
  return now > current->own_revocations.next_update() ||
         now > current->partner_revocations.next_update();
}

absl::Time TrustStore::identity_expires() const { return trust()->identity.not_after(); }
Principal TrustStore::identity() const { return trust()->identity_principal; }

std::string TrustStore::StagedAuthorityPath(Peer peer) const {
  return options_.staging_folder +
         (peer == Peer::kOwnPerson ? "/own_authorities.pem" : "/partner_authorities.pem");
}

uint64_t TrustStore::epoch() const {
  absl::ReaderMutexLock lock(&mutex_);
  return epoch_;
}

std::shared_ptr<const TrustStore::Trust> TrustStore::trust() const {
  absl::ReaderMutexLock lock(&mutex_);
  return trust_;
}

void TrustStore::Log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

}  // namespace lintas
