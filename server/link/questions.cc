#include "server/link/questions.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/agreement/release.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/aead.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/matching/normalise.h"
#include "server/records/askable.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;
using partner::v1::Question;

constexpr absl::Duration kClockSkewMax = absl::Minutes(2);
constexpr absl::Duration kReferenceLife = absl::Hours(24);
constexpr char kAnswerAad[] = "lintas/answer-again/v1";
// A longer name would leave more subject tokens than a search for one person needs.
constexpr size_t kNameBytesMax = 200;
constexpr size_t kCodeLengthMax = 63;
// A sealed answer shares its entry's section with the rest of the record.
constexpr size_t kSealedAnswerBytesMax = kSectionBytesMax - (64 << 10);

std::string Text(const Token& token) { return std::string(token.data(), token.size()); }

absl::Time GridAfter(absl::Time time) {
  const int64_t grid = absl::ToInt64Microseconds(kAnswerGrid);
  return absl::FromUnixMicros((absl::ToUnixMicros(time) / grid + 1) * grid);
}

// P26: the grid point is fixed by when the question came and not by when the work for it was done,
// which takes longer for a record that is there and may not be shared.
absl::Time ReleaseOf(absl::Time came) { return GridAfter(came + kAnswerGrid); }

absl::Status Refuse(absl::StatusCode code, absl::string_view reason, absl::string_view text) {
  return MakeError(code, reason, text);
}

// One text for each reason that a repeat may get again, so that the reason alone need be kept.
absl::Status Refusal(absl::StatusCode code, absl::string_view reason) {
  const absl::string_view text =
      reason == "NO_LEGAL_BASIS"  ? "no legal basis for this question"
      : reason == "NOT_COMPETENT" ? "the asking role is not competent for this purpose"
      : reason == "QUOTA"         ? "the agreement's number of questions a day is used up"
      : reason == "INSUFFICIENT_IDENTIFIERS"
          ? "a document or national number, a name with the birth date, or a reference with a "
            "justification, is needed"
          : "the question is refused";
  return MakeError(code, reason, text);
}

// What the partner's node said, without a word or a code of its own: it could write on an officer's
// terminal, give a ground that P26 does not know, or say "nothing to share" unsigned.
absl::Status InOurWords(const absl::Status& said) {
  const std::string reason = ErrorReason(said);
  constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
  if (reason == "NO_LEGAL_BASIS" || reason == "NOT_COMPETENT") {
    return Refusal(absl::StatusCode::kPermissionDenied, reason);
  }
  if (reason == "QUOTA") return Refusal(absl::StatusCode::kResourceExhausted, reason);
  if (reason == "INSUFFICIENT_IDENTIFIERS") {
    return Refusal(absl::StatusCode::kInvalidArgument, reason);
  }
  if (reason == "QUESTION_EXPIRED") {
    return MakeError(kFailed, reason,
                     "the question's time is over or not yet come; compare clocks");
  }
  if (reason == "NO_COMMON_AGREEMENT") {
    return MakeError(kFailed, reason, "no agreement is in force at the partner's node");
  }
  if (reason == "LINK_SUSPENDED") {
    return MakeError(kFailed, reason, "the partner's node has suspended the link");
  }
  return MakeError(kFailed, "PARTNER_REFUSED",
                   "the partner's node refused the question on no ground that is agreed");
}

absl::Status NoLegalBasis() {
  return Refusal(absl::StatusCode::kPermissionDenied, "NO_LEGAL_BASIS");
}
absl::Status QuotaIsUsedUp() { return Refusal(absl::StatusCode::kResourceExhausted, "QUOTA"); }
absl::Status InsufficientIdentifiers() {
  return Refusal(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS");
}

}  // namespace

Questions::Questions(const RecordsDeps& deps, const Reader* reader, PartnerTransport* transport,
                     SigningKey question_key, KeyHistory<VerifyKey> partner_question_key,
                     Alarms* alarms, std::function<absl::Status()> suspension)
    : deps_(deps),
      reader_(reader),
      transport_(transport),
      question_key_(std::move(question_key)),
      partner_question_key_(std::move(partner_question_key)),
      alarms_(alarms),
      suspension_(std::move(suspension)) {}

