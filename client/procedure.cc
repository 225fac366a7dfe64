#include "client/procedure.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/output.h"

namespace lintas::client {

using procedure::v1::NextStep;
using procedure::v1::Procedure;

std::string ProcedureMethod(absl::string_view name) {
  return absl::StrCat("/lintas.procedure.v1.ProcedureService/", name);
}

std::string WaitText(const Procedure& shown, absl::Time now) {
  if (shown.waiting_for().empty()) return "";
  return Span(now - absl::FromUnixSeconds(shown.waiting_since_time().seconds()));
}

std::string NoteText(const Procedure& shown) {
  if (shown.suspended()) return "suspended";
  if (shown.overdue()) return absl::StrCat("overdue, told: ", shown.escalation_office());
  return shown.due_soon() ? "due soon" : "";
}

std::string NextText(const Procedure& shown) {
  return absl::StrJoin(shown.next_steps(), " ", [](std::string* out, const NextStep& next) {
    absl::StrAppend(out, next.step(), next.waits_for_partner() ? "(waits)" : "");
  });
}

std::string SummaryText(const Procedure& shown, absl::Time now) {
  std::vector<std::string> parts = {absl::StrCat(shown.state(), " (", shown.track(), ")")};
  if (!shown.waiting_for().empty()) {
    parts.push_back(
        absl::StrCat("waits for ", shown.waiting_for(), " since ", WaitText(shown, now)));
  }
  if (shown.has_due_time()) {
    parts.push_back(
        absl::StrCat("due ", TimeText(shown.due_time()), " by the days of ", shown.counted_by()));
  }
  if (!NoteText(shown).empty()) parts.push_back(NoteText(shown));
  return absl::StrJoin(parts, "; ");
}

}  // namespace lintas::client
