// ProcedureService: procedures of all areas. README.md beside this file.
#ifndef LINTAS_SERVER_AREAS_PROCEDURE_AREA_H_
#define LINTAS_SERVER_AREAS_PROCEDURE_AREA_H_

#include <vector>

#include "server/areas/common/answer_proposal.h"
#include "server/areas/common/competence.h"
#include "server/call/call.h"
#include "server/records/procedure/attachment_store.h"
#include "server/records/procedure/step_writer.h"

namespace lintas::procedure {

struct Deps {
  StepWriter* writer = nullptr;
  const ProcedureDesk* desk = nullptr;
  const Competence* competence = nullptr;  // May be null: then no office is named.
  AttachmentStore* attachments = nullptr;
  // So many procedures are read for one page at most, however few of them belong on it.
  size_t looked_at_max = 2000;
  // Answers that areas can propose.
  AnswerProposers proposers = {};
};

// Every method with its operation.
std::vector<Method> Methods(const Deps& deps);

}  // namespace lintas::procedure

#endif  // LINTAS_SERVER_AREAS_PROCEDURE_AREA_H_
