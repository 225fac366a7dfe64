#include "server/areas/migration_information/proposals.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lintas/migration_information/v1/crossing.pb.h"
#include "lintas/migration_information/v1/list_match.pb.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "server/agreement/release.h"
#include "server/areas/migration_information/any_record.h"
#include "server/areas/migration_information/record_events.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/matching/normalise.h"
#include "server/records/access_entry.h"
#include "server/records/askable.h"
#include "server/records/procedure/content.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

constexpr size_t kPageRecords = 500;
// Of one person of a list; more adds no type of record.
constexpr size_t kRecordsPerLineMax = 50;
constexpr int kPeopleMax = 500;  // list_match.proto
// Keys are read by the page: a common name ends without a hit before it reads the whole store.
constexpr int kPagesMax = 4;

std::string TypeOf(v1::RecordRequest::What what) {
  switch (what) {
    case v1::RecordRequest::LAST_ENTRY:
    case v1::RecordRequest::CROSSINGS:
      return "crossing";
    case v1::RecordRequest::STAY_PERMITS:
      return "stay_permit";
    case v1::RecordRequest::WORK_PERMITS:
      return "work_permit";
    case v1::RecordRequest::TRAVEL_DOCUMENT:
      return "travel_document";
    case v1::RecordRequest::VISAS:
      return "visa";
    case v1::RecordRequest::OVERSTAYS:
      return "overstay";
    default:
      return "";
  }
}

// One look-up for a request of the partner's.
class Search {
 public:
  Search(const Reader& reader, const Call& call, AgreementVersionPtr agreement)
      : reader_(reader), call_(call), agreement_(std::move(agreement)) {}

  // Own records that may be asked for and that the caller may see, oldest entries first, at most
  // `limit`; `more`: others may follow.
  absl::StatusOr<std::vector<FoundRecord>> Find(const FindQuery& query, size_t limit,
                                                bool* more) const {
    std::vector<FoundRecord> kept;
    absl::optional<DerivedKey> after;
    *more = false;
    for (int read = 0; read < kPagesMax && kept.size() < limit; ++read) {
      ASSIGN_OR_RETURN(Reader::Page page,
                       reader_.Find(query, after, kPageRecords, reader_.deps().store->sizes()));
      for (FoundRecord& found : page.records) {
        if (!May(found)) continue;
        if (kept.size() == limit) *more = true;
        if (kept.size() < limit) kept.push_back(std::move(found));
      }
      after = page.next;
      if (!after) return kept;
    }
    *more = true;
    return kept;
  }

  // As it may stand in a step: the sections that may be asked for, of what the caller sees, and
  // nothing that is the node's own.
  std::unique_ptr<Message> Copy(const FoundRecord& found) const {
    std::set<int> sections;
    for (const int section : RequestSections(*agreement_, found.type->code())) {
      if (call_.sections.count(section) != 0) sections.insert(section);
    }
    std::unique_ptr<Message> copy = reader_.Render(found, sections, /*full=*/true);
    ClearNodesOwn(copy.get());
    return copy;
  }

 private:
  bool May(const FoundRecord& found) const {
    const std::unique_ptr<Message> whole = reader_.Whole(found);
    return MayBeAskedFor(found, reader_.deps().country, *agreement_) &&
           IsPartysNational(*agreement_, found.type->Nationalities(*whole)) &&
           OwnNational(reader_, call_, found);
  }

  const Reader& reader_;
  const Call& call_;
  const AgreementVersionPtr agreement_;
};

// Leaves the newest entry of somebody who was let in. `found` are the records in the answer.
void KeepLastEntry(v1::RecordAnswer* answer, std::vector<FoundRecord>* found) {
  int newest = -1;
  for (int i = 0; i < answer->records_size(); ++i) {
    const v1::Crossing& each = answer->records(i).crossing();
    if (each.direction() != v1::Crossing::ENTRY || each.outcome() != v1::Crossing::ADMITTED)
      continue;
    if (newest < 0 || each.crossing_time().seconds() >
                          answer->records(newest).crossing().crossing_time().seconds()) {
      newest = i;
    }
  }
  v1::RecordAnswer kept;
  std::vector<FoundRecord> of;
  if (newest >= 0) {
    *kept.add_records() = answer->records(newest);
    of.push_back((*found)[static_cast<size_t>(newest)]);
  }
  answer->Swap(&kept);
  found->swap(of);
}

AgreementVersionPtr InForce(const Reader& reader) { return reader.deps().book->InForce(); }