void Questions::SetWake(std::function<void()> wake) {
  std::lock_guard<std::mutex> lock(mutex_);
  wake_ = std::move(wake);
}

ledger::v1::QuestionRecord Questions::RecordOf(const Question& question) const {
  ledger::v1::QuestionRecord record;
  record.set_purpose(question.purpose());
  for (const Token& token : reader_->SubjectTokens(QueryOf(question))) {
    record.add_subject_tokens(token.data(), token.size());
  }
  return record;
}

PreparedEntry Questions::HomeEntry(EntryHeader::Kind kind,
                                   const google::protobuf::Message& record) const {
  EntryHeader header;
  header.set_kind(kind);
  header.set_retention_class("access");
  header.set_agreement_version(deps_.book->OwnVersion());
  return PrepareEntry(LedgerId::kHome, std::move(header), false, {{4, record.SerializeAsString()}},
                      *deps_.sealer, *deps_.random);
}

// --- Ours to the partner
// ---------------------------------------------------------------------------

void Questions::Ask(Question question, const std::string& principal_uri, const std::string& case_id,
                    const std::string& trace_id, absl::Time now, absl::Time deadline,
                    std::function<void(absl::StatusOr<Result>)> done) {
  const absl::Status suspension = suspension_();
  if (!suspension.ok()) return done(suspension);
  const AgreementVersionPtr agreement = deps_.book->InForce();
  if (agreement == nullptr) return done(deps_.book->NoCommonAgreementError());
  const LedgersOptions& options = deps_.ledgers->options();
  question.set_asker_country(deps_.country);
  question.set_answerer_country(deps_.partner_country);
  question.set_partnership(options.partnership);
  question.set_nonce(deps_.random->Bytes(16));
  question.set_issue_time_s(absl::ToUnixSeconds(now));
  question.set_expire_time_s(absl::ToUnixSeconds(now) + agreement->limits().question_ttl_s());
  question.set_agreement_digest(agreement->digest().str());
  // P25: a pseudonym per partner and year; the year by UTC.
  const std::string year = absl::FormatTime("%Y", now, absl::UTCTimeZone());
  question.set_officer_pseudonym(Text(deps_.tokens->Make(
      absl::StrCat("officer/", deps_.partner_country, "/", year), principal_uri)));
  if (!case_id.empty()) {
    question.set_case_token(Text(deps_.tokens->Make("case", case_id)));
  }
  partner::v1::SignedQuestion signed_question;
  signed_question.set_question(question.SerializeAsString());
  signed_question.set_signature(
      question_key_.Sign(SignedBytes("question", options.partnership, signed_question.question())));
  signed_question.set_trace_id(trace_id);
  const std::string digest = Sha256Of(signed_question.question()).str();
  ledger::v1::QuestionRecord record = RecordOf(question);
  record.set_question_digest(digest);
  record.set_asker(principal_uri);
  record.set_case_id(case_id);
  record.set_time_us(absl::ToUnixMicros(now));
  Group group;
  group.entries.push_back(HomeEntry(EntryHeader::QUESTION, record));
  group.durable = [this, signed_question, digest, now, deadline,
                   done = std::move(done)](absl::StatusOr<std::vector<Position>> written) {
    if (!written.ok()) return done(written.status());
    transport_->Ask(signed_question, deadline,
                    [this, digest, now, done](absl::StatusOr<partner::v1::SignedAnswer> response) {
                      Receive(std::move(response), digest, now, done);
                    });
  };
  deps_.ledgers->Enqueue(std::move(group));
}

