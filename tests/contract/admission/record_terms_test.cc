// Every record type of area 1 under the default agreement, against a table that a lawyer can read
// (default_agreement.v1.types.txt).
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "lintas/migration_information/v1/any_record.pb.h"
#include "server/records/record_type.h"
#include "tests/support/signed_agreement.h"

namespace lintas {
namespace {

using agreement::v1::RecordTerms;
using options::v1::Field;

template <typename Sections>
std::string Names(const Sections& sections) {
  std::vector<std::string> names;
  for (const int section : sections) {
    names.push_back(Field::Section_Name(static_cast<Field::Section>(section)));
  }
  return names.empty() ? "-" : absl::StrJoin(names, ",");
}

// `crosses withheld answered days` of each type of area 1 that is declared.
std::map<std::string, std::string> Actual() {
  const AgreementVersionPtr version = VersionForTest(DefaultAgreementForTest());
  std::map<std::string, std::string> rows;
  const auto* record =
      migration_information::v1::AnyRecord::descriptor()->FindOneofByName("record");
  for (int i = 0; i < record->field_count(); ++i) {
    const auto& declared =
        record->field(i)->message_type()->options().GetExtension(options::v1::record);
    const RecordTerms* terms = version->Terms(declared.type());
    if (terms == nullptr) {
      rows[declared.type()] = "not in the agreement";
      continue;
    }
    rows[declared.type()] =
        absl::StrCat(RecordTerms::Crossing_Name(terms->crossing()), " ",
                     Names(terms->withheld_sections()), " ", Names(terms->request_sections()), " ",
                     version->RetentionDays(declared.retention_class()).value_or(0));
  }
  return rows;
}

TEST(DefaultAgreement, SaysOfEveryRecordTypeHowItCrosses) {
  std::ifstream file(std::string(LINTAS_SOURCE_DIR) +
                     "/tests/contract/admission/default_agreement.v1.types.txt");
  std::map<std::string, std::string> expected;
  std::string line;
  while (std::getline(file, line)) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.empty() || words[0] == "#") continue;
    ASSERT_EQ(words.size(), 5u) << line;
    expected[words[0]] = absl::StrJoin(words.begin() + 1, words.end(), " ");
  }
  EXPECT_EQ(Actual(), expected);
}

}  // namespace
}  // namespace lintas
