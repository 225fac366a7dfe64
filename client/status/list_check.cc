#include "client/status/list_check.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/file.h"
#include "client/output.h"
#include "client/status/list_rows.h"
#include "server/base/status.h"
#include "server/crypto/sha256.h"

namespace lintas::client {
namespace {

using migrant_status::v1::AxisStatus;
using migrant_status::v1::CheckStatusRequest;
using migrant_status::v1::CheckStatusResponse;
using migrant_status::v1::Finding;
using migrant_status::v1::LineResult;
using nlohmann::json;

const std::vector<std::string>& OwnColumns() {
  static const auto& columns =
      *new std::vector<std::string>{"residence", "regularity",   "labour",         "conflict",
                                    "gaps",      "screen_first", "screen_reasons", "reference"};
  return columns;
}

struct State {
  ListCheckReport report;
  uint64_t out_bytes = 0;
};

// A state that cannot be read is as none: the check begins again.
State LoadState(const std::string& path) {
  State state;
  const auto text = ReadFile(path);
  if (!text.ok()) return state;
  const json in = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!in.is_object()) return state;
  try {
    state.report.rows = in.at("rows").get<uint64_t>();
    state.report.invalid = in.at("invalid").get<uint64_t>();
    state.report.screen_first = in.at("screen_first").get<uint64_t>();
    state.report.at_date = in.at("at_date").get<std::string>();
    state.report.tally = in.at("tally").get<std::map<std::string, uint64_t>>();
    state.out_bytes = in.at("out_bytes").get<uint64_t>();
  } catch (const json::exception&) {
    return State();
  }
  return state;
}

absl::Status SaveState(const std::string& path, const State& state) {
  const json out = {{"rows", state.report.rows},
                    {"invalid", state.report.invalid},
                    {"screen_first", state.report.screen_first},
                    {"at_date", state.report.at_date},
                    {"tally", state.report.tally},
                    {"out_bytes", state.out_bytes}};
  return WriteFile(path, out.dump() + "\n");
}

std::string StatePath(const ListCheckOptions& options) {
  struct stat found = {};
  ::stat(options.path.c_str(), &found);
  std::error_code error;
  const std::string whole =
      std::filesystem::absolute(options.path, error).lexically_normal().string();
  std::string text = absl::StrCat(whole, "\n", found.st_size, "\n", found.st_mtim.tv_sec, ".",
                                  found.st_mtim.tv_nsec, "\n", options.out_path, "\n",
                                  options.at_date, "\n", options.profile, "\n");
  for (const auto& [field, column] : options.columns)
    absl::StrAppend(&text, field, "=", column, "\n");
  return absl::StrCat(options.state_folder, "/",
                      absl::BytesToHexString(Sha256Of(text).view().substr(0, 12)), ".json");
}

template <typename Enums, typename NameOf>
std::string Names(const Enums& values, NameOf name_of) {
  std::vector<std::string> names;
  for (const int value : values) names.push_back(name_of(value));
  return absl::StrJoin(names, " ");
}

std::string GapsText(const LineResult& result) {
  std::vector<std::string> texts;
  const std::string line = Names(result.gaps(), [](int gap) {
    return LineResult::LineGap_Name(static_cast<LineResult::LineGap>(gap));
  });
  if (!line.empty()) texts.push_back(line);
  std::set<std::string> missing;
  for (const AxisStatus& axis : result.axes()) {
    for (const Finding& finding : axis.findings()) {
      for (const int gap : finding.gaps()) {
        missing.insert(Finding::Gap_Name(static_cast<Finding::Gap>(gap)));
      }
    }
  }
  if (!missing.empty()) texts.push_back(absl::StrCat("missing ", absl::StrJoin(missing, " ")));
  for (const auto& violation : result.violations()) {
    texts.push_back(
        absl::StrCat(violation.field(), violation.field().empty() ? "" : ": ", violation.rule()));
  }
  return absl::StrJoin(texts, "; ");
}

std::vector<std::string> OwnCells(const LineResult& result) {
  bool conflict = false;
  for (const AxisStatus& axis : result.axes()) conflict = conflict || axis.conflict();
  return {
      AxisText(result.axes(), AxisStatus::RESIDENCE),
      AxisText(result.axes(), AxisStatus::REGULARITY),
      AxisText(result.axes(), AxisStatus::LABOUR),
      conflict ? "yes" : "no",
      GapsText(result),
      result.screen_first() ? "yes" : "no",
      Names(result.screen_reasons(),
            [](int reason) {
              return LineResult::ScreenReason_Name(static_cast<LineResult::ScreenReason>(reason));
            }),
      result.reference()};
}

void Count(const LineResult& result, ListCheckReport* report) {
  ++report->rows;
  if (result.screen_first()) ++report->screen_first;
  if (!result.violations().empty()) ++report->invalid;
  std::set<std::string> keys;
  for (const AxisStatus& axis : result.axes()) {
    for (const Finding& finding : axis.findings()) {
      keys.insert(absl::StrCat(AxisStatus::Axis_Name(axis.axis()), "|", axis.host_country(), "|",
                               Finding::Value_Name(finding.value())));
    }
    if (axis.conflict()) {
      keys.insert(
          absl::StrCat(AxisStatus::Axis_Name(axis.axis()), "|", axis.host_country(), "|CONFLICT"));
    }
  }
  for (const int gap : result.gaps()) {
    keys.insert(
        absl::StrCat("gap||", LineResult::LineGap_Name(static_cast<LineResult::LineGap>(gap))));
  }
  for (const std::string& key : keys) ++report->tally[key];
}

// The file out, whose length is known.
class OutFile {
 public:
  explicit OutFile(std::string path) : path_(std::move(path)) {}

