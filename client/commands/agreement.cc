// lintas agreement draft, sign, show, adopt. Draft and sign are offline: an agreement is carried to
// its office-holders, not to a node (P20).
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "client/agreement/signing.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "client/receipt_policy.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "server/ledger/trust/trust_bundle.h"

namespace lintas::client {
namespace {

using agreement::v1::SignedAgreement;

absl::StatusOr<SignedAgreement> ReadAgreement(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  return ParseAgreementFile(content);
}

// Who signs, who has, and whether it is complete.
absl::Status PrintSigningState(const SignedAgreement& agreement, Session* session) {
  const absl::CivilDay today =
      absl::ToCivilDay(session->environment().clock->Now(), absl::UTCTimeZone());
  ASSIGN_OR_RETURN(const SigningState state, ReadSigningState(agreement, today));
  session->out() << "version " << state.version << ", digest " << state.digest_hex << "\n";
  Table table({"country", "office", "in term", "signed"});
  for (const auto& holder : state.holders) {
    table.Add({holder.country, holder.office, holder.in_term ? "yes" : "no",
               holder.signature_valid ? "yes" : "no"});
  }
  session->out() << table.Text()
                 << (state.complete ? "complete: either node may adopt it\n"
                                    : "not complete: two offices of each country must sign\n");
  return absl::OkStatus();
}

struct DraftArguments {
  std::string text_file;
  std::vector<std::string> bundle_files;
  std::string previous_file;
  std::vector<std::string> limits;
  std::string out_file;
};

// The office-holders whom a trust bundle names: the two Parties swapped it in person.
absl::Status AddOfficeHolders(const std::string& path, DraftOptions* options) {
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path));
  ASSIGN_OR_RETURN(const trust::v1::TrustBundle bundle, ParseBundle(json));
  for (const trust::v1::AuthorityKey& key : bundle.authority_keys()) {
    agreement::v1::OfficeHolder holder;
    holder.set_country(bundle.country());
    holder.set_office(key.office());
    holder.set_public_key(key.public_key());
    holder.set_start_date(key.start_date());
    holder.set_end_date(key.end_date());
    options->office_holders.push_back(std::move(holder));
  }
  return absl::OkStatus();
}

absl::Status RunDraft(const DraftArguments& arguments, Session* session) {
  DraftOptions options;
  for (const std::string& path : arguments.bundle_files) {
    RETURN_IF_ERROR(AddOfficeHolders(path, &options));
  }
  SignedAgreement previous;
  if (!arguments.previous_file.empty()) {
    ASSIGN_OR_RETURN(previous, ReadAgreement(arguments.previous_file));
    options.previous = &previous;
  }
  for (const std::string& limit : arguments.limits) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(limit, absl::MaxSplits('=', 1));
    uint64_t value = 0;
    if (!absl::SimpleAtoi(parts.second, &value)) {
      return FieldsError({{"limit", "NOT_A_NUMBER", "name=number"}});
    }
    options.limits[parts.first] = value;
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(arguments.text_file));
  ASSIGN_OR_RETURN(const SignedAgreement draft, Draft(text, options));
  RETURN_IF_ERROR(WriteFile(arguments.out_file, draft.SerializeAsString()));
  return PrintSigningState(draft, session);
}

struct SignArguments {
  std::string file;
  std::string key_file;
  std::string out_file;
};

absl::Status RunSign(const SignArguments& arguments, Session* session) {
  ASSIGN_OR_RETURN(SignedAgreement agreement, ReadAgreement(arguments.file));
  ASSIGN_OR_RETURN(const SigningKey key, ReadAuthorityKey(arguments.key_file));
  RETURN_IF_ERROR(Sign(key, &agreement));
  const std::string& out = arguments.out_file.empty() ? arguments.file : arguments.out_file;
  RETURN_IF_ERROR(WriteFile(out, agreement.SerializeAsString()));
  return PrintSigningState(agreement, session);
}

absl::Status PrintAgreement(const SignedAgreement& agreement, bool with_text, Session* session) {
  if (with_text) {
    ASSIGN_OR_RETURN(const std::string text, AgreementText(agreement));
    session->out() << text << "\n";
  }
  return PrintSigningState(agreement, session);
}

