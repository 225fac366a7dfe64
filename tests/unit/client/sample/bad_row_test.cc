#include "client/sample/bad_row.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

Row GoodRow(RecordFile file) {
  Row row;
  for (absl::string_view column : ColumnsOf(file)) row.Add(column);
  return row;
}

TEST(BadRow, ChangesExactlyTheFieldItNames) {
  for (const BadKindRule& rule : BadKindRules()) {
    for (int f = 0; f < kRecordFileCount; ++f) {
      const auto file = static_cast<RecordFile>(f);
      const Row good = GoodRow(file);
      Row bad = good;
      const SpoiltField spoilt = Spoil(rule.kind, file, "SYN-OTHER", 0, &bad);
      for (size_t i = 0; i < good.fields().size(); ++i) {
        const bool named = ColumnsOf(file)[i] == spoilt.field;
        EXPECT_EQ(bad.fields()[i] != good.fields()[i], named) << rule.name << " " << NameOf(file);
      }
    }
  }
}

TEST(BadRow, LeavesRowsThatLackTheField) {
  Row row = GoodRow(RecordFile::kTravellers);
  EXPECT_EQ(Spoil(BadKind::kUnknownPort, RecordFile::kTravellers, "", 0, &row).field, "");
  EXPECT_EQ(Spoil(BadKind::kMissingDocumentNumber, RecordFile::kTravellers, "", 0, &row).field, "");
  EXPECT_EQ(Spoil(BadKind::kDuplicateSourceKey, RecordFile::kTravellers, "", 0, &row).field, "");
}

TEST(BadRow, PutsTheLastDayBeforeTheFirstWhereBothAreCompared) {
  constexpr BadKind kKind = BadKind::kDateAfterDeparture;
  const std::pair<RecordFile, absl::string_view> columns[] = {
      {RecordFile::kTravellers, ""},          {RecordFile::kDocuments, "expiry_date"},
      {RecordFile::kCrossings, ""},           {RecordFile::kStayPermits, "valid_to"},
      {RecordFile::kWorkPermits, "valid_to"}, {RecordFile::kVisas, "valid_to"},
      {RecordFile::kPresences, ""},           {RecordFile::kOverstays, ""},
  };
  for (const auto& [file, column] : columns) {
    Row row = GoodRow(file);
    EXPECT_EQ(Spoil(kKind, file, "", 0, &row).field, column) << NameOf(file);
  }
}

TEST(BadRow, NamesEachKindAtItsPlace) {
  for (const BadKindRule& rule : BadKindRules()) EXPECT_EQ(RuleOf(rule.kind).name, rule.name);
}

}  // namespace
}  // namespace lintas::sample
