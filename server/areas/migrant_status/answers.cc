#include "server/areas/migrant_status/answers.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lintas/options/v1/options.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/matching/normalise.h"
#include "server/records/access_entry.h"

namespace lintas::migrant_status {
namespace {

using google::protobuf::Message;

// Nothing is said of somebody of whom only a part was read.
absl::Status TooManyRecords() {
  return MakeError(absl::StatusCode::kFailedPrecondition, "TOO_MANY_RECORDS",
                   "more records than a status is founded on; look at the person by hand");
}

// Both seats are at UTC+7 (DOMAIN section 2); used where the agreement names no zone.
constexpr int kSeatOffsetMinutes = 420;

void DiscloseAll(const PersonRecords& person, Disclosure* disclosure) {
  for (const ShownRecord& record : person) Disclose(record.name, disclosure);
}

void AddScreenReason(v1::LineResult::ScreenReason reason, v1::LineResult* result) {
  result->set_screen_first(true);
  result->add_screen_reasons(reason);
}

}  // namespace

absl::StatusOr<Day> Answers::DayOf(const std::string& text, absl::Time now) const {
  matching::CivilDate date;
  if (!text.empty()) {
    if (!matching::ParseDate(text, &date)) {
      return FieldsError({{"at_date", "NOT_A_DATE", "a day as YYYY-MM-DD (RFC 3339)"}});
    }
    return Day(date.year, date.month, date.day);
  }
  int offset = kSeatOffsetMinutes;
  if (const AgreementVersionPtr agreement = records().book->InForce(); agreement != nullptr) {
    for (const auto& calendar : agreement->agreement().calendars()) {
      if (calendar.country() == records().country && calendar.zones_size() > 0) {
        offset = calendar.zones(0).utc_offset_minutes();
      }
    }
  }
  return Day(absl::ToCivilSecond(now + absl::Minutes(offset), absl::UTCTimeZone()));
}

std::vector<v1::AxisStatus> Answers::AxesOf(const Call& call, const PersonRecords& person,
                                            Day at) const {
  static const auto& none = *new agreement::v1::StatusTerms();
  std::map<std::string, Facts> by_owner;
  for (const ShownRecord& record : person) {
    Facts& facts = by_owner[record.owner];
    facts.owner = record.owner;
    facts.complete = record.owner == records().country;
    AddFacts(*record.message, &facts);
  }
  PersonFacts facts;
  facts.nationalities = NationalitiesOf(person);
  for (auto& [owner, each] : by_owner) {
    Sort(&each);
    facts.by_owner.push_back(std::move(each));
  }
  const AgreementVersionPtr agreement = records().book->InForce();
  const Viewpoint viewpoint{records().country, records().partner_country,
                            call.sections.count(options::v1::Field::PROTECTED) != 0,
                            agreement == nullptr ? none : agreement->agreement().status_terms()};
  return Evaluate(facts, viewpoint, at);
}

v1::PersonStatus Answers::StatusOf(const Call& call, const FoundPerson& found, Day at) const {
  v1::PersonStatus status;
  status.set_reference(found.records[0].name);
  for (v1::Identity& identity : IdentitiesOf(found.records)) {
    *status.add_identities() = std::move(identity);
  }
  *status.mutable_match() = found.match;
  for (v1::AxisStatus& axis : AxesOf(call, found.records, at)) {
    *status.add_axes() = std::move(axis);
  }
  for (const auto doubt : DoubtsOf(found.records)) status.add_doubts(doubt);
  return status;
}

void Answers::GetStatus(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetStatusRequest&>(message);
  const absl::Status valid = search_.Check(call, request.person());
  if (!valid.ok()) return reply(valid);
  const absl::StatusOr<Day> at = DayOf(request.at_date(), call.now);
  if (!at.ok()) return reply(at.status());
  if (call.own_nationals_only) {
    const absl::Status may = deps_.misses->MayLookUp(call);
    if (!may.ok()) return reply(may);
  }
  const absl::StatusOr<PersonSearch::Result> found =
      search_.Find(call, request.person(), PersonSearch::Width::kWide);
  if (!found.ok()) return reply(found.status());
  if (found->incomplete) return reply(TooManyRecords());
  if (call.own_nationals_only && found->persons.empty()) deps_.misses->Count(call);
  auto response = std::make_unique<v1::GetStatusResponse>();
  Answered answered;
  answered.disclosure.subject_tokens = search_.SubjectTokens(request.person());
  for (const FoundPerson& person : found->persons) {
    *response->add_persons() = StatusOf(call, person, *at);
    DiscloseAll(person.records, &answered.disclosure);
  }
  response->set_at_date(Text(*at));
  response->set_replica_age_s(deps_.replica_age_s());
  response->set_agreement_version(call.agreement_version);
  response->set_more_persons(found->more && !call.own_nationals_only);
  answered.response = std::move(response);
  reply(std::move(answered));
}

absl::Status Answers::ChargeLines(const Call& call, int count) const {
  const AgreementVersionPtr agreement = records().book->InForce();
  const uint32_t limit =
      agreement == nullptr ? 0 : agreement->agreement().status_terms().lines_per_day();
  return lines_.Charge(call.principal.spiffe_uri, static_cast<uint64_t>(count), limit, call.now);
}

absl::StatusOr<v1::LineResult> Answers::CheckLine(const Call& call,
                                                  const v1::CheckStatusRequest::Line& line, Day at,
                                                  Disclosure* disclosure) const {
  v1::LineResult result;
  result.set_line_number(line.line_number());
  const absl::Status valid = search_.Check(call, line.person());
  if (!valid.ok()) {
    result.add_gaps(v1::LineResult::INVALID_LINE);
    for (const FieldViolation& violation : FieldViolations(valid)) {
      auto* out = result.add_violations();
      out->set_field(violation.field);
      out->set_rule(violation.rule);
      out->set_description(violation.description);
    }
    if (result.violations().empty()) {
      result.add_violations()->set_rule(ErrorReason(valid));
      result.mutable_violations(0)->set_description(std::string(valid.message()));
    }
    AddScreenReason(v1::LineResult::NOT_ONE_PERSON, &result);
    return result;
  }
  ASSIGN_OR_RETURN(const PersonSearch::Result found,
                   search_.Find(call, line.person(), PersonSearch::Width::kExact));
  for (const Token& token : search_.SubjectTokens(line.person())) {
    disclosure->subject_tokens.push_back(token);
  }
  for (const FoundPerson& person : found.persons) DiscloseAll(person.records, disclosure);
  if (found.incomplete) {
    result.add_gaps(v1::LineResult::TOO_MANY_RECORDS);
    AddScreenReason(v1::LineResult::NOT_ONE_PERSON, &result);
    return result;
  }
  if (found.persons.size() != 1) {
    result.add_gaps(found.persons.empty() ? v1::LineResult::NOTHING_TO_SHARE
                                          : v1::LineResult::SEVERAL_PERSONS);
    AddScreenReason(v1::LineResult::NOT_ONE_PERSON, &result);
    return result;
  }
  const PersonRecords& person = found.persons[0].records;
  const std::vector<v1::AxisStatus> axes = AxesOf(call, person, at);
  result.set_reference(person[0].name);
  if (IsByName(line.person())) result.add_gaps(v1::LineResult::FOUND_BY_NAME);
  if (!DoubtsOf(person).empty() || found.persons[0].match.contradiction()) {
    result.add_gaps(v1::LineResult::IDENTITY_DOUBT);
  }
  for (const auto reason : ScreenReasons(axes)) AddScreenReason(reason, &result);
  for (const v1::AxisStatus& axis : axes) *result.add_axes() = axis;
  return result;
}

void Answers::CheckStatus(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::CheckStatusRequest&>(message);
  if (request.lines().empty() || request.lines_size() > kLinesPerPageMax) {
    return reply(FieldsError({{"lines", "TOO_MANY", "1 to 500 lines a page"}}));
  }
  const absl::StatusOr<Day> at = DayOf(request.at_date(), call.now);
  if (!at.ok()) return reply(at.status());
  const absl::Status charged = ChargeLines(call, request.lines_size());
  if (!charged.ok()) return reply(charged);
  auto response = std::make_unique<v1::CheckStatusResponse>();
  Answered answered;
  for (const auto& line : request.lines()) {
    absl::StatusOr<v1::LineResult> result = CheckLine(call, line, *at, &answered.disclosure);
    if (!result.ok()) return reply(result.status());
    *response->add_results() = *std::move(result);
  }
  response->set_at_date(Text(*at));
  response->set_replica_age_s(deps_.replica_age_s());
  answered.response = std::move(response);
  reply(std::move(answered));
}

}  // namespace lintas::migrant_status
