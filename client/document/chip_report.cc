#include "client/document/chip_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/document/mrz_report.h"
#include "client/output.h"
#include "client/terminal_text.h"

namespace lintas::client {
namespace {

using absl::string_view;
using nlohmann::ordered_json;

constexpr const char* kSignatureNames[] = {"not_checked", "good", "bad", "unverifiable"};

const char* SignatureName(chip::SignatureResult result) {
  return kSignatureNames[static_cast<size_t>(result)];
}

ordered_json CertificateJson(const chip::CertificateFacts& facts) {
  return {{"country", facts.country},
          {"subject", facts.subject},
          {"issuer", facts.issuer},
          {"serial", facts.serial},
          {"subject_key_id", facts.subject_key_id},
          {"sha256", facts.sha256},
          {"not_before", facts.not_before},
          {"not_after", facts.not_after},
          {"key", facts.key}};
}

ordered_json GroupsJson(const chip::ChipReport& report) {
  ordered_json groups = ordered_json::array();
  for (const auto& [number, state] : report.groups) {
    groups.push_back({{"group", number}, {"state", std::string(chip::GroupStateName(state))}});
  }
  return groups;
}

ordered_json SourcesJson(const ChipDocument& document) {
  ordered_json sources = ordered_json::array();
  for (const auto& [path, source] : document.sources) {
    sources.push_back({{"file", path},
                       {"kind", std::string(chip::SourceName(source.kind))},
                       {"read", source.read},
                       {"repeated", source.repeated},
                       {"refused", source.refused},
                       {"unreadable", source.unreadable}});
  }
  return sources;
}

ordered_json NotSaidJson(const chip::ChipReport& report) {
  ordered_json not_said = ordered_json::array();
  for (const std::string& code : report.not_said) {
    not_said.push_back({{"code", code}, {"text", std::string(chip::NotSaidText(code))}});
  }
  return not_said;
}

ordered_json ZoneJson(const mrz::Reading& zone) {
  if (zone.format == mrz::Format::kUnknown) return nullptr;
  ordered_json fields = ordered_json::object();
  for (auto& [name, value] : MrzFields(zone)) fields[name] = value;
  return {{"format", std::string(mrz::FormatName(zone.format))},
          {"valid", zone.valid()},
          {"lines", zone.lines},
          {"fields", std::move(fields)}};
}

std::vector<int> AlteredGroups(const chip::ChipReport& report) {
  std::vector<int> altered;
  for (const auto& [number, state] : report.groups) {
    if (state == chip::GroupState::kAltered || state == chip::GroupState::kNotSigned) {
      altered.push_back(number);
    }
  }
  return altered;
}

void AppendLine(string_view name, string_view value, std::string* text) {
  if (!value.empty()) absl::StrAppend(text, name, value, "\n");
}

}  // namespace

std::string ChipJson(const ChipDocument& document) {
  const chip::ChipReport& report = document.report;
  ordered_json certificates = ordered_json::array();
  for (const auto& facts : report.certificates) certificates.push_back(CertificateJson(facts));
  const ordered_json json = {{"verdict", std::string(chip::VerdictName(report.verdict))},
                             {"meaning", std::string(chip::VerdictText(report.verdict))},
                             {"reasons", report.reasons},
                             {"signature", SignatureName(report.signature)},
                             {"chain", std::string(chip::ChainResultName(report.chain))},
                             {"data_groups", GroupsJson(report)},
                             {"altered_groups", AlteredGroups(report)},
                             {"flags", report.flags},
                             {"not_said", NotSaidJson(report)},
                             {"at", document.at},
                             {"issuing_state", report.issuing_state},
                             {"mrz", ZoneJson(document.zone)},
                             {"lds_object_version", report.lds_object_version},
                             {"lds_version", report.lds_version},
                             {"group_hash", report.group_hash},
                             {"signature_hash", report.signature_hash},
                             {"signature_algorithm", report.signature_algorithm},
                             {"certificates", std::move(certificates)},
                             {"sources", SourcesJson(document)}};
  return absl::StrCat(json.dump(-1, ' ', false, ordered_json::error_handler_t::replace), "\n");
}

std::string ChipText(const ChipDocument& document) {
  const chip::ChipReport& report = document.report;
  std::string text = absl::StrCat(absl::AsciiStrToUpper(chip::VerdictName(report.verdict)), ": ",
                                  chip::VerdictText(report.verdict), "\n");
  AppendLine("because   ", absl::StrJoin(report.reasons, ", "), &text);
  AppendLine("signature ", SignatureName(report.signature), &text);
  AppendLine("chain     ", chip::ChainResultName(report.chain), &text);
  AppendLine("flags     ", absl::StrJoin(report.flags, ", "), &text);
  AppendLine("issuer    ", WithoutControls(report.issuing_state), &text);
  AppendLine("day       ", document.at, &text);
  Table groups({"data group", "state"});
  for (const auto& [number, state] : report.groups) {
    groups.Add({absl::StrCat(number), std::string(chip::GroupStateName(state))});
  }
  if (!groups.empty()) absl::StrAppend(&text, groups.Text());
  for (const auto& facts : report.certificates) {
    absl::StrAppend(&text, "certificate ", WithoutControls(facts.subject), ", ", facts.key, ", ",
                    facts.not_before, " to ", facts.not_after, "\n");
  }
  for (const auto& [name, value] : MrzFields(document.zone)) {
    if (name == "document_number") AppendLine("number    ", WithoutControls(value), &text);
  }
  for (const auto& [path, source] : document.sources) {
    absl::StrAppend(&text, "from      ", path, ": ", source.read, " certificates, ",
                    chip::SourceName(source.kind), "\n");
  }
  for (const std::string& code : report.not_said) {
    absl::StrAppend(&text, "not said  ", chip::NotSaidText(code), "\n");
  }
  return text;
}

}  // namespace lintas::client
