// lintas document mrz, chip. Both are offline: no node, no network, no profile.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "client/commands/commands.h"
#include "client/document/chip_report.h"
#include "client/document/mrz_input.h"
#include "client/document/mrz_report.h"
#include "client/file.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/chip/passive_authentication.h"
#include "server/matching/mrz/repair.h"

namespace lintas::client {
namespace {

struct MrzArguments {
  std::vector<std::string> inputs;
  std::string at;
};

absl::StatusOr<matching::CivilDate> DayOf(const std::string& at, Session* session) {
  matching::CivilDate day;
  if (at.empty()) {
    const absl::CivilDay today =
        absl::ToCivilDay(session->environment().clock->Now(), absl::UTCTimeZone());
    return matching::CivilDate{static_cast<int>(today.year()), today.month(), today.day()};
  }
  if (!matching::ParseDate(at, &day)) {
    return absl::InvalidArgumentError("--at is not a day, YYYY-MM-DD");
  }
  return day;
}

// Reads, prints and counts documents.
class MrzRun {
 public:
  MrzRun(const matching::CivilDate& today, Session* session) : today_(today), session_(session) {
    if (session->options().format == OutputFormat::kCsv) session->out() << CsvLine(MrzCsvHeader());
  }

  void One(const MrzDocument& document) {
    MrzReport report;
    report.number = document.number;
    report.position = document.position;
    report.reading = mrz::Read({document.lines.begin(), document.lines.end()}, today_);
    report.suggestions = mrz::Suggest(report.reading, today_);
    invalid_ = invalid_ || !report.reading.valid();
    switch (session_->options().format) {
      case OutputFormat::kJson:
      case OutputFormat::kNdjson:
        session_->out() << MrzJson(report);
        break;
      case OutputFormat::kCsv:
        session_->out() << CsvLine(MrzCsvRow(report));
        break;
      case OutputFormat::kTable:
        session_->out() << (document.number > 1 ? "\n" : "") << MrzText(report);
    }
  }

  // `-` is standard input.
  absl::Status File(const std::string& path) {
    const auto on_document = [this](const MrzDocument& document) { One(document); };
    if (path == "-") return ReadMrzDocuments(std::cin, &count_, on_document);
    std::ifstream in(path, std::ios::binary);
    if (!in) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
    return ReadMrzDocuments(in, &count_, on_document);
  }

  void Lines(const std::vector<std::string>& lines) {
    MrzDocument document;
    document.number = ++count_;
    document.position = 1;
    document.lines = lines;
    One(document);
  }

  ExitCode End() {
    if (count_ == 0) {
      return session_->Fail(absl::InvalidArgumentError("no machine-readable zone in the input"));
    }
    return invalid_ ? ExitCode::kInvalidInput : ExitCode::kDone;
  }

