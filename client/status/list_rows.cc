#include "client/status/list_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

// Fields and the columns that fill them unasked, in small letters without anything between.
struct KnownColumns {
  const char* field;
  std::vector<std::string> names;
};
const std::vector<KnownColumns>& Known() {
  static const auto& known = *new std::vector<KnownColumns>{
      {"passport", {"documentnumber", "document", "passport", "passportnumber"}},
      {"issuer", {"documentissuer", "issuer"}},
      {"national", {"nationalnumber", "national", "nik"}},
      {"name", {"name", "personname", "fullname"}},
      {"given_name", {"givenname"}},
      {"family_name", {"familyname", "surname"}},
      {"born", {"birthdate", "born", "dob", "dateofbirth"}},
  };
  return known;
}

std::string Squeezed(absl::string_view name) {
  std::string out;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) out += absl::ascii_tolower(c);
  }
  return out;
}

absl::Status Malformed(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

}  // namespace

// One row, quoted cells with separators, quotes and line ends in them.
absl::StatusOr<bool> ListRows::ReadRow(std::vector<std::string>* cells) {
  cells->clear();
  std::string cell;
  bool quoted = false, was_quoted = false, any = false;
  size_t bytes = 0;
  std::streambuf* buffer = in_->rdbuf();
  const auto end_cell = [&] {
    cells->push_back(was_quoted ? cell : std::string(absl::StripAsciiWhitespace(cell)));
    cell.clear();
    was_quoted = false;
  };
  for (int c = buffer->sbumpc();; c = buffer->sbumpc()) {
    if (c == std::char_traits<char>::eof()) {
      if (quoted) return Malformed("MALFORMED_CSV", "a quotation mark is never closed");
      if (!any) return false;
      end_cell();
      return true;
    }
    if (++bytes > kListRowBytesMax) {
      return Malformed("ROW_TOO_LONG", "a row is over 1 MiB; is a quotation mark not closed?");
    }
    if (quoted) {
      if (c != '"') {
        cell += static_cast<char>(c);
      } else if (buffer->sgetc() == '"') {
        cell += static_cast<char>(buffer->sbumpc());
      } else {
        quoted = false;
      }
      continue;
    }
    if (c == '\n' || c == '\r') {
      if (!any) continue;  // Empty lines, and the second half of CR LF.
      end_cell();
      return true;
    }
    any = true;
    if (c == ',') {
      end_cell();
    } else if (c == '"' && absl::StripAsciiWhitespace(cell).empty()) {
      cell.clear();
      quoted = was_quoted = true;
    } else if (!was_quoted || !absl::ascii_isspace(static_cast<unsigned char>(c))) {
      cell += static_cast<char>(c);
    }
  }
}

absl::StatusOr<ListRows> ListRows::Open(std::istream* in,
                                        const std::map<std::string, std::string>& columns) {
  ListRows rows(in);
  ASSIGN_OR_RETURN(const bool any, rows.ReadRow(&rows.header_));
  if (!any) return Malformed("EMPTY_FILE", "there is no header");
  if (rows.header_[0].rfind("\xef\xbb\xbf", 0) == 0) rows.header_[0].erase(0, 3);
  for (const KnownColumns& known : Known()) {
    const auto given = columns.find(known.field);
    for (size_t i = 0; i < rows.header_.size(); ++i) {
      const std::string name = Squeezed(rows.header_[i]);
      const bool matches = given == columns.end()
                               ? std::count(known.names.begin(), known.names.end(), name) > 0
                               : Squeezed(given->second) == name;
      if (matches) rows.place_.emplace(known.field, i);
    }
    if (given != columns.end() && rows.place_.count(known.field) == 0) {
      return Malformed("MISSING_COLUMNS", absl::StrCat("there is no column for ", known.field));
    }
  }
  const bool named = rows.place_.count("name") + rows.place_.count("given_name") > 0;
  if (rows.place_.count("passport") + rows.place_.count("national") == 0 &&
      !(named && rows.place_.count("born") > 0)) {
    return Malformed("MISSING_COLUMNS",
                     "no column says who is meant: document_number (and document_issuer), "
                     "national_number, or name and birth_date; map others with --columns");
  }
  return rows;
}

absl::StatusOr<bool> ListRows::Next(std::vector<std::string>* cells) {
  ASSIGN_OR_RETURN(const bool any, ReadRow(cells));
  if (any) cells->resize(header_.size());
  return any;
}

std::string ListRows::Cell(const std::vector<std::string>& cells, const char* field) const {
  const auto at = place_.find(field);
  return at == place_.end() ? "" : cells[at->second];
}

migrant_status::v1::PersonQuery ListRows::PersonOf(const std::vector<std::string>& cells) const {
  migrant_status::v1::PersonQuery person;
  person.set_document_number(Cell(cells, "passport"));
  person.set_document_issuer(Cell(cells, "issuer"));
  person.set_national_number(Cell(cells, "national"));
  std::string name = Cell(cells, "name");
  if (name.empty()) {
    name = std::string(absl::StripAsciiWhitespace(
        absl::StrCat(Cell(cells, "family_name"), " ", Cell(cells, "given_name"))));
  }
  person.set_person_name(name);
  person.set_birth_date(Cell(cells, "born"));
  return person;
}

}  // namespace lintas::client
