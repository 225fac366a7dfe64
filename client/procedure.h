// Procedures as people read them, and the calls of ProcedureService. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_PROCEDURE_H_
#define LINTAS_CLIENT_PROCEDURE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "lintas/procedure/v1/procedure.pb.h"

namespace lintas::client {

// `/lintas.procedure.v1.ProcedureService/<name>`.
std::string ProcedureMethod(absl::string_view name);

// How long the side to move has let wait, for example `3 d 2 h`; empty if the procedure is over.
std::string WaitText(const procedure::v1::Procedure& shown, absl::Time now);
// `overdue, told: Director of Cooperation`, `due soon`, `suspended`; empty if nothing is to be
// said.
std::string NoteText(const procedure::v1::Procedure& shown);
// Codes of the next steps, with `(waits)` behind one that the partner must confirm first.
std::string NextText(const procedure::v1::Procedure& shown);
// Fields and values of what a step carries, or could carry, in the order of its message:
// `document.number`, `records[0].crossing.port`. Empty if it carries nothing; one row `@type` if
// this program does not know the message.
std::vector<std::pair<std::string, std::string>> ContentRows(const google::protobuf::Any& content);
// Adds a page of a board: columns of one country become one, the longest wait first.
void AddPage(const procedure::v1::Board& page, procedure::v1::Board* board);
// State, who is to move, until when, in one line.
std::string SummaryText(const procedure::v1::Procedure& shown, absl::Time now);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_PROCEDURE_H_
