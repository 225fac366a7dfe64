#include "client/match/link_lists.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/matching/linkage/linkage.h"

namespace lintas::client {
namespace {

using matching::Candidate;
using matching::Linkage;

absl::Status Bad(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

// Positions of ListColumns in one file; -1 is not there.
struct Positions {
  int id = 0, name = -1, given_name = -1, surname = -1, born = -1;
  std::vector<int> others;
};

absl::StatusOr<Positions> Locate(const CsvTable& table, const ListColumns& columns) {
  Positions positions;
  std::string missing;
  const auto locate = [&](const std::string& name, int fallback) {
    if (name.empty()) return fallback;
    const int at = table.ColumnOf(name);
    if (at < 0) absl::StrAppend(&missing, missing.empty() ? "" : ", ", name);
    return at;
  };
  positions.id = locate(columns.id, 0);
  positions.name = locate(columns.name, -1);
  positions.given_name = locate(columns.given_name, -1);
  positions.surname = locate(columns.surname, -1);
  positions.born = locate(columns.born, -1);
  for (const std::string& other : columns.others) positions.others.push_back(locate(other, -1));
  if (missing.empty()) return positions;
  return Bad("MISSING_COLUMNS", absl::StrCat("The file has no column ", missing, "."));
}

void AddAll(const CsvTable& table, const Positions& positions, Linkage* linkage) {
  matching::LinkRecord record;
  record.others.resize(positions.others.size());
  for (size_t row = 0; row < table.row_count(); ++row) {
    const auto cell = [&](int column) {
      return column < 0 ? absl::string_view() : table.Cell(row, static_cast<size_t>(column));
    };
    record.name = cell(positions.name);
    record.given_name = cell(positions.given_name);
    record.surname = cell(positions.surname);
    record.born = cell(positions.born);
    for (size_t i = 0; i < positions.others.size(); ++i)
      record.others[i] = cell(positions.others[i]);
    linkage->Add(record);
  }
}

// Calls work(0) to work(count - 1), each once, on `threads` threads.
void OnThreads(int threads, size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  const auto run = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(run);
  run();
  for (std::thread& thread : others) thread.join();
}

std::vector<Candidate> CandidatesOf(Linkage* linkage, int threads) {
  OnThreads(threads, linkage->key_kind_count(), [&](size_t kind) { linkage->SortKeys(kind); });
  std::vector<Candidate> candidates;
  std::mutex mutex;
  OnThreads(threads, linkage->shard_count(), [&](size_t shard) {
    std::vector<Candidate> found;
    linkage->FindCandidates(shard, &found);
    const std::lock_guard<std::mutex> lock(mutex);
    candidates.insert(candidates.end(), found.begin(), found.end());
  });
  Linkage::Merge(&candidates);
  return candidates;
}

}  // namespace

absl::StatusOr<ListColumns> ParseListColumns(absl::string_view text) {
  ListColumns columns;
  std::vector<std::string> seen;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const size_t equals = part.find('=');
    if (equals == absl::string_view::npos) {
      return Bad("BAD_COLUMNS", "Columns are written field=column, with commas between.");
    }
    const std::string field(absl::StripAsciiWhitespace(part.substr(0, equals)));
    const std::string column(absl::StripAsciiWhitespace(part.substr(equals + 1)));
    if (field.empty() || column.empty() ||
        std::find(seen.begin(), seen.end(), field) != seen.end()) {
      return Bad("BAD_COLUMNS", absl::StrCat("The field `", field, "` is empty or stands twice."));
    }
    seen.push_back(field);
    std::string* const known = field == "id"           ? &columns.id
                               : field == "name"       ? &columns.name
                               : field == "given_name" ? &columns.given_name
                               : field == "surname"    ? &columns.surname
                               : field == "born"       ? &columns.born
                                                       : nullptr;
    if (known != nullptr) {
      *known = column;
    } else {
      columns.others.push_back(column);
    }
  }
  if (columns.others.size() > matching::kOtherFieldsMax) {
    return Bad("BAD_COLUMNS", "At most four further fields can be compared.");
  }
  if (columns.name.empty() && columns.given_name.empty() && columns.surname.empty()) {
    return Bad("MISSING_COLUMNS", "A name must be among the fields: name, given_name or surname.");
  }
  return columns;
}

absl::StatusOr<LinkedLists> LinkLists(const CsvTable& first, const CsvTable* second,
                                      const ListColumns& columns, bool one_to_one,
                                      int thread_count) {
  const size_t rows = first.row_count() + (second == nullptr ? 0 : second->row_count());
  if (rows > matching::kLinkRecordsMax) {
    return Bad("TOO_MANY_ROWS", "At most 16,777,216 records can be linked at once.");
  }
  ASSIGN_OR_RETURN(const Positions in_first, Locate(first, columns));
  Positions in_second = in_first;
  if (second != nullptr) {
    ASSIGN_OR_RETURN(in_second, Locate(*second, columns));
  }
  Linkage linkage;
  AddAll(first, in_first, &linkage);
  if (second != nullptr) {
    linkage.StartSecond();
    AddAll(*second, in_second, &linkage);
  }
  linkage.Prepare();
  const std::vector<Candidate> candidates = CandidatesOf(&linkage, thread_count);
  const matching::LinkWeights weights = linkage.Train(candidates);
  std::vector<matching::Link> links =
      one_to_one ? linkage.OneToOne(candidates, weights) : linkage.Links(candidates, weights);
  std::sort(links.begin(), links.end(), [](const matching::Link& x, const matching::Link& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  const auto id_of = [&](matching::RecordIndex i) {
    if (i < first.row_count()) return first.Cell(i, static_cast<size_t>(in_first.id));
    return second->Cell(i - first.row_count(), static_cast<size_t>(in_second.id));
  };
  LinkedLists linked{Table({"id1", "id2", "score", "reasons"}), weights.ThresholdBits(),
                     candidates.size()};
  for (const matching::Link& link : links) {
    std::vector<std::string> reasons;
    if (link.candidate == matching::kNoCandidate) {
      reasons.push_back("little in common themselves");
    } else {
      reasons = linkage.Reasons(candidates[link.candidate], weights);
    }
    if (link.through != link.a) {
      reasons.push_back(absl::StrCat("linked through ", id_of(link.through)));
    }
    linked.links.Add({std::string(id_of(link.a)), std::string(id_of(link.b)),
                      absl::StrFormat("%.1f", link.bits), absl::StrJoin(reasons, "; ")});
  }
  return linked;
}

}  // namespace lintas::client
