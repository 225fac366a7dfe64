#include "client/sample/population.h"

#include <array>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

constexpr uint64_t kPersons = 50000;

SampleOptions Seeded(uint64_t seed) {
  SampleOptions options;
  options.seed = seed;
  return options;
}

// Counts over kPersons persons of seed 1, made once.
struct Counts {
  std::array<double, kPersonKindCount> of_kind{};
  double indonesians = 0, cambodians = 0, visits = 0, mononyms = 0, doubled = 0, no_first_name = 0;
  double muhammads = 0, renewed = 0, overstays = 0, typos = 0, swapped_dates = 0, swapped_names = 0;
  double unknown_days = 0, unknown_months = 0, unknown_sex = 0, old_spellings = 0, respelled = 0;
  double double_nationals = 0, khmer_scripts = 0;
};

const Counts& Counted() {
  static const Counts& counts = *[] {
    auto* c = new Counts;
    const Population population(Seeded(1));
    Person person;
    for (uint64_t number = 0; number < kPersons; ++number) {
      population.Make(number, &person);
      c->of_kind[size_t(person.kind)] += 1;
      const bool indonesian = person.reference == Country::kIndonesia && !person.IsForeigner();
      c->indonesians += indonesian;
      c->cambodians += person.reference == Country::kCambodia && !person.IsForeigner();
      c->khmer_scripts += !person.name.native.empty();
      if (person.kind == PersonKind::kIndonesianVisitor) c->visits += person.visits;
      c->mononyms += person.mononym;
      c->old_spellings += person.old_spelling;
      c->doubled += (person.differences & kDoubledName) != 0;
      c->no_first_name += (person.differences & kNoFirstName) != 0;
      c->typos += (person.differences & kTypo) != 0;
      c->respelled += (person.differences & kRespelled) != 0;
      c->swapped_dates += (person.differences & kSwappedDate) != 0;
      c->swapped_names += (person.differences & kSwappedNames) != 0;
      c->renewed += person.passport_count == 2;
      c->overstays += person.overstay;
      c->unknown_months += person.birth.month == 0;
      c->unknown_days += person.birth.month != 0 && person.birth.day == 0;
      c->unknown_sex += person.sex.empty();
      c->double_nationals += person.nationality == "IDN;KHM";
    }
    return c;
  }();
  return counts;
}

TEST(Population, KeepsThePublicFiguresProportions) {
  const Counts& c = Counted();
  const double workers = c.of_kind[size_t(PersonKind::kIndonesianWorker)];
  const double residents = workers + c.of_kind[size_t(PersonKind::kIndonesianResident)];
  EXPECT_NEAR(workers / residents, 58307.0 / 73000, 0.001);
  EXPECT_NEAR(c.visits / residents, 123000.0 / 73000, 0.005);
}

TEST(Population, IsAsLargeAsThePublicFiguresAtScaleOne) {
  const double factor = Population(Seeded(1)).PersonsAtScaleOne() / kPersons;
  const Counts& c = Counted();
  EXPECT_NEAR(c.of_kind[size_t(PersonKind::kIndonesianWorker)] * factor, 58307, 100);
  EXPECT_NEAR(c.visits * factor, 123000, 200);
}

TEST(Population, KeepsItsShares) {
  const Counts& c = Counted();
  const Shares s;
  EXPECT_NEAR(c.of_kind[size_t(PersonKind::kCambodianResident)] / kPersons, s.cambodian_resident,
              0.001);
  EXPECT_NEAR(c.of_kind[size_t(PersonKind::kCambodianVisitor)] / kPersons, s.cambodian_visitor,
              0.001);
  EXPECT_NEAR(c.of_kind[size_t(PersonKind::kThirdCountryNational)] / kPersons, s.third_country,
              0.001);
  EXPECT_NEAR(c.of_kind[size_t(PersonKind::kUnknownNationality)] / kPersons, s.unknown_nationality,
              0.0005);
  EXPECT_NEAR(c.mononyms / c.indonesians, s.mononym, 0.01);
  EXPECT_NEAR(c.doubled / c.mononyms, s.doubled, 0.03);
  EXPECT_NEAR(c.no_first_name / c.mononyms, s.no_first_name, 0.03);
  EXPECT_NEAR(c.typos / kPersons, s.typo, 0.003);
  EXPECT_NEAR(c.swapped_dates / kPersons, s.swapped_date, 0.002);
  EXPECT_NEAR(c.swapped_names / kPersons, s.swapped_names, 0.002);
  EXPECT_NEAR(c.overstays / kPersons, s.overstay, 0.003);
  EXPECT_NEAR(c.unknown_months / kPersons, s.unknown_birth_month, 0.0015);
  EXPECT_NEAR(c.unknown_days / kPersons, s.unknown_birth_day, 0.0015);
  EXPECT_NEAR(c.unknown_sex / kPersons, s.unknown_sex, 0.0015);
}

