#include "client/sdmx/value_rules.h"

#include "client/sdmx/csv_text.h"
#include "gtest/gtest.h"

namespace lintas::sdmx {
namespace {

TEST(TimePeriod, KnowsTheFormsOfSdmx) {
  for (const char* good : {"2026", "2026-01", "2026-02-28", "2024-02-29", "2026-Q4", "2026-S1",
                           "2026-T3", "2026-M12", "2026-W53", "2026-D366", "2026-A1",
                           "2026-01-31T14:30:00Z", "2026-01-01/P1M", "2026-01-01T00:00:00/PT12H"}) {
    EXPECT_TRUE(IsTimePeriod(good)) << good;
  }
  for (const char* bad : {"", "26", "2026-13", "2026-02-29", "2026-Q5", "2026-W54", "2026-M1",
                          "2026-01-01/1M", "2026-01-01/P", "January", "2026-1", "2026-"}) {
    EXPECT_FALSE(IsTimePeriod(bad)) << bad;
  }
}

TEST(DateTime, NeedsDateAndTime) {
  for (const char* good : {"2025-12-19T14:30:00Z", "2025-12-19T14:30:00", "2025-12-19T14:30:00.25Z",
                           "2025-12-19T14:30:00+07:00"}) {
    EXPECT_TRUE(IsDateTime(good)) << good;
  }
  for (const char* bad :
       {"2025-12-19", "2025-12-19T24:30:00Z", "2025-12-19T14:30Z", "2025-12-32T14:30:00Z",
        "2025-12-19T14:30:00.Z", "2025-12-19 14:30:00Z", "2025-12-19T14:30:00+7"}) {
    EXPECT_FALSE(IsDateTime(bad)) << bad;
  }
}

TEST(Number, IsWhatJsonKnows) {
  for (const char* good : {"0", "-12", "3.25", "1e6"}) EXPECT_TRUE(IsNumber(good)) << good;
  for (const char* bad : {"", "1,000", "nan", "inf", "0x10", "+1", "1 "}) {
    EXPECT_FALSE(IsNumber(bad)) << bad;
  }
}

TEST(Utf8, RefusesWhatRfc3629Does) {
  EXPECT_TRUE(IsUtf8("ភ្នំពេញ é \xf0\x9f\x98\x80"));
  for (const char* bad : {"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe1\x80"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

}  // namespace
}  // namespace lintas::sdmx
