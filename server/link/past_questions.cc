#include "server/link/past_questions.h"

#include <utility>
#include <vector>

#include "server/base/status.h"
#include "server/records/derived.h"
#include "server/records/fold.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

constexpr size_t kKeysInPage = 4096;

template <typename Record>
absl::StatusOr<Record> ReadRecord(const Store& store, const PayloadSealer& sealer,
                                  Position position, EntryHeader::Kind kind) {
  ASSIGN_OR_RETURN(const EntryRow row, store.GetEntry(position));
  ASSIGN_OR_RETURN(const EntryHeader header, ParseHeader(row.header));
  if (header.kind() != kind) return absl::DataLossError("a question has no answer beside it");
  ASSIGN_OR_RETURN(const ledger::v1::Payload payload, sealer.Open(row));
  const std::string* content = FindSection(payload, 4);
  Record record;
  if (content == nullptr || !record.ParseFromString(*content)) {
    return absl::DataLossError("a question's or answer's entry does not parse");
  }
  return record;
}

absl::StatusOr<PastQuestion> ReadPair(const Store& store, const PayloadSealer& sealer,
                                      Position position) {
  ASSIGN_OR_RETURN(const auto question, ReadRecord<ledger::v1::QuestionRecord>(
                                            store, sealer, position, EntryHeader::QUESTION));
  // One group holds both, so they stand side by side.
  position.index = Index(position.index.value() + 1);
  ASSIGN_OR_RETURN(const auto answer, ReadRecord<ledger::v1::AnswerRecord>(store, sealer, position,
                                                                           EntryHeader::ANSWER));
  if (answer.question_digest() != question.question_digest()) {
    return absl::DataLossError("a question has no answer beside it");
  }
  PastQuestion past;
  past.digest = question.question_digest();
  past.asker = question.asker();
  past.asked = absl::FromUnixMicros(question.time_us());
  if (question.expire_time_s() != 0) past.expires = absl::FromUnixSeconds(question.expire_time_s());
  past.code = static_cast<absl::StatusCode>(answer.status_code());
  past.refusal_reason = answer.outward_reason();
  past.sealed_answer = answer.sealed_answer();
  return past;
}

}  // namespace

absl::Status VisitPastQuestions(const Store& store, const PayloadSealer& sealer, absl::Time from,
                                const std::function<void(PastQuestion)>& visit) {
  absl::optional<DerivedKey> after =
      DerivedKey::Make(kQuestionHour, QuestionHourBody(from), Position{});
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<DerivedKey> keys,
                     store.TryFind(FindPrefix(kQuestionHour, ""), after, kKeysInPage));
    for (const DerivedKey& key : keys) {
      absl::StatusOr<PastQuestion> past = ReadPair(store, sealer, key.position());
      if (absl::IsNotFound(past.status())) continue;
      RETURN_IF_ERROR(past.status());
      visit(*std::move(past));
    }
    if (keys.size() < kKeysInPage) return absl::OkStatus();
    after = keys.back();
  }
}

}  // namespace lintas
