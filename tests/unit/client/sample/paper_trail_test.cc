#include "client/sample/paper_trail.h"

#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

struct Kept {
  Country side;
  RecordFile file;
  std::vector<std::string> fields;

  const std::string& operator[](absl::string_view column) const {
    return fields[size_t(ColumnIndex(file, column))];
  }
};

class KeepingSink : public RowSink {
 public:
  void Accept(Country side, RecordFile file, const Person&, Row* row) override {
    rows.push_back({side, file, {row->fields().begin(), row->fields().end()}});
  }
  std::vector<Kept> rows;
};

// The trail of person `number` of seed 1.
std::vector<Kept> TrailOf(uint64_t number, const SampleOptions& options, Person* person) {
  Population(options).Make(number, person);
  KeepingSink sink;
  PaperTrail(options, &sink).Write(*person);
  return sink.rows;
}

// Calls `see` for the first 3,000 persons.
template <typename See>
void ForPersons(const SampleOptions& options, const See& see) {
  for (uint64_t number = 0; number < 3000; ++number) {
    Person person;
    const std::vector<Kept> rows = TrailOf(number, options, &person);
    see(person, rows);
  }
}

TEST(PaperTrail, FillsEveryColumnOfEveryFile) {
  ForPersons({}, [](const Person&, const std::vector<Kept>& rows) {
    for (const Kept& row : rows) ASSERT_EQ(row.fields.size(), ColumnsOf(row.file).size());
  });
}

TEST(PaperTrail, WritesThePersonTheSameInAllFilesOfASide) {
  ForPersons({}, [](const Person& person, const std::vector<Kept>& rows) {
    for (const Kept& row : rows) {
      const Kept& first = rows[0].side == row.side ? rows[0] : row;
      for (const char* column : {"family_name", "given_name", "birth_date", "sex", "nationality"}) {
        ASSERT_EQ(row[column], first[column]) << person.number;
      }
    }
  });
}

TEST(PaperTrail, DepartureAtOneSideIsArrivalAtTheOtherSoonAfter) {
  SampleOptions options;
  options.shares.unrecorded_departure = options.shares.deferred = options.shares.refused = 0;
  ForPersons(options, [](const Person& person, const std::vector<Kept>& rows) {
    if (person.IsForeigner()) return;
    std::vector<Kept> crossings;
    for (const Kept& row : rows) {
      if (row.file == RecordFile::kCrossings) crossings.push_back(row);
    }
    ASSERT_EQ(crossings.size() % 2, 0u);
    for (size_t i = 0; i < crossings.size(); i += 2) {
      ASSERT_EQ(crossings[i]["direction"], "EXIT");
      ASSERT_EQ(crossings[i + 1]["direction"], "ENTRY");
      ASSERT_NE(crossings[i].side, crossings[i + 1].side);
      ASSERT_LE(crossings[i]["crossing_time"].substr(0, 10),
                crossings[i + 1]["crossing_time"].substr(0, 10));
      if (i > 0) {
        ASSERT_LT(crossings[i - 1]["crossing_time"], crossings[i]["crossing_time"]);
      }
    }
  });
}

TEST(PaperTrail, OnlyWorkersHaveWorkPermits) {
  ForPersons({}, [](const Person& person, const std::vector<Kept>& rows) {
    int work_permits = 0;
    for (const Kept& row : rows) work_permits += row.file == RecordFile::kWorkPermits;
    if (person.kind == PersonKind::kIndonesianWorker) {
      ASSERT_GT(work_permits, 0);
    } else if (person.kind != PersonKind::kCambodianResident) {
      ASSERT_EQ(work_permits, 0);
    }
  });
}

TEST(PaperTrail, EndsNoPermitBeforeItBegins) {
  SampleOptions options;
  options.shares.overstay = 0.5;
  ForPersons(options, [](const Person& person, const std::vector<Kept>& rows) {
    for (const Kept& row : rows) {
      if (row.file != RecordFile::kStayPermits) continue;
      ASSERT_LE(row["valid_from"], row["valid_to"]);
      ASSERT_EQ(row["status"] == "EXPIRED", row["valid_to"] < "2024-10-01");
    }
    // One who stays on has no permit in force.
    if (!person.overstay || !person.IsResident()) return;
    for (const Kept& row : rows) {
      if (row.file == RecordFile::kStayPermits) {
        ASSERT_EQ(row["status"], "EXPIRED");
      }
    }
  });
}

