#include "client/sdmx/row_rules.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/sdmx/value_rules.h"

namespace lintas::sdmx {
namespace {

// What these components hold in every structure (SDMX cross-domain concepts).
const Component* WellKnown(const std::string& id) {
  static const auto& known = *new std::vector<Component>{
      {"TIME_PERIOD", {}, Role::kTimeDimension, "", Format::kTimePeriod, false},
      {"OBS_VALUE", {}, Role::kMeasure, "", Format::kNumber, false},
      {"EMBARGO_TIME", {}, Role::kAttribute, "", Format::kDateTime, false},
  };
  for (const Component& component : known) {
    if (component.id == id) return &component;
  }
  return nullptr;
}

bool IsDimension(const Component& component) {
  return component.role == Role::kDimension || component.role == Role::kTimeDimension;
}

}  // namespace

std::string DescribeValueRule(const std::string& rule) {
  if (rule == "UNKNOWN_CODE") return "The code is not in the component's code list.";
  if (rule == "NOT_A_TIME_PERIOD") return "Expected a year, month, day or reporting period.";
  if (rule == "NOT_A_DATE_TIME") return "Expected a date and time, as 2026-01-31T14:30:00Z.";
  if (rule == "NOT_AN_INTEGER") return "Expected a whole number.";
  return "Expected a number.";
}

RowRules::RowRules(const Structure* structure, const DataSet* data_set)
    : structure_(structure), data_set_(data_set) {}

std::vector<BrokenRow> RowRules::Check(const Row& row) {
  std::vector<BrokenRow> broken;
  // A deleting row holds marks in place of values, and any dimension may be left out.
  if (row.action != Action::kDelete) CheckValues(row, &broken);
  CheckKey(row, &broken);
  if (structure_ != nullptr && row.action != Action::kDelete) CheckStatus(row, &broken);
  return broken;
}

void RowRules::CheckValues(const Row& row, std::vector<BrokenRow>* broken) const {
  for (size_t i = 0; i < data_set_->components.size(); ++i) {
    const std::string& id = data_set_->components[i];
    const Component* component = structure_ == nullptr ? WellKnown(id) : structure_->Find(id);
    if (component == nullptr || row.values[i].empty()) continue;
    if (IsDimension(*component) && row.values[i] == kSwitchedOff) continue;
    const CodeList* codes = structure_ == nullptr ? nullptr : structure_->CodesOf(*component);
    for (absl::string_view value : absl::StrSplit(row.values[i], kValueSeparator)) {
      const char* rule = BrokenRule(*component, codes, value);
      if (rule != nullptr) broken->push_back({i, id, rule, DescribeValueRule(rule)});
    }
  }
}

void RowRules::CheckKey(const Row& row, std::vector<BrokenRow>* broken) {
  std::string key(ActionName(row.action));
  bool has_value = false;
  std::vector<BrokenRow> missing;
  if (structure_ == nullptr) {
    for (const std::string& value : row.values) absl::StrAppend(&key, "\x1e", value);
  } else {
    for (const Component& component : structure_->components) {
      const size_t at = data_set_->IndexOf(component.id);
      const bool given = at < row.values.size() && !row.values[at].empty();
      if (component.role == Role::kMeasure && given) has_value = true;
      if (!IsDimension(component)) continue;
      absl::StrAppend(&key, "\x1e", given ? row.values[at] : "");
      if (given) continue;
      missing.push_back({at, component.id, "MISSING_DIMENSION",
                         "An observation needs a value in every dimension."});
    }
  }
  if (has_value && row.action != Action::kDelete) {
    broken->insert(broken->end(), missing.begin(), missing.end());
  }
  if (!keys_.insert(key).second) {
    broken->push_back({data_set_->components.size(), "", "DUPLICATE_KEY",
                       "The same key stands on an earlier line."});
  }
}

std::string RowRules::ValueOf(const Row& row, const std::string& component) const {
  const size_t at = data_set_->IndexOf(component);
  return at < row.values.size() ? row.values[at] : "";
}

void RowRules::CheckStatus(const Row& row, std::vector<BrokenRow>* broken) const {
  const std::string value = ValueOf(row, "OBS_VALUE");
  const std::string status = ValueOf(row, "OBS_STATUS");
  const std::string confidentiality = ValueOf(row, "CONF_STATUS");
  const size_t at = data_set_->IndexOf("OBS_VALUE");
  const bool has_figure = !value.empty() && !IsIntentionallyMissing(value);
  const bool is_hidden = status == "Q" || (!confidentiality.empty() && confidentiality != "F");
  if (has_figure && is_hidden) {
    broken->push_back({at, "OBS_VALUE", "SUPPRESSED_VALUE",
                       "A figure stands beside a status that says it was left out."});
  }
  if (!has_figure && status == "A") {
    broken->push_back({at, "OBS_VALUE", "MISSING_VALUE",
                       "There is no figure, and the status says a normal value."});
  }
  for (const Component& component : structure_->components) {
    if (component.role != Role::kAttribute || !component.mandatory || !has_figure) continue;
    if (!ValueOf(row, component.id).empty()) continue;
    broken->push_back({data_set_->IndexOf(component.id), component.id, "MISSING_ATTRIBUTE",
                       "The structure asks for this attribute on every observation."});
  }
}

}  // namespace lintas::sdmx
