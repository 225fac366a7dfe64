// What a step carries: checked by its author before the append and by its receiver on arrival, by
// the same function (P13). Pure; any thread.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_CONTENT_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_CONTENT_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "server/agreement/agreement.h"
#include "server/base/error.h"
#include "server/records/procedure/table.h"

namespace lintas {

// Empty: `bytes` may be the content of `row`. Otherwise UNKNOWN_FIELD; TOO_LARGE; INVALID_FIELDS
// (with `violations`); THIRD_COUNTRY: a message in it that states nationalities names none of a
// Party, and a step is replicated (R8); SECTION_NOT_SHARED: a record in it shows a section that the
// agreement does not let be asked for.
std::string WhyBadContent(const ProcedureTables& tables, const StepRow& row,
                          const std::string& bytes, const AgreementVersion& agreement,
                          std::vector<FieldViolation>* violations);

// Null if `bytes` do not parse or the row has no content.
std::unique_ptr<google::protobuf::Message> ParseContent(const StepRow& row,
                                                        const std::string& bytes);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_CONTENT_H_
