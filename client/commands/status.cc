// lintas status show, check: what the records say of a person's migrant status.
#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/commands/commands.h"
#include "client/status/list_check.h"
#include "client/terminal_text.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

using migrant_status::v1::AxisStatus;
using migrant_status::v1::Finding;
using migrant_status::v1::GetStatusRequest;
using migrant_status::v1::GetStatusResponse;
using migrant_status::v1::Identity;
using migrant_status::v1::PersonStatus;

template <typename Gaps>
std::string GapNames(const Gaps& gaps) {
  std::vector<std::string> names;
  for (const int gap : gaps) names.push_back(Finding::Gap_Name(static_cast<Finding::Gap>(gap)));
  return absl::StrJoin(names, " ");
}

void AddAxes(const std::string& person, const PersonStatus& status, Table* table) {
  for (const AxisStatus& axis : status.axes()) {
    for (const Finding& finding : axis.findings()) {
      std::vector<std::string> row = {
          AxisStatus::Axis_Name(axis.axis()),
          axis.host_country(),
          Finding::Value_Name(finding.value()),
          finding.since_date(),
          finding.owner_country(),
          finding.standard() == Finding::STANDARD_UNSPECIFIED
              ? ""
              : Finding::Standard_Name(finding.standard()),
          absl::StrCat(finding.rule().code(), "/", finding.rule().version()),
          axis.conflict() ? "yes" : "",
          GapNames(finding.gaps())};
      if (!person.empty()) row.insert(row.begin(), person);
      table->Add(std::move(row));
    }
  }
}

std::vector<std::string> Header(bool with_person) {
  std::vector<std::string> header = {"axis",     "host", "value",    "since",  "says",
                                     "standard", "rule", "conflict", "missing"};
  if (with_person) header.insert(header.begin(), "person");
  return header;
}

std::string DateText(const types::v1::PartialDate& date) {
  if (date.year() == 0) return "born ?";
  const auto two = [](int part) { return absl::StrCat(part < 10 ? "0" : "", part); };
  return absl::StrCat("born ", date.year(), "-", two(date.month()), "-", two(date.day()));
}

std::string IdentityText(const Identity& identity) {
  std::vector<std::string> parts;
  const types::v1::Person& person = identity.person();
  if (person.names_size() > 0) {
    const auto& name = person.names(0);
    parts.push_back(name.family_name().empty()
                        ? name.given_name()
                        : absl::StrCat(name.family_name(), ", ", name.given_name()));
    if (!name.native_script().empty()) parts.push_back(name.native_script());
  }
  parts.push_back(DateText(person.birth_date()));
  parts.push_back(absl::StrJoin(person.nationalities(), " "));
  for (const auto& document : identity.documents()) {
    parts.push_back(absl::StrCat(document.issuer(), " ", document.number()));
  }
  return absl::StrJoin(parts, "  ");
}

// Why each finding holds, and on which records.
void NoteGrounds(const PersonStatus& status, Session* session) {
  for (const AxisStatus& axis : status.axes()) {
    for (const Finding& finding : axis.findings()) {
      session->Note(WithoutControls(absl::StrCat("  ", AxisStatus::Axis_Name(axis.axis()), " ",
                                                 axis.host_country(), " says ",
                                                 finding.owner_country(), ": ", finding.reason())));
      session->Note(WithoutControls(
          absl::StrCat("    rule ", finding.rule().code(), ": ", finding.rule().source())));
      for (const std::string& name : finding.evidence_names()) {
        session->Note(WithoutControls(absl::StrCat("    on ", name)));
      }
    }
  }
}

void NotePerson(const std::string& title, const PersonStatus& status, Session* session) {
  session->Note(title);
  for (const Identity& identity : status.identities()) {
    session->Note(WithoutControls(
        absl::StrCat("  as ", identity.owner_country(), " writes: ", IdentityText(identity))));
  }
  const auto& match = status.match();
  std::string why =
      absl::StrCat("  found by ", match.found_by(), ": ", absl::StrJoin(match.reasons(), "; "));
  if (match.missing_size() > 0) {
    absl::StrAppend(&why, "; not compared: ", absl::StrJoin(match.missing(), ", "));
  }
  session->Note(WithoutControls(why));
  for (const int doubt : status.doubts()) {
    session->Note(
        absl::StrCat("  DOUBT: ", PersonStatus::Doubt_Name(static_cast<PersonStatus::Doubt>(doubt)),
                     ", the records may not be of one person"));
  }
}

