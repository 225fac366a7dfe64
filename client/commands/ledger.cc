// lintas ledger checkpoint, prove, verify. Verify is offline: it needs no profile.
#include <algorithm>
#include <filesystem>
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

// Where it is looked up whose signatures count, if nobody says: policy.txt there, else the bundles.
std::vector<std::string> TrustFolders(const Session& session) {
  return {session.environment().folder, "/etc/lintas"};
}

// The files bundles/*.json in the order of their names.
std::vector<std::string> BundlesIn(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder + "/bundles", error)) {
    if (file.path().extension() == ".json") paths.push_back(file.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

VerifyOptions WithDefaults(VerifyOptions options, const Session& session) {
  for (const std::string& folder : TrustFolders(session)) {
    if (!options.policy_file.empty() || !options.bundle_files.empty()) break;
    const std::string policy = folder + "/policy.txt";
    if (ReadFile(policy).ok()) {
      options.policy_file = policy;
    } else {
      options.bundle_files = BundlesIn(folder);
    }
  }
  return options;
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

ExitCode NotProven(const absl::Status& why, Session* session) {
  session->err() << "NOT PROVEN: " << why.message() << "\n";
  return ExitCode::kInvalidInput;
}

ExitCode Verify(const VerifyOptions& named, Session* session) {
  const VerifyOptions options = WithDefaults(named, *session);
  if (options.policy_file.empty() && options.bundle_files.empty()) {
    session->err() << "lintas: whose signatures count? Name a policy with --policy or the Parties' "
                      "bundles with --bundle, or put them as bundles/idn.json and bundles/khm.json "
                      "into "
                   << absl::StrJoin(TrustFolders(*session), " or ") << "\n";
    return ExitCode::kUsage;
  }
  const auto text = ReadFile(options.receipt_file);
  if (!text.ok()) return session->Fail(text.status());
  const auto receipt = ParseReceipt(*text);
  if (!receipt.ok()) return NotProven(receipt.status(), session);
  const auto policy = options.bundle_files.empty()
                          ? LoadPolicy(options.policy_file)
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
  verb =
      noun.AddVerb("verify", "Check a receipt offline: no node, no network, no profile",
                   "  lintas ledger verify receipt.txt\n"
                   "  lintas ledger verify receipt.txt --policy policy.txt\n"
                   "  lintas ledger verify receipt.txt --bundle idn.json --bundle khm.json\n"
                   "Bundles of both countries ask for the other country's `held` signature.\n"
                   "Without either, bundles/*.json, or a policy.txt before them, in the folder of "
                   "the profiles or /etc/lintas.\n"
                   "Exit code 0 PROVEN, 5 NOT PROVEN.");
  verb.Add("receipt", &verify->receipt_file, "The receipt's file").Required();
  verb.Add("--policy", &verify->policy_file, "Whose signatures count (C2SP tlog-policy)");
  verb.Add("--bundle", &verify->bundle_files, "A Party's trust bundle; once for each")
      .Excludes("--policy");
  verb.OnCall(session, [verify, session] { return Verify(*verify, session); });
}

}  // namespace lintas::client
