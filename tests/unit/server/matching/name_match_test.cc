#include "server/matching/name_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lintas::matching {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

PairEvidence Pair(const char* a, const char* b, const char* born_a = "", const char* born_b = "") {
  return ComparePersons(ParseName(a), ReadLooseDate(born_a), ParseName(b), ReadLooseDate(born_b));
}

TEST(ComparePersons, TakesOneNameInManySpellings) {
  for (const auto& [a, b] : {std::pair<const char*, const char*>{"Soekarno", "Sukarno"},
                             {"Muhammad Rizki Pratama", "Moh. Risky Pratama"},
                             {"Tjahjono Widjaja", "Cahyono Wijaya"},
                             {"Sukarno Sukarno", "FNU Soekarno"},
                             {"Sok Sophea", "Sophea Sok"},
                             {"Chea Vuthy", "Chia Wuthi"},
                             {"Kim Sreymom", "Kim Srey Mom"},
                             {"Hj. Siti Aminah, S.Pd.", "Siti Aminah binti Ahmad"},
                             {"Bambang Susilo", "Bambnag Susilo"},
                             {"សុខ សោភា", "SOK SOPHEA"},
                             {"សុខ សោភា", "សុខសោភា"},
                             {"Müller Hans", "MUELLER<<HANS"}}) {
    const PairEvidence pair = Pair(a, b);
    EXPECT_TRUE(pair.match) << a << " / " << b << " " << pair.bits;
  }
}

TEST(ComparePersons, TellsNamesApartThatSoundAlike) {
  for (const auto& [a, b] : {std::pair<const char*, const char*>{"Sukarno", "Sukarni"},
                             {"Eko Prasetyo", "Eka Prasetyo"},
                             {"Dwi Lestari", "Dewi Lestari"},
                             {"Budi Santoso", "Budi Susanto"},
                             {"Sok Sophea", "Sok Sopheap"},
                             {"Sok Sopheap", "Sok Sophal"},
                             {"Abdul Kasim Wahyudi", "Abdul Kasim Wahyuni"},
                             {"សុខ សោភា", "សុខ សុភា"},
                             {"សុខ សោភា", "Sok Sopheap"}}) {
    const PairEvidence pair = Pair(a, b);
    EXPECT_FALSE(pair.match) << a << " / " << b << " " << pair.bits;
  }
}

TEST(ComparePersons, DatesCarryAndContradict) {
  EXPECT_FALSE(Pair("Budi Santoso", "Budi Santoso", "1980-05-17", "1962-08-23").match);
  EXPECT_TRUE(Pair("Budi Santoso", "Budi Santoso", "1980-05-12", "1980-12-05").match);
  // Twins, or one family: an equal date does not make two names one.
  EXPECT_FALSE(Pair("Eko Prasetyo", "Eka Prasetyo", "1980-05-17", "1980-05-17").match);
  EXPECT_GT(Pair("Budi", "Budi", "1980", "1980").bits, Pair("Budi", "Budi").bits);
}

TEST(ComparePersons, SaysWhatWasMissing) {
  EXPECT_THAT(Pair("Budi", "Budi").missing, Contains("birth date"));
  EXPECT_THAT(Pair("", "Budi", "1980", "1980").missing, Contains("name"));
  EXPECT_FALSE(Pair("", "").match);
  EXPECT_THAT(Pair("Budi", "Budi", "1980", "1980").missing, Not(Contains("birth date")));
}

TEST(ComparePersons, GivesAReasonForEachWord) {
  const PairEvidence pair = Pair("Soekarno Putra", "Sukarno Putra", "1980-05-17", "1980-05-17");
  EXPECT_THAT(pair.reasons, Contains(HasSubstr("SOEKARNO ~ SUKARNO: other spelling")));
  EXPECT_THAT(pair.reasons, Contains(HasSubstr("PUTRA ~ PUTRA: equal")));
  EXPECT_THAT(pair.reasons, Contains(HasSubstr("birth date equal")));
}

TEST(ComparePersons, FrequentNamesProveLess) {
  EXPECT_LT(Pair("Muhammad", "Muhammad").bits, Pair("Bahuwirya", "Bahuwirya").bits);
}

TEST(ComparePersons, ComparesATruncatedZoneAsABeginning) {
  // 39 signs, full to the last place.
  const char* zone = "SUPARMAN<<ABDURRAHMAN<NURHASANAH<WIDYAS";
  ASSERT_TRUE(ParseName(zone).truncated);
  EXPECT_TRUE(Pair(zone, "Suparman Abdurrahman Nurhasanah Widyastuti").match);
}

TEST(ComparePersons, DoesNotDependOnTheSide) {
  for (const auto& [a, b] : {std::pair<const char*, const char*>{"Kim Sreymom", "Kim Srey Mom"},
                             {"Budi", "Budi Santoso"},
                             {"Siti Nur Aisyah", "Nur Aisyah"},
                             {"Tjahjono", "Cahyana"}}) {
    EXPECT_NEAR(Pair(a, b).bits, Pair(b, a).bits, 1e-9) << a << " / " << b;
  }
}

}  // namespace
}  // namespace lintas::matching
