#include "server/areas/migrant_status/facts.h"

#include <algorithm>
#include <tuple>

#include "lintas/migration_information/v1/any_record.pb.h"
#include "server/matching/normalise.h"

namespace lintas::migrant_status {
namespace {

namespace mi = migration_information::v1;
using google::protobuf::Message;

MaybeDay DayOf(const std::string& text) {
  matching::CivilDate date;
  if (!matching::ParseDate(text, &date)) return absl::nullopt;
  return Day(date.year, date.month, date.day);
}

void Add(const mi::Crossing& record, Facts* facts) {
  CrossingFact fact;
  fact.name = record.name();
  fact.entry = record.direction() == mi::Crossing::ENTRY;
  fact.admitted = record.outcome() == mi::Crossing::ADMITTED;
  fact.refused = record.outcome() == mi::Crossing::REFUSED;
  fact.time = absl::FromUnixSeconds(record.crossing_time().seconds());
  fact.day = Day(absl::ToCivilSecond(fact.time + absl::Minutes(record.utc_offset_minutes()),
                                     absl::UTCTimeZone()));
  fact.visa_class = record.visa_class();
  fact.permitted_until = DayOf(record.permitted_until_date());
  fact.purpose = record.purpose();
  facts->crossings.push_back(std::move(fact));
}

void Add(const mi::StayPermit& record, Facts* facts) {
  facts->stay_permits.push_back({record.name(), record.permit_class(), DayOf(record.start_date()),
                                 DayOf(record.end_date()),
                                 record.status() == mi::StayPermit::CANCELLED});
}

void Add(const mi::Visa& record, Facts* facts) {
  const bool usable =
      record.status() != mi::Visa::CANCELLED && record.status() != mi::Visa::REFUSED;
  facts->visas.push_back({record.name(), record.visa_class(), DayOf(record.start_date()),
                          DayOf(record.end_date()), record.stay_days(), usable});
}

void Add(const mi::WorkPermit& record, Facts* facts) {
  WorkPermitFact fact{record.name(), DayOf(record.start_date()), DayOf(record.end_date()),
                      record.status() == mi::WorkPermit::CANCELLED, record.employer()};
  if (record.year() > 0) {
    if (!fact.start) fact.start = Day(record.year(), 1, 1);
    if (!fact.end) fact.end = Day(record.year(), 12, 31);
  }
  facts->work_permits.push_back(std::move(fact));
}

void Add(const mi::Overstay& record, Facts* facts) {
  const MaybeDay until = DayOf(record.permitted_until_date());
  if (!until) return;
  facts->overstays.push_back({record.name(), *until, DayOf(record.departure_date())});
}

// What was known of a stay permit, a work permit: no start means that it always ran.
template <typename Permit>
bool RunsOn(const Permit& permit, Day at) {
  return !permit.cancelled && (!permit.start || *permit.start <= at) && permit.end &&
         at <= *permit.end;
}

}  // namespace

void AddFacts(const Message& record, Facts* facts) {
  const auto* type = record.GetDescriptor();
  if (type == mi::Crossing::descriptor()) {
    Add(static_cast<const mi::Crossing&>(record), facts);
  } else if (type == mi::StayPermit::descriptor()) {
    Add(static_cast<const mi::StayPermit&>(record), facts);
  } else if (type == mi::Visa::descriptor()) {
    Add(static_cast<const mi::Visa&>(record), facts);
  } else if (type == mi::WorkPermit::descriptor()) {
    Add(static_cast<const mi::WorkPermit&>(record), facts);
  } else if (type == mi::Overstay::descriptor()) {
    Add(static_cast<const mi::Overstay&>(record), facts);
  } else if (type == mi::Traveller::descriptor()) {
    facts->others.push_back(static_cast<const mi::Traveller&>(record).name());
  } else if (type == mi::TravelDocument::descriptor()) {
    facts->others.push_back(static_cast<const mi::TravelDocument&>(record).name());
  }
}

void Sort(Facts* facts) {
  // At one moment an entry comes before a departure; names make the order total.
  std::sort(facts->crossings.begin(), facts->crossings.end(),
            [](const CrossingFact& a, const CrossingFact& b) {
              return std::make_tuple(a.time, !a.entry, a.name) <
                     std::make_tuple(b.time, !b.entry, b.name);
            });
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(facts->stay_permits.begin(), facts->stay_permits.end(), by_name);
  std::sort(facts->visas.begin(), facts->visas.end(), by_name);
  std::sort(facts->work_permits.begin(), facts->work_permits.end(), by_name);
  std::sort(facts->overstays.begin(), facts->overstays.end(), by_name);
  std::sort(facts->others.begin(), facts->others.end());
}

CurrentStay StayOn(const Facts& facts, Day at) {
  CurrentStay stay;
  for (const CrossingFact& crossing : facts.crossings) {
    if (crossing.day > at || !crossing.admitted) continue;
    stay.evidence = {crossing.name};
    if (crossing.entry) {
      stay.state = CurrentStay::State::kThere;
      stay.entry = &crossing;
      stay.left = absl::nullopt;
    } else {
      stay.state = CurrentStay::State::kLeft;
      stay.left = crossing.day;
    }
  }
  // That an overstay ended by departure is a departure, too.
  for (const OverstayFact& overstay : facts.overstays) {
    if (!overstay.departure || *overstay.departure > at) continue;
    if (stay.state == CurrentStay::State::kLeft && *stay.left >= *overstay.departure) continue;
    if (stay.entry != nullptr && stay.entry->day > *overstay.departure) continue;
    stay.state = CurrentStay::State::kLeft;
    stay.left = overstay.departure;
    stay.evidence = {overstay.name};
  }
  return stay;
}

bool Runs(const StayPermitFact& permit, Day at) { return RunsOn(permit, at); }
bool Runs(const WorkPermitFact& permit, Day at) { return RunsOn(permit, at); }

std::string Text(Day day) { return absl::FormatCivilTime(day); }

}  // namespace lintas::migrant_status
