// The synthetic population: each person is a function of seed and number, so none is held.
//
// P1  The same options and number give the same person, in whatever order they are made.
// P2  Kinds follow a Weyl sequence: in any run of n consecutive persons the count of a kind is its
//     share times n within a few, so that small samples keep the public figures.
// P3  No document number and no national number belongs to two persons.
// P4  No number can belong to a living person: `X` and `N` document numbers and national numbers
// that
//     begin with 99 are not issued.
#ifndef LINTAS_CLIENT_SAMPLE_POPULATION_H_
#define LINTAS_CLIENT_SAMPLE_POPULATION_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "client/sample/draw.h"
#include "client/sample/options.h"
#include "client/sample/reference/lists.h"

namespace lintas::sample {

enum class PersonKind {
  kIndonesianWorker = 0,  // In Cambodia, with a work permit.
  kIndonesianResident,    // In Cambodia, without one.
  kIndonesianVisitor,     // Visits Cambodia.
  kCambodianResident,     // In Indonesia.
  kCambodianVisitor,      // Visits Indonesia.
  kThirdCountryNational,  // Of neither Party (R8).
  kUnknownNationality,    // No nationality known (R8).
};
inline constexpr int kPersonKindCount = 7;
absl::string_view NameOf(PersonKind kind);

// Public figures: Cambodian Ministry of Interior, March 2024 (over 73,000 Indonesians, 58,307 with
// a permit), and visits from January to September 2024.
inline constexpr double kIndonesiansInCambodia = 73000;
inline constexpr double kWithWorkPermit = 58307;
inline constexpr double kVisits = 123000;

// Shares of visitors by their visits in the nine months, an assumption; index 0 is one visit.
inline constexpr double kVisitShares[] = {0.80, 0.14, 0.06};
inline constexpr double kVisitsPerVisitor = 1.26;

// The nine months of visits, and the day that the files were exported.
inline constexpr int kVisitDays = 274;
absl::CivilDay VisitsBegin();
absl::CivilDay ExportDay();

// A birth date; an unknown month or day is 0, and the day is 0 if the month is.
struct BirthDate {
  int year = 0;
  int month = 0;
  int day = 0;
};

struct WrittenName {
  std::string family;
  std::string given;
  std::string native;
};

struct Passport {
  std::string number;
  absl::CivilDay issue;
  absl::CivilDay expiry;
  absl::string_view status;
};

// What the other side writes otherwise than the reference side.
enum Difference : uint32_t {
  kTypo = 1,
  kSwappedDate = 2,
  kRespelled = 4,
  kSwappedNames = 8,
  kDoubledName = 16,
  kNoFirstName = 32,
  kAbbreviation = 64,
};

// One person. Reuse an object from person to person, so that its texts keep their memory.
struct Person {
  uint64_t number = 0;
  PersonKind kind = PersonKind::kIndonesianVisitor;
  // The side whose writing is the reference: of nationality, or where a foreigner was recorded.
  Country reference = Country::kIndonesia;
  // Where the person lives or goes. For foreigners equal to `reference`.
  Country host = Country::kCambodia;
  // As the reference side writes, and as the other side does.
  WrittenName name;
  WrittenName other_name;
  BirthDate birth;
  BirthDate other_birth;
  // Difference bits.
  uint32_t differences = 0;
  bool mononym = false;
  bool old_spelling = false;
  bool overstay = false;
  // `M`, `F`, `X` or empty.
  absl::string_view sex;
  // State codes joined by `;`; empty if unknown.
  std::string nationality;
  // Empty for foreigners.
  std::string national_number;
  absl::string_view place_of_birth;
  // Three-letter code of who issued the passports; `XXX` if the nationality is unknown.
  absl::string_view issuer;
  // Oldest first; the last is in use.
  std::array<Passport, 2> passports;
  int passport_count = 0;
  // A passport of the other Party; the double national's only. Its number is empty otherwise.
  Passport second_passport;
  // Visits to the host; 0 for residents.
  int visits = 0;

  bool IsResident() const {
    return kind == PersonKind::kIndonesianWorker || kind == PersonKind::kIndonesianResident ||
           kind == PersonKind::kCambodianResident;
  }
  bool IsForeigner() const {
    return kind == PersonKind::kThirdCountryNational || kind == PersonKind::kUnknownNationality;
  }
  bool IsDoubleNational() const { return !second_passport.number.empty(); }
  const Passport& newest_passport() const { return passports[size_t(passport_count) - 1]; }
  // The passport that was in use on `day`.
  const Passport& PassportOn(absl::CivilDay day) const;
};

// Person 0 is the one double national, an Indonesian worker in Cambodia of both nationalities.
inline constexpr uint64_t kDoubleNationalNumber = 0;

// Constant after construction; any thread.
class Population {
 public:
  explicit Population(const SampleOptions& options);

  // Makes person `number`, below 5,000,000 (P3).
  void Make(uint64_t number, Person* person) const;

  // How many persons stand for the public figures at scale 1.
  double PersonsAtScaleOne() const;

 private:
  void ChooseKind(uint64_t number, Person* person) const;
  void NameIndonesian(Draw* draw, Person* person) const;
  void NameCambodian(Draw* draw, Person* person) const;
  void NameForeigner(Draw* draw, Person* person) const;
  void WriteOtherwise(Draw* draw, Person* person) const;
  void Abbreviate(Draw* draw, Person* person) const;
  void FillSingleName(Draw* draw, Person* person) const;
  void SwapDate(Person* person) const;
  void GiveBirth(Draw* draw, Person* person) const;
  void GivePapers(Draw* draw, Person* person) const;
  std::string DocumentNumber(absl::string_view issuer, uint64_t index) const;

  uint64_t seed_;
  Shares shares_;
  // Upper bounds of the kinds in the Weyl sequence's unit interval.
  std::array<double, kPersonKindCount> bounds_;
};

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_POPULATION_H_