absl::StatusOr<AnswerProposal> ProposeRecords(const Reader& reader, const Call& call,
                                              const Message& message) {
  const auto& request = static_cast<const v1::RecordRequest&>(message);
  const AgreementVersionPtr agreement = InForce(reader);
  if (agreement == nullptr) return reader.deps().book->NoCommonAgreementError();
  FindQuery query;
  query.document_number = request.document().number();
  query.document_issuer = request.document().issuer();
  query.types = {TypeOf(request.what())};
  RETURN_IF_ERROR(reader.CheckQuery(query));
  const Search search(reader, call, agreement);
  const bool last_entry = request.what() == v1::RecordRequest::LAST_ENTRY;
  bool more = false;
  ASSIGN_OR_RETURN(
      std::vector<FoundRecord> found,
      search.Find(query, last_entry ? kPagesMax * kPageRecords : kStepRecordsMax, &more));
  if (last_entry && more) {
    // What was entered last was not read: an older entry would be a wrong answer.
    return MakeError(absl::StatusCode::kFailedPrecondition, "NOTHING_TO_ANSWER",
                     "more crossings than a proposal reads; answer by hand");
  }
  auto answer = std::make_unique<v1::RecordAnswer>();
  for (const FoundRecord& each : found) {
    SetAny(search.Copy(each), *each.type, answer->add_records());
  }
  if (last_entry) KeepLastEntry(answer.get(), &found);
  answer->set_outcome(found.empty() ? v1::RecordAnswer::NOTHING_TO_SHARE
                                    : v1::RecordAnswer::DISCLOSED);
  AnswerProposal proposal;
  proposal.step = more ? "ANSWER_PARTLY" : "ANSWER";
  proposal.disclosure.subject_tokens = reader.SubjectTokens(query);
  for (const FoundRecord& each : found) Disclose(each.name(), &proposal.disclosure);
  proposal.content = std::move(answer);
  return proposal;
}

FindQuery QueryOf(const v1::ListMatch::ListedPerson& person) {
  FindQuery query;
  query.document_number = person.document().number();
  query.document_issuer = person.document().issuer();
  query.national_number = person.national_number();
  query.person_name = person.person_name();
  query.birth_date = person.birth_date();
  return query;
}

// R7's measure, for whoever asks: a number, or a name with the complete birth date.
bool TellsApart(const FindQuery& query) {
  matching::CivilDate born;
  return !query.document_number.empty() || !query.national_number.empty() ||
         (!query.person_name.empty() && matching::ParseDate(query.birth_date, &born));
}

absl::StatusOr<AnswerProposal> ProposeMatches(const Reader& reader, Clock& clock, const Call& call,
                                              const Message& message) {
  const auto& list = static_cast<const v1::ListMatch&>(message);
  const AgreementVersionPtr agreement = InForce(reader);
  if (agreement == nullptr) return reader.deps().book->NoCommonAgreementError();
  const Search search(reader, call, agreement);
  auto answer = std::make_unique<v1::ListMatchAnswer>();
  AnswerProposal proposal;
  if (list.people_size() > kPeopleMax) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "NOTHING_TO_ANSWER",
                     "a list of more than 500 people is refused, not answered");
  }
  for (int i = 0; i < list.people_size(); ++i) {
    const FindQuery query = QueryOf(list.people(i));
    // Somebody who cannot be told from others by what was given is no hit.
    if (!TellsApart(query) || !reader.CheckQuery(query).ok()) continue;
    if (clock.Now() > call.deadline) {
      return MakeError(absl::StatusCode::kDeadlineExceeded, "TOO_LONG",
                       "the list takes longer than the call may");
    }
    for (const Token& token : reader.SubjectTokens(query)) {
      proposal.disclosure.subject_tokens.push_back(token);
    }
    bool more = false;  // More records add no hit.
    ASSIGN_OR_RETURN(const std::vector<FoundRecord> found,
                     search.Find(query, kRecordsPerLineMax, &more));
    if (found.empty()) continue;
    std::set<std::string> types;
    for (const FoundRecord& each : found) {
      types.insert(each.type->code());
      Disclose(each.name(), &proposal.disclosure);
    }
    v1::ListMatchAnswer::Line* line = answer->add_lines();
    line->set_line(static_cast<uint32_t>(i + 1));
    for (const std::string& type : types) line->add_types(type);
  }
  proposal.step = "ANSWER";
  proposal.content = std::move(answer);
  return proposal;
}

}  // namespace

AnswerProposers Proposers(const Reader* reader, Clock* clock) {
  return {{"record_request",
           [reader](const Call& call, const Message& request) {
             return ProposeRecords(*reader, call, request);
           }},
          {"list_match", [reader, clock](const Call& call, const Message& request) {
             return ProposeMatches(*reader, *clock, call, request);
           }}};
}

}  // namespace lintas::migration_information
