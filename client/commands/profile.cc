// lintas profile add, show, use; lintas case use, show, clear.
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"

namespace lintas::client {
namespace {

struct AddOptions {
  std::string name;
  Profile profile;
};

ExitCode AddOne(AddOptions options, Session* session) {
  Profile& profile = options.profile;
  // The profile must hold wherever it is used from.
  for (std::string* path : {&profile.certificate_file, &profile.ca_file}) {
    if (!path->empty()) *path = std::filesystem::absolute(*path).lexically_normal().string();
  }
  // --purpose and --case stand before the noun as well; here they are the profile's own.
  profile.purpose = session->options().purpose;
  profile.case_id = session->options().case_id;
  const absl::Status status = session->profiles().Add(options.name, profile);
  if (!status.ok()) return session->Fail(status);
  const bool in_use = session->profiles().Current() == options.name;
  session->Note(absl::StrCat("profile ", options.name, " added", in_use ? " and in use" : ""));
  return ExitCode::kDone;
}

ExitCode ShowProfiles(Session* session) {
  const std::string current = session->ProfileName();
  Table table({"profile", "in use", "country", "address", "purpose", "case", "certificate"});
  for (const std::string& name : session->profiles().Names()) {
    const auto profile = session->profiles().Load(name);
    if (!profile.ok()) {
      table.Add({name, "", "damaged"});
      continue;
    }
    table.Add({name, name == current ? "yes" : "", profile->country, profile->address,
               profile->purpose, profile->case_id, profile->certificate_file});
  }
  if (table.empty()) {
    session->Note("no profile yet; make one with `lintas profile add`");
    return ExitCode::kDone;
  }
  session->out() << (session->options().format == OutputFormat::kCsv ? table.Csv() : table.Text());
  return ExitCode::kDone;
}

ExitCode UseProfile(const std::string& name, Session* session) {
  const absl::Status status = session->profiles().Use(name);
  if (!status.ok()) return session->Fail(status);
  session->Note(absl::StrCat("profile ", name, " in use"));
  return ExitCode::kDone;
}

ExitCode UseCase(const std::string& case_id, Session* session) {
  const std::string profile = session->ProfileName();
  const absl::Status status =
      session->profiles().SetCase(profile, {case_id, session->options().purpose});
  if (!status.ok()) return session->Fail(status);
  const auto now = session->profiles().Load(profile);
  session->Note(absl::StrCat("case ", case_id, ", purpose ",
                             now.ok() && !now->purpose.empty() ? now->purpose : "not set",
                             ", for all that follows with profile ", profile));
  return ExitCode::kDone;
}

ExitCode ShowCase(Session* session) {
  const auto profile = session->CurrentProfile();
  if (!profile.ok()) return session->Fail(profile.status());
  session->out() << "case " << (profile->case_id.empty() ? "none" : profile->case_id)
                 << ", purpose " << (profile->purpose.empty() ? "not set" : profile->purpose)
                 << ", profile " << session->ProfileName() << "\n";
  return ExitCode::kDone;
}

ExitCode ClearCase(Session* session) {
  const absl::Status status = session->profiles().ClearCase(session->ProfileName());
  if (!status.ok()) return session->Fail(status);
  session->Note("no case");
  return ExitCode::kDone;
}

}  // namespace

void AddProfile(Noun program, Session* session) {
  Noun noun = program.AddNoun("profile", "Which node to talk to, and as whom");
  auto options = std::make_shared<AddOptions>();
  Verb verb = noun.AddVerb("add", "Add a profile; the first one comes into use",
                           "  lintas profile add border --country khm "
                           "--address node.immigration.gov.kh:7443 \\\n"
                           "      --certificate officer.pem --ca ca.pem --purpose BORDER_CHECK");
  Profile& profile = options->profile;
  verb.Add("name", &options->name, "Name of the profile").Required();
  verb.Add("--country", &profile.country, "Your own country: idn or khm").Required();
  verb.Add("--address", &profile.address, "host:port of your own node").Required();
  verb.Add("--certificate", &profile.certificate_file, "PEM with key and certificate").Required();
  verb.Add("--ca", &profile.ca_file, "PEM of your own country's CA").Required();
  verb.OnCall(session, [options, session] { return AddOne(*options, session); });

  verb = noun.AddVerb("show", "Show the profiles", "  lintas profile show");
  verb.OnCall(session, [session] { return ShowProfiles(session); });

  auto name = std::make_shared<std::string>();
  verb = noun.AddVerb("use", "Use a profile for what follows", "  lintas profile use border");
  verb.Add("name", name.get(), "Name of the profile").Required();
  verb.OnCall(session, [name, session] { return UseProfile(*name, session); });
}

void AddCase(Noun program, Session* session) {
  Noun noun = program.AddNoun("case", "The case that you are working on");
  auto case_id = std::make_shared<std::string>();
  Verb verb = noun.AddVerb("use", "Name this case, and its purpose, in all that follows",
                           "  lintas case use PNH-2026-0147 --purpose IDENTITY_VERIFICATION");
  verb.Add("case", case_id.get(), "The case's number").Required();
  verb.OnCall(session, [case_id, session] { return UseCase(*case_id, session); });
  verb = noun.AddVerb("show", "Show case and purpose in use", "  lintas case show");
  verb.OnCall(session, [session] { return ShowCase(session); });
  verb = noun.AddVerb("clear", "Name no case any more", "  lintas case clear");
  verb.OnCall(session, [session] { return ClearCase(session); });
  AddCaseProcedures(noun, session);
  AddCaseHandOver(noun, session);
}

}  // namespace lintas::client
