#include "client/sample/population.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/sample/spelling.h"

namespace lintas::sample {
namespace {

using Subject = Draw::Subject;

constexpr absl::string_view kKindNames[kPersonKindCount] = {
    "indonesian_worker", "indonesian_resident",    "indonesian_visitor", "cambodian_resident",
    "cambodian_visitor", "third_country_national", "unknown_nationality"};

// Syllables that no list of real names was used for.
constexpr absl::string_view kSyllables[] = {"ka", "lo", "mi", "ren", "so",  "ta", "vel", "nor",
                                            "da", "fi", "gu", "hal", "jor", "pe", "qui", "zan"};

// A bijection of 0 to `size` - 1, so that numbers are unique but not in order. `size` is a power of
// ten, `factor` shares no divisor with it.
uint64_t Shuffled(uint64_t index, uint64_t factor, uint64_t offset, uint64_t size) {
  return (index % size * factor + offset % size) % size;
}

// `value` with leading zeros, `digits` long.
std::string Digits(uint64_t value, int digits) {
  std::string text(static_cast<size_t>(digits), '0');
  for (size_t i = text.size(); i > 0; --i) {
    text[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return text;
}

std::string Capitalized(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string InventedName(Draw* draw) {
  std::string name;
  for (int i = draw->Between(2, 3); i > 0; --i) {
    absl::StrAppend(&name, draw->Pick(absl::Span<const absl::string_view>(kSyllables)));
  }
  return Capitalized(std::move(name));
}

// The ways that `Muhammad` is shortened.
absl::string_view Abbreviation(Draw* draw) {
  constexpr absl::string_view kForms[] = {"Muh.", "Moh.", "M."};
  return draw->Pick(absl::Span<const absl::string_view>(kForms));
}

constexpr absl::string_view kMuhammad = "Muhammad ";

bool BeginsWithMuhammad(absl::string_view name) {
  return name.substr(0, kMuhammad.size()) == kMuhammad;
}

}  // namespace

absl::string_view NameOf(PersonKind kind) { return kKindNames[static_cast<int>(kind)]; }

absl::CivilDay VisitsBegin() { return absl::CivilDay(2024, 1, 1); }
absl::CivilDay ExportDay() { return absl::CivilDay(2024, 10, 1); }

const Passport& Person::PassportOn(absl::CivilDay day) const {
  for (int i = passport_count - 1; i > 0; --i) {
    if (passports[size_t(i)].issue <= day) return passports[size_t(i)];
  }
  return passports[0];
}

Population::Population(const SampleOptions& options)
    : seed_(options.seed), shares_(options.shares) {
  const double visitors = kVisits / kVisitsPerVisitor;
  const double indonesians = kIndonesiansInCambodia + visitors;
  const double rest = 1 - shares_.cambodian_resident - shares_.cambodian_visitor -
                      shares_.third_country - shares_.unknown_nationality;
  const double parts[kPersonKindCount] = {
      rest * kWithWorkPermit / indonesians,
      rest * (kIndonesiansInCambodia - kWithWorkPermit) / indonesians,
      rest * visitors / indonesians,
      shares_.cambodian_resident,
      shares_.cambodian_visitor,
      shares_.third_country,
      shares_.unknown_nationality};
  double sum = 0;
  size_t last = 0;
  for (size_t i = 0; i < kPersonKindCount; ++i) {
    bounds_[i] = sum += parts[i];
    if (parts[i] > 0) last = i;
  }
  // Rounding must not leave a gap at the end: the last kind that has a share takes it.
  bounds_[last] = 2;
}

double Population::PersonsAtScaleOne() const {
  const double indonesians = kIndonesiansInCambodia + kVisits / kVisitsPerVisitor;
  return indonesians / (1 - shares_.cambodian_resident - shares_.cambodian_visitor -
                        shares_.third_country - shares_.unknown_nationality);
}

void Population::Make(uint64_t number, Person* person) const {
  person->number = number;
  person->differences = 0;
  person->mononym = false;
  person->old_spelling = false;
  person->name.native.clear();
  ChooseKind(number, person);
  Draw draw({seed_, number, Subject::kPerson});
  const double sex = draw.Unit();
  person->sex = sex < 0.68 ? "M" : sex < 0.999 ? "F" : "X";
  if (draw.Chance(shares_.unknown_sex)) person->sex = "";
  person->overstay = draw.Chance(shares_.overstay);
  GiveBirth(&draw, person);
  Draw name({seed_, number, Subject::kName});
  if (person->IsForeigner()) {
    NameForeigner(&name, person);
  } else if (person->reference == Country::kIndonesia) {
    NameIndonesian(&name, person);
  } else {
    NameCambodian(&name, person);
  }
  Draw writing({seed_, number, Subject::kWriting});
  WriteOtherwise(&writing, person);
  Draw papers({seed_, number, Subject::kDocuments});
  GivePapers(&papers, person);
}

void Population::ChooseKind(uint64_t number, Person* person) const {
  // P2: the Weyl sequence of the golden ratio, moved by the seed.
  const uint64_t weyl = Scramble(seed_) + number * kGolden;
  const double unit = static_cast<double>(weyl >> 11) * 0x1.0p-53;
  size_t kind = 0;
  while (unit >= bounds_[kind]) ++kind;
  if (number == kDoubleNationalNumber) kind = 0;
  person->kind = static_cast<PersonKind>(kind);
  const bool of_indonesia = kind <= static_cast<size_t>(PersonKind::kIndonesianVisitor);
  person->reference = of_indonesia ? Country::kIndonesia : Country::kCambodia;
  person->host = PartnerOf(person->reference);
  person->visits = 0;
  if (person->IsForeigner()) {
    person->reference =
        Scramble(seed_ ^ Scramble(number)) % 2 == 0 ? Country::kIndonesia : Country::kCambodia;
    person->host = person->reference;
    person->visits = 1;
  } else if (!person->IsResident()) {
    // The place within the kind's interval decides, so that visits keep their number too (P2).
    const double low = kind == 0 ? 0 : bounds_[kind - 1];
    const double place = (unit - low) / (std::min(bounds_[kind], 1.0) - low);
    person->visits = place < kVisitShares[0]                     ? 1
                     : place < kVisitShares[0] + kVisitShares[1] ? 2
                                                                 : 3;
  }
}

void Population::GiveBirth(Draw* draw, Person* person) const {
  // Two draws make the middle of working age the most frequent.
  const int age = 18 + static_cast<int>(draw->Below(30) + draw->Below(25));
  const absl::CivilDay day =
      absl::CivilDay(2024 - age, 1, 1) + static_cast<int64_t>(draw->Below(365));
  person->birth = {static_cast<int>(day.year()), day.month(), day.day()};
  const double unknown = draw->Unit();
  if (unknown < shares_.unknown_birth_month) {
    person->birth.month = 0;
    person->birth.day = 0;
  } else if (unknown < shares_.unknown_birth_month + shares_.unknown_birth_day) {
    person->birth.day = 0;
  }
  person->other_birth = person->birth;
}

void Population::NameIndonesian(Draw* draw, Person* person) const {
  const bool woman = person->sex == "F";
  std::string given(draw->Pick(woman ? IndonesianFirstFemale() : IndonesianFirstMale()));
  std::string family(draw->Pick(woman ? IndonesianLastFemale() : IndonesianLastMale()));
  person->mononym = draw->Chance(shares_.mononym);
  const double prefix = draw->Unit();
  if (!person->mononym && !woman && prefix < 0.15) {
    given = absl::StrCat(kMuhammad, given);
  } else if (!person->mononym && woman && prefix < 0.08) {
    given = absl::StrCat("Siti ", given);
  }
  if (draw->Chance(shares_.old_spelling)) {
    const std::string old_given = OldSpelling(given);
    const std::string old_family = OldSpelling(family);
    person->old_spelling = old_given != given || (!person->mononym && old_family != family);
    given = old_given;
    family = old_family;
  }
  person->name.given = std::move(given);
  person->name.family = person->mononym ? "" : std::move(family);
}

void Population::NameCambodian(Draw* draw, Person* person) const {
  const KhmerName& family = draw->Pick(KhmerSurnames());
  const absl::Span<const KhmerName> list =
      person->sex == "F" ? KhmerGivenFemale() : KhmerGivenMale();
  const KhmerName& given = draw->Pick(list);
  person->name.family = std::string(family.roman);
  person->name.given = std::string(given.roman);
  person->name.native = absl::StrCat(family.khmer, " ", given.khmer);
  if (draw->Chance(0.2)) {
    const KhmerName& second = draw->Pick(list);
    absl::StrAppend(&person->name.given, " ", second.roman);
    absl::StrAppend(&person->name.native, second.khmer);
  }
}

void Population::NameForeigner(Draw* draw, Person* person) const {
  person->name.family = InventedName(draw);
  person->name.given = InventedName(draw);
}

void Population::WriteOtherwise(Draw* draw, Person* person) const {
  WrittenName& other = person->other_name;
  other.family = person->name.family;
  other.given = person->name.given;
  other.native.clear();  // Neither border system writes the other's script.
  Abbreviate(draw, person);
  if (person->mononym) FillSingleName(draw, person);
  const double way = draw->Unit();
  // The word that is written otherwise: never the placeholder FNU.
  const bool given = other.family.empty() || draw->Chance(0.3);
  std::string& word = given && other.given != "FNU" ? other.given : other.family;
  if (way < shares_.typo) {
    word = WithTypo(word, draw);
    person->differences |= kTypo;
  } else if (way < shares_.typo + shares_.swapped_date) {
    SwapDate(person);
  } else if (way < shares_.typo + shares_.swapped_date + shares_.respelled) {
    const std::string before = word;
    if (person->IsForeigner() || person->reference == Country::kCambodia) {
      word = OtherRomanisation(word, draw);
    } else {
      word = person->old_spelling ? ModernSpelling(word) : OldSpelling(word);
    }
    if (word != before) person->differences |= kRespelled;
  } else if (way <
                 shares_.typo + shares_.swapped_date + shares_.respelled + shares_.swapped_names &&
             !other.family.empty() && other.family != other.given) {
    std::swap(other.family, other.given);
    person->differences |= kSwappedNames;
  }
}

void Population::Abbreviate(Draw* draw, Person* person) const {
  if (!BeginsWithMuhammad(person->name.given)) return;
  const std::string rest = person->name.given.substr(kMuhammad.size());
  const std::string shortened = absl::StrCat(Abbreviation(draw), " ", rest);
  const bool here = draw->Chance(shares_.abbreviated);
  const bool there = draw->Chance(shares_.abbreviated);
  if (here) person->name.given = shortened;
  if (there) person->other_name.given = shortened;
  if (here != there) person->differences |= kAbbreviation;
}

void Population::FillSingleName(Draw* draw, Person* person) const {
  WrittenName& other = person->other_name;
  const double way = draw->Unit();
  if (way < shares_.doubled) {
    other.family = other.given;
    person->differences |= kDoubledName;
  } else if (way < shares_.doubled + shares_.no_first_name) {
    other.family = std::exchange(other.given, "FNU");
    person->differences |= kNoFirstName;
  }
}

void Population::SwapDate(Person* person) const {
  BirthDate& birth = person->other_birth;
  if (birth.day == 0) return;
  if (birth.day > 12 || birth.day == birth.month) {
    // This date cannot be read the other way round; one of the first days can.
    birth.day = birth.month % 12 + 1;
    person->birth.day = birth.day;
  }
  std::swap(birth.day, birth.month);
  person->differences |= kSwappedDate;
}

std::string Population::DocumentNumber(absl::string_view issuer, uint64_t index) const {
  const uint64_t offset = Scramble(seed_ + 17);
  if (issuer == "IDN") {
    return absl::StrCat("X", Digits(Shuffled(index, 7368787, offset, 10000000), 7));
  }
  const absl::string_view letter = issuer == "KHM" ? "N" : "T";
  return absl::StrCat(letter, Digits(Shuffled(index, 73687873, offset, 100000000), 8));
}

void Population::GivePapers(Draw* draw, Person* person) const {
  const bool indonesian = person->reference == Country::kIndonesia;
  person->national_number.clear();
  person->second_passport.number.clear();
  person->passport_count = draw->Chance(shares_.renewed) ? 2 : 1;
  if (person->IsForeigner()) {
    const bool known = person->kind == PersonKind::kThirdCountryNational;
    person->issuer = known ? draw->Pick(ThirdCountries()) : "XXX";
    person->nationality = known ? std::string(person->issuer) : "";
    person->place_of_birth = "";
    person->passport_count = 1;
  } else {
    person->issuer = CodeOf(person->reference);
    person->nationality = std::string(person->issuer);
    person->place_of_birth = draw->Pick(Provinces(person->reference));
    // Indonesia: place, birth date (a woman's day plus 40), serial. Both begin with 99 (P4).
    const BirthDate& birth = person->birth;
    person->national_number =
        indonesian
            ? absl::StrCat("99", Digits(person->number / 10000, 4),
                           Digits(uint64_t(birth.day + (person->sex == "F" ? 40 : 0)), 2),
                           Digits(uint64_t(birth.month), 2), Digits(uint64_t(birth.year), 2),
                           Digits(person->number, 4))
            : absl::StrCat("99",
                           Digits(Shuffled(person->number, 7368787, Scramble(seed_), 10000000), 7));
  }
  // In use before the first movement (2022) or renewed in the months around the visits.
  const absl::CivilDay first = absl::CivilDay(2020, 1, 1) + int64_t(draw->Below(700));
  const absl::CivilDay renewal = absl::CivilDay(2023, 3, 1) + int64_t(draw->Below(500));
  for (int i = 0; i < person->passport_count; ++i) {
    Passport& passport = person->passports[size_t(i)];
    passport.number = DocumentNumber(person->issuer, person->number * 2 + uint64_t(i));
    passport.issue = i == 0 ? first : renewal;
    const int years = passport.issue >= absl::CivilDay(2022, 10, 12) || !indonesian ? 10 : 5;
    passport.expiry =
        absl::CivilDay(passport.issue.year() + years, passport.issue.month(), passport.issue.day());
    passport.status = i + 1 < person->passport_count ? "CANCELLED" : "VALID";
  }
  if (person->number == kDoubleNationalNumber) {
    person->nationality = "IDN;KHM";
    person->second_passport = person->passports[size_t(person->passport_count) - 1];
    person->second_passport.number = DocumentNumber("KHM", person->number * 2);
  }
}

}  // namespace lintas::sample