void Questions::Receive(absl::StatusOr<partner::v1::SignedAnswer> response,
                        const std::string& digest, absl::Time now,
                        std::function<void(absl::StatusOr<Result>)> done) {
  absl::Status outcome = response.status();
  Result result;
  if (absl::IsUnavailable(outcome) || absl::IsDeadlineExceeded(outcome)) {
    outcome = MakeError(absl::StatusCode::kUnavailable, "PARTNER_UNREACHABLE",
                        "the partner's node did not answer; ask again later");
  } else if (!outcome.ok()) {
    outcome = InOurWords(outcome);
  } else {
    const std::string& partnership = deps_.ledgers->options().partnership;
    if (!SignedByPartner(SignedBytes("answer", partnership, response->answer()),
                         response->signature()) ||
        !result.answer.ParseFromString(response->answer()) ||
        result.answer.question_digest() != digest) {
      alarms_->Raise("BAD_ANSWER", "an answer is not signed by the partner or not to our question",
                     now);
      outcome = MakeError(absl::StatusCode::kDataLoss, "BAD_ANSWER",
                          "the partner's answer could not be verified");
    } else {
      result.answer_digest = Sha256Of(response->answer()).str();
    }
  }
  ledger::v1::AnswerRecord record;
  record.set_question_digest(digest);
  record.set_status_code(static_cast<int>(outcome.code()));
  record.set_outward_reason(ErrorReason(outcome));
  record.set_time_us(absl::ToUnixMicros(now));
  Group group;
  group.entries.push_back(HomeEntry(EntryHeader::ANSWER, record));
  group.durable = [outcome, result = std::move(result),
                   done = std::move(done)](absl::StatusOr<std::vector<Position>> written) {
    if (!outcome.ok()) return done(outcome);
    if (!written.ok()) return done(written.status());
    done(result);
  };
  deps_.ledgers->Enqueue(std::move(group));
}

// --- The partner's to us
// ---------------------------------------------------------------------------

FindQuery Questions::QueryOf(const Question& question) const {
  FindQuery query;
  query.document_number = question.document_number();
  query.document_issuer = question.document_issuer();
  query.national_number = question.national_number();
  query.person_name = question.person_name();
  query.birth_date = question.birth_date();
  query.types.assign(question.types().begin(), question.types().end());
  return query;
}

bool Questions::SignedByPartner(const std::string& bytes, const std::string& signature) const {
  for (const VerifyKey& key :
       partner_question_key_.NotEndedAt(deps_.ledgers->size(LedgerId::kReplica))) {
    if (key.Verify(bytes, signature)) return true;
  }
  return false;
}

// Q5. Bounds come first: nothing of what only claims to be the partner's is parsed at length.
absl::Status Questions::CheckForm(const partner::v1::SignedQuestion& signed_question,
                                  Question* question) const {
  const std::string& bytes = signed_question.question();
  if (bytes.size() > kQuestionBytesMax ||
      !SignedByPartner(SignedBytes("question", deps_.ledgers->options().partnership, bytes),
                       signed_question.signature())) {
    return Refuse(absl::StatusCode::kUnauthenticated, "BAD_QUESTION",
                  "the question is not signed by the partner's question key");
  }
  if (!question->ParseFromString(bytes) || question->nonce().size() != 16 ||
      question->officer_pseudonym().size() != kOfficerPseudonymBytes ||
      question->purpose().size() > kCodeLengthMax || question->role().size() > kCodeLengthMax ||
      question->person_name().size() > kNameBytesMax) {
    return Refuse(absl::StatusCode::kInvalidArgument, "BAD_QUESTION",
                  "the question breaks the form");
  }
  return absl::OkStatus();
}

absl::Status Questions::CheckPlaceAndTime(const Question& question, absl::Time now) const {
  if (question.partnership() != deps_.ledgers->options().partnership ||
      question.asker_country() != deps_.partner_country ||
      question.answerer_country() != deps_.country) {
    return Refuse(absl::StatusCode::kInvalidArgument, "BAD_QUESTION",
                  "the question is not addressed to this node");
  }
  const absl::Time issued = absl::FromUnixSeconds(question.issue_time_s());
  const absl::Time expires = absl::FromUnixSeconds(question.expire_time_s());
  if (issued > now + kClockSkewMax || expires <= now || expires - issued > kQuestionLifeMax) {
    return Refuse(absl::StatusCode::kFailedPrecondition, "QUESTION_EXPIRED",
                  "the question's time is over or not yet come; compare clocks");
  }
  return absl::OkStatus();
}

