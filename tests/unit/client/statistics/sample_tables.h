// The sample tables of this folder, read. All figures are SYNTHETIC.
#ifndef LINTAS_TESTS_UNIT_CLIENT_STATISTICS_SAMPLE_TABLES_H_
#define LINTAS_TESTS_UNIT_CLIENT_STATISTICS_SAMPLE_TABLES_H_

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "client/sdmx/idkh_structures.h"
#include "client/statistics/statistics_file.h"
#include "gtest/gtest.h"

namespace lintas::client {

inline std::string FileText(const std::string& name) {
  std::ifstream in(std::string(LINTAS_SOURCE_DIR) + "/tests/unit/client/statistics/" + name,
                   std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline sdmx::Message SampleMessage(const std::string& name) {
  const sdmx::ReadResult result =
      ReadStatistics(FileText("samples/" + name), sdmx::CsvVersion::kV21, &sdmx::IdkhStructures());
  for (const sdmx::Refusal& refusal : result.refusals) {
    ADD_FAILURE() << sdmx::DescribeRefusal(refusal);
  }
  return result.message;
}

inline std::vector<PublishedTable> SampleTables() {
  std::vector<PublishedTable> tables;
  for (const char* name : {"flow_id.csv", "flow_kh.csv"}) {
    auto more = TablesOf(SampleMessage(name), sdmx::IdkhStructures());
    EXPECT_TRUE(more.ok()) << more.status();
    if (more.ok()) tables.insert(tables.end(), more->begin(), more->end());
  }
  return tables;
}

}  // namespace lintas::client

#endif  // LINTAS_TESTS_UNIT_CLIENT_STATISTICS_SAMPLE_TABLES_H_
