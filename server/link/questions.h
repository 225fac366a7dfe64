// Questions across the border (P11, P25, P26): Questions asks the partner for our people and
// answers the partner's. Both sides' home ledgers hold question and answer before anybody sees it.
//
//   Q1  Every question from the partner appends one question and one answer entry, whatever comes
//       of it. Only beyond the agreement's number of questions a day, and the one that tells that
//       it is reached, is a question refused without an entry (docs/decisions/0010).
//   Q2  Absent, protected and undisclosable give one answer: same shape, same length class, same
//       grid point: one to two grids after arrival, whatever was met; a later one only if the
//       entries were not durable by then.
//   Q3  A question is answered once; repeated until it expires, it gets the same answer again, also
//       after a restart.
//   Q4  Refusals depend on caller, purpose and operation alone, and are decided before any look-up.
//   Q5  What a question that is not signed, not well formed or too long says stands nowhere; its
//       digest does.
//
// Tick(now) releases answers on the 25 ms grid and forgets expired ones. Thread safe.
#ifndef LINTAS_SERVER_LINK_QUESTIONS_H_
#define LINTAS_SERVER_LINK_QUESTIONS_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/agreement/quota.h"
#include "server/base/alarms.h"
#include "server/call/call.h"
#include "server/call/partner.h"
#include "server/link/keys.h"
#include "server/link/past_questions.h"
#include "server/records/reader.h"

namespace lintas {

constexpr absl::Duration kAnswerGrid = absl::Milliseconds(25);  // P26
constexpr size_t kAnswerBucketBytes = 1024;                     // P26
constexpr size_t kHitsMax = 20;
constexpr size_t kQuestionBytesMax = 16 << 10;
constexpr size_t kOfficerPseudonymBytes = 16;
constexpr absl::Duration kQuestionLifeMax = absl::Hours(1);
// Questions a day that leave entries while no agreement is in force.
constexpr uint64_t kQuestionsWithoutAgreementMax = 1000;

class Questions final : public Asker {
 public:
  using AnswerDone = std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)>;

  // `suspension`: not OK while the link is suspended (P28).
  Questions(const RecordsDeps& deps, const Reader* reader, PartnerTransport* transport,
            SigningKey question_key, KeyHistory<VerifyKey> partner_question_key, Alarms* alarms,
            std::function<absl::Status()> suspension);

  // Takes up quotas and answered questions from the home ledger (Q3). Once, before the first
  // question. kDataLoss: the ledger cannot be read.
  absl::Status Restore(absl::Time now);

  // Called when Tick has something to do.
  void SetWake(std::function<void()> wake);

  // Ours to the partner.
  void Ask(partner::v1::Question question, const std::string& principal_uri,
           const std::string& case_id, const std::string& trace_id, absl::Time now,
           absl::Time deadline, std::function<void(absl::StatusOr<Result>)> done) override;

  // The partner's to us. `done` from Tick when both entries are durable; at once if it is refused
  // without them.
  void AnswerPartner(const partner::v1::SignedQuestion& question, absl::Time now, AnswerDone done);

  // True if anything was released.
  bool Tick(absl::Time now);
  // When Tick has something to do next.
  absl::Time next_release() const;
  // Questions refused without an entry since the start.
  uint64_t unrecorded_count() const;

 private:
  struct Remembered {
    absl::Time expires;
    absl::Status status;
    partner::v1::SignedAnswer answer;
    std::string sealed_answer;  // Instead of `answer`, after a restart.
    bool ready = false;
    std::vector<AnswerDone> waiting;
  };
  // What a question is, before anything is looked up.
  struct Incoming {
    std::string digest;
    bool believed = false;  // Signed and well formed: what it says may be recorded.
    partner::v1::Question question;
    bool repeatable = false;  // A repeat gets the same answer.
    AgreementVersionPtr agreement;
    absl::Status outward;
  };
  // By a question key that had not ended at the size held of the partner's ledger (P23).
  bool SignedByPartner(const std::string& bytes, const std::string& signature) const;
  absl::Status CheckForm(const partner::v1::SignedQuestion& signed_question,
                         partner::v1::Question* question) const;
  absl::Status CheckPlaceAndTime(const partner::v1::Question& question, absl::Time now) const;
  Incoming Judge(const partner::v1::SignedQuestion& signed_question, absl::Time now) const;
  bool Repeat(const partner::v1::SignedQuestion& signed_question, const std::string& digest,
              absl::Time now, AnswerDone* done);
  bool TakeEntries(Incoming* incoming, absl::Time now);
  absl::Status CheckGrant(const partner::v1::Question& question,
                          const AgreementVersion& agreement) const;
  absl::Status ChargeOfficer(const partner::v1::Question& question,
                             const AgreementVersion& agreement, absl::Time now);
  // `opened`: whom the record is about that an OPEN disclosed.
  void Record(const Incoming& incoming, const std::string& key, absl::Time now,
              const std::vector<Token>& opened, ledger::v1::AnswerRecord answer_record,
              partner::v1::SignedAnswer answer);
  partner::v1::Answer Compose(const partner::v1::Question& question,
                              const AgreementVersion& agreement, Disclosure* disclosure,
                              std::string* home_reason) const;
  void FindHits(const partner::v1::Question& question, const AgreementVersion& agreement,
                partner::v1::Answer* answer, Disclosure* disclosure) const;
  void Open(const partner::v1::Question& question, const AgreementVersion& agreement,
            partner::v1::Answer* answer, Disclosure* disclosure) const;
  bool MayShare(const FoundRecord& found, const partner::v1::Question& question,
                const AgreementVersion& agreement) const;
  partner::v1::SignedAnswer Sign(partner::v1::Answer answer) const;
  std::string SealAnswer(const std::string& question,
                         const partner::v1::SignedAnswer& answer) const;
  absl::StatusOr<partner::v1::SignedAnswer> OpenAnswer(const std::string& question,
                                                       const std::string& sealed) const;
  ledger::v1::QuestionRecord RecordOf(const partner::v1::Question& question) const;
  PreparedEntry HomeEntry(ledger::v1::EntryHeader::Kind kind,
                          const google::protobuf::Message& record) const;
  absl::StatusOr<std::string> OpenReference(const partner::v1::Question& question,
                                            absl::Time now) const;
  FindQuery QueryOf(const partner::v1::Question& question) const;
  std::string Reference(const FoundRecord& found, const partner::v1::Question& question) const;
  void Receive(absl::StatusOr<partner::v1::SignedAnswer> response, const std::string& digest,
               absl::Time now, std::function<void(absl::StatusOr<Result>)> done);

  const RecordsDeps deps_;
  const Reader* const reader_;
  PartnerTransport* const transport_;
  const SigningKey question_key_;
  const KeyHistory<VerifyKey> partner_question_key_;
  Alarms* const alarms_;
  const std::function<absl::Status()> suspension_;

  mutable std::mutex mutex_;
  std::map<std::string, Remembered> remembered_;     // By digest, or a key of their own.
  std::multimap<absl::Time, std::string> releases_;  // Grid time to key.
  Quota officer_quota_{"questions_per_officer_day", absl::Hours(24)};
  Quota partner_quota_{"questions_per_partner_day", absl::Hours(24)};
  uint64_t unrepeatable_count_ = 0;
  uint64_t unrecorded_count_ = 0;
  std::function<void()> wake_;
  // Grid times as the questions' arrival set them, and keys.
  std::vector<std::pair<absl::Time, std::string>> durable_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_QUESTIONS_H_
