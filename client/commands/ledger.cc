// lintas ledger checkpoint, prove, verify. Verify is offline: it needs no profile.
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "client/commands/commands.h"
#include "client/file.h"
#include "client/receipt.h"
#include "client/receipt_policy.h"
#include "client/record.h"
#include "lintas/options/v1/options.pb.h"
#include "server/base/status.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/note/policy.h"

namespace lintas::client {
namespace {

using ledger::v1::EntryHeader;

std::string UnixText(int64_t seconds) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixSeconds(seconds),
                          absl::UTCTimeZone());
}

ExitCode ShowCheckpoint(const std::string& ledger, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  node::v1::GetCheckpointRequest request;
  request.set_ledger(ledger);
  const auto checkpoint = (*client)->GetCheckpoint(request);
  if (!checkpoint.ok()) return session->Fail(checkpoint.status());
  // As it is, so that it can be piped into a stranger's tool.
  session->out() << (session->options().format == OutputFormat::kJson ? Json(*checkpoint)
                                                                      : checkpoint->note());
  return ExitCode::kDone;
}

struct ProveOptions {
  std::string name;
  std::string section;
  std::string out_file;
};

ExitCode Prove(const ProveOptions& options, Session* session) {
  const auto client = session->client();
  if (!client.ok()) return session->Fail(client.status());
  node::v1::GetReceiptRequest request;
  request.set_name(options.name);
  request.set_section(options.section);
  const auto receipt = (*client)->GetReceipt(request);
  if (!receipt.ok()) return session->Fail(receipt.status());
  if (options.out_file.empty()) {
    session->out() << receipt->text();
    return ExitCode::kDone;
  }
  const absl::Status written = WriteFile(options.out_file, receipt->text());
  if (!written.ok()) return session->Fail(written);
  session->Note(absl::StrCat("receipt written to ", options.out_file));
  return ExitCode::kDone;
}

struct VerifyOptions {
  std::string receipt_file;
  std::string policy_file;
  std::vector<std::string> bundle_files;
};

std::string RecordLine(const EntryHeader& header) {
  std::string kind = EntryHeader::Kind_Name(header.kind());
  std::string line = absl::StrCat("entry     ", kind);
  if (!header.type().empty()) {
    absl::StrAppend(&line, " of a ", header.type(), ", id ",
                    absl::BytesToHexString(header.record_id()), ", revision ", header.revision());
  }
  return absl::StrCat(line, ", entered ", UnixText(header.time_s()));
}

// A section holds the fields of its record type that belong to it; an erasure receipt's has its own
// message.
std::unique_ptr<google::protobuf::Message> ParseContent(const ProvenReceipt& proven) {
  std::unique_ptr<google::protobuf::Message> content;
  if (proven.header.kind() == EntryHeader::ERASURE_RECEIPT) {
    content = std::make_unique<ledger::v1::ErasureReceipt>();
  } else {
    const auto kind = KindOfType(proven.header.type());
    if (!kind.ok()) return nullptr;
    content.reset(google::protobuf::MessageFactory::generated_factory()
                      ->GetPrototype((*kind)->message())
                      ->New());
  }
  return content->ParseFromString(proven.disclosed->section.content()) ? std::move(content)
                                                                       : nullptr;
}

void PrintDisclosed(const ProvenReceipt& proven, Session* session) {
  if (!proven.disclosed.has_value()) {
    session->out() << "discloses nothing of its content\n";
    return;
  }
  using Section = options::v1::Field::Section;
  session->out() << "discloses section "
                 << options::v1::Field::Section_Name(
                        static_cast<Section>(proven.disclosed->section.section()))
                 << (proven.disclosed->synthetic ? " (marked SYNTHETIC)" : "") << "\n";
  const auto content = ParseContent(proven);
  if (content == nullptr) {
    session->out() << "          " << proven.disclosed->section.content().size()
                   << " bytes of a type that this program does not know\n";
    return;
  }
  Table table({"field", "value"});
  for (auto& [path, value] : FlatFields(*content)) table.Add({path, value});
  session->out() << table.Text();
}

void PrintProven(const ProvenReceipt& proven, Session* session) {
  const EntryHeader& header = proven.header;
  if (session->options().format == OutputFormat::kJson) {
    session->out() << Json(header);
    return;
  }
  session->out() << "PROVEN: entry " << header.index() << " of " << header.origin() << ", among "
                 << Thousands(proven.size.value()) << " entries\n"
                 << RecordLine(header) << "\n"
                 << "signed    " << absl::StrJoin(proven.signers, ", ") << "\n";
  for (const auto& cosigner : proven.cosigners) {
    session->out() << "cosigned  " << cosigner.name << " on "
                   << UnixText(absl::ToUnixSeconds(cosigner.time)) << "\n";
  }
  if (proven.cosigners.empty()) session->out() << "cosigned  by nobody that the policy knows\n";
  PrintDisclosed(proven, session);
}

