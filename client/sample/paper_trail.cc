#include "client/sample/paper_trail.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace lintas::sample {
namespace {

// The classes of each side, as of the list version below.
struct Classes {
  absl::string_view visit;
  absl::string_view stay;
  absl::string_view work_permit;
  absl::string_view other_permits[3];
  absl::string_view list_version;
};
constexpr Classes kClasses[kCountryCount] = {
    {"A", "E", "ITAS", {"ITAS", "ITAP", "ITK"}, "IDN-2024"},
    {"VE30", "E", "EB", {"EG", "ES", "ER"}, "KHM-2024"},
};
const Classes& ClassesOf(Country country) { return kClasses[static_cast<int>(country)]; }

// Both sides in practice give 30 days without a visa.
constexpr int kVisitDaysPermitted = 30;

void AppendDigits(int value, int digits, std::string* out) {
  char text[8];
  for (int i = digits; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  out->append(text, static_cast<size_t>(digits));
}

void AppendDate(int year, int month, int day, std::string* out) {
  AppendDigits(year, 4, out);
  out->push_back('-');
  AppendDigits(month, 2, out);
  out->push_back('-');
  AppendDigits(day, 2, out);
}

std::string DateText(absl::CivilDay day) {
  std::string text;
  AppendDate(static_cast<int>(day.year()), day.month(), day.day(), &text);
  return text;
}

// RFC 3339 with the port's offset.
std::string TimeText(absl::CivilMinute local, int utc_offset_hours) {
  std::string text;
  AppendDate(static_cast<int>(local.year()), local.month(), local.day(), &text);
  text.push_back('T');
  AppendDigits(local.hour(), 2, &text);
  text.push_back(':');
  AppendDigits(local.minute(), 2, &text);
  text += ":00+";
  AppendDigits(utc_offset_hours, 2, &text);
  text += ":00";
  return text;
}

}  // namespace

PaperTrail::PaperTrail(const SampleOptions& options, RowSink* sink)
    : seed_(options.seed), shares_(options.shares), sink_(sink) {}

void PaperTrail::Write(const Person& person) {
  Draw draw({seed_, person.number, Draw::Subject::kTrail});
  if (person.IsForeigner()) {
    WriteForeigner(person, &draw);
    return;
  }
  WriteTraveller(person.reference, person);
  WriteTraveller(person.host, person);
  WritePassports(person);
  if (person.IsResident()) {
    WriteResident(person, &draw);
  } else {
    WriteVisits(person, &draw);
  }
}

void PaperTrail::WriteTraveller(Country side, const Person& person) {
  Begin();
  AddIdentity(side, person);
  row_.Add(person.place_of_birth);
  sink_->Accept(side, RecordFile::kTravellers, person, &row_);
}

void PaperTrail::WritePassports(const Person& person) {
  for (int i = 0; i < person.passport_count; ++i) {
    WriteDocument(person.reference, person.passports[size_t(i)], person.issuer, person);
  }
  if (person.IsDoubleNational()) {
    WriteDocument(person.host, person.second_passport, CodeOf(person.host), person);
  }
}

void PaperTrail::WriteDocument(Country side, const Passport& passport, absl::string_view issuer,
                               const Person& person) {
  Begin();
  row_.Add("P");
  row_.Add(passport.number);
  row_.Add(issuer);
  AddDay(passport.issue);
  AddDay(passport.expiry);
  row_.Add(passport.status);
  AddIdentity(side, person);
  sink_->Accept(side, RecordFile::kDocuments, person, &row_);
}

void PaperTrail::WriteVisits(const Person& person, Draw* draw) {
  const int segment_days = kVisitDays / person.visits;
  for (int visit = 0; visit < person.visits; ++visit) {
    // A segment of its own for each visit, with room for the stay, keeps visits from overlapping.
    const int64_t room_days = segment_days - 35;
    const Journey out{person.reference,
                      person.host,
                      VisitsBegin() + visit * segment_days + int64_t(draw->Below(room_days)),
                      draw->Chance(0.7) ? "TOURISM" : "BUSINESS",
                      ClassesOf(person.host).visit,
                      kVisitDaysPermitted,
                      !draw->Chance(shares_.unrecorded_departure)};
    const absl::CivilDay arrival = WriteJourney(out, person, draw);
    int stay_days = draw->Between(1, kVisitDaysPermitted - 10);
    if (person.overstay && visit + 1 == person.visits) {
      const absl::CivilDay permitted_until = arrival + (kVisitDaysPermitted - 1);
      if (draw->Chance(0.5)) {  // Still there.
        if (permitted_until < ExportDay()) WriteOverstay(permitted_until, arrival, person);
        return;
      }
      stay_days = draw->Between(kVisitDaysPermitted + 1, kVisitDaysPermitted + 90);
    }
    const Journey back{person.host, person.reference, arrival + stay_days, "RETURN", "", 0, true};
    if (back.day >= ExportDay()) continue;
    WriteJourney(back, person, draw);
    const absl::CivilDay permitted_until = arrival + (kVisitDaysPermitted - 1);
    if (back.day > permitted_until) WriteOverstay(permitted_until, back.day, person);
  }
}

void PaperTrail::WriteResident(const Person& person, Draw* draw) {
  const Classes& classes = ClassesOf(person.host);
  const bool worker = person.kind == PersonKind::kIndonesianWorker ||
                      (person.kind == PersonKind::kCambodianResident && draw->Chance(0.6));
  const absl::CivilDay arrival = absl::CivilDay(2022, 1, 1) + int64_t(draw->Below(970));
  WriteJourney({person.reference, person.host, arrival, worker ? "WORK" : "FAMILY", classes.stay,
                30, !draw->Chance(shares_.unrecorded_departure)},
               person, draw);
  const absl::CivilDay trip = arrival + draw->Between(20, 400);
  const int away_days = draw->Between(5, 28);
  if (draw->Chance(shares_.home_trip) && trip + away_days + 2 < ExportDay()) {
    WriteJourney({person.host, person.reference, trip, "RETURN", "", 0, true}, person, draw);
    WriteJourney({person.reference, person.host, trip + away_days, worker ? "WORK" : "FAMILY",
                  classes.stay, 30, true},
                 person, draw);
  }
  Permit permit{arrival + draw->Between(5, 25), {}, classes.work_permit};
  if (!worker) permit.permit_class = classes.other_permits[draw->Below(3)];
  const int permit_days = draw->Chance(0.8) ? 365 : 180;
  permit.to = permit.from + permit_days;
  // An overstay: the only permit is over and no other followed.
  if (person.overstay) {
    const int64_t days = std::min<int64_t>(ExportDay() - permit.from, 200);
    permit.to = std::min(permit.to, ExportDay() - draw->Between(1, static_cast<int>(days) - 1));
  }
  WriteStayPermit(permit, person, draw);
  if (!person.overstay && permit.to < ExportDay()) {
    // The newest of the extensions; those between are not exported.
    while (permit.to < ExportDay()) {
      permit.from = permit.to + 1;
      permit.to = permit.from + permit_days;
    }
    WriteStayPermit(permit, person, draw);
  }
  if (worker) WriteWorkPermits(permit, person, draw);
  WriteVisa(arrival, person);
  WritePresence(arrival, person);
  if (person.overstay) WriteOverstay(permit.to, permit.from, person);
}

void PaperTrail::WriteForeigner(const Person& person, Draw* draw) {
  const Country side = person.host;
  WriteTraveller(side, person);
  WriteDocument(side, person.passports[0], person.issuer, person);
  const Journey in{PartnerOf(side),
                   side,
                   VisitsBegin() + int64_t(draw->Below(200)),
                   "TOURISM",
                   ClassesOf(side).visit,
                   kVisitDaysPermitted,
                   false};
  const absl::CivilDay arrival = WriteJourney(in, person, draw);
  if (draw->Chance(0.2)) {
    WriteStayPermit({arrival + 10, arrival + 190, ClassesOf(side).work_permit}, person, draw);
    return;
  }
  // Three in ten go on to the other Party, the rest leave to where this sample has no records.
  if (!draw->Chance(0.3)) return;
  WriteTraveller(PartnerOf(side), person);
  const Journey onward{side,
                       PartnerOf(side),
                       arrival + draw->Between(2, 25),
                       "TOURISM",
                       ClassesOf(PartnerOf(side)).visit,
                       kVisitDaysPermitted,
                       true};
  WriteJourney(onward, person, draw);
}

absl::CivilDay PaperTrail::WriteJourney(const Journey& journey, const Person& person, Draw* draw) {
  const Port& out = PickPort(journey.from, draw);
  const Port& in = PickPort(journey.to, draw);
  // By air both ends are on one day or the next; by land or sea through a neighbour it takes days.
  const bool by_air = out.mode == Mode::kAir && in.mode == Mode::kAir;
  const int travel_minutes = by_air ? draw->Between(210, 720) : draw->Between(1440, 5760);
  const Moment departure{absl::CivilMinute(journey.day) + draw->Between(5 * 60, 20 * 60),
                         out.utc_offset_hours};
  const Moment arrival{
      departure.local + travel_minutes + 60 * (in.utc_offset_hours - out.utc_offset_hours),
      in.utc_offset_hours};
  absl::string_view carrier = draw->Pick(Carriers());
  const std::string flight = absl::StrCat(carrier, draw->Between(100, 999));
  Crossing exit{journey.from,
                "EXIT",
                &out,
                departure,
                "ADMITTED",
                &journey,
                out.mode == Mode::kAir ? carrier : "",
                out.mode == Mode::kAir ? flight : ""};
  Crossing entry{journey.to,
                 "ENTRY",
                 &in,
                 arrival,
                 "ADMITTED",
                 &journey,
                 in.mode == Mode::kAir ? carrier : "",
                 in.mode == Mode::kAir ? flight : ""};
  const bool outward = !person.IsForeigner() && journey.from == person.reference;
  if (outward && draw->Chance(shares_.deferred)) {
    exit.outcome = "DEPARTURE_DEFERRED";
    exit.moment.local -= 1440 * draw->Between(2, 14);
    WriteCrossing(exit, person);
    exit.outcome = "ADMITTED";
    exit.moment = departure;
  }
  if (outward && draw->Chance(shares_.refused)) {
    entry.outcome = "REFUSED";
    entry.moment.local -= 1440 * draw->Between(2, 14);
    WriteCrossing(entry, person);
    entry.outcome = "ADMITTED";
    entry.moment = arrival;
  }
  if (journey.departure_recorded) WriteCrossing(exit, person);
  WriteCrossing(entry, person);
  return absl::CivilDay(arrival.local);
}

void PaperTrail::WriteCrossing(const Crossing& crossing, const Person& person) {
  const Journey& journey = *crossing.journey;
  const bool arrives = crossing.side == journey.to;
  const absl::CivilDay day(crossing.moment.local);
  Begin();
  row_.Add(crossing.direction);
  row_.Add(crossing.port->code);
  row_.Add(TimeText(crossing.moment.local, crossing.moment.utc_offset_hours));
  row_.Add(crossing.outcome);
  row_.Add("P");
  row_.Add(person.PassportOn(day).number);
  row_.Add(person.issuer);
  AddIdentity(crossing.side, person);
  row_.Add(arrives ? journey.visa_class : "");
  const bool limited = arrives && journey.permitted_days > 0 && crossing.outcome == "ADMITTED";
  // The day of entry counts as day 1.
  row_.Add(limited ? DateText(day + (journey.permitted_days - 1)) : std::string());
  row_.Add(crossing.carrier);
  row_.Add(crossing.flight);
  row_.Add(journey.purpose);
  sink_->Accept(crossing.side, RecordFile::kCrossings, person, &row_);
}

void PaperTrail::WriteStayPermit(const Permit& permit, const Person& person, Draw* draw) {
  const Classes& classes = ClassesOf(person.host);
  const absl::string_view province = draw->Pick(Provinces(person.host));
  Begin();
  // A person's permits are months apart, so the month of the first day keeps the number unique.
  row_.Add(absl::StrCat("SYN-", permit.permit_class, "-",
                        permit.from.year() * 100 + permit.from.month(), "-", person.number,
                        person.host == Country::kIndonesia ? "I" : "K"));
  row_.Add(permit.permit_class);
  row_.Add(classes.list_version);
  AddDay(permit.from);
  AddDay(permit.to);
  row_.Add(permit.to < ExportDay() ? "EXPIRED" : draw->Chance(0.01) ? "CANCELLED" : "VALID");
  row_.Add(person.PassportOn(permit.from).number);
  row_.Add(person.issuer);
  AddIdentity(person.host, person);
  // Every twentieth address has a quoted name in it, as typed addresses do.
  const absl::string_view house = draw->Chance(0.05) ? "\"Synthetic Villa\", House " : "House ";
  row_.Add(absl::StrCat(house, draw->Between(1, 300), ", Street ", draw->Between(1, 600), ", ",
                        province));
  row_.Add(absl::StrCat("Synthetic Host ", draw->Between(1, 5000)));
  sink_->Accept(person.host, RecordFile::kStayPermits, person, &row_);
}

void PaperTrail::WriteWorkPermits(const Permit& permit, const Person& person, Draw* draw) {
  // A calendar year each; last year's too if the stay began before.
  const absl::string_view occupation = draw->Pick(Occupations());
  const int employer = draw->Between(1, 2000);
  const int newest = 2024;
  const int oldest = permit.from.year() < newest && draw->Chance(0.4) ? newest - 1 : newest;
  for (int year = oldest; year <= newest; ++year) {
    const absl::CivilDay from(year, 1, 1);
    Begin();
    row_.Add(absl::StrCat("SYN-WP-", year, "-", person.number,
                          person.host == Country::kIndonesia ? "I" : "K"));
    row_.Add(occupation);
    row_.Add(absl::StrCat(year));
    row_.Add(year < newest ? "EXPIRED" : "VALID");
    AddDay(from);
    AddDay(absl::CivilDay(year, 12, 31));
    row_.Add(person.PassportOn(from).number);
    row_.Add(person.issuer);
    AddIdentity(person.host, person);
    row_.Add(absl::StrCat("Synthetic Trading ", employer, " Co., Ltd."));
    sink_->Accept(person.host, RecordFile::kWorkPermits, person, &row_);
  }
}

void PaperTrail::WriteVisa(absl::CivilDay arrival, const Person& person) {
  const Classes& classes = ClassesOf(person.host);
  Begin();
  row_.Add(absl::StrCat("SYN-VI-", person.number, person.host == Country::kIndonesia ? "I" : "K"));
  row_.Add(classes.stay);
  row_.Add(classes.list_version);
  AddDay(arrival - 20);
  AddDay(arrival - 20);
  AddDay(arrival + 70);
  row_.Add("SINGLE");
  row_.Add("USED");
  row_.Add(person.PassportOn(arrival).number);
  row_.Add(person.issuer);
  AddIdentity(person.host, person);
  row_.Add(absl::StrCat("Synthetic Sponsor ", person.number % 5000 + 1));
  sink_->Accept(person.host, RecordFile::kVisas, person, &row_);
}

void PaperTrail::WritePresence(absl::CivilDay arrival, const Person& person) {
  Begin();
  AddDay(arrival);
  row_.Add(absl::StrCat("SYN-FP-", person.number));
  row_.Add(person.kind == PersonKind::kIndonesianWorker ? "EMPLOYER" : "PRIVATE_HOME");
  row_.Add(person.PassportOn(arrival).number);
  row_.Add(person.issuer);
  AddIdentity(person.host, person);
  row_.Add(absl::StrCat("House ", person.number % 300 + 1, ", Street ", person.number % 600 + 1));
  row_.Add(absl::StrCat("Synthetic Host ", person.number % 5000 + 1));
  sink_->Accept(person.host, RecordFile::kPresences, person, &row_);
}

void PaperTrail::WriteOverstay(absl::CivilDay permitted_until, absl::CivilDay departure,
                               const Person& person) {
  const bool left = departure > permitted_until;
  const int64_t days = (left ? departure : ExportDay()) - permitted_until;
  // Public figures: a million rupiah a day, ten dollars a day.
  const bool rupiah = person.host == Country::kIndonesia;
  Begin();
  AddDay(permitted_until);
  row_.Add(left ? DateText(departure) : std::string());
  row_.Add(absl::StrCat(days));
  row_.Add(absl::StrCat(days * (rupiah ? 1'000'000 : 10)));
  row_.Add(rupiah ? "IDR" : "USD");
  row_.Add(left ? "PAID" : "DUE");
  row_.Add(person.PassportOn(permitted_until).number);
  row_.Add(person.issuer);
  AddIdentity(person.host, person);
  sink_->Accept(person.host, RecordFile::kOverstays, person, &row_);
}

void PaperTrail::Begin() {
  row_.Clear();
  row_.Add("");
}

void PaperTrail::AddIdentity(Country side, const Person& person) {
  const bool reference = side == person.reference;
  const WrittenName& name = reference ? person.name : person.other_name;
  const BirthDate& birth = reference ? person.birth : person.other_birth;
  // Indonesian systems keep names in capitals.
  if (side == Country::kIndonesia) {
    row_.Add(absl::AsciiStrToUpper(name.family));
    row_.Add(absl::AsciiStrToUpper(name.given));
  } else {
    row_.Add(name.family);
    row_.Add(name.given);
  }
  row_.Add(name.native);
  std::string date;
  AppendDate(birth.year, birth.month, birth.day, &date);
  row_.Add(date);
  row_.Add(person.sex);
  row_.Add(person.nationality);
  // A host does not know the national number.
  row_.Add(reference ? absl::string_view(person.national_number) : absl::string_view());
}

void PaperTrail::AddDay(absl::CivilDay day) { row_.Add(DateText(day)); }

const Port& PaperTrail::PickPort(Country country, Draw* draw) const {
  const absl::Span<const Port> ports = Ports(country);
  int place = draw->Between(0, 99);
  for (const Port& port : ports) {
    place -= port.weight;
    if (place < 0) return port;
  }
  return ports.back();
}

}  // namespace lintas::sample
