// lintas match pairs, link: offline, without a profile and without a node.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/strings/str_format.h"
#include "client/commands/commands.h"
#include "client/match/csv_table.h"
#include "client/match/link_lists.h"
#include "client/match/pairs_file.h"

namespace lintas::client {
namespace {

struct LinkOptions {
  std::string first, second, columns;
  bool one_to_one = false;
};

// What is printed has no JSON form yet; asked for before the work, so that nothing is lost.
bool HasForm(Session* session) {
  const OutputFormat format = session->options().format;
  if (format == OutputFormat::kTable || format == OutputFormat::kCsv) return true;
  session->err() << "lintas: match writes a table or --output csv\n";
  return false;
}

ExitCode PrintTable(const Table& table, Session* session) {
  session->out() << (session->options().format == OutputFormat::kTable ? table.Text()
                                                                       : table.Csv());
  return ExitCode::kDone;
}

ExitCode RunPairs(const std::string& path, Session* session) {
  if (!HasForm(session)) return ExitCode::kUsage;
  const auto pairs = CsvTable::Read(path);
  if (!pairs.ok()) return session->Fail(pairs.status());
  const auto table = MatchPairs(*pairs);
  if (!table.ok()) return session->Fail(table.status());
  return PrintTable(*table, session);
}

ExitCode RunLink(const LinkOptions& options, Session* session) {
  if (!HasForm(session)) return ExitCode::kUsage;
  const auto columns = ParseListColumns(options.columns);
  if (!columns.ok()) return session->Fail(columns.status());
  const auto first = CsvTable::Read(options.first);
  if (!first.ok()) return session->Fail(first.status());
  std::optional<CsvTable> second;
  if (!options.second.empty()) {
    auto table = CsvTable::Read(options.second);
    if (!table.ok()) return session->Fail(table.status());
    second.emplace(*std::move(table));
  }
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto linked =
      LinkLists(*first, second ? &*second : nullptr, *columns, options.one_to_one, threads);
  if (!linked.ok()) return session->Fail(linked.status());
  session->Note(absl::StrFormat("threshold %.1f bits, learned from the lists; %d pairs compared",
                                linked->threshold_bits, linked->candidate_count));
  return PrintTable(linked->links, session);
}

}  // namespace

void AddMatch(Noun program, Session* session) {
  Noun noun = program.AddNoun("match", "Compare names and lists of people, offline");

  auto path = std::make_shared<std::string>();
  Verb verb = noun.AddVerb("pairs", "Score pairs of names, one pair a row",
                           "  lintas match pairs pairs.csv --output csv");
  verb.Add("file", path.get(), "CSV with name1, name2 and, if known, dob1, dob2").Required();
  verb.OnCall(session, [path, session] { return RunPairs(*path, session); });

  auto options = std::make_shared<LinkOptions>();
  verb = noun.AddVerb("link", "Link two lists of people, or find the doubles in one",
                      "  lintas match link a.csv b.csv --one-to-one --output csv \\\n"
                      "      --columns given_name=given_name,surname=surname,born=date_of_birth");
  verb.Add("first", &options->first, "CSV, one person a row, the id in the first column")
      .Required();
  verb.Add("second", &options->second, "The list to link it with");
  verb.Add("--columns", &options->columns,
           "field=column,...: name or given_name and surname, born, id, others")
      .Required();
  verb.AddFlag("--one-to-one", &options->one_to_one, "Each list holds everybody at most once");
  verb.OnCall(session, [options, session] { return RunLink(*options, session); });
}

}  // namespace lintas::client