 private:
  const matching::CivilDate today_;
  Session* const session_;
  uint64_t count_ = 0;
  bool invalid_ = false;
};

bool IsFile(const std::string& input) {
  std::error_code error;
  return input == "-" ||
         (std::filesystem::exists(input, error) && !std::filesystem::is_directory(input, error));
}

// Lines of a document hold fillers; a single argument without any is meant as a file.
bool AreFiles(const std::vector<std::string>& inputs) {
  if (inputs.size() == 1 && inputs[0].find('<') == std::string::npos) return true;
  for (const std::string& input : inputs) {
    if (!IsFile(input)) return false;
  }
  return true;
}

ExitCode ReadMrz(const MrzArguments& arguments, Session* session) {
  const auto today = DayOf(arguments.at, session);
  if (!today.ok()) return session->Fail(today.status());
  MrzRun run(*today, session);
  if (!AreFiles(arguments.inputs)) {
    run.Lines(arguments.inputs);
    return run.End();
  }
  absl::Status failed;
  for (const std::string& input : arguments.inputs) failed.Update(run.File(input));
  const ExitCode code = failed.ok() ? run.End() : session->Fail(failed);
  return code;
}

void AddMrz(Noun noun, Session* session) {
  auto arguments = std::make_shared<MrzArguments>();
  Verb verb = noun.AddVerb(
      "mrz", "Check the machine-readable lines of travel documents (offline)",
      "  lintas document mrz 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' "
      "'L898902C36UTO7408122F1204159ZE184226B<<<<<10'\n"
      "  lintas document mrz scans.txt --output json\n"
      "  scanner | lintas document mrz -\n"
      "A file holds one document per block of lines, empty lines between, or CSV with the columns "
      "line1,line2,line3.\n"
      "Exit code 0 all rules hold in all documents, 5 some document breaks one.");
  verb.Add("input", &arguments->inputs, "The lines of one document, files, or - ").Required();
  verb.Add("--at", &arguments->at, "Day of reading, YYYY-MM-DD (default: today)");
  verb.OnCall(session, [arguments, session] { return ReadMrz(*arguments, session); });
}

struct ChipArguments {
  std::string sod_file;
  std::vector<std::string> groups, csca_files, signer_files, crl_files;
  std::string at;
};

// `NUMBER=FILE`, the number also as DG1 or dg1.
absl::Status AddGroup(const std::string& text, chip::ChipInput* input) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
  const bool prefixed =
      parts.first.size() > 2 && (parts.first[0] | 0x20) == 'd' && (parts.first[1] | 0x20) == 'g';
  int number = 0;
  if (!absl::SimpleAtoi(prefixed ? parts.first.substr(2) : parts.first, &number) || number < 1 ||
      number > 16 || parts.second.empty()) {
    return absl::InvalidArgumentError("--dg is NUMBER=FILE, the number from 1 to 16");
  }
  ASSIGN_OR_RETURN(std::string file, ReadFile(parts.second));
  if (!input->groups.emplace(number, std::move(file)).second) {
    return absl::InvalidArgumentError(absl::StrCat("--dg ", number, " is given twice"));
  }
  return absl::OkStatus();
}

absl::Status AtPath(const std::string& path, const absl::Status& status) {
  return MakeError(status.code(), ErrorReason(status), absl::StrCat(path, ": ", status.message()));
}

absl::Status ReadTrust(const ChipArguments& arguments, chip::CscaStore* store,
                       ChipDocument* document, chip::ChipInput* input) {
  for (const std::string& path : arguments.csca_files) {
    ASSIGN_OR_RETURN(const std::string file, ReadFile(path));
    const auto source = store->Add(file);
    if (!source.ok()) return AtPath(path, source.status());
    document->sources.emplace_back(path, *source);
  }
  for (const std::string& path : arguments.crl_files) {
    ASSIGN_OR_RETURN(const std::string file, ReadFile(path));
    const absl::Status added = store->AddCrl(file);
    if (!added.ok()) return AtPath(path, added);
  }
  for (const std::string& path : arguments.signer_files) {
    ASSIGN_OR_RETURN(const std::string file, ReadFile(path));
    const auto signers = chip::ReadCertificates(file);
    if (!signers.ok()) return AtPath(path, signers.status());
    input->signers.insert(input->signers.end(), signers->begin(), signers->end());
  }
  return absl::OkStatus();
}

// Noon of the day in UTC: whatever the hour of a certificate's last day, most of the day is meant.
absl::StatusOr<absl::Time> TimeOf(const std::string& at, Session* session) {
  if (at.empty()) return session->environment().clock->Now();
  ASSIGN_OR_RETURN(const matching::CivilDate day, DayOf(at, session));
  return absl::FromCivil(absl::CivilHour(day.year, day.month, day.day, 12), absl::UTCTimeZone());
}

absl::Status CheckChip(const ChipArguments& arguments, Session* session, ChipDocument* document) {
  chip::ChipInput input;
  ASSIGN_OR_RETURN(input.at, TimeOf(arguments.at, session));
  ASSIGN_OR_RETURN(input.security_object, ReadFile(arguments.sod_file));
  for (const std::string& group : arguments.groups) RETURN_IF_ERROR(AddGroup(group, &input));
  chip::CscaStore store;
  RETURN_IF_ERROR(ReadTrust(arguments, &store, document, &input));
  document->report = chip::Authenticate(input, store);
  document->at = absl::FormatTime(absl::RFC3339_sec, input.at, absl::UTCTimeZone());
  const absl::CivilDay day = absl::ToCivilDay(input.at, absl::UTCTimeZone());
  if (!document->report.zone.empty()) {
    document->zone =
        mrz::Read({document->report.zone}, {static_cast<int>(day.year()), day.month(), day.day()});
  }
  return absl::OkStatus();
}

ExitCode RunChip(const ChipArguments& arguments, Session* session) {
  ChipDocument document;
  const absl::Status checked = CheckChip(arguments, session, &document);
  if (!checked.ok()) return session->Fail(checked);
  session->out() << (session->options().format == OutputFormat::kJson ? ChipJson(document)
                                                                      : ChipText(document));
  return document.report.verdict == chip::Verdict::kAuthentic ? ExitCode::kDone
                                                              : ExitCode::kInvalidInput;
}

void AddChip(Noun noun, Session* session) {
  auto arguments = std::make_shared<ChipArguments>();
  Verb verb = noun.AddVerb(
      "chip", "Check that a chip's data are as the issuing country signed them (offline)",
      "  lintas document chip --sod EF.SOD --dg 1=EF.DG1 --dg 2=EF.DG2 --csca csca.pem\n"
      "  lintas document chip --sod EF.SOD --dg 1=EF.DG1 --csca masterlist.ml --crl idn.crl "
      "--at 2026-11-24 --output json\n"
      "A good verdict is about the data only: the chip may be a copy, the holder another person.\n"
      "Exit code 0 authentic, 5 every other verdict.");
  verb.Add("--sod", &arguments->sod_file, "EF.SOD as read from the chip").Required();
  verb.Add("--dg", &arguments->groups, "NUMBER=FILE, a data group; once for each").Required();
  verb.Add("--csca", &arguments->csca_files,
           "Country-signing or link certificates, PEM or DER, or a master list");
  verb.Add("--ds", &arguments->signer_files, "The signer's certificate, if EF.SOD lacks it");
  verb.Add("--crl", &arguments->crl_files, "A revocation list, PEM or DER");
  verb.Add("--at", &arguments->at, "Day at which certificates must be valid (default: now)");
  verb.OnCall(session, [arguments, session] { return RunChip(*arguments, session); });
}

}  // namespace

void AddDocument(Noun program, Session* session) {
  Noun noun = program.AddNoun("document", "Travel documents: machine-readable zone, chip");
  AddMrz(noun, session);
  AddChip(noun, session);
}

}  // namespace lintas::client
