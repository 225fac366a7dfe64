// lintas institution: which office of which country is competent for what (area 7).
#include <google/protobuf/util/json_util.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/client.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "client/record.h"
#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

namespace iv = institutions_policy::v1;

std::string Method(absl::string_view name) {
  return absl::StrCat("/lintas.institutions_policy.v1.InstitutionsPolicyService/", name);
}

std::string AreasOf(const iv::Institution& shown) {
  return absl::StrJoin(shown.competences(), " ", [](std::string* out, const auto& each) {
    absl::StrAppend(out, each.area(),
                    each.end_date().empty() ? "" : absl::StrCat("-", each.end_date()));
  });
}

std::string HoldersOf(const iv::Institution& shown) {
  return absl::StrJoin(shown.office_holdings(), " ", [](std::string* out, const auto& each) {
    if (each.end_date().empty()) absl::StrAppend(out, each.holder_id());
  });
}

ExitCode List(const std::string& country, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  iv::ListInstitutionsRequest request;
  request.set_parent(
      absl::StrCat("countries/", country.empty() ? session->CurrentProfile()->country : country));
  request.set_page_size(500);
  iv::ListInstitutionsResponse all;
  Table table({"name", "code", "title", "areas", "office_holders"});
  do {
    iv::ListInstitutionsResponse page;
    const absl::Status status = (*client)->Call(Method("ListInstitutions"), request, &page);
    if (!status.ok()) return session->Fail(status);
    for (const iv::Institution& each : page.institutions()) {
      table.Add({each.name(), each.code(), each.title(), AreasOf(each), HoldersOf(each)});
    }
    request.set_page_token(page.next_page_token());
    all.MergeFrom(page);
  } while (!request.page_token().empty());
  all.clear_next_page_token();
  session->Print(table, all);
  if (table.empty()) session->Note("none is registered: every officer acts");
  return ExitCode::kDone;
}

void Print(const iv::Institution& shown, Session* session) {
  Table table({"field", "value"});
  for (const auto& [field, value] : FlatFields(shown)) table.Add({field, value});
  session->Print(table, shown);
}

ExitCode Show(const std::string& name, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  iv::GetInstitutionRequest request;
  request.set_name(name);
  iv::Institution shown;
  const absl::Status status = (*client)->Call(Method("GetInstitution"), request, &shown);
  if (!status.ok()) return session->Fail(status);
  Print(shown, session);
  return ExitCode::kDone;
}

absl::StatusOr<iv::Institution> ReadInstitution(const std::string& path) {
  absl::StatusOr<std::string> json = ReadFile(path);
  if (!json.ok()) return json.status();
  iv::Institution institution;
  if (!google::protobuf::util::JsonStringToMessage(*json, &institution).ok()) {
    return FieldsError({{"institution", "NOT_JSON", "one JSON object, as `show --output json`"}});
  }
  return institution;
}

ExitCode Enter(const std::string& path, bool is_correction, Session* session) {
  absl::StatusOr<iv::Institution> institution = ReadInstitution(path);
  if (!institution.ok()) return session->Fail(institution.status());
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  const std::string etag = institution->meta().etag();
  institution->clear_meta();  // What `show` wrote beside what may be entered.
  const std::string request_id = MakeUuid((*client)->random());
  iv::Institution shown;
  absl::Status status;
  if (is_correction) {
    iv::CorrectInstitutionRequest request;
    *request.mutable_institution() = *institution;
    request.set_etag(etag);
    request.set_request_id(request_id);
    status = (*client)->Call(Method("CorrectInstitution"), request, &shown);
  } else {
    iv::CreateInstitutionRequest request;
    request.set_parent(absl::StrCat("countries/", session->CurrentProfile()->country));
    *request.mutable_institution() = *institution;
    request.set_request_id(request_id);
    status = (*client)->Call(Method("CreateInstitution"), request, &shown);
  }
  if (!status.ok()) return session->Fail(status);
  Print(shown, session);
  return ExitCode::kDone;
}

}  // namespace

void AddInstitution(Noun program, Session* session) {
  Noun noun =
      program.AddNoun("institution", "Offices, what they are competent for, who holds them");
  auto country = std::make_shared<std::string>();
  Verb verb = noun.AddVerb("list", "List the institutions of a country",
                           "  lintas institution list\n  lintas institution list --country khm");
  verb.Add("--country", country.get(), "idn or khm (default: your own)");
  verb.OnCall(session, [country, session] { return List(*country, session); });

  auto name = std::make_shared<std::string>();
  verb = noun.AddVerb("show", "Show one institution, field by field",
                      "  lintas institution show countries/khm/institutions/ID --output json");
  verb.Add("name", name.get(), "Its name, as list shows it").Required();
  verb.OnCall(session, [name, session] { return Show(*name, session); });

  auto path = std::make_shared<std::string>();
  verb = noun.AddVerb("add", "Enter an institution of your own country (supervisor)",
                      "  lintas institution add gdi.json");
  verb.Add("file", path.get(), "JSON: state, code, title, competences, officeHoldings and so on")
      .Required();
  verb.OnCall(session, [path, session] { return Enter(*path, false, session); });

  auto changed = std::make_shared<std::string>();
  verb = noun.AddVerb("correct", "Change one, from the file that show wrote (supervisor)",
                      "  lintas institution correct gdi.json\n"
                      "after lintas institution show NAME --output json >gdi.json. Refused if "
                      "somebody else changed it since it was shown.");
  verb.Add("file", changed.get(), "JSON with name and meta, as show wrote it").Required();
  verb.OnCall(session, [changed, session] { return Enter(*changed, true, session); });
}

}  // namespace lintas::client
