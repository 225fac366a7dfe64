#include "tests/bench/import_bench.h"

#include <chrono>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "server/base/status.h"
#include "tests/bench/child.h"
#include "tests/bench/crossings.h"
#include "tests/bench/node_pair.h"
#include "tests/bench/replication.h"

namespace lintas::bench {
namespace {

using nlohmann::ordered_json;

constexpr int kImportMaxS = 600;

std::string LineOf(uint64_t row) {
  const migration_information::v1::Crossing crossing = CrossingOf(row);
  const auto& person = crossing.person();
  const auto& birth = person.birth_date();
  const std::string born =
      absl::StrFormat("%04d-%02d-%02d", birth.year(), birth.month(), birth.day());
  const std::string time = absl::FormatTime(
      "%Y-%m-%dT%H:%M:%S+07:00", absl::FromUnixSeconds(crossing.crossing_time().seconds()),
      absl::FixedTimeZone(crossing.utc_offset_minutes() * 60));
  const std::string key = absl::StrCat("SYN-", row);
  const std::string fields[] = {key,
                                crossing.direction() == crossing.ENTRY ? "ENTRY" : "EXIT",
                                crossing.port(),
                                time,
                                "ADMITTED",
                                crossing.document().code(),
                                crossing.document().number(),
                                crossing.document().issuer(),
                                person.names(0).family_name(),
                                person.names(0).given_name(),
                                person.names(1).family_name(),
                                born,
                                person.sex() == types::v1::Person::F ? "F" : "M",
                                person.nationalities(0),
                                person.national_number(),
                                person.place_of_birth(),
                                crossing.visa_class(),
                                crossing.permitted_until_date(),
                                crossing.carrier(),
                                crossing.flight(),
                                crossing.purpose()};
  std::string line;
  for (const std::string& field : fields) absl::StrAppend(&line, line.empty() ? "" : ",", field);
  return line + "\n";
}

void WriteCsv(const std::string& path, uint64_t rows) {
  std::ofstream out(path, std::ios::binary);
  out << "source_key,direction,port,crossing_time,outcome,document_code,document_number,"
         "document_issuer,family_name,given_name,person.names[1].family_name,birth_date,sex,"
         "nationality,national_number,person.place_of_birth,visa_class,permitted_until,carrier,"
         "flight,purpose\n";
  for (uint64_t row = 1; row <= rows; ++row) out << LineOf(row);
}

struct Imported {
  double seconds_at_a = 0, cpu_s = 0;
};

// The client as an agency runs it, until it has reported.
absl::StatusOr<Imported> ImportCsv(const NodePair& pair, const std::string& csv) {
  const auto begin = std::chrono::steady_clock::now();
  Child client({ProgramFolder() + "/lintas", "--profile", "idn-agency", "--purpose",
                "DATA_SUBMISSION", "migration", "import", csv, "--type", "crossing"},
               pair.folder() + "/import.log");
  ASSIGN_OR_RETURN(const int code, client.AwaitExit(kImportMaxS));
  if (code != 0) {
    std::ifstream log(pair.folder() + "/import.log");
    return absl::InternalError(absl::StrCat("the import ended with ", code, ": ",
                                            std::string(std::istreambuf_iterator<char>(log), {})));
  }
  return Imported{SecondsSince(begin), client.cpu_s()};
}

}  // namespace

absl::StatusOr<ordered_json> RunImport(uint64_t rows) {
  ASSIGN_OR_RETURN(const std::unique_ptr<NodePair> pair, NodePair::Start());
  setenv("LINTAS_HOME", (pair->folder() + "/home").c_str(), 1);
  const std::string csv = pair->folder() + "/crossings.csv";
  WriteCsv(csv, rows);
  const double idn_cpu = pair->idn().cpu_s(), khm_cpu = pair->khm().cpu_s();
  const auto begin = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const Imported imported, ImportCsv(*pair, csv));
  RETURN_IF_ERROR(AwaitLevel(*pair, rows));
  const double count = static_cast<double>(rows);
  const double figure = count / SecondsSince(begin);
  const double a = 1e6 * (pair->idn().cpu_s() - idn_cpu) / count;
  const double b = 1e6 * (pair->khm().cpu_s() - khm_cpu) / count;
  const double client = 1e6 * imported.cpu_s / count;
  const double memory_a = pair->idn().memory_mb(), memory_b = pair->khm().memory_mb();
  // Again, unchanged: what a daily full export costs when nothing has changed.
  const std::string again = pair->folder() + "/crossings-again.csv";
  WriteCsv(again, rows);
  const double idn_again = pair->idn().cpu_s();
  ASSIGN_OR_RETURN(const Imported unchanged, ImportCsv(*pair, again));
  const double a_again = 1e6 * (pair->idn().cpu_s() - idn_again) / count;
  ASSIGN_OR_RETURN(const double limit, EchoRate(*pair, MakeCrossings(rows)));
  return ordered_json{{"bench", "import"},
                      {"rows", rows},
                      {"csv_bytes_per_row", LineOf(rows).size()},
                      {"rows_per_s_end_to_end", figure},
                      {"rows_per_s_at_a", count / imported.seconds_at_a},
                      {"limit_echo_rows_per_s", limit},
                      {"ratio_to_limit", figure / limit},
                      {"cpu_us_per_row_client", client},
                      {"cpu_us_per_row_a", a},
                      {"cpu_us_per_row_b", b},
                      {"cpu_us_per_row", client + a + b},
                      {"unchanged_again_rows_per_s", count / unchanged.seconds_at_a},
                      {"unchanged_again_cpu_us_per_row_client", 1e6 * unchanged.cpu_s / count},
                      {"unchanged_again_cpu_us_per_row_a", a_again},
                      {"memory_mb_a", memory_a},
                      {"memory_mb_b", memory_b}};
}

}  // namespace lintas::bench