void NoteConflicts(const PersonStatus& status, Session* session) {
  for (const AxisStatus& axis : status.axes()) {
    if (!axis.conflict()) continue;
    session->Note(
        absl::StrCat("CONFLICT: ", AxisStatus::Axis_Name(axis.axis()), " in ", axis.host_country(),
                     ": the countries' records do not go together; neither is preferred"));
  }
}

void PrintPersons(const GetStatusResponse& response, Session* session) {
  if (session->options().format == OutputFormat::kTable) {
    for (int i = 0; i < response.persons_size(); ++i) {
      const PersonStatus& status = response.persons(i);
      NotePerson(response.persons_size() == 1
                     ? absl::StrCat("on ", response.at_date())
                     : absl::StrCat("candidate ", i + 1, " of ", response.persons_size(), ", on ",
                                    response.at_date()),
                 status, session);
      Table table(Header(false));
      AddAxes("", status, &table);
      if (!table.empty()) session->out() << table.Text();
      NoteConflicts(status, session);
      NoteGrounds(status, session);
      session->Note(absl::StrCat("  again: lintas status show --reference ", status.reference()));
    }
    return;
  }
  Table table(Header(true));
  for (int i = 0; i < response.persons_size(); ++i) {
    AddAxes(absl::StrCat(i + 1), response.persons(i), &table);
  }
  session->Print(table, response);
}

ExitCode Show(const GetStatusRequest& request, Session* session) {
  const auto& person = request.person();
  if (person.document_number().empty() && person.national_number().empty() &&
      person.person_name().empty() && person.reference().empty()) {
    session->err() << "lintas: show needs --passport, --national, --name with --born, or "
                      "--reference\n";
    return ExitCode::kUsage;
  }
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  GetStatusResponse response;
  const absl::Status status =
      (*client)->Call("/lintas.migrant_status.v1.StatusService/GetStatus", request, &response);
  if (!status.ok()) return session->Fail(status);
  if (response.persons_size() == 0) return session->Fail(absl::NotFoundError(kNothingToShare));
  PrintPersons(response, session);
  if (response.more_persons()) session->Note("more may be meant than are shown");
  session->Note(response.replica_age_s() < 0
                    ? "partner copy: never level"
                    : absl::StrCat("partner copy: level ",
                                   Span(absl::Seconds(response.replica_age_s())), " ago"));
  session->Note("the rules propose; an officer decides and signs");
  return ExitCode::kDone;
}

void AddShow(Noun status, Session* session) {
  auto request = std::make_shared<GetStatusRequest>();
  Verb verb =
      status.AddVerb("show", "What both countries' records say of a person's status, axis by axis",
                     "  lintas status show --passport X1234567 --issuer IDN\n"
                     "  lintas status show --name \"Sok Dara\" --born 1990-02-17 --at 2026-03-01\n"
                     "Exit code 3 and `nothing to share` if nothing may be shown.");
  auto* person = request->mutable_person();
  verb.Add("--passport", person->mutable_document_number(), "Document number");
  verb.Add("--issuer", person->mutable_document_issuer(), "Issuing State, three letters");
  verb.Add("--national", person->mutable_national_number(), "National identity number");
  verb.Add("--name", person->mutable_person_name(), "Name as heard, in any order; with --born");
  verb.Add("--born", person->mutable_birth_date(), "Birth date, unknown parts as 00");
  verb.Add("--reference", person->mutable_reference(), "A record from an earlier answer");
  verb.Add("--at", request->mutable_at_date(), "The day asked about (default: today)");
  verb.OnCall(session, [request, session] { return Show(*request, session); });
}

struct CheckOptions {
  ListCheckOptions list;
  std::string columns;
};

