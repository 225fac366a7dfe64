// What every rule of this folder has in common. A rule is a pure function of the facts of one
// country's records, the host's parameters and a day; it gives a finding or none. It reads no
// record, no clock and nothing about protection (R2), and one rule never asks what another found.
//
// A rule's `code` is never renamed; its `version` is raised when the same facts give another
// finding.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_RULE_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_RULE_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"
#include "server/areas/migrant_status/facts.h"
#include "server/areas/migrant_status/parameters.h"

namespace lintas::migrant_status {

using MaybeFinding = absl::optional<v1::Finding>;

struct RuleInput {
  const Facts& facts;
  const Parameters& parameters;  // Of the host country.
  Day at;
};

// A rule's name and what it rests on.
struct RuleText {
  const char* code;
  uint32_t version;
  std::string source;
};

inline v1::Finding MakeFinding(const RuleText& rule, v1::Finding::Value value,
                               v1::Finding::Standard standard, std::string reason) {
  v1::Finding finding;
  finding.set_value(value);
  finding.set_standard(standard);
  finding.set_reason(std::move(reason));
  finding.mutable_rule()->set_code(rule.code);
  finding.mutable_rule()->set_version(rule.version);
  finding.mutable_rule()->set_source(rule.source);
  return finding;
}

inline v1::Finding CannotSay(const RuleText& rule, const std::vector<v1::Finding::Gap>& gaps,
                             std::string reason) {
  v1::Finding finding = MakeFinding(rule, v1::Finding::CANNOT_SAY,
                                    v1::Finding::STANDARD_UNSPECIFIED, std::move(reason));
  for (const v1::Finding::Gap gap : gaps) finding.add_gaps(gap);
  return finding;
}

inline void AddEvidence(const std::vector<std::string>& names, v1::Finding* finding) {
  for (const std::string& name : names) finding->add_evidence_names(name);
}

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_RULE_H_
