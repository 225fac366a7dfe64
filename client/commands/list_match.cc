// lintas migration match: a list of people that the partner compares with its records.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/commands.h"
#include "client/match/csv_table.h"
#include "client/procedure.h"
#include "lintas/migration_information/v1/list_match.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using migration_information::v1::ListMatch;

// What one step carries and one officer can read (list_match.proto).
constexpr size_t kPeopleMax = 500;

struct ListOptions {
  std::string path;
  std::string justification;
  bool urgent = false;
};

// The columns by which people are told apart; others are passed over.
class People {
 public:
  explicit People(const CsvTable& table)
      : table_(table),
        number_(table.ColumnOf("document_number")),
        issuer_(table.ColumnOf("document_issuer")),
        national_(table.ColumnOf("national_number")),
        name_(table.ColumnOf("name")),
        born_(table.ColumnOf("birth_date")),
        nationality_(table.ColumnOf("nationality")) {}

  absl::Status Check() const {
    if (nationality_ >= 0 && (number_ >= 0 || national_ >= 0 || (name_ >= 0 && born_ >= 0))) {
      return absl::OkStatus();
    }
    return MakeError(absl::StatusCode::kInvalidArgument, "MISSING_COLUMNS",
                     "the list needs the column nationality, and document_number with "
                     "document_issuer, national_number, or name with birth_date");
  }

  void Add(size_t row, ListMatch* list) const {
    ListMatch::ListedPerson* person = list->add_people();
    if (!Cell(row, number_).empty()) {
      person->mutable_document()->set_number(Cell(row, number_));
      person->mutable_document()->set_issuer(Cell(row, issuer_));
    }
    person->set_national_number(Cell(row, national_));
    person->set_person_name(Cell(row, name_));
    person->set_birth_date(Cell(row, born_));
    for (const absl::string_view state :
         absl::StrSplit(Cell(row, nationality_), absl::ByAnyChar(" ;/"), absl::SkipEmpty())) {
      person->add_nationalities(std::string(state));
    }
  }

 private:
  std::string Cell(size_t row, int column) const {
    if (column < 0) return "";
    return std::string(table_.Cell(row, static_cast<size_t>(column)));
  }

  const CsvTable& table_;
  const int number_, issuer_, national_, name_, born_, nationality_;
};

absl::StatusOr<ListMatch> ReadList(const ListOptions& options) {
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Read(options.path));
  const People people(table);
  RETURN_IF_ERROR(people.Check());
  if (table.row_count() == 0 || table.row_count() > kPeopleMax) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "LIST_SIZE",
        absl::StrCat("a list has 1 to ", kPeopleMax, " people; this one has ", table.row_count()));
  }
  ListMatch list;
  for (size_t row = 0; row < table.row_count(); ++row) people.Add(row, &list);
  list.set_justification(options.justification);
  return list;
}

ExitCode Ask(const ListOptions& options, Session* session) {
  const absl::StatusOr<ListMatch> list = ReadList(options);
  if (!list.ok()) return session->Fail(list.status());
  return OpenProcedure("list_match", options.urgent, *list, session);
}

}  // namespace

void AddListMatch(Noun migration, Session* session) {
  auto options = std::make_shared<ListOptions>();
  Verb verb = migration.AddVerb(
      "match", "Ask the partner which people of a list it has records of, with a deadline",
      "  lintas migration match group.csv --why GROUP_DEPARTURE\n"
      "A hit names the kinds of record, never the file: that is asked for by `migration ask`.\n"
      "The answer comes into your inbox; `lintas case view NAME` shows it.");
  verb.Add("file", &options->path,
           "CSV: nationality, and document_number with document_issuer, national_number, or name "
           "with birth_date")
      .Required();
  verb.Add("--why", &options->justification, "Why, a code such as GROUP_DEPARTURE").Required();
  verb.AddFlag("--urgent", &options->urgent, "The request's short deadline");
  verb.OnCall(session, [options, session] { return Ask(*options, session); });
}

}  // namespace lintas::client
