// What a row must satisfy under a known structure, whatever format it came in. Pure; one checker
// for one message, not thread safe.
#ifndef LINTAS_CLIENT_SDMX_ROW_RULES_H_
#define LINTAS_CLIENT_SDMX_ROW_RULES_H_

#include <set>
#include <string>
#include <vector>

#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

// A broken rule and the component that breaks it: index into the data set's components, or their
// number if none does.
struct BrokenRow {
  size_t component = 0;
  std::string field;
  std::string rule;
  std::string description;
};

class RowRules {
 public:
  // `structure` may be nullptr: only the well-known components are looked at. Both must outlive it.
  RowRules(const Structure* structure, const DataSet* data_set);

  // All that is wrong with `row`.
  std::vector<BrokenRow> Check(const Row& row);

 private:
  void CheckValues(const Row& row, std::vector<BrokenRow>* broken) const;
  void CheckKey(const Row& row, std::vector<BrokenRow>* broken);
  void CheckStatus(const Row& row, std::vector<BrokenRow>* broken) const;
  std::string ValueOf(const Row& row, const std::string& component) const;

  const Structure* const structure_;
  const DataSet* const data_set_;
  std::set<std::string> keys_;
};

// One sentence about a rule of value_rules.h.
std::string DescribeValueRule(const std::string& rule);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_ROW_RULES_H_