TEST(PaperTrail, OverstayingVisitorsLeaveLateOrNotAtAll) {
  SampleOptions options;
  options.shares.overstay = 1;
  int late = 0, gone = 0;
  ForPersons(options, [&](const Person& person, const std::vector<Kept>& rows) {
    if (person.kind != PersonKind::kIndonesianVisitor) return;
    std::string until, left;
    for (const Kept& row : rows) {
      if (row.file != RecordFile::kCrossings || row.side != Country::kCambodia) continue;
      if (row["direction"] == "ENTRY" && row["outcome"] == "ADMITTED") {
        until = row["permitted_until"];
        left.clear();
      } else if (row["direction"] == "EXIT") {
        left = row["crossing_time"].substr(0, 10);
      }
    }
    ASSERT_TRUE(left.empty() || left > until) << person.number;
    (left.empty() ? gone : late) += 1;
  });
  EXPECT_GT(late, 100);
  EXPECT_GT(gone, 100);
}

TEST(PaperTrail, RecordsEachOverstayWithItsDaysAndFine) {
  SampleOptions options;
  options.shares.overstay = 1;
  int left = 0, there = 0;
  ForPersons(options, [&](const Person& person, const std::vector<Kept>& rows) {
    for (const Kept& row : rows) {
      if (row.file != RecordFile::kOverstays) continue;
      ASSERT_EQ(row.side, person.host);
      ASSERT_EQ(row["fine_currency"], row.side == Country::kIndonesia ? "IDR" : "USD");
      ASSERT_EQ(row["fine_status"], row["departed"].empty() ? "DUE" : "PAID");
      ASSERT_GT(std::stoi(row["days"]), 0);
      absl::CivilDay last, departed;
      ASSERT_TRUE(absl::ParseCivilTime(row["permitted_until"], &last));
      if (absl::ParseCivilTime(row["departed"], &departed)) {
        ASSERT_EQ(departed - last, std::stoi(row["days"]));
      }
      (row["departed"].empty() ? there : left) += 1;
    }
  });
  EXPECT_GT(left, 100);
  EXPECT_GT(there, 100);
}

TEST(PaperTrail, ThirdCountryNationalsCarryNeitherPartysNationality) {
  int seen = 0, unknown = 0;
  ForPersons({}, [&](const Person& person, const std::vector<Kept>& rows) {
    if (!person.IsForeigner()) return;
    ASSERT_FALSE(rows.empty());
    for (const Kept& row : rows) {
      ASSERT_NE(row["nationality"], "IDN");
      ASSERT_NE(row["nationality"], "KHM");
      unknown += row["nationality"].empty();
    }
    ++seen;
  });
  EXPECT_GT(seen, 50);
  EXPECT_GT(unknown, 0);
}

TEST(PaperTrail, ShowsTheDoubleNationalWithBothPassports) {
  Person person;
  std::map<Country, std::vector<std::string>> issuers;
  for (const Kept& row : TrailOf(kDoubleNationalNumber, {}, &person)) {
    EXPECT_EQ(row["nationality"], "IDN;KHM");
    if (row.file == RecordFile::kDocuments) issuers[row.side].push_back(row["issuer"]);
  }
  ASSERT_FALSE(issuers[Country::kIndonesia].empty());
  EXPECT_EQ(issuers[Country::kIndonesia][0], "IDN");
  EXPECT_EQ(issuers[Country::kCambodia], std::vector<std::string>{"KHM"});
}

TEST(PaperTrail, WritesTimesWithThePortsOffset) {
  int in_bali = 0;
  ForPersons({}, [&](const Person&, const std::vector<Kept>& rows) {
    for (const Kept& row : rows) {
      if (row.file != RecordFile::kCrossings) continue;
      const bool eastern = row["port"] == "IDDPS" || row["port"] == "IDUPG";
      ASSERT_EQ(row["crossing_time"].substr(19), eastern ? "+08:00" : "+07:00");
      ASSERT_EQ(row["port"].substr(0, 2), row.side == Country::kIndonesia ? "ID" : "KH");
      in_bali += eastern;
    }
  });
  EXPECT_GT(in_bali, 0);
}

}  // namespace
}  // namespace lintas::sample
