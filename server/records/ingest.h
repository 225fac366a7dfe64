// Ingest: the one judgement of a partner's entry, on arrival (P13). What it decides becomes entries
// of our own exchange ledger (REJECTED, PARKED, ERASURE_RECEIPT) in the commit that moves the
// replica's size; the fold only applies. Pure but for randomness and for what arrivals() tells;
// called by link/ for one run at a time.
#ifndef LINTAS_SERVER_RECORDS_INGEST_H_
#define LINTAS_SERVER_RECORDS_INGEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "lintas/partner/v1/partner.pb.h"
#include "server/ledger/ledgers.h"
#include "server/records/deps.h"
#include "server/records/procedure/held.h"
#include "server/records/procedure/step_judge.h"
#include "server/records/writer.h"

namespace lintas {

class Ingest {
 public:
  // `authorities`: keys that may sign version 1, from both trust bundles.
  Ingest(const RecordsDeps& deps, AreaCheck check, std::vector<AuthorityKey> authorities)
      : deps_(deps), check_(check), authorities_(std::move(authorities)), steps_(deps, check) {}

  // Where the partner's newest cosignature is told. Set once, before the first call; without it
  // nothing is held to it.
  void SetHeld(HeldSource held) { held_ = std::move(held); }
  const Arrivals* arrivals() const { return &arrivals_; }

  // What is carried from entry to entry of one ledger, also across the entries of a run.
  struct Progress {
    uint64_t next_index = 0;
    uint64_t seen_partner = 0;                 // Highest so far; never decreases (P14).
    uint32_t agreement_version = 0;            // Of the newest adoption before this entry.
    std::vector<AgreementVersionPtr> adopted;  // In this run.
    // Our entries below this were judged by the partner before it had seen `seen_partner` of them:
    // a verdict stands at once behind the run that it is about. Unset at the start of a pull.
    absl::optional<uint64_t> judged_below;
    // Entries that are not in the replica yet and that no recall may erase. Ascending.
    std::vector<uint64_t> not_recallable;
    StepProgress steps;
  };

  struct Judged {
    ReplicaRun::Entry entry;
    std::vector<PreparedEntry> verdicts;
    bool rejected = false;
    bool parked = false;
  };

  // Errors stop the link, with an alarm named after the reason:
  //   BAD_HEADER, BAD_DIGEST, WRONG_ORIGIN, WRONG_INDEX, SEEN_DECREASES, BAD_KIND, BAD_VERDICT,
  //   BAD_ADOPTION, BAD_RECALL, AGREEMENT_NOT_ADOPTED, COSIGNED_OTHERWISE   (kInvalidArgument)
  //   SEEN_BEYOND_OURS                                  (kDataLoss: we lost our tail, P14)
  absl::StatusOr<Judged> Judge(const partner::v1::Frame::Entry& frame, absl::Time now,
                               Progress* progress) const;

 private:
  absl::Status CheckPlace(const ledger::v1::EntryHeader& header, const Progress& progress) const;
  // Empty: accepted. Otherwise the reason of a REJECTED verdict, or PARKED.
  std::string JudgeRecord(const ledger::v1::EntryHeader& header, const ledger::v1::Payload& payload,
                          absl::Time now, const Progress& progress,
                          std::vector<DerivedTerm>* terms) const;
  absl::Status JudgeAdoption(const ledger::v1::Payload& payload, absl::Time now,
                             Progress* progress) const;
  absl::Status JudgeVerdict(const ledger::v1::EntryHeader& header, const Progress& progress) const;
  // True if the partner parked or rejected that entry of ours: it counts for nothing already.
  absl::StatusOr<bool> HasVerdict(uint64_t own_index, const Progress& progress) const;
  // P18: `below`: from where on the entry knows nothing of ours.
  absl::Status CheckHeld(const ledger::v1::EntryHeader& header, uint64_t below) const;
  static void Advance(const ledger::v1::EntryHeader& header, TreeSize committed,
                      Progress* progress);
  absl::Status JudgeRecall(const ledger::v1::EntryHeader& header,
                           const ledger::v1::Payload& payload, const Progress& progress) const;
  AgreementVersionPtr Named(uint32_t version, const Progress& progress) const;
  PreparedEntry Verdict(const ledger::v1::EntryHeader& about, ledger::v1::EntryHeader::Kind kind,
                        const std::string& code) const;
  PreparedEntry Receipt(const ledger::v1::EntryHeader& recall, absl::Time now,
                        const Progress& progress) const;

  const RecordsDeps deps_;
  const AreaCheck check_;
  const std::vector<AuthorityKey> authorities_;
  const StepJudge steps_;
  HeldSource held_;
  mutable Arrivals arrivals_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_INGEST_H_
