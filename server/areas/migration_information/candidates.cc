#include "server/areas/migration_information/candidates.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/areas/migration_information/answers.h"
#include "server/areas/migration_information/even_reads.h"
#include "server/areas/migration_information/record_events.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/aead.h"
#include "server/matching/normalise.h"
#include "server/records/terms.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

// Pages of one search: the same person may have many records.
constexpr int kPagesMax = 4;
constexpr size_t kPageRecords = 500;
constexpr size_t kWordLettersMin = 3;
// So that none begins with a hyphen, which a command line would take for an option.
constexpr char kReferencePrefix = 'c';

absl::Status InsufficientIdentifiers() {
  return MakeError(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS",
                   "an attaché finds by document number, or by name with complete birth date; a "
                   "name alone gives candidates");
}

absl::Status BadReference() {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_REFERENCE",
                   "not a candidate that you were shown on this case within ten minutes");
}

bool IsCompleteDate(const std::string& text) {
  matching::CivilDate date;
  return matching::ParseDate(text, &date);
}

// Who may use a reference, as the sealed bytes are bound to it. Upper and lower case are one case.
std::string HolderOf(const Call& call) {
  return absl::StrCat("candidate", std::string(1, '\0'), call.principal.spiffe_uri,
                      std::string(1, '\0'), absl::AsciiStrToUpper(call.case_id));
}

// The person of a rendered record; null if it shows none.
const types::v1::Person* PersonOf(const Message& record) {
  const auto* descriptor = record.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->message_type() != types::v1::Person::descriptor() || field->is_repeated()) continue;
    if (!record.GetReflection()->HasField(record, field)) continue;
    return static_cast<const types::v1::Person*>(
        &record.GetReflection()->GetMessage(record, field));
  }
  return nullptr;
}

// One person's records differ in much; these are told apart no further.
std::string IdentityOf(const types::v1::Person& person) {
  std::vector<DerivedTerm> words;
  for (const types::v1::PersonName& name : person.names()) {
    AppendNameTerms(absl::StrCat(name.family_name(), " ", name.given_name()), &words);
  }
  std::set<std::string> sorted;
  for (const DerivedTerm& word : words) sorted.insert(word.body);
  return absl::StrCat(absl::StrJoin(sorted, " "), "|", person.birth_date().year(), "-",
                      person.birth_date().month(), "-", person.birth_date().day());
}

// The bytes of the first letter (UTF-8) of `word`.
std::string FirstLetter(const std::string& word) {
  size_t size = 1;
  while (size < word.size() && (static_cast<unsigned char>(word[size]) & 0xC0) == 0x80) ++size;
  return word.substr(0, size);
}

}  // namespace

std::string Initials(const types::v1::Person& person) {
  if (person.names().empty()) return "";
  std::vector<std::string> letters;
  const types::v1::PersonName& name = person.names(0);
  for (const std::string& part : {name.family_name(), name.given_name()}) {
    std::string word;
    for (const char c : part + " ") {
      if (c != ' ' && c != '-') {
        word += c;
      } else if (!word.empty()) {
        letters.push_back(FirstLetter(word) + ".");
        word.clear();
      }
    }
  }
  return absl::StrJoin(letters, " ");
}

Candidates::Candidates(const Reader* reader, LookupMisses* misses)
    : reader_(reader), misses_(misses), key_(reader->deps().random->Bytes(kAeadKeySize)) {}

absl::Status Candidates::ChargeOpening(const Call& call) {
  const AgreementVersionPtr agreement = reader_->deps().book->InForce();
  uint32_t limit =
      agreement ? agreement->agreement().attache_limits().candidate_openings_per_day() : 0;
  if (limit == 0) limit = kOpeningsPerDayDefault;
  return openings_.Charge(call.principal.spiffe_uri, 1, limit, call.now);
}

void Candidates::Find(const Call& call, const v1::FindRecordsRequest& request,
                      const UnaryHandler& find, Reply reply) {
  if (request.document_number().empty() &&
      (request.person_name().empty() || !IsCompleteDate(request.birth_date()))) {
    return reply(InsufficientIdentifiers());
  }
  const absl::Status may = misses_->MayLookUp(call);
  if (!may.ok()) return reply(may);
  const FindQuery query = QueryOf(request);
  find(call, request, [this, call, query, reply](absl::StatusOr<Answered> answered) {
    if (!answered.ok()) return reply(std::move(answered));
    const absl::Status read = ReadOn(*reader_, query);
    if (!read.ok()) return reply(read);
    if (static_cast<const v1::FindRecordsResponse&>(*answered->response).records().empty()) {
      misses_->Count(call);
    }
    reply(std::move(answered));
  });
}

void Candidates::Ask(const Call& call, const Message& request, const UnaryHandler& ask,
                     Reply reply) {
  const absl::Status may = misses_->MayLookUp(call);
  if (!may.ok()) return reply(may);
  ask(call, request, [this, call, reply](absl::StatusOr<Answered> answered) {
    if (absl::IsNotFound(answered.status())) misses_->Count(call);
    reply(std::move(answered));
  });
}