// A question that comes while nothing is answered is no final word on it: it may come again.
Questions::Incoming Questions::Judge(const partner::v1::SignedQuestion& signed_question,
                                     absl::Time now) const {
  Incoming in;
  in.digest = Sha256Of(signed_question.question()).str();
  in.outward = CheckForm(signed_question, &in.question);
  if (!in.outward.ok()) {
    alarms_->Raise("BAD_QUESTION", "a question came that the partner's node did not sign or form",
                   now);
    in.question.Clear();
    return in;
  }
  in.believed = true;
  in.outward = CheckPlaceAndTime(in.question, now);
  if (in.outward.ok()) in.outward = suspension_();
  if (!in.outward.ok()) return in;
  in.agreement = deps_.book->InForce();
  if (in.agreement == nullptr) {
    in.outward = deps_.book->NoCommonAgreementError();
    return in;
  }
  in.repeatable = true;
  in.outward = CheckGrant(in.question, *in.agreement);
  return in;
}

// Q4: by caller, purpose and operation alone.
absl::Status Questions::CheckGrant(const Question& question,
                                   const AgreementVersion& agreement) const {
  const agreement::v1::Purpose* purpose = agreement.FindPurpose(question.purpose());
  const agreement::v1::Grant* grant =
      agreement.Permit(question.role(), OperationName(Operation::kAskPartner), question.purpose());
  if (purpose == nullptr || (purpose->case_required() && question.case_token().empty())) {
    return NoLegalBasis();
  }
  if (grant == nullptr) {
    return Refusal(absl::StatusCode::kPermissionDenied, "NOT_COMPETENT");
  }
  if (question.kind() == Question::OPEN) {
    if (question.justification().empty() || question.reference().empty()) {
      return InsufficientIdentifiers();
    }
    return absl::OkStatus();
  }
  const bool by_number = !question.document_number().empty() || !question.national_number().empty();
  matching::CivilDate date;
  // R7: who may see own nationals only knows the whole birth date.
  const bool by_name =
      !question.person_name().empty() &&
      (grant->own_nationals_only() ? matching::ParseDate(question.birth_date(), &date)
                                   : !question.birth_date().empty());
  if (question.kind() != Question::FIND || (!by_number && !by_name) ||
      !reader_->CheckQuery(QueryOf(question)).ok()) {
    return InsufficientIdentifiers();
  }
  return absl::OkStatus();
}

absl::Status Questions::ChargeOfficer(const Question& question, const AgreementVersion& agreement,
                                      absl::Time now) {
  const absl::Status charged =
      officer_quota_.Charge(absl::BytesToHexString(question.officer_pseudonym()), 1,
                            agreement.limits().questions_per_officer_day(), now);
  return charged.ok() ? charged : QuotaIsUsedUp();
}

bool Questions::MayShare(const FoundRecord& found, const Question& question,
                         const AgreementVersion& agreement) const {
  if (!MayBeAskedFor(found, deps_.country, agreement)) return false;
  const agreement::v1::Grant* grant =
      agreement.Permit(question.role(), OperationName(Operation::kAskPartner), question.purpose());
  if (grant == nullptr || !grant->own_nationals_only()) return grant != nullptr;
  // R7: nationals of the asking country only, as the record shows them.
  const std::vector<std::string> shown = found.type->Nationalities(*reader_->Whole(found));
  return std::count(shown.begin(), shown.end(), absl::AsciiStrToUpper(question.asker_country())) !=
         0;
}

std::string Questions::Reference(const FoundRecord& found, const Question& question) const {
  const std::string key = deps_.tokens->Mac("reference-key", "").str();
  const std::string plain =
      absl::StrCat(found.record_id, BigEndian64(static_cast<uint64_t>(question.issue_time_s())));
  return AeadSeal(key, deps_.random->Bytes(kAeadNonceSize), plain,
                  absl::StrCat(question.officer_pseudonym(), "/", question.purpose()));
}

absl::StatusOr<std::string> Questions::OpenReference(const Question& question,
                                                     absl::Time now) const {
  const std::string key = deps_.tokens->Mac("reference-key", "").str();
  ASSIGN_OR_RETURN(const std::string plain,
                   AeadOpen(key, question.reference(),
                            absl::StrCat(question.officer_pseudonym(), "/", question.purpose())));
  if (plain.size() != kRecordIdBytes + 8) return absl::NotFoundError("not a reference");
  const absl::Time given =
      absl::FromUnixSeconds(static_cast<int64_t>(LoadBigEndian64(plain.data() + kRecordIdBytes)));
  if (now - given > kReferenceLife) return absl::NotFoundError("the reference is over");
  return plain.substr(0, kRecordIdBytes);
}

