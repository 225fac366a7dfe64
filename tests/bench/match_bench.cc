#include "tests/bench/match_bench.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/match/csv_table.h"
#include "client/match/link_lists.h"
#include "server/base/status.h"
#include "server/matching/known_names.h"
#include "server/matching/person_index.h"

namespace lintas::bench {
namespace {

using matching::KnownNames;
using matching::NameCountry;
using nlohmann::ordered_json;

constexpr uint64_t kScreened = 15'000;
constexpr int kSearches = 2'000;
constexpr int kThreads = 2;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Person {
  std::string given, surname, born;
};

// A third Khmer names, the others Indonesian, of two and three words.
class People {
 public:
  Person Make() {
    const auto names = KnownNames(Below(3) == 0 ? NameCountry::kCambodia : NameCountry::kIndonesia);
    const auto word = [&] { return std::string(names[Below(names.size())]); };
    Person person{word(), word(), ""};
    if (Below(4) == 0) absl::StrAppend(&person.surname, " ", word());
    person.born = absl::StrFormat("%04d-%02d-%02d", 1950 + Below(55), 1 + Below(12), 1 + Below(28));
    return person;
  }

  void Damage(std::string* text) {
    const size_t at = Below(text->size());
    if (Below(2) == 0 && text->size() > 2) {
      text->erase(at, 1);
    } else {
      (*text)[at] = static_cast<char>('A' + Below(26));
    }
  }

  void DamageOne(Person* person) {
    switch (Below(6)) {
      case 0:
        return Damage(&person->given);
      case 1:
        return Damage(&person->surname);
      case 2:
        person->born[9] = static_cast<char>('0' + Below(10));
        return;
      default:
        return;
    }
  }

  uint64_t Below(uint64_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % bound;
  }

 private:
  uint64_t state_ = 4;
};

struct Lists {
  std::string first, second;
};

// The first `shared` people stand in both lists.
Lists MakeLists(uint64_t first_count, uint64_t shared) {
  People people;
  Lists lists{"id,given_name,surname,born\n", "id,given_name,surname,born\n"};
  for (uint64_t i = 0; i < first_count; ++i) {
    Person person = people.Make();
    absl::StrAppend(&lists.first, "a", i, ",", person.given, ",", person.surname, ",", person.born,
                    "\n");
    if (i >= shared) continue;
    people.DamageOne(&person);
    absl::StrAppend(&lists.second, "b", i, ",", person.given, ",", person.surname, ",", person.born,
                    "\n");
  }
  return lists;
}

absl::StatusOr<ordered_json> MeasureLink(uint64_t first_count, uint64_t shared) {
  Lists lists = MakeLists(first_count, shared);
  const double begin = Now();
  ASSIGN_OR_RETURN(const client::CsvTable first, client::CsvTable::Parse(std::move(lists.first)));
  ASSIGN_OR_RETURN(const client::CsvTable second, client::CsvTable::Parse(std::move(lists.second)));
  ASSIGN_OR_RETURN(
      const client::ListColumns columns,
      client::ParseListColumns("id=id,given_name=given_name,surname=surname,born=born"));
  ASSIGN_OR_RETURN(const client::LinkedLists linked,
                   client::LinkLists(first, &second, columns, false, kThreads));
  const double seconds = Now() - begin;
  return ordered_json{{"records", first_count + shared},
                      {"seconds", seconds},
                      {"candidates", linked.candidate_count},
                      {"threshold_bits", linked.threshold_bits}};
}

ordered_json MeasureSearch(uint64_t count) {
  People people;
  matching::PersonIndex index;
  std::vector<std::string> names;
  const double begin = Now();
  for (uint64_t i = 0; i < count; ++i) {
    const Person person = people.Make();
    std::string name = absl::StrCat(person.given, " ", person.surname);
    index.Add(name, matching::ReadLooseDate(person.born));
    if (i % (count / kSearches + 1) == 0) names.push_back(std::move(name));
  }
  index.Build();
  const double built = Now();
  std::vector<double> milliseconds;
  double hits = 0;
  for (std::string& name : names) {
    people.Damage(&name);
    if (people.Below(2) == 0) people.Damage(&name);
    const double from = Now();
    hits += static_cast<double>(index.Search(name, 0, 100).size());
    milliseconds.push_back((Now() - from) * 1000);
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double share) {
    return milliseconds[static_cast<size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  };
  return {{"people", count},
          {"build_s", built - begin},
          {"p50_ms", at(0.5)},
          {"p99_ms", at(0.99)},
          {"hits_a_query", hits / static_cast<double>(names.size())},
          {"queries", names.size()}};
}

}  // namespace

absl::StatusOr<ordered_json> RunMatch(uint64_t people) {
  ordered_json result;
  ASSIGN_OR_RETURN(result["link"], MeasureLink(people / 2, people / 2));
  ASSIGN_OR_RETURN(result["screen"], MeasureLink(people, std::min(people, kScreened)));
  result["search"] = MeasureSearch(people);
  return result;
}

}  // namespace lintas::bench
