// TrustStore: who this node is and whom it believes, read from files that may be replaced while it
// runs.
//
//   T1  What is in force was valid as a whole when it was taken over. A bad replacement is refused
//       with a log line and the old one stays; a file that disappears changes nothing.
//   T2  gRPC reads only copies in the staging folder, each replaced by one rename.
//   T3  The number of a revocation list never goes down.
//   T4  No judgement outlives the trust that it was made under: epoch() grows and the memory of
//       judgements is emptied when authorities, lists or denials change.
//
// Tick is called by one thread; everything else from any thread. Knows no gRPC.
#ifndef LINTAS_SERVER_EDGE_TLS_TRUST_STORE_H_
#define LINTAS_SERVER_EDGE_TLS_TRUST_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/call/principal.h"
#include "server/crypto/certificate.h"

namespace lintas {

// While a list is stale, certificates with a longer life are refused (P24).
constexpr absl::Duration kLifeMaxWhileStale = absl::Hours(24 * 7);

// Whom a connection's other end must be.
enum class Peer {
  kOwnPerson,    // Own country, any role but node: who comes to the officers' port.
  kPartnerNode,  // The partner's node: who comes to the partner port, and whom our link calls.
};

struct TrustOptions {
  Country country;
  Country partner;
  // Key and certificate of this node in one PEM.
  std::string identity_path;
  // CA certificates in PEM; two while one succeeds the other.
  std::string own_authority_path, partner_authority_path;
  std::string own_revocations_path, partner_revocations_path;
  // Optional: the operator's own list, one serial or SPIFFE URI a line, `#` begins a comment. For
  // the hour between a theft and the list of the country that issued.
  std::string denied_path;
  // A private folder for T2; made with mode 0700 if it is not there.
  std::string staging_folder;
  // Lines for the log; called from any thread. No line holds bytes of a certificate but its serial.
  std::function<void(const std::string&)> log;
};

class TrustStore {
 public:
  // The files must be there and valid. kInvalidArgument, kNotFound, kUnauthenticated with the
  // file's path and the rule it breaks. `clock` outlives the store.
  static absl::StatusOr<std::unique_ptr<TrustStore>> Open(TrustOptions options, Clock* clock);

  // Reads the files again, a few times a minute; takes over what changed and is valid (T1). Also
  // notices what only the clock changes: an expired certificate in use, a list gone stale.
  void Tick(absl::Time now);

  // Who holds `leaf_pem`, if they may be the other end. kUnauthenticated: the certificate is not
  // valid (CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED, CERTIFICATE_PROFILE, UNTRUSTED_ISSUER, …).
  // kPermissionDenied, reason WRONG_PORT: it is, but not here. Cheap when repeated: judgements are
  // remembered by the PEM's digest until anything changes (T4).
  absl::StatusOr<Principal> Judge(absl::string_view leaf_pem, Peer peer, absl::Time now);

  // Grows when somebody accepted before may be refused now: authorities, lists and denials changed,
  // an accepted certificate expired, a list went stale.
  uint64_t epoch() const;
  // Calls `changed` after each growth of epoch(), from the thread that caused it. RemoveListener
  // returns when no call is under way. `changed` may call Judge and epoch, nothing else of this.
  uint64_t AddListener(std::function<void()> changed);
  void RemoveListener(uint64_t listener);

  // Takes a newer list of the partner that came over the link: verified, written to its file, in
  // force on return. kInvalidArgument: not the partner's; kFailedPrecondition: not newer (T3).
  absl::Status OfferPartnerRevocations(absl::string_view pem, absl::Time now);
  // Our own list in PEM, for the partner.
  std::string OwnRevocations() const;

  // True if a list's successor is overdue at `now`: raise an alarm.
  bool IsStale(absl::Time now) const;
  absl::Time identity_expires() const;
  Principal identity() const;

  // T2. What gRPC is given.
  std::string StagedIdentityPath() const { return options_.staging_folder + "/identity.pem"; }
  std::string StagedAuthorityPath(Peer peer) const;

  Clock& clock() const { return *clock_; }
  void Log(const std::string& line) const;

 private:
  // Everything in force, replaced as a whole; never changed after.
  struct Trust {
    std::string identity_pem;
    Certificate identity;
    Principal identity_principal;
    std::vector<Certificate> own_authorities, partner_authorities;
    RevocationList own_revocations, partner_revocations;
    std::unordered_set<std::string> denied;
  };
  struct Judgement {
    Principal principal;
    absl::Time valid_from, valid_until;
    absl::Duration life;
  };
  // A file as last looked at. What was refused is looked at again at each tick, since the file that
  // it fits may follow; but its refusal is logged once.
  struct SeenFile {
    bool looked_at = false;
    std::string content;
    bool refused = false;
    bool logged = false;
  };

  TrustStore(TrustOptions options, Clock* clock) : options_(std::move(options)), clock_(clock) {}

  absl::Status Reload(absl::Time now, bool first) ABSL_LOCKS_EXCLUDED(mutex_);
  // Own authorities and own identity depend on each other, so they are taken over together.
  absl::Status LoadOwn(absl::Time now, bool first, Trust* next, bool* identity_changed,
                       bool* peers_changed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(reload_mutex_);
  // Each takes a changed file into `trust`, or leaves it and says why. `changed` is set if it did.
  absl::Status LoadAuthorities(const std::string& path, const Country& country, absl::Time now,
                               std::vector<Certificate>* authorities, bool* changed);
  absl::Status LoadRevocations(const std::string& path, const std::vector<Certificate>& authorities,
                               RevocationList* list, bool* changed);
  absl::Status LoadDenied(Trust* trust, bool* changed);
  absl::Status LoadIdentity(absl::Time now, Trust* trust, bool* changed);
  absl::Status CheckIdentity(const Trust& trust, absl::Time now) const;
  // True, and `*content` filled, if the file differs from what is in force.
  absl::StatusOr<bool> ReadChanged(const std::string& path, std::string* content);
  absl::Status Refused(const std::string& path, const absl::Status& why);
  absl::Status Stage(const Trust& trust) const;
  void NoticeTime(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeOver(std::shared_ptr<const Trust> trust, bool peers_changed) ABSL_LOCKS_EXCLUDED(mutex_);
  void CallListeners();

  std::shared_ptr<const Trust> trust() const;
  absl::StatusOr<Judgement> JudgeAnew(const Trust& trust, absl::string_view leaf_pem, Peer peer,
                                      absl::Time now) const;

  const TrustOptions options_;
  Clock* const clock_;
  // Taken by whatever reads the files: Tick and OfferPartnerRevocations.
  absl::Mutex reload_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  std::map<std::string, SeenFile> seen_ ABSL_GUARDED_BY(reload_mutex_);
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Trust> trust_ ABSL_GUARDED_BY(mutex_);
  // By digest of the PEM and the Peer.
  absl::flat_hash_map<std::string, Judgement> judgements_ ABSL_GUARDED_BY(mutex_);
  uint64_t epoch_ ABSL_GUARDED_BY(mutex_) = 1;
  bool stale_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex listeners_mutex_;
  std::map<uint64_t, std::function<void()>> listeners_ ABSL_GUARDED_BY(listeners_mutex_);
  uint64_t next_listener_ ABSL_GUARDED_BY(listeners_mutex_) = 1;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_TLS_TRUST_STORE_H_