void Questions::FindHits(const Question& question, const AgreementVersion& agreement,
                         partner::v1::Answer* answer, Disclosure* disclosure) const {
  const absl::StatusOr<Reader::Page> page =
      reader_->Find(QueryOf(question), absl::nullopt, kHitsMax * 4, deps_.store->sizes());
  if (!page.ok()) return;
  for (const FoundRecord& found : page->records) {
    if (answer->hits_size() == static_cast<int>(kHitsMax)) break;
    if (!MayShare(found, question, agreement)) continue;
    partner::v1::Answer::Hit* hit = answer->add_hits();
    hit->set_reference(Reference(found, question));
    hit->set_type(found.type->code());
    hit->set_leaf_hash(merkle::LeafHash(SerializeHeader(found.content_header)).str());
    disclosure->record_names.push_back(found.name());
  }
}

void Questions::Open(const Question& question, const AgreementVersion& agreement,
                     partner::v1::Answer* answer, Disclosure* disclosure) const {
  const absl::StatusOr<std::string> record_id =
      OpenReference(question, absl::FromUnixSeconds(question.issue_time_s()));
  if (!record_id.ok()) return;
  const absl::StatusOr<FoundRecord> found = reader_->GetById(*record_id);
  if (!found.ok() || !MayShare(*found, question, agreement)) return;
  const std::vector<int> allowed = RequestSections(agreement, found->type->code());
  ledger::v1::Payload payload;
  payload.set_synthetic(found->payload.synthetic());
  for (const ledger::v1::Section& section : found->payload.sections()) {
    if (std::count(allowed.begin(), allowed.end(), static_cast<int>(section.section())) != 0) {
      *payload.add_sections() = section;
    }
  }
  if (payload.sections().empty()) return;
  answer->mutable_opened()->set_type(found->type->code());
  answer->mutable_opened()->set_payload(payload.SerializeAsString());
  answer->mutable_opened()->set_header(
      SerializeHeader(DisclosedHeader(found->content_header, payload)));
  answer->mutable_opened()->set_leaf_hash(
      merkle::LeafHash(SerializeHeader(found->content_header)).str());
  disclosure->record_names.push_back(found->name());
  disclosure->subject_tokens = reader_->SubjectTokensOf(*found);
}

partner::v1::Answer Questions::Compose(const Question& question, const AgreementVersion& agreement,
                                       Disclosure* disclosure, std::string* home_reason) const {
  partner::v1::Answer answer;
  if (question.kind() == Question::OPEN) {
    Open(question, agreement, &answer, disclosure);
  } else {
    FindHits(question, agreement, &answer, disclosure);
  }
  disclosure->record_count = disclosure->record_names.size();
  const bool found = disclosure->record_count > 0;
  if (!found) *home_reason = "NOTHING_DISCLOSED";
  answer.set_outcome(found ? partner::v1::Answer::FOUND : partner::v1::Answer::NOTHING_TO_SHARE);
  answer.set_agreement_version(agreement.version());
  return answer;
}

// Padded so that answers of one kind have one length (Q2).
partner::v1::SignedAnswer Questions::Sign(partner::v1::Answer answer) const {
  answer.clear_padding();
  // Tag and length of a padding of 128 to 16,383 bytes take 3 bytes.
  const size_t bare = answer.ByteSizeLong() + 3;
  size_t fill = (kAnswerBucketBytes - bare % kAnswerBucketBytes) % kAnswerBucketBytes;
  if (fill < 128) fill += kAnswerBucketBytes;
  answer.set_padding(deps_.random->Bytes(fill));
  partner::v1::SignedAnswer out;
  out.set_answer(answer.SerializeAsString());
  LINTAS_CHECK(out.answer().size() % kAnswerBucketBytes == 0);
  out.set_signature(question_key_.Sign(
      SignedBytes("answer", deps_.ledgers->options().partnership, out.answer())));
  return out;
}

// A key that the node holds and bytes that it does not keep: an answer given stays readable to the
// one who asked and does not outlive the record's erasure here (P4, P25).
std::string Questions::SealAnswer(const std::string& question,
                                  const partner::v1::SignedAnswer& answer) const {
  return AeadSeal(deps_.tokens->Mac("answer-key", question).view(),
                  deps_.random->Bytes(kAeadNonceSize), answer.SerializeAsString(), kAnswerAad);
}

