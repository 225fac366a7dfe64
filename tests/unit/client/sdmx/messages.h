// A small message of border crossings for tests. Synthetic: no person stands behind any figure.
#ifndef LINTAS_TESTS_UNIT_CLIENT_SDMX_MESSAGES_H_
#define LINTAS_TESTS_UNIT_CLIENT_SDMX_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "client/sdmx/idkh_structures.h"
#include "client/sdmx/message.h"

namespace lintas::sdmx {

// Values of MIG_FLOW's dimensions but the last three, then port, measure, period, value, status,
// confidentiality, comment.
inline Row FlowRow(const std::string& text) {
  Row row;
  row.action = Action::kMerge;
  row.values = absl::StrSplit(text, ',');
  return row;
}

inline Message FlowMessage() {
  DataSet data_set;
  data_set.structure = {StructureType::kDataStructure, "IDKH", "MIG_FLOW", "1.0"};
  data_set.components = absl::StrSplit(
      "FREQ,REPORTING_AREA,REF_AREA,COUNTERPART_AREA,DIRECTION,CITIZENSHIP,SEX,AGE,PURPOSE,"
      "DURATION,PORT,MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,COMMENT_OBS",
      ',');
  data_set.multiple.assign(data_set.components.size(), false);
  data_set.rows = {
      FlowRow("M,KH,KH,ID,IN,ID,F,_T,_T,_T,KHPNH,CROSSINGS,2026-01,412,A,F,"),
      FlowRow("M,KH,KH,ID,IN,ID,M,_T,_T,_T,KHPNH,CROSSINGS,2026-01,,Q,C,"),
      FlowRow("M,KH,KH,ID,IN,ID,_U,_T,_T,_T,KHPNH,CROSSINGS,2026-01,0,A,F,"),
      FlowRow("M,KH,KH,ID,IN,ID,_T,_T,_T,_T,KHPNH,CROSSINGS,2026-01,,Q,C,"),
      FlowRow("M,KH,KH,ID,IN,ID,_T,_T,_T,_T,KHPPT,CROSSINGS,2026-01,88,P,F,\"29 of 31 days\""),
  };
  data_set.rows.back().values.back() = "29 of 31 days; \"late\" post, ភ្នំពេញ";
  Message message;
  message.data_sets.push_back(data_set);
  return message;
}

}  // namespace lintas::sdmx

#endif  // LINTAS_TESTS_UNIT_CLIENT_SDMX_MESSAGES_H_