  // Begins anew (0), or goes on after the first `bytes`. Only the owner may read it.
  absl::Status CutTo(uint64_t bytes) {
    std::error_code error;
    if (bytes == 0) {
      std::ofstream emptied(path_, std::ios::binary | std::ios::trunc);
      emptied.close();
      std::filesystem::permissions(
          path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    } else if (std::filesystem::file_size(path_, error) < bytes || error) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_, " is not as the check left it; choose another --out"));
    } else {
      std::filesystem::resize_file(path_, bytes, error);
    }
    if (error) return Failed();
    bytes_ = bytes;
    out_.open(path_, std::ios::binary | std::ios::app);
    return out_ ? absl::OkStatus() : Failed();
  }
  void Write(const std::string& text) {
    out_ << text;
    bytes_ += text.size();
  }
  absl::Status Flush() {
    out_.flush();
    return out_ ? absl::OkStatus() : Failed();
  }
  uint64_t bytes() const { return bytes_; }

 private:
  absl::Status Failed() const {
    return absl::InvalidArgumentError(absl::StrCat("cannot write ", path_));
  }

  const std::string path_;
  std::ofstream out_;
  uint64_t bytes_ = 0;
};

// One run over the file.
class Run {
 public:
  Run(const ListCheckOptions& options, const Client& client,
      const std::function<void(const ListCheckReport&)>& progress)
      : options_(options),
        client_(client),
        progress_(progress),
        out_path_(options.out_path.empty() ? options.path + ".status.csv" : options.out_path),
        out_(out_path_),
        state_path_(StatePath(options)),
        in_(options.path, std::ios::binary) {}

  absl::StatusOr<ListCheckReport> ToTheEnd() {
    std::error_code error;
    if (!in_ || std::filesystem::is_directory(options_.path, error)) {
      return absl::InvalidArgumentError(absl::StrCat("cannot read ", options_.path));
    }
    ASSIGN_OR_RETURN(ListRows rows, ListRows::Open(&in_, options_.columns));
    RETURN_IF_ERROR(Begin(&rows));
    std::vector<std::string> cells;
    for (;;) {
      ASSIGN_OR_RETURN(const bool any, rows.Next(&cells));
      if (!any) break;
      auto* line = page_.add_lines();
      line->set_line_number(state_.report.rows + static_cast<uint64_t>(page_.lines_size()));
      *line->mutable_person() = rows.PersonOf(cells);
      waiting_.push_back(cells);
      if (page_.lines_size() == options_.page_lines) RETURN_IF_ERROR(SendPage());
    }
    if (page_.lines_size() > 0) RETURN_IF_ERROR(SendPage());
    std::filesystem::remove(state_path_, error);
    return state_.report;
  }