absl::StatusOr<partner::v1::SignedAnswer> Questions::OpenAnswer(const std::string& question,
                                                                const std::string& sealed) const {
  ASSIGN_OR_RETURN(const std::string plain,
                   AeadOpen(deps_.tokens->Mac("answer-key", question).view(), sealed, kAnswerAad));
  partner::v1::SignedAnswer answer;
  if (!answer.ParseFromString(plain)) return absl::DataLossError("an answer does not parse");
  return answer;
}

absl::Status Questions::Restore(absl::Time now) {
  const absl::Time day =
      absl::FromCivil(absl::ToCivilDay(now, absl::UTCTimeZone()), absl::UTCTimeZone());
  const absl::Time from = std::min(day, now - kQuestionLifeMax - kClockSkewMax);
  std::lock_guard<std::mutex> lock(mutex_);
  return VisitPastQuestions(*deps_.store, *deps_.sealer, from, [this, now](PastQuestion past) {
    // What was let through before is counted, whatever the limit is today.
    constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
    partner_quota_.Charge("", 1, kNoLimit, past.asked).IgnoreError();
    const bool answered = past.code == absl::StatusCode::kOk;
    if (answered) officer_quota_.Charge(past.asker, 1, kNoLimit, past.asked).IgnoreError();
    if (past.expires <= now || (answered && past.sealed_answer.empty())) return;
    Remembered& remembered = remembered_[past.digest];
    remembered.expires = past.expires;
    if (!answered) remembered.status = Refusal(past.code, past.refusal_reason);
    remembered.sealed_answer = std::move(past.sealed_answer);
    remembered.ready = true;
  });
}

// True if the question was heard before: its answer goes out again. With mutex_ held.
bool Questions::Repeat(const partner::v1::SignedQuestion& signed_question,
                       const std::string& digest, absl::Time now, AnswerDone* done) {
  const auto found = remembered_.find(digest);
  if (found == remembered_.end()) return false;
  Remembered& remembered = found->second;
  if (!remembered.sealed_answer.empty()) {
    absl::StatusOr<partner::v1::SignedAnswer> answer =
        OpenAnswer(signed_question.question(), remembered.sealed_answer);
    if (!answer.ok()) {
      // Sealed under a node key that is no longer there.
      remembered_.erase(found);
      return false;
    }
    remembered.answer = *std::move(answer);
    remembered.sealed_answer.clear();
  }
  remembered.waiting.push_back(std::move(*done));
  if (remembered.ready) releases_.emplace(ReleaseOf(now), digest);
  return true;
}

// Takes the pair of entries out of the partner's day. False if there is none left; the last one,
// beyond the limit, says that it is reached. With mutex_ held.
bool Questions::TakeEntries(Incoming* incoming, absl::Time now) {
  const AgreementVersionPtr agreement = deps_.book->InForce();
  const uint64_t limit =
      agreement ? agreement->limits().questions_per_partner_day() : kQuestionsWithoutAgreementMax;
  if (!partner_quota_.Charge("", 1, limit + 1, now).ok()) {
    ++unrecorded_count_;
    alarms_->Raise("QUESTIONS_OVER_QUOTA",
                   absl::StrCat("the partner asks more than the agreement allows a day; refused ",
                                "without an entry since the start: ", unrecorded_count_),
                   now);
    return false;
  }
  if (partner_quota_.Used("", now) > limit && incoming->outward.ok()) {
    incoming->outward = QuotaIsUsedUp();
  }
  return true;
}