std::string Candidates::Seal(const Call& call, const FoundRecord& found) const {
  const std::string plain =
      absl::StrCat(BigEndian64(absl::ToUnixSeconds(call.now + kReferenceLife)), found.record_id);
  return kReferencePrefix +
         absl::WebSafeBase64Escape(
             AeadSeal(key_, reader_->deps().random->Bytes(kAeadNonceSize), plain, HolderOf(call)));
}

absl::StatusOr<std::string> Candidates::RecordIdOf(const Call& call,
                                                   const std::string& reference) const {
  std::string sealed;
  if (reference.empty() || reference[0] != kReferencePrefix ||
      !absl::WebSafeBase64Unescape(reference.substr(1), &sealed)) {
    return BadReference();
  }
  const absl::StatusOr<std::string> plain = AeadOpen(key_, sealed, HolderOf(call));
  if (!plain.ok() || plain->size() != 8 + kRecordIdBytes) return BadReference();
  const auto expires = static_cast<int64_t>(LoadBigEndian64(plain->data()));
  if (absl::ToUnixSeconds(call.now) >= expires) return BadReference();
  return plain->substr(8);
}

absl::StatusOr<v1::SearchCandidatesResponse> Candidates::SearchByName(
    const Call& call, const FindQuery& query) const {
  v1::SearchCandidatesResponse response;
  std::set<std::string> shown;
  absl::optional<DerivedKey> after;
  const Sizes sizes = reader_->deps().store->sizes();
  for (int page_number = 0; page_number < kPagesMax; ++page_number) {
    ASSIGN_OR_RETURN(const Reader::Page page, reader_->Find(query, after, kPageRecords, sizes));
    for (const FoundRecord& found : page.records) {
      // `query.only_nationality` has seen to R7.
      const std::unique_ptr<Message> record = reader_->Render(found, call.sections, /*full=*/true);
      const types::v1::Person* person = PersonOf(*record);
      if (person == nullptr) continue;
      if (!shown.insert(IdentityOf(*person)).second) continue;
      v1::Candidate* candidate = response.add_candidates();
      candidate->set_reference(Seal(call, found));
      candidate->set_initials(Initials(*person));
      candidate->set_birth_year(person->birth_date().year());
      if (shown.size() == kCandidatesMax) return response;
    }
    if (!page.next) break;
    after = page.next;
  }
  return response;
}

void Candidates::Search(const Call& call, const Message& message, Reply reply) {
  const auto& request = static_cast<const v1::SearchCandidatesRequest&>(message);
  FindQuery query;
  query.person_name = request.person_name();
  if (call.own_nationals_only) {
    query.only_nationality = absl::AsciiStrToUpper(reader_->deps().country);
  }
  std::vector<DerivedTerm> words;
  AppendNameTerms(request.person_name(), &words);
  if (std::none_of(words.begin(), words.end(),
                   [](const DerivedTerm& word) { return word.body.size() >= kWordLettersMin; })) {
    return reply(FieldsError(
        {{"person_name", "TOO_SHORT", "a name with a word of at least three letters"}}));
  }
  const absl::Status valid = reader_->CheckQuery(query);
  if (!valid.ok()) return reply(valid);
  const absl::Status may = misses_->MayLookUp(call);
  if (!may.ok()) return reply(may);
  absl::StatusOr<v1::SearchCandidatesResponse> found = SearchByName(call, query);
  if (!found.ok()) return reply(found.status());
  const absl::Status read = ReadOn(*reader_, query);
  if (!read.ok()) return reply(read);
  if (found->candidates().empty()) misses_->Count(call);
  Answered answered;
  answered.disclosure.subject_tokens = reader_->SubjectTokens(query);
  answered.disclosure.record_count = static_cast<size_t>(found->candidates_size());
  answered.response = std::make_unique<v1::SearchCandidatesResponse>(*std::move(found));
  reply(std::move(answered));
}

void Candidates::Open(const Call& call, const Message& message, Reply reply) {
  const auto& request = static_cast<const v1::OpenCandidateRequest&>(message);
  const absl::StatusOr<std::string> record_id = RecordIdOf(call, request.reference());
  if (!record_id.ok()) return reply(record_id.status());
  const absl::Status charged = ChargeOpening(call);
  if (!charged.ok()) return reply(charged);
  const absl::StatusOr<FoundRecord> found = reader_->GetById(*record_id);
  if (!found.ok()) return reply(found.status());
  const auto* field = v1::AnyRecord::descriptor()->FindFieldByName(found->type->code());
  if (field == nullptr || call.sections.empty() || !OwnNational(*reader_, call, *found)) {
    return reply(NothingToShare());
  }
  auto response = std::make_unique<v1::AnyRecord>();
  response->GetReflection()->SetAllocatedMessage(
      response.get(), reader_->Render(*found, call.sections, request.view() == v1::FULL).release(),
      field);
  Answered answered;
  answered.disclosure.record_count = 1;
  answered.disclosure.record_names.push_back(found->name());
  answered.response = std::move(response);
  reply(std::move(answered));
}

}  // namespace lintas::migration_information