 private:
  absl::Status Begin(ListRows* rows) {
    state_ = LoadState(state_path_);
    std::error_code error;
    state_.report.bytes_total = std::filesystem::file_size(options_.path, error);
    state_.report.resumed_after = state_.report.rows;
    state_.report.out_path = out_path_;
    if (state_.report.at_date.empty()) state_.report.at_date = options_.at_date;
    RETURN_IF_ERROR(out_.CutTo(state_.out_bytes));
    if (state_.out_bytes == 0) {
      std::vector<std::string> header = rows->header();
      header.insert(header.end(), OwnColumns().begin(), OwnColumns().end());
      out_.Write(CsvLine(header));
    }
    std::vector<std::string> cells;
    for (uint64_t i = 0; i < state_.report.rows; ++i) {
      ASSIGN_OR_RETURN(const bool any, rows->Next(&cells));
      if (!any) return absl::InvalidArgumentError("the list is shorter than it was");
    }
    if (state_.report.rows > 0 && progress_) progress_(state_.report);
    return absl::OkStatus();
  }

  absl::Status SendPage() {
    page_.set_at_date(state_.report.at_date);
    CheckStatusResponse response;
    RETURN_IF_ERROR(
        client_.Call("/lintas.migrant_status.v1.StatusService/CheckStatus", page_, &response));
    if (response.results_size() != page_.lines_size()) {
      return absl::InternalError("the node answered another number of lines than were asked");
    }
    for (int i = 0; i < response.results_size(); ++i) {
      std::vector<std::string> cells = std::move(waiting_[static_cast<size_t>(i)]);
      for (std::string& cell : OwnCells(response.results(i))) cells.push_back(std::move(cell));
      out_.Write(CsvLine(cells));
      Count(response.results(i), &state_.report);
    }
    waiting_.clear();
    page_.Clear();
    state_.report.at_date = response.at_date();
    const auto at = in_.tellg();
    state_.report.bytes = at < 0 ? state_.report.bytes_total : static_cast<uint64_t>(at);
    RETURN_IF_ERROR(out_.Flush());
    state_.out_bytes = out_.bytes();
    RETURN_IF_ERROR(SaveState(state_path_, state_));
    if (progress_) progress_(state_.report);
    return absl::OkStatus();
  }

  const ListCheckOptions& options_;
  const Client& client_;
  const std::function<void(const ListCheckReport&)>& progress_;
  const std::string out_path_;
  OutFile out_;
  const std::string state_path_;
  std::ifstream in_;
  State state_;
  CheckStatusRequest page_;
  std::vector<std::vector<std::string>> waiting_;  // The cells of the page's lines.
};

}  // namespace

std::string AxisText(const google::protobuf::RepeatedPtrField<AxisStatus>& axes,
                     AxisStatus::Axis kind) {
  std::vector<std::string> texts;
  for (const AxisStatus& axis : axes) {
    if (axis.axis() != kind) continue;
    for (const Finding& finding : axis.findings()) {
      std::string text =
          absl::StrCat(axis.host_country(), " ", Finding::Value_Name(finding.value()));
      if (!finding.since_date().empty()) absl::StrAppend(&text, " since ", finding.since_date());
      absl::StrAppend(&text, " (says ", finding.owner_country(), ")");
      if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
  }
  return absl::StrJoin(texts, "; ");
}

absl::StatusOr<ListCheckReport> CheckList(
    const ListCheckOptions& options, const Client& client,
    const std::function<void(const ListCheckReport&)>& progress) {
  return Run(options, client, progress).ToTheEnd();
}

}  // namespace lintas::client