void Questions::AnswerPartner(const partner::v1::SignedQuestion& signed_question, absl::Time now,
                              AnswerDone done) {
  Incoming in = Judge(signed_question, now);
  std::string key = in.digest;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (in.repeatable && Repeat(signed_question, in.digest, now, &done)) return;
    if (TakeEntries(&in, now)) {
      if (!in.repeatable) key = absl::StrCat("once/", ++unrepeatable_count_);
      Remembered& remembered = remembered_[key];
      remembered.waiting.push_back(std::exchange(done, nullptr));
      remembered.expires = in.repeatable ? absl::FromUnixSeconds(in.question.expire_time_s()) : now;
    }
  }
  if (done) return done(QuotaIsUsedUp());
  Disclosure disclosure;
  ledger::v1::AnswerRecord record;
  partner::v1::SignedAnswer answer;
  if (in.outward.ok()) in.outward = ChargeOfficer(in.question, *in.agreement, now);
  if (in.outward.ok()) {
    std::string home_reason;
    partner::v1::Answer composed = Compose(in.question, *in.agreement, &disclosure, &home_reason);
    composed.set_question_digest(in.digest);
    composed.set_answer_time_s(absl::ToUnixSeconds(now));
    answer = Sign(std::move(composed));
    record.set_home_reason(home_reason);
    for (const std::string& name : disclosure.record_names) record.add_record_names(name);
    std::string sealed = SealAnswer(signed_question.question(), answer);
    if (sealed.size() <= kSealedAnswerBytesMax) record.set_sealed_answer(std::move(sealed));
  }
  Record(in, key, now, disclosure.subject_tokens, std::move(record), std::move(answer));
}

void Questions::Record(const Incoming& incoming, const std::string& key, absl::Time now,
                       const std::vector<Token>& opened, ledger::v1::AnswerRecord answer_record,
                       partner::v1::SignedAnswer answer) {
  ledger::v1::QuestionRecord question_record;
  if (incoming.believed) {
    question_record = RecordOf(incoming.question);
    question_record.set_asker(absl::BytesToHexString(incoming.question.officer_pseudonym()));
    for (const Token& token : opened)
      question_record.add_subject_tokens(token.data(), token.size());
  }
  question_record.set_question_digest(incoming.digest);
  question_record.set_from_partner(true);
  question_record.set_time_us(absl::ToUnixMicros(now));
  if (incoming.repeatable) question_record.set_expire_time_s(incoming.question.expire_time_s());
  answer_record.set_question_digest(incoming.digest);
  answer_record.set_status_code(static_cast<int>(incoming.outward.code()));
  answer_record.set_outward_reason(ErrorReason(incoming.outward));
  answer_record.set_time_us(absl::ToUnixMicros(now));
  Group group;
  group.entries.push_back(HomeEntry(EntryHeader::QUESTION, question_record));
  group.entries.push_back(HomeEntry(EntryHeader::ANSWER, answer_record));
  group.durable = [this, key, release = ReleaseOf(now), answer = std::move(answer),
                   outward = incoming.outward](absl::StatusOr<std::vector<Position>> written) {
    std::function<void()> wake;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      Remembered& remembered = remembered_[key];
      remembered.answer = answer;
      remembered.status = written.ok() ? outward : written.status();
      remembered.ready = true;
      durable_.emplace_back(release, key);
      wake = wake_;
    }
    if (wake) wake();
  };
  deps_.ledgers->Enqueue(std::move(group));
}

bool Questions::Tick(absl::Time now) {
  struct Out {
    AnswerDone done;
    absl::StatusOr<partner::v1::SignedAnswer> answer;
  };
  std::vector<Out> out;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [release, key] : durable_) {
      releases_.emplace(release > now ? release : GridAfter(now), std::move(key));
    }
    durable_.clear();
    while (!releases_.empty() && releases_.begin()->first <= now) {
      const auto found = remembered_.find(releases_.begin()->second);
      releases_.erase(releases_.begin());
      if (found == remembered_.end()) continue;
      for (AnswerDone& done : found->second.waiting) {
        if (found->second.status.ok()) {
          out.push_back({std::move(done), found->second.answer});
        } else {
          out.push_back({std::move(done), found->second.status});
        }
      }
      found->second.waiting.clear();
    }
    for (auto it = remembered_.begin(); it != remembered_.end();) {
      const bool over = it->second.expires <= now && it->second.ready && it->second.waiting.empty();
      it = over ? remembered_.erase(it) : std::next(it);
    }
  }
  for (Out& each : out) each.done(std::move(each.answer));
  return !out.empty();
}

uint64_t Questions::unrecorded_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return unrecorded_count_;
}

absl::Time Questions::next_release() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return releases_.empty() ? absl::InfiniteFuture() : releases_.begin()->first;
}

}  // namespace lintas
