#include "client/import/ndjson_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_cat.h"

namespace lintas::client {
namespace {

std::vector<NdjsonRow> Read(const std::string& text, absl::Status* status = nullptr) {
  std::vector<NdjsonRow> rows;
  std::istringstream in(text);
  const absl::Status read = ReadNdjson(in, [&](NdjsonRow* row) {
    rows.push_back(std::move(*row));
    return absl::OkStatus();
  });
  if (status != nullptr) *status = read;
  return rows;
}

TEST(Ndjson, ReadsRowsOfSeveralTypes) {
  const auto rows = Read(
      R"({"source_key":"A-1","record":{"crossing":{"port":"KHPNH","name":"x","meta":{"revision":3}}}})"
      "\n\n"
      R"({"source_key":"A-2","record":{"ban":{"kind":"ENTRY_BAN","for_life":true}}})"
      "\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows[0].errors.empty());
  EXPECT_EQ(rows[0].record.crossing().port(), "KHPNH");
  // What the node says itself is not taken over.
  EXPECT_EQ(rows[0].record.crossing().name(), "");
  EXPECT_FALSE(rows[0].record.crossing().has_meta());
  EXPECT_EQ(rows[1].line, 3u);
  EXPECT_TRUE(rows[1].record.ban().for_life());
}

TEST(Ndjson, HandsOnBadLinesWithoutTheirValues) {
  const auto rows = Read(
      "not json\n"
      R"({"source_key":"A","record":{"crossing":{"direction":"SECRET-VALUE"}}})"
      "\n"
      R"({"source_key":"A","record":{"boat":{}}})"
      "\n"
      R"({"record":{"crossing":{}}})"
      "\n"
      R"({"source_key":"A"})"
      "\n");
  ASSERT_EQ(rows.size(), 5u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rows[i].errors.at(0).rule, "NOT_A_ROW") << i;
  EXPECT_EQ(rows[3].errors.at(0).field, "source_key");
  EXPECT_EQ(rows[4].errors.at(0).field, "record");
  for (const NdjsonRow& row : rows) {
    for (const FieldViolation& error : row.errors) {
      EXPECT_EQ(absl::StrCat(error.field, error.description).find("SECRET"), std::string::npos);
    }
  }
}

TEST(Ndjson, StopsAtALineWithoutEnd) {
  absl::Status status;
  Read("{}\n" + std::string(kNdjsonRowBytesMax + 1, 'x'), &status);
  EXPECT_EQ(ErrorReason(status), "ROW_TOO_LONG");
}

TEST(Ndjson, ReadsBackWhatItWrites) {
  AnyRecord any;
  auto* visa = any.mutable_visa();
  visa->set_name("countries/idn/visas/1");
  visa->set_visa_number("V-1");
  visa->set_stay_days(30);
  visa->mutable_person()->add_aliases("Aü \"B\"");
  const std::string line = NdjsonLine("SYN-1", any);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto rows = Read(line + "\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].source_key, "SYN-1");
  visa->clear_name();
  EXPECT_EQ(rows[0].record.SerializeAsString(), any.SerializeAsString());
}

}  // namespace
}  // namespace lintas::client