// Where a policy is looked for when none is named.
std::vector<std::string> DefaultPolicies(const Session& session) {
  return {session.environment().folder + "/policy.txt", "/etc/lintas/policy.txt"};
}

absl::StatusOr<note::Policy> LoadPolicy(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  auto policy = note::Policy::Parse(text);
  if (policy.ok()) return policy;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", policy.status().message()));
}

absl::StatusOr<note::Policy> PolicyOfBundles(const std::vector<std::string>& paths,
                                             const Receipt& receipt) {
  std::vector<trust::v1::TrustBundle> bundles;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const std::string json, ReadFile(path));
    absl::StatusOr<trust::v1::TrustBundle> bundle = ParseBundle(json);
    if (!bundle.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", bundle.status().message()));
    }
    bundles.push_back(*std::move(bundle));
  }
  // Which ledger and size it claims to be of decides which key is tried; the signature then
  // decides.
  ASSIGN_OR_RETURN(const note::SignedNote note, note::ParseNote(receipt.proof.checkpoint));
  ASSIGN_OR_RETURN(const note::Checkpoint claimed, note::ParseCheckpoint(note.text));
  return PolicyOf(bundles, claimed.origin, claimed.size);
}

// The file of the policy; empty if none is named and none is at a usual place.
std::string PolicyPath(const VerifyOptions& options, const Session& session) {
  if (!options.policy_file.empty()) return options.policy_file;
  for (const std::string& path : DefaultPolicies(session)) {
    if (ReadFile(path).ok()) return path;
  }
  return "";
}

ExitCode NotProven(const absl::Status& why, Session* session) {
  session->err() << "NOT PROVEN: " << why.message() << "\n";
  return ExitCode::kInvalidInput;
}

ExitCode Verify(const VerifyOptions& options, Session* session) {
  const std::string policy_path = PolicyPath(options, *session);
  if (policy_path.empty() && options.bundle_files.empty()) {
    session->err() << "lintas: whose signatures count? Name a policy with --policy or the Parties' "
                      "bundles with --bundle, or put a policy at "
                   << absl::StrJoin(DefaultPolicies(*session), " or ") << "\n";
    return ExitCode::kUsage;
  }
  const auto text = ReadFile(options.receipt_file);
  if (!text.ok()) return session->Fail(text.status());
  const auto receipt = ParseReceipt(*text);
  if (!receipt.ok()) return NotProven(receipt.status(), session);
  const auto policy = options.bundle_files.empty()
                          ? LoadPolicy(policy_path)
                          : PolicyOfBundles(options.bundle_files, *receipt);
  if (!policy.ok()) return session->Fail(policy.status());
  const auto proven = VerifyReceipt(*receipt, *policy);
  if (!proven.ok()) return NotProven(proven.status(), session);
  PrintProven(*proven, session);
  return ExitCode::kDone;
}

}  // namespace

void AddLedger(Noun program, Session* session) {
  Noun noun = program.AddNoun("ledger", "Signed ledgers: checkpoints and proofs");
  auto ledger = std::make_shared<std::string>("exchange");
  Verb verb = noun.AddVerb("checkpoint", "Show a ledger's last signed checkpoint",
                           "  lintas ledger checkpoint --ledger replica");
  verb.Add("--ledger", ledger.get(), "exchange (default), home or replica")
      .OneOf({"exchange", "home", "replica"});
  verb.OnCall(session, [ledger, session] { return ShowCheckpoint(*ledger, session); });

  auto prove = std::make_shared<ProveOptions>();
  verb = noun.AddVerb("prove", "Get a receipt that a record stands in a ledger",
                      "  lintas ledger prove countries/khm/crossings/ID --section basic "
                      "--out receipt.txt");
  verb.Add("name", &prove->name, "Name of the record").Required();
  verb.Add("--section", &prove->section, "Disclose this section inside the receipt")
      .OneOf({"basic", "sensitive"});
  verb.Add("--out", &prove->out_file, "File for the receipt (default: standard output)");
  verb.OnCall(session, [prove, session] { return Prove(*prove, session); });

  auto verify = std::make_shared<VerifyOptions>();
  verb = noun.AddVerb("verify", "Check a receipt offline: no node, no network, no profile",
                      "  lintas ledger verify receipt.txt --policy policy.txt\n"
                      "  lintas ledger verify receipt.txt --bundle idn.json --bundle khm.json\n"
                      "Bundles of both countries ask for the other country's `held` signature.\n"
                      "Without either, policy.txt in the folder of the profiles or /etc/lintas.\n"
                      "Exit code 0 PROVEN, 5 NOT PROVEN.");
  verb.Add("receipt", &verify->receipt_file, "The receipt's file").Required();
  verb.Add("--policy", &verify->policy_file, "Whose signatures count (C2SP tlog-policy)");
  verb.Add("--bundle", &verify->bundle_files, "A Party's trust bundle; once for each")
      .Excludes("--policy");
  verb.OnCall(session, [verify, session] { return Verify(*verify, session); });
}

}  // namespace lintas::client