TEST(Population, RenewsPassportsOfNationalsOnly) {
  const Counts& c = Counted();
  EXPECT_NEAR(c.renewed / (c.indonesians + c.cambodians), Shares().renewed, 0.01);
}

TEST(Population, SpellsOnlyNamesThatHaveTheLetters) {
  const Counts& c = Counted();
  EXPECT_GT(c.old_spellings / c.indonesians, Shares().old_spelling / 3);
  EXPECT_LE(c.old_spellings / c.indonesians, Shares().old_spelling + 0.005);
  EXPECT_GT(c.respelled / kPersons, Shares().respelled / 3);
  EXPECT_LE(c.respelled / kPersons, Shares().respelled + 0.003);
}

TEST(Population, HasExactlyOneDoubleNational) { EXPECT_EQ(Counted().double_nationals, 1); }

TEST(Population, WritesKhmerScriptForEveryCambodian) {
  EXPECT_EQ(Counted().khmer_scripts, Counted().cambodians);
}

TEST(Population, GivesNoNumberTwice) {
  const Population population(Seeded(1));
  std::set<std::string> documents, national_numbers;
  size_t document_count = 0, national_number_count = 0;
  Person person;
  for (uint64_t number = 0; number < 20000; ++number) {
    population.Make(number, &person);
    for (int i = 0; i < person.passport_count; ++i) {
      const std::string& text = person.passports[size_t(i)].number;
      ASSERT_EQ(text.size(), person.issuer == "IDN" ? 8u : 9u);
      ASSERT_EQ(text[0], person.issuer == "IDN" ? 'X' : person.issuer == "KHM" ? 'N' : 'T');
      documents.insert(text);
      ++document_count;
    }
    if (!person.national_number.empty()) {
      ASSERT_EQ(person.national_number.substr(0, 2), "99");
      ASSERT_EQ(person.national_number.size(), person.issuer == "IDN" ? 16u : 9u);
      national_numbers.insert(person.national_number);
      ++national_number_count;
    }
  }
  EXPECT_EQ(documents.size(), document_count);
  EXPECT_EQ(national_numbers.size(), national_number_count);
}

TEST(Population, MakesAPersonTheSameInAnyOrder) {
  const Population population(Seeded(3));
  Person reused, fresh;
  for (uint64_t number = 500; number-- > 0;) {
    population.Make(number, &reused);
    fresh = Person();
    population.Make(number, &fresh);
    ASSERT_EQ(reused.name.family, fresh.name.family);
    ASSERT_EQ(reused.name.given, fresh.name.given);
    ASSERT_EQ(reused.name.native, fresh.name.native);
    ASSERT_EQ(reused.other_name.native, fresh.other_name.native);
    ASSERT_EQ(reused.national_number, fresh.national_number);
    ASSERT_EQ(reused.second_passport.number, fresh.second_passport.number);
    ASSERT_EQ(reused.passports[0].number, fresh.passports[0].number);
    ASSERT_EQ(reused.differences, fresh.differences);
    ASSERT_EQ(reused.visits, fresh.visits);
  }
}

TEST(Population, DiffersBySeed) {
  Person one, two;
  Population(Seeded(1)).Make(5, &one);
  Population(Seeded(2)).Make(5, &two);
  EXPECT_NE(one.passports[0].number, two.passports[0].number);
}

TEST(Population, SwapsOnlyDatesThatCanBeReadBothWays) {
  SampleOptions options = Seeded(1);
  options.shares.typo = options.shares.respelled = options.shares.swapped_names = 0;
  options.shares.swapped_date = 1;
  const Population population(options);
  Person person;
  for (uint64_t number = 0; number < 2000; ++number) {
    population.Make(number, &person);
    if (person.birth.day == 0) continue;
    ASSERT_EQ(person.other_birth.day, person.birth.month);
    ASSERT_EQ(person.other_birth.month, person.birth.day);
    ASSERT_NE(person.birth.month, person.birth.day);
    ASSERT_LE(person.other_birth.month, 12);
  }
}

TEST(Population, UsesThePassportOfTheDay) {
  SampleOptions options = Seeded(1);
  options.shares.renewed = 1;
  Person person;
  Population(options).Make(0, &person);
  ASSERT_EQ(person.passport_count, 2);
  const absl::CivilDay renewal = person.passports[1].issue;
  EXPECT_EQ(person.PassportOn(renewal - 1).number, person.passports[0].number);
  EXPECT_EQ(person.PassportOn(renewal).number, person.passports[1].number);
}

}  // namespace
}  // namespace lintas::sample