absl::StatusOr<std::map<std::string, std::string>> ColumnsOf(const std::string& text) {
  constexpr const char* kFields[] = {"passport",   "issuer",      "national", "name",
                                     "given_name", "family_name", "born"};
  std::map<std::string, std::string> columns;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (pair.second.empty() || std::none_of(std::begin(kFields), std::end(kFields),
                                            [&](const char* f) { return pair.first == f; })) {
      return FieldsError({{"columns", "FIELD_COLUMN",
                           absl::StrCat("field=column, fields: ", absl::StrJoin(kFields, ", "))}});
    }
    columns.insert(pair);
  }
  return columns;
}

void PrintSummary(const ListCheckReport& report, Session* session) {
  Table table({"axis", "host", "finding", "lines"});
  for (const auto& [key, lines] : report.tally) {
    const std::vector<std::string> parts = absl::StrSplit(key, '|');
    table.Add({parts[0], parts[1], parts[2],
               session->options().format == OutputFormat::kTable ? Thousands(lines)
                                                                 : absl::StrCat(lines)});
  }
  if (session->options().format != OutputFormat::kTable) {
    session->out() << table.Csv();
    return;
  }
  session->out() << table.Text();
  session->Note(absl::StrCat(Thousands(report.rows), " lines on ", report.at_date, ", ",
                             Thousands(report.screen_first), " to screen first, ",
                             Thousands(report.invalid), " that could not be looked up; see ",
                             report.out_path));
  session->Note("no line is cleared or decided; an officer signs for each person");
}

ExitCode Check(CheckOptions options, Session* session) {
  const auto columns = ColumnsOf(options.columns);
  if (!columns.ok()) return session->Fail(columns.status());
  options.list.columns = *columns;
  const auto profile = session->CurrentProfile();
  if (!profile.ok()) return session->Fail(profile.status());
  options.list.profile =
      absl::StrCat(session->ProfileName(), "\n", profile->purpose, "\n", profile->case_id);
  options.list.state_folder = session->environment().folder + "/checks";
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  bool shown = false, told = false;
  const auto report = CheckList(options.list, **client, [&](const ListCheckReport& so_far) {
    if (so_far.resumed_after > 0 && !told) {
      session->err() << "resuming after row " << Thousands(so_far.resumed_after) << "\n";
    }
    told = true;
    if (!session->environment().err_is_terminal || so_far.bytes_total == 0) return;
    session->err() << "\r" << options.list.path << ": " << Thousands(so_far.rows) << " lines, "
                   << so_far.bytes * 100 / so_far.bytes_total << " % read\x1b[K" << std::flush;
    shown = true;
  });
  if (shown) session->err() << "\r\x1b[K" << std::flush;
  if (!report.ok()) {
    const ExitCode code = session->Fail(report.status());
    if (code == ExitCode::kUnavailable || code == ExitCode::kRefused) {
      session->err() << options.list.path
                     << ": interrupted; the same command goes on where it stopped\n";
    }
    return code;
  }
  PrintSummary(*report, session);
  return report->invalid == 0 ? ExitCode::kDone : ExitCode::kInvalidInput;
}

void AddCheck(Noun status, Session* session) {
  auto options = std::make_shared<CheckOptions>();
  Verb verb = status.AddVerb(
      "check", "Check a list of people, CSV in and CSV out",
      "  lintas status check list.csv --case LIST-2026-7 --purpose STATUS_DETERMINATION\n"
      "  lintas status check list.csv --columns passport=paspor,born=tgl_lahir --at 2026-03-01\n"
      "The same command again goes on after a break. Each row comes back with findings and gaps, "
      "never a verdict.\n"
      "Exit code 0 if every line was looked up, 5 if any could not be.");
  verb.Add("file", &options->list.path, "The list, CSV in UTF-8 with a header").Required();
  verb.Add("--out", &options->list.out_path, "The file out (default FILE.status.csv)");
  verb.Add("--at", &options->list.at_date, "The day asked about (default: today)");
  verb.Add("--columns", &options->columns, "field=column,... where a column has another name");
  verb.OnCall(session, [options, session] { return Check(*options, session); });
}

}  // namespace

void AddStatus(Noun program, Session* session) {
  Noun status = program.AddNoun("status", "Migrant status (area 3)");
  AddShow(status, session);
  AddCheck(status, session);
}

}  // namespace lintas::client
