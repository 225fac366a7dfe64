#include "server/call/operation.h"

#include "server/base/check.h"

namespace lintas {

absl::string_view OperationName(Operation operation) {
  switch (operation) {
    case Operation::kCreate:
      return "CREATE";
    case Operation::kSubmit:
      return "SUBMIT";
    case Operation::kRead:
      return "READ";
    case Operation::kList:
      return "LIST";
    case Operation::kFind:
      return "FIND";
    case Operation::kCorrect:
      return "CORRECT";
    case Operation::kWithdraw:
      return "WITHDRAW";
    case Operation::kRecall:
      return "RECALL";
    case Operation::kAskPartner:
      return "ASK_PARTNER";
    case Operation::kReadStatus:
      return "READ_STATUS";
    case Operation::kProve:
      return "PROVE";
    case Operation::kReadAudit:
      return "READ_AUDIT";
    case Operation::kAdopt:
      return "ADOPT";
    case Operation::kTakeStep:
      return "TAKE_STEP";
    case Operation::kReadProcedures:
      return "READ_PROCEDURES";
    case Operation::kSubscribe:
      return "SUBSCRIBE";
    case Operation::kHandOver:
      return "HAND_OVER";
    case Operation::kShowStatus:
      return "SHOW_STATUS";
    case Operation::kCheckStatus:
      return "CHECK_STATUS";
    case Operation::kPauseLink:
      return "PAUSE_LINK";
    case Operation::kReadInstitutions:
      return "READ_INSTITUTIONS";
    case Operation::kManageInstitutions:
      return "MANAGE_INSTITUTIONS";
  }
  LINTAS_CHECK(false);
}

}  // namespace lintas
