// Questions across the border (P11, P25, P26): Questions asks the partner for our people and
// answers the partner's. Both sides' home ledgers hold question and answer before anybody sees it.
//
//   Q1  Every question from the partner appends one question and one answer entry, whatever comes
//   of it. Q2  Absent, protected and undisclosable give one answer: same shape, same length class,
//   same grid. Q3  A question is answered once; repeated until it expires, it gets the same answer
//   again. Q4  Refusals depend on caller, purpose and operation alone, and are decided before any
//   look-up.
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

#include "server/base/alarms.h"
#include "server/call/call.h"
#include "server/call/partner.h"
#include "server/link/keys.h"
#include "server/records/reader.h"

namespace lintas {

constexpr absl::Duration kAnswerGrid = absl::Milliseconds(25);  // P26
constexpr size_t kAnswerBucketBytes = 1024;                     // P26
constexpr size_t kHitsMax = 20;

class Questions final : public Asker {
 public:
  using AnswerDone = std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)>;

  // `suspension`: not OK while the link is suspended (P28).
  Questions(const RecordsDeps& deps, const Reader* reader, PartnerTransport* transport,
            SigningKey question_key, VerifyKey partner_question_key, Alarms* alarms,
            std::function<absl::Status()> suspension);

  // Called when Tick has something to do.
  void SetWake(std::function<void()> wake);

  // Ours to the partner.
  void Ask(partner::v1::Question question, const std::string& principal_uri,
           const std::string& case_id, const std::string& trace_id, absl::Time now,
           absl::Time deadline, std::function<void(absl::StatusOr<Result>)> done) override;

  // The partner's to us. `done` from Tick.
  void AnswerPartner(const partner::v1::SignedQuestion& question, absl::Time now, AnswerDone done);

  // True if anything was released.
  bool Tick(absl::Time now);
  // When Tick has something to do next.
  absl::Time next_release() const;

 private:
  struct Remembered {
    absl::Time expires;
    partner::v1::SignedAnswer answer;
    absl::Status status;
    bool ready = false;
    std::vector<AnswerDone> waiting;
  };
  absl::Status CheckQuestion(const partner::v1::SignedQuestion& signed_question, absl::Time now,
                             partner::v1::Question* question, AgreementVersionPtr* agreement) const;
  absl::Status CheckGrant(const partner::v1::Question& question,
                          const AgreementVersion& agreement) const;
  absl::Status Charge(const partner::v1::Question& question, const AgreementVersion& agreement,
                      absl::Time now);
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
  PreparedEntry QuestionEntry(const std::string& digest, const partner::v1::Question& question,
                              bool from_partner, const std::string& asker,
                              const std::string& case_id, absl::Time now) const;
  PreparedEntry AnswerEntry(const std::string& digest, const Disclosure& disclosure,
                            const absl::Status& outward, const std::string& home_reason,
                            absl::Time now) const;
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
  const VerifyKey partner_question_key_;
  Alarms* const alarms_;
  const std::function<absl::Status()> suspension_;

  mutable std::mutex mutex_;
  std::map<std::string, Remembered> remembered_;     // By question digest.
  std::multimap<absl::Time, std::string> releases_;  // Grid time to digest.
  std::map<std::string, uint32_t> charged_;          // Pseudonym to questions today.
  uint32_t charged_partner_ = 0;
  absl::CivilDay charged_day_;
  std::function<void()> wake_;
  std::vector<std::string> durable_;  // Digests to be given a grid time.
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_QUESTIONS_H_