// The file's, or the one in force at the node.
absl::Status RunShow(const std::string& file, bool with_text, Session* session) {
  if (!file.empty()) {
    ASSIGN_OR_RETURN(const SignedAgreement agreement, ReadAgreement(file));
    return PrintAgreement(agreement, with_text, session);
  }
  ASSIGN_OR_RETURN(Client * client, session->client());
  ASSIGN_OR_RETURN(const auto status, client->GetAgreement(node::v1::GetAgreementRequest()));
  if (session->options().format == OutputFormat::kJson) {
    session->out() << Json(status);
    return absl::OkStatus();
  }
  session->out() << "in force " << status.version_in_force() << "; own ledger has "
                 << status.own_version() << ", partner's has " << status.partner_version() << "\n";
  return PrintAgreement(status.signed_agreement(), with_text, session);
}

absl::Status RunAdopt(const std::string& file, Session* session) {
  node::v1::AdoptAgreementRequest request;
  ASSIGN_OR_RETURN(*request.mutable_signed_agreement(), ReadAgreement(file));
  ASSIGN_OR_RETURN(Client * client, session->client());
  request.set_request_id(MakeUuid(client->random()));
  ASSIGN_OR_RETURN(const auto status, client->AdoptAgreement(request));
  if (session->options().format == OutputFormat::kJson) {
    session->out() << Json(status);
    return absl::OkStatus();
  }
  session->Note(absl::StrCat("adopted version ", status.own_version(), "; partner has ",
                             status.partner_version(), "; in force ", status.version_in_force()));
  return absl::OkStatus();
}

ExitCode Report(const absl::Status& status, Session* session) {
  return status.ok() ? ExitCode::kDone : session->Fail(status);
}

void AddOffline(Noun noun, Session* session) {
  auto draft = std::make_shared<DraftArguments>();
  Verb verb = noun.AddVerb("draft", "Make an unsigned agreement from its text (offline)",
                           "  lintas agreement draft default.textproto --bundle idn.json \\\n"
                           "      --bundle khm.json --out agreement-1.bin");
  verb.Add("text", &draft->text_file, "The agreement as text").Required();
  verb.Add("--bundle", &draft->bundle_files,
           "Trust bundle of a Party, whose office-holders may sign; once for each");
  verb.Add("--previous", &draft->previous_file, "The signed version before (P21)");
  verb.Add("--limit", &draft->limits, "name=number in place of the text's; repeat");
  verb.Add("--out", &draft->out_file, "File for the draft").Required();
  verb.OnCall(session, [draft, session] { return Report(RunDraft(*draft, session), session); });

  auto sign = std::make_shared<SignArguments>();
  verb = noun.AddVerb("sign", "Sign an agreement with a personal key (offline)",
                      "  lintas agreement sign agreement-1.bin --key idn-dg.key");
  verb.Add("file", &sign->file, "The agreement's file").Required();
  verb.Add("--key", &sign->key_file, "Your private authority key").Required();
  verb.Add("--out", &sign->out_file, "Another file for the result");
  verb.OnCall(session, [sign, session] { return Report(RunSign(*sign, session), session); });
}

}  // namespace

void AddAgreement(Noun program, Session* session) {
  Noun noun = program.AddNoun("agreement", "The agreement between the two countries");
  AddOffline(noun, session);
  auto file = std::make_shared<std::string>();
  auto with_text = std::make_shared<bool>(false);
  Verb verb = noun.AddVerb("show", "Show the agreement in force, or one in a file",
                           "  lintas agreement show\n  lintas agreement show agreement-1.bin "
                           "--text");
  verb.Add("file", file.get(), "An agreement's file (default: the node's)");
  verb.AddFlag("--text", with_text.get(), "Also the whole text");
  verb.OnCall(session, [file, with_text, session] {
    return Report(RunShow(*file, *with_text, session), session);
  });
  auto adopted = std::make_shared<std::string>();
  verb = noun.AddVerb("adopt", "Enter a signed agreement into your own node's ledger",
                      "  lintas agreement adopt agreement-1.bin");
  verb.Add("file", adopted.get(), "The signed agreement's file").Required();
  verb.OnCall(session, [adopted, session] { return Report(RunAdopt(*adopted, session), session); });
}

}  // namespace lintas::client
