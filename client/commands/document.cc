// lintas document mrz, chip. Both are offline: no node, no network, no profile.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "client/commands/commands.h"
#include "client/document/mrz_input.h"
#include "client/document/mrz_report.h"
#include "server/base/error.h"
#include "server/base/status.h"
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

void AddMrz(CLI::App* noun, Session* session) {
  auto arguments = std::make_shared<MrzArguments>();
  CLI::App* verb = AddVerb(
      noun, "mrz", "Check the machine-readable lines of travel documents (offline)",
      "  lintas document mrz 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' "
      "'L898902C36UTO7408122F1204159ZE184226B<<<<<10'\n"
      "  lintas document mrz scans.txt --output json\n"
      "  scanner | lintas document mrz -\n"
      "A file holds one document per block of lines, empty lines between, or CSV with the columns "
      "line1,line2,line3.\n"
      "Exit code 0 all rules hold in all documents, 5 some document breaks one.");
  verb->add_option("input", arguments->inputs, "The lines of one document, files, or - ")
      ->required();
  verb->add_option("--at", arguments->at, "Day of reading, YYYY-MM-DD (default: today)");
  OnCall(verb, session, [arguments, session] { return ReadMrz(*arguments, session); });
}

}  // namespace

void AddDocument(CLI::App* program, Session* session) {
  CLI::App* noun = AddNoun(program, "document", "Travel documents: machine-readable zone, chip");
  AddMrz(noun, session);
}

}  // namespace lintas::client
