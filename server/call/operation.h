// Operation: what a method does, said where it is registered. No operation, no method. The
// agreement says which role may do which operation for which purpose (docs/protocol-rules.md, R and
// P26).
#ifndef LINTAS_SERVER_CALL_OPERATION_H_
#define LINTAS_SERVER_CALL_OPERATION_H_

#include "absl/strings/string_view.h"

namespace lintas {

enum class Operation {
  kCreate,              // CREATE: one record.
  kSubmit,              // SUBMIT: records in bulk.
  kRead,                // READ: one record by name, its revisions.
  kList,                // LIST: records of a country in order.
  kFind,                // FIND: records by identifiers, here.
  kCorrect,             // CORRECT
  kWithdraw,            // WITHDRAW
  kRecall,              // RECALL: erase on both sides.
  kAskPartner,          // ASK_PARTNER: a question across the border.
  kReadStatus,          // READ_STATUS: sizes, link, alarms; no content.
  kProve,               // PROVE: checkpoints and receipts.
  kReadAudit,           // READ_AUDIT: who asked what.
  kAdopt,               // ADOPT: enter a signed agreement.
  kTakeStep,            // TAKE_STEP: open a procedure, take a step in one.
  kReadProcedures,      // READ_PROCEDURES: inbox, board, one procedure.
  kSubscribe,           // SUBSCRIBE: a stream of changes.
  kHandOver,            // HAND_OVER: an attaché's case to a colleague.
  kPauseLink,           // PAUSE_LINK: hold the line to the partner, let it go on.
  kShowStatus,          // SHOW_STATUS: a person's migrant status.
  kCheckStatus,         // CHECK_STATUS: the status of a list of persons.
  kReadInstitutions,    // READ_INSTITUTIONS: who is competent, and how they are reached.
  kManageInstitutions,  // MANAGE_INSTITUTIONS: who is competent, who holds office.
};

// The code that the agreement uses, for example `ASK_PARTNER`.
absl::string_view OperationName(Operation operation);
// All operations, for tests that walk every combination.
constexpr Operation kAllOperations[] = {
    Operation::kCreate,
    Operation::kSubmit,
    Operation::kRead,
    Operation::kList,
    Operation::kFind,
    Operation::kCorrect,
    Operation::kWithdraw,
    Operation::kRecall,
    Operation::kAskPartner,
    Operation::kReadStatus,
    Operation::kProve,
    Operation::kReadAudit,
    Operation::kAdopt,
    Operation::kTakeStep,
    Operation::kReadProcedures,
    Operation::kSubscribe,
    Operation::kHandOver,
    Operation::kReadInstitutions,
    Operation::kManageInstitutions,
    Operation::kPauseLink,
    Operation::kShowStatus,
    Operation::kCheckStatus,
};

}  // namespace lintas

#endif  // LINTAS_SERVER_CALL_OPERATION_H_
