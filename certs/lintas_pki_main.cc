// lintas-pki: a country's CA, its nodes' and people's certificates, ledger keys, office-holders'
// keys and the trust bundle. docs/pki.md is the ceremony.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "certs/bundle.h"
#include "certs/country_ca.h"
#include "certs/pki_commands.h"
#include "server/base/clock.h"
#include "server/crypto/os_random.h"

namespace {

using lintas::PkiContext;

constexpr int kUsage = 2;

// What the flags fill in and which command is to run.
struct CommandLine {
  PkiContext context;
  std::string country, after, request_path, out_path, file, what, keys_path, seal_path, fingerprint,
      name;
  int years = lintas::kAuthorityYears;
  int days = 7;
  lintas::IssueFlags issue;
  lintas::AuthorityFlags authority;
  lintas::ExportFlags bundle;
  lintas::RotateFlags rotate;
  std::function<absl::Status()> run;
};

CLI::App* AddCommand(CLI::App* parent, CommandLine* line, const char* name, const char* what,
                     const std::function<absl::Status()>& run) {
  CLI::App* command = parent->add_subcommand(name, what);
  command->add_option("--dir", line->context.folder, "The CA's folder")->capture_default_str();
  command->callback([line, run] { line->run = run; });
  return command;
}

void AddDays(CLI::App* command, int* days, const char* what) {
  command->add_option("--days", *days, what)->check(CLI::Range(1, 3660))->capture_default_str();
}

void AddAuthorityCommands(CLI::App* app, CommandLine* line) {
  CLI::App* init = AddCommand(app, line, "init", "Make a country's CA", [line] {
    return InitCa(line->context, line->country, line->years, line->after);
  });
  init->add_option("--after", line->after,
                   "The folder of the CA before it: its register and list go on here");
  init->add_option("--country", line->country, "idn or khm")->required();
  init->add_option("--years", line->years, "Life of the CA")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  CLI::App* crl = AddCommand(app, line, "crl", "Write the next revocation list",
                             [line] { return WriteList(line->context, line->days); });
  AddDays(crl, &line->days, "Days until the one after it");
  CLI::App* revoke = AddCommand(app, line, "revoke", "Revoke and write the next list",
                                [line] { return RevokeCertificate(line->context, line->what); });
  revoke
      ->add_option("what", line->what,
                   "A serial; or a SPIFFE URI or a file with its certificate: all it was issued")
      ->required();
}

void AddCertificateCommands(CLI::App* app, CommandLine* line) {
  CLI::App* issue = AddCommand(app, line, "issue", "Issue a key and certificate",
                               [line] { return IssueCertificate(line->context, line->issue); });
  issue
      ->add_option("role", line->issue.role,
                   "node, officer, attache, agency, statistics, supervisor or operator")
      ->required();
  issue->add_option("id", line->issue.id, "A pseudonym or station, for example desk-12")
      ->required();
  issue->add_option("--out", line->issue.out_path, "The file to make")->required();
  issue->add_option("--dns", line->issue.dns_names, "Host names of a node (default: localhost)");
  issue->add_option("--ip", line->issue.ip_addresses, "Addresses of a node (default: 127.0.0.1)");
  AddDays(issue, &line->issue.days, "Life of the certificate");
  CLI::App* sign = AddCommand(app, line, "sign", "Sign a request made where the key stays", [line] {
    return SignRequestFile(line->context, line->request_path, line->out_path, line->days);
  });
  sign->add_option("request", line->request_path, "The request in PEM")->required();
  sign->add_option("--out", line->out_path, "The file to make")->required();
  AddDays(sign, &line->days, "Life of the certificate");
  CLI::App* renew = AddCommand(app, line, "renew", "Replace the certificate in a file, not its key",
                               [line] { return RenewFile(line->context, line->file, line->days); });
  renew->add_option("file", line->file, "Key and certificate, or a certificate, in PEM")
      ->required();
  AddDays(renew, &line->days, "Life of the certificate");
}

void AddKeyCommands(CLI::App* app, CommandLine* line) {
  CLI::App* keys = AddCommand(
      app, line, "ledger-keys", "Make a node's signing and seal keys",
      [line] { return MakeLedgerKeys(line->context, line->keys_path, line->seal_path); });
  keys->add_option("--out", line->keys_path, "The file of signing keys to make")->required();
  keys->add_option("--seal", line->seal_path, "The file of the seal key to make, kept apart")
      ->required();
  CLI::App* rotate =
      AddCommand(app, line, "rotate-keys", "Copy a node's signing keys with some made anew",
                 [line] { return RotateKeys(line->context, line->rotate); });
  rotate->add_option("--keys", line->rotate.keys_path, "The node's signing keys")->required();
  rotate->add_option("--out", line->rotate.out_path, "The file of signing keys to make")
      ->required();
  rotate->add_option("--use", line->rotate.uses,
                     "log, held, consistent or question; once for each (default: all four)");
  CLI::App* authority =
      AddCommand(app, line, "authority", "Make an office-holder's personal key",
                 [line] { return MakeAuthorityKey(line->context, line->authority); });
  authority->add_option("name", line->authority.name, "A short name, as the minutes use it")
      ->required();
  authority->add_option("--office", line->authority.office, "The office held")->required();
  authority->add_option("--from", line->authority.start_date, "First day, YYYY-MM-DD")->required();
  authority->add_option("--to", line->authority.end_date, "Last day, YYYY-MM-DD")->required();
}

// With --fingerprint the words decide. Without, a person at a terminal is asked for them.
absl::Status Import(CommandLine* line) {
  absl::StatusOr<lintas::trust::v1::TrustBundle> bundle = lintas::ReadBundle(line->file);
  if (!bundle.ok()) return bundle.status();
  std::string spoken = line->fingerprint;
  if (spoken.empty()) {
    if (isatty(STDIN_FILENO) == 0) {
      return absl::InvalidArgumentError("--fingerprint is needed where nobody can be asked");
    }
    std::cout << lintas::DescribeBundle(*bundle)
              << "\nType the words that the partner reads to you:\n> " << std::flush;
    std::getline(std::cin, spoken);
  }
  return lintas::ImportBundle(line->context, *bundle, spoken);
}

absl::Status Show(const CommandLine& line) {
  absl::StatusOr<lintas::trust::v1::TrustBundle> bundle =
      lintas::ReadBundle(line.file, lintas::Completeness::kDraft);
  if (!bundle.ok()) return bundle.status();
  std::cout << lintas::DescribeBundle(*bundle);
  return absl::OkStatus();
}

void AddBundleCommands(CLI::App* app, CommandLine* line) {
  CLI::App* bundle = app->add_subcommand("bundle", "What two countries hand each other in person");
  bundle->require_subcommand(1);
  CLI::App* make = AddCommand(bundle, line, "export", "Make the bundle of this country",
                              [line] { return ExportBundle(line->context, line->bundle); });
  make->add_option("--partnership", line->bundle.partnership)->capture_default_str();
  make->add_option("--keys", line->bundle.keys_path, "The node's signing keys")->required();
  make->add_option("--out", line->bundle.out_path, "The file to make")->required();
  CLI::Option* previous = make->add_option("--previous", line->bundle.previous_path,
                                           "The bundle before this one: keeps its keys' history");
  make->add_option("--exchange-from-size", line->bundle.exchange_from_size,
                   "The first size of the exchange ledger that changed keys sign")
      ->needs(previous);
  make->add_option("--home-from-size", line->bundle.home_from_size, "The same of the home ledger")
      ->needs(previous);
  make->add_option("--authority", line->bundle.authority_paths,
                   "A CA certificate to stand beside this CA's: the one before it");
  CLI::App* sign = AddCommand(
      bundle, line, "sign", "Agree to a bundle that follows another",
      [line] { return SignBundle(line->context, line->file, line->name, line->keys_path); });
  sign->add_option("file", line->file, "The bundle; the signature is added to it")->required();
  sign->add_option("--name", line->name, "The office-holder, as the bundle names")->required();
  sign->add_option("--key", line->keys_path, "The office-holder's personal key")->required();
  CLI::App* import = AddCommand(bundle, line, "import", "Believe the partner's bundle",
                                [line] { return Import(line); });
  import->add_option("file", line->file, "The partner's bundle")->required();
  import->add_option("--fingerprint", line->fingerprint, "The words as the partner read them");
  CLI::App* show = AddCommand(bundle, line, "show", "Print a bundle and its fingerprint",
                              [line] { return Show(*line); });
  show->add_option("file", line->file, "A bundle")->required();
}

}  // namespace

int main(int argc, char** argv) {
  const std::unique_ptr<lintas::Random> random = lintas::MakeOsRandom();
  CommandLine line;
  line.context = PkiContext{"pki", lintas::MakeSystemClock()->Now(), random.get(), &std::cout};
  CLI::App app{"A country's certificates, keys and trust bundle. docs/pki.md is the ceremony."};
  app.require_subcommand(1);
  AddAuthorityCommands(&app, &line);
  AddCertificateCommands(&app, &line);
  AddKeyCommands(&app, &line);
  AddBundleCommands(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 reports by throwing.
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const absl::Status status = line.run();
  if (!status.ok()) std::cerr << "lintas-pki: " << status.message() << "\n";
  return lintas::ExitCodeOf(status);
}
