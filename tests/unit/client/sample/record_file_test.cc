#include "client/sample/record_file.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "client/import/csv_columns.h"
#include "client/record.h"
#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

TEST(RecordFile, HasTheColumnsThatTheImportReads) {
  EXPECT_EQ(absl::StrJoin(ColumnsOf(RecordFile::kTravellers), ","),
            "source_key,family_name,given_name,native_script,birth_date,sex,nationality,"
            "national_number,place_of_birth");
  EXPECT_EQ(absl::StrJoin(ColumnsOf(RecordFile::kDocuments), ","),
            "source_key,document_code,document_number,issuer,issue_date,expiry_date,status,"
            "family_name,given_name,native_script,birth_date,sex,nationality,national_number");
  EXPECT_EQ(absl::StrJoin(ColumnsOf(RecordFile::kCrossings), ","),
            "source_key,direction,port,crossing_time,outcome,document_code,document_number,"
            "document_issuer,family_name,given_name,native_script,birth_date,sex,nationality,"
            "national_number,visa_class,permitted_until,carrier,flight,purpose");
  EXPECT_EQ(absl::StrJoin(ColumnsOf(RecordFile::kStayPermits), ","),
            "source_key,permit_number,permit_class,list_version,valid_from,valid_to,status,"
            "document_number,document_issuer,family_name,given_name,native_script,birth_date,sex,"
            "nationality,national_number,address,host");
  EXPECT_EQ(absl::StrJoin(ColumnsOf(RecordFile::kWorkPermits), ","),
            "source_key,permit_number,occupation,year,status,valid_from,valid_to,document_number,"
            "document_issuer,family_name,given_name,native_script,birth_date,sex,nationality,"
            "national_number,employer");
}

TEST(RecordFile, HasNoColumnThatTheImportLeavesOut) {
  const std::pair<RecordFile, const char*> types[] = {
      {RecordFile::kTravellers, "traveller"},    {RecordFile::kDocuments, "travel_document"},
      {RecordFile::kCrossings, "crossing"},      {RecordFile::kStayPermits, "stay_permit"},
      {RecordFile::kWorkPermits, "work_permit"}, {RecordFile::kVisas, "visa"},
      {RecordFile::kPresences, "presence"},      {RecordFile::kOverstays, "overstay"}};
  EXPECT_EQ(std::size(types), size_t(kRecordFileCount));
  for (const auto& [file, type] : types) {
    const auto columns = ColumnsOf(file);
    const auto plan = client::CsvColumns::Make((*client::KindOfType(type))->message(),
                                               {columns.begin(), columns.end()}, {});
    ASSERT_TRUE(plan.ok()) << type << plan.status();
    EXPECT_TRUE(plan->unknown().empty()) << type << ": " << plan->unknown()[0];
  }
}

TEST(RecordFile, FindsAColumnOrSaysThatThereIsNone) {
  EXPECT_EQ(ColumnIndex(RecordFile::kCrossings, "port"), 2);
  EXPECT_EQ(ColumnIndex(RecordFile::kTravellers, "port"), -1);
}

}  // namespace
}  // namespace lintas::sample
