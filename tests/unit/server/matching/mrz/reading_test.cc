#include "server/matching/mrz/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace lintas::mrz {
namespace {

using absl::string_view;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

using Lines = std::vector<string_view>;

constexpr matching::CivilDate kToday = {2026, 11, 24};

std::vector<std::string> Names(const std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (const Finding& one : findings) {
    names.push_back(absl::StrCat(FieldName(one.field), " ", RuleName(one.rule)));
  }
  return names;
}
std::vector<std::string> Errors(const Lines& lines) { return Names(Read(lines, kToday).errors); }
std::vector<std::string> Warnings(const Lines& lines) {
  return Names(Read(lines, kToday).warnings);
}

// The specimens of ICAO Doc 9303-4, -5, -6, -7 (Utopia, Anna Maria Eriksson).
const Lines kTd3 = {"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                    "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
const Lines kTd2 = {"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"};
const Lines kTd1 = {"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
const Lines kMrvA = {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                     "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"};
const Lines kMrvB = {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                     "L8988901C4XXX4009078F9612109<<<<<<<<"};

struct Specimen {
  Lines lines;
  Format format;
  const char* number;
  const char* birth;
  const char* expiry;
};

TEST(Reading, TakesTheSpecimensOfIcao) {
  const Specimen specimens[] = {{kTd3, Format::kTd3, "L898902C3", "1974-08-12", "2012-04-15"},
                                {kTd2, Format::kTd2, "D23145890", "1974-08-12", "2012-04-15"},
                                {kTd1, Format::kTd1, "D23145890", "1974-08-12", "2012-04-15"},
                                {kMrvA, Format::kMrvA, "L8988901C", "1940-09-07", "1996-12-10"},
                                {kMrvB, Format::kMrvB, "L8988901C", "1940-09-07", "1996-12-10"}};
  for (const Specimen& specimen : specimens) {
    SCOPED_TRACE(FormatName(specimen.format));
    const Reading reading = Read(specimen.lines, kToday);
    EXPECT_EQ(reading.format, specimen.format);
    EXPECT_THAT(Names(reading.errors), IsEmpty());
    EXPECT_EQ(reading.primary_identifier, "ERIKSSON");
    EXPECT_EQ(reading.secondary_identifier, "ANNA MARIA");
    EXPECT_FALSE(reading.single_name);
    EXPECT_EQ(reading.issuing_state, "UTO");
    EXPECT_EQ(reading.document_number, specimen.number);
    EXPECT_EQ(reading.birth_date, specimen.birth);
    EXPECT_EQ(reading.expiry_date, specimen.expiry);
    EXPECT_EQ(reading.sex, 'F');
  }
  EXPECT_EQ(Read(kTd3, kToday).optional_data, "ZE184226B");
  EXPECT_EQ(Read(kTd3, kToday).optional_data_check_digit, '1');
  EXPECT_EQ(Read(kMrvA, kToday).optional_data, "6ZE184226B");
  EXPECT_EQ(Read(kMrvB, kToday).composite_check_digit, '\0');
}

// Other published lines: Doc 9303-11 appendix D, Swiss and German specimens as quoted by
// github.com/cheminfo/mrz and in the reference data of BSI TR-03105-5.
TEST(Reading, TakesOtherPublishedSpecimens) {
  EXPECT_THAT(
      Errors({"I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"}),
      IsEmpty());
  EXPECT_THAT(Errors({"I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2",
                      "STEVENSON<<PETER<JOHN<<<<<<<<<"}),
              IsEmpty());
  EXPECT_THAT(Errors({"IDCHEA1234567<6<<<<<<<<<<<<<<<", "7510256M2009018CHE<<<<<<<<<<<8",
                      "SMITH<<JOHN<ALBERT<<<<<<<<<<<<"}),
              IsEmpty());
  const Reading german = Read({"P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<",
                               "C11T002JM4D<<9608122F2310314<<<<<<<<<<<<<<<4"},
                              kToday);
  EXPECT_THAT(Names(german.errors), IsEmpty());
  EXPECT_EQ(german.issuing_state, "D");
  EXPECT_EQ(german.optional_data_check_digit, '<');
}

// ICAO Doc 9303-10 A.2.1 prints 4; the rule gives 8.
TEST(Reading, FindsTheWrongDigitInAPublishedSample) {
  const Reading reading = Read(
      {"I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<4"}, kToday);
  ASSERT_THAT(Names(reading.errors), ElementsAre("composite_check_digit CHECK_DIGIT"));
  EXPECT_EQ(reading.errors[0].expected, "8");
  EXPECT_EQ(reading.errors[0].line, 2);
  EXPECT_EQ(reading.errors[0].column, 36);
}

TEST(Reading, TakesOneLineAndBlanksAroundLines) {
  const std::string joined = absl::StrCat(kTd3[0], kTd3[1]);
  EXPECT_EQ(Read({joined}, kToday).document_number, "L898902C3");
  EXPECT_EQ(Read({absl::StrCat(kTd1[0], kTd1[1], kTd1[2])}, kToday).format, Format::kTd1);
  EXPECT_EQ(Read({absl::StrCat(kTd2[0], kTd2[1])}, kToday).format, Format::kTd2);
  EXPECT_TRUE(
      Read({absl::StrCat("  ", kTd3[0], "\r"), absl::StrCat(kTd3[1], "\t")}, kToday).valid());
}

// asmarques/mrtd#5, sivakumar-mahalingam/fastmrz#17, DoubangoTelecom/ultimateMRZ-SDK#40.
TEST(Reading, LetsAnEmptyOptionalFieldEndInFillerOrZero) {
  const char* line1 = "PPIDNSARI<<DEWI<<<<<<<<<<<<<<<<<<<<<<<<<<<<<";
  EXPECT_THAT(Errors({line1, "X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<04"}), IsEmpty());
  EXPECT_THAT(Errors({line1, "X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<<4"}), IsEmpty());
  EXPECT_THAT(Errors({line1, "X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<14"}),
              Contains("optional_data CHECK_DIGIT"));
  EXPECT_THAT(Errors({kTd3[0], "L898902C36UTO7408122F1204159ZE184226B<<<<<<0"}),
              Contains("optional_data_check_digit NOT_A_DIGIT"));
}

// github.com/cheminfo/mrz, check.test.ts: BEL-BO-03003 of PRADO counts the filler.
TEST(Reading, TakesLongNumbersBothWaysAndSaysWhich) {
  const auto card = [](string_view optional) {
    return absl::StrCat("IDBEL592166117<", optional, std::string(15 - optional.size(), '<'));
  };
  const std::string with = card("2318"), without = card("2316"), wrong = card("2317");
  const char* line2 = "7408122F1204159BEL<<<<<<<<<<<0";
  const char* line3 = "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
  Reading reading = Read({with, line2, line3}, kToday);
  EXPECT_EQ(reading.document_number, "592166117231");
  EXPECT_EQ(reading.document_number_check_digit, '8');
  EXPECT_EQ(reading.number_form, NumberForm::kLongCountingFiller);
  EXPECT_THAT(Names(reading.warnings), Contains("document_number CHECK_DIGIT_COUNTS_FILLER"));
  EXPECT_THAT(Names(reading.errors), Not(Contains("document_number CHECK_DIGIT")));
  reading = Read({without, line2, line3}, kToday);
  EXPECT_EQ(reading.number_form, NumberForm::kLong);
  EXPECT_THAT(Names(reading.errors), Not(Contains("document_number CHECK_DIGIT")));
  reading = Read({wrong, line2, line3}, kToday);
  EXPECT_THAT(Names(reading.errors), Contains("document_number CHECK_DIGIT"));
  EXPECT_EQ(reading.errors[0].column, 19);
}

TEST(Reading, TakesWhatFollowsALongNumberAsOptionalData) {
  const Reading reading = Read({"I<UTOD23145890<1240<XYZ<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<8",
                                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"},
                               kToday);
  EXPECT_EQ(reading.document_number, "D23145890124");
  EXPECT_EQ(reading.document_number_check_digit, '0');
  EXPECT_EQ(reading.optional_data, "XYZ");
}

TEST(Reading, TakesALongNumberThatFillsTheOptionalField) {
  const Reading reading = Read(
      {"I<UTOSARI<<DEWI<<<<<<<<<<<<<<<<<<<<<", "D23145890<UTO3407127M95071227340001<"}, kToday);
  EXPECT_EQ(reading.document_number, "D23145890734000");
  EXPECT_EQ(reading.optional_data, "");
}

TEST(Reading, AsksForACheckDigitWhereNoLongNumberFollows) {
  EXPECT_THAT(Errors({"I<UTOD23145890<<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"}),
              Contains("document_number_check_digit NOT_A_DIGIT"));
  // Passports and visas have no long numbers.
  EXPECT_THAT(Errors({kTd3[0], "L898902C3<UTO7408122F1204159ZE184226B<<<<<10"}),
              Contains("document_number_check_digit NOT_A_DIGIT"));
}

// RfidResearchGroup/proxmark3#3576: a filler inside is a replaced sign, not the end.
TEST(Reading, KeepsInnerFillersOfNumbersAndOptionalData) {
  const Reading reading = Read(
      {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8<8901C<0XXX4009078F9612109AB<12<<<"}, kToday);
  EXPECT_EQ(reading.document_number, "L8<8901C");
  EXPECT_EQ(reading.optional_data, "AB<12");
}

TEST(Reading, LetsPartsOfABirthBeUnknownButNotOfAnExpiry) {
  const auto visa = [](string_view birth, string_view expiry) {
    return absl::StrCat("L8988901C4XXX", birth, std::string(1, CheckDigitOf(birth)), "F", expiry,
                        std::string(1, CheckDigitOf(expiry)), "<<<<<<<<");
  };
  const auto read = [&](string_view birth, string_view expiry = "301231") {
    const std::string line = visa(birth, expiry);
    return Read({kMrvB[0], line}, kToday);
  };
  EXPECT_EQ(read("74<<<<").birth_date, "1974-00-00");
  EXPECT_EQ(read("7408<<").birth_date, "1974-08-00");
  EXPECT_EQ(read("<<<<<<").birth_date, "0000-00-00");
  EXPECT_EQ(read("<<0229").birth_date, "0000-02-29");
  for (const char* good : {"74<<<<", "7408<<", "<<<<<<", "<<0229"}) {
    EXPECT_TRUE(read(good).valid()) << good;
  }
  EXPECT_THAT(Names(read("7<0812").errors), ElementsAre("birth_date INCOMPLETE_DATE"));
  EXPECT_THAT(Names(read("740812", "3012<<").errors), ElementsAre("expiry_date INCOMPLETE_DATE"));
  EXPECT_THAT(Names(read("741301").errors), ElementsAre("birth_date NOT_A_DATE"));
  EXPECT_THAT(Names(read("740230").errors), ElementsAre("birth_date NOT_A_DATE"));
  EXPECT_THAT(Names(read("740000").errors), ElementsAre("birth_date NOT_A_DATE"));
  EXPECT_THAT(Names(read("740812", "300231").errors), ElementsAre("expiry_date NOT_A_DATE"));
}

TEST(Reading, InfersCenturiesFromTheDayOfReading) {
  const auto birth = [](string_view date, const matching::CivilDate& today) {
    const std::string line =
        absl::StrCat("L8988901C4XXX", date, std::string(1, CheckDigitOf(date)), "F9612109<<<<<<<<");
    return Read({kMrvB[0], line}, today).birth_date;
  };
  EXPECT_EQ(birth("261124", kToday), "2026-11-24");
  EXPECT_EQ(birth("261125", kToday), "1926-11-25");
  EXPECT_EQ(birth("000229", kToday), "2000-02-29");
  EXPECT_EQ(birth("261125", {2027, 1, 1}), "2026-11-25");
  const auto expiry = [](string_view date) {
    const std::string line =
        absl::StrCat("L8988901C4XXX4009078F", date, std::string(1, CheckDigitOf(date)), "<<<<<<<<");
    return Read({kMrvB[0], line}, kToday).expiry_date;
  };
  EXPECT_EQ(expiry("750101"), "2075-01-01");
  EXPECT_EQ(expiry("760101"), "1976-01-01");
  EXPECT_EQ(expiry("360101"), "2036-01-01");
}

TEST(Reading, KnowsThreeSexesOfTheZone) {
  const auto with_sex = [](char sex) {
    std::string line(kMrvB[1]);
    line[20] = sex;
    return Names(Read({kMrvB[0], line}, kToday).errors);
  };
  EXPECT_THAT(with_sex('M'), IsEmpty());
  EXPECT_THAT(with_sex('<'), IsEmpty());
  EXPECT_THAT(with_sex('X'), ElementsAre("sex NOT_A_SEX"));
  EXPECT_THAT(with_sex('1'), ElementsAre("sex NOT_A_LETTER"));
}

Lines Passport(const std::string& line1) {
  // Expires 2034: no rule on second letters asks for anything.
  return {line1, "X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<04"};
}

TEST(Reading, ReadsTheCodesOf2026ByPosition) {
  const std::string line = "PPIDNSARI<<DEWI<<<<<<<<<<<<<<<<<<<<<<<<<<<<<";
  const Reading reading = Read(Passport(line), kToday);
  EXPECT_EQ(reading.document_code, "PP");
  EXPECT_EQ(reading.issuing_state, "IDN");  // Not a state `PID`.
  EXPECT_TRUE(reading.valid());
  struct Code {
    const char* code;
    const char* meaning;
  };
  for (const Code& one :
       {Code{"PP", "ordinary passport"}, Code{"PE", "emergency passport"},
        Code{"PD", "diplomatic passport"}, Code{"PO", "official or service passport"},
        Code{"PR", "refugee travel document"}, Code{"PT", "alien's travel document"},
        Code{"PS", "stateless person's travel document"}, Code{"PL", "laissez-passer"},
        Code{"PM", "military passport"}, Code{"P", "passport"}, Code{"V", "visa"}, Code{"I", ""}}) {
    EXPECT_EQ(MeaningOfCode(one.code), one.meaning) << one.code;
  }
}

TEST(Reading, TakesOldCodesUntilTheyRunOut) {
  const auto with = [](const char* code, string_view expiry) {
    const std::string line1 = absl::StrCat(code, "IDNSARI<<DEWI", std::string(29, '<'));
    std::string line2 = absl::StrCat("X1234567<7IDN9001011F", expiry,
                                     std::string(1, CheckDigitOf(expiry)), "<<<<<<<<<<<<<<0");
    line2 += CheckDigit()
                 .Add(string_view(line2).substr(0, 10))
                 .Add(string_view(line2).substr(13, 7))
                 .Add(string_view(line2).substr(21, 22))
                 .digit();
    const Reading reading = Read({line1, line2}, kToday);
    EXPECT_TRUE(reading.valid()) << code << expiry;
    return Names(reading.warnings);
  };
  EXPECT_THAT(with("P<", "371231"), IsEmpty());
  EXPECT_THAT(with("P<", "380101"), ElementsAre("document_code SECOND_LETTER_MISSING"));
  EXPECT_THAT(with("PN", "351231"), IsEmpty());
  EXPECT_THAT(with("PN", "360601"), ElementsAre("document_code LEGACY_SECOND_LETTER"));
  EXPECT_THAT(with("PD", "400601"), IsEmpty());
}

TEST(Reading, AsksForACodeThatFitsTheFormat) {
  EXPECT_THAT(Errors(Passport("IPIDNSARI<<DEWI<<<<<<<<<<<<<<<<<<<<<<<<<<<<<")),
              ElementsAre("document_code DOCUMENT_CODE"));
  EXPECT_THAT(Errors({"PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", kTd2[1]}),
              ElementsAre("document_code DOCUMENT_CODE"));
  EXPECT_THAT(Errors({"IVUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", kTd2[1]}),
              ElementsAre("document_code DOCUMENT_CODE"));
  for (const char* good : {"AC", "C<", "IP", "ID", "A<"}) {
    const std::string line = absl::StrCat(good, kTd2[0].substr(2));
    EXPECT_THAT(Errors({line, kTd2[1]}), IsEmpty()) << good;
  }
}

TEST(Reading, KnowsStateCodesOfAnyLength) {
  const auto with = [](string_view state, string_view nationality) {
    const std::string line1 = absl::StrCat("P<", state, "SARI<<DEWI", std::string(29, '<'));
    const std::string line2 =
        absl::StrCat("X1234567<7", nationality, "9001011F3412318<<<<<<<<<<<<<<04");
    return Names(Read({line1, line2}, kToday).errors);
  };
  EXPECT_THAT(with("D<<", "KHM"), IsEmpty());
  EXPECT_THAT(with("UNO", "XXA"), IsEmpty());
  EXPECT_THAT(with("IDN", "XXB"), IsEmpty());
  EXPECT_THAT(with("RKS", "XXX"), IsEmpty());
  EXPECT_THAT(with("PID", "IDN"), ElementsAre("issuing_state UNKNOWN_STATE"));
  EXPECT_THAT(with("ID<", "IDN"), ElementsAre("issuing_state UNKNOWN_STATE"));
  EXPECT_THAT(with("<<<", "IDN"), ElementsAre("issuing_state REQUIRED"));
  EXPECT_THAT(with("I<N", "IDN"), ElementsAre("issuing_state MISPLACED_FILLER"));
  EXPECT_THAT(with("1DN", "IDN"), Contains("issuing_state NOT_A_LETTER"));
}

TEST(Reading, WarnsOfSpecimensAndOfHolderCodesThatIssue) {
  EXPECT_THAT(Warnings(kTd3),
              ElementsAre("issuing_state SPECIMEN_STATE", "nationality SPECIMEN_STATE"));
  EXPECT_THAT(Warnings(Passport("PPXXASARI<<DEWI<<<<<<<<<<<<<<<<<<<<<<<<<<<<<")),
              ElementsAre("issuing_state HOLDER_CODE_ISSUES"));
}

Reading WithNames(const std::string& names) {
  const std::string line = absl::StrCat("PPIDN", names, std::string(39 - names.size(), '<'));
  return Read(Passport(line), kToday);
}

// Doc 9303-4: ARKFREITH, SATRIYA SUDARPA.
TEST(Names, OfOneWordArePrimary) {
  for (const char* name : {"ARKFREITH", "SATRIYA<SUDARPA"}) {
    const Reading reading = WithNames(name);
    EXPECT_TRUE(reading.valid());
    EXPECT_TRUE(reading.single_name);
    EXPECT_EQ(reading.secondary_identifier, "");
    EXPECT_THAT(Names(reading.warnings), IsEmpty());
  }
  EXPECT_EQ(WithNames("SATRIYA<SUDARPA").primary_identifier, "SATRIYA SUDARPA");
}

TEST(Names, WithoutPrimaryAreReadAsSingle) {
  const Reading reading = WithNames("<<FIRST<NAME");
  EXPECT_TRUE(reading.valid());
  EXPECT_TRUE(reading.single_name);
  EXPECT_EQ(reading.primary_identifier, "");
  EXPECT_EQ(reading.secondary_identifier, "FIRST NAME");
  EXPECT_THAT(Names(reading.warnings), ElementsAre("primary_identifier EMPTY_PRIMARY"));
}

TEST(Names, ThatReachTheEndMayBeTruncated) {
  const Reading full = WithNames("ABCDEFGHIJKLMNOPQRST<<ABCDEFGHIJKLMNOPQ");
  EXPECT_TRUE(full.names_may_be_truncated);
  EXPECT_THAT(Names(full.warnings), ElementsAre("names MAY_BE_TRUNCATED"));
  EXPECT_FALSE(WithNames("ABCDEFGHIJKLMNOPQRST<<ABCDEFGHIJKLMNOP").names_may_be_truncated);
}

TEST(Names, WithMoreFillersThanAllowedAreReadAndTold) {
  for (const char* name : {"SARI<<<DEWI", "SARI<<DEWI<<AYU", "<SARI<<DEWI"}) {
    const Reading reading = WithNames(name);
    EXPECT_TRUE(reading.valid()) << name;
    EXPECT_EQ(reading.primary_identifier, "SARI") << name;
    EXPECT_THAT(Names(reading.warnings), ElementsAre("names EXTRA_SEPARATOR")) << name;
  }
  EXPECT_EQ(WithNames("SARI<<DEWI<<AYU").secondary_identifier, "DEWI AYU");
}

TEST(Names, HaveNoDigitsAndAreNotEmpty) {
  EXPECT_THAT(Names(WithNames("SAR1<<DEWI").errors),
              ElementsAre("primary_identifier NOT_A_LETTER"));
  EXPECT_EQ(WithNames("SAR1<<DEWI").errors[0].column, 9);
  EXPECT_THAT(Names(WithNames("SAR1<<DEW1").errors),
              ElementsAre("primary_identifier NOT_A_LETTER", "secondary_identifier NOT_A_LETTER"));
  EXPECT_THAT(Names(WithNames("").errors), ElementsAre("primary_identifier REQUIRED"));
}

TEST(Reading, TellsEveryBrokenFieldAtOnce) {
  EXPECT_THAT(Errors({"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                      "L898902C46UTO7408132F1204169ZE184226C<<<<<11"}),
              ElementsAre("document_number CHECK_DIGIT", "optional_data CHECK_DIGIT",
                          "birth_date CHECK_DIGIT", "expiry_date CHECK_DIGIT",
                          "composite_check_digit CHECK_DIGIT"));
}

TEST(Reading, TellsTheDigitThatWasExpected) {
  const Reading reading = Read({kTd3[0], "L898902C37UTO7408122F1204159ZE184226B<<<<<10"}, kToday);
  ASSERT_FALSE(reading.errors.empty());
  EXPECT_EQ(reading.errors[0].expected, "6");
  EXPECT_EQ(reading.errors[0].line, 2);
  EXPECT_EQ(reading.errors[0].column, 10);
}

TEST(Reading, TellsWrongLengthsAndCounts) {
  EXPECT_THAT(Errors({}), ElementsAre("lines UNKNOWN_FORMAT"));
  EXPECT_THAT(Errors({"P<UTO"}), ElementsAre("lines UNKNOWN_FORMAT"));
  const Reading reading = Read({kTd3[0], kTd3[1].substr(1)}, kToday);
  ASSERT_THAT(Names(reading.errors), ElementsAre("lines LINE_LENGTH"));
  EXPECT_EQ(reading.errors[0].line, 2);
  EXPECT_EQ(reading.errors[0].expected, "44");
  EXPECT_THAT(Errors({kTd1[0], kTd1[1], kTd1[2].substr(2)}), ElementsAre("lines LINE_LENGTH"));
}

TEST(Reading, TellsSignsThatNoZoneHolds) {
  EXPECT_THAT(Errors({"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<\xff",
                      "L898902C36UTO7408122F1204159ZE184226B<<<<<10"}),
              ElementsAre("secondary_identifier BAD_CHARACTER"));
  EXPECT_THAT(Errors({"P<UTOERIKSSoN<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", kTd3[1]}),
              ElementsAre("primary_identifier BAD_CHARACTER"));
}

TEST(Reading, SaysWhatNoCheckDigitCovers) {
  EXPECT_THAT(UnprotectedFields(Format::kTd3),
              ElementsAre(Field::kDocumentCode, Field::kIssuingState, Field::kNames,
                          Field::kNationality, Field::kSex));
  EXPECT_THAT(UnprotectedFields(Format::kMrvA), Contains(Field::kOptionalData));
  EXPECT_THAT(UnprotectedFields(Format::kUnknown), IsEmpty());
}

TEST(Rules, HaveNamesAndWordsOfTheirOwn) {
  std::vector<string_view> names;
  for (int i = 0; i <= static_cast<int>(Rule::kCheckDigitCountsFiller); ++i) {
    const string_view name = RuleName(static_cast<Rule>(i));
    EXPECT_THAT(names, Not(Contains(name)));
    EXPECT_NE(RuleText(static_cast<Rule>(i)), "");
    names.push_back(name);
  }
  EXPECT_EQ(RuleName(Rule::kCheckDigitCountsFiller), "CHECK_DIGIT_COUNTS_FILLER");
  EXPECT_EQ(RuleName(Rule::kNotASex), "NOT_A_SEX");
}

}  // namespace
}  // namespace lintas::mrz
