// What a step carries: checked by its author before the append and by its receiver on arrival, by
// the same function (P13). Pure; any thread.
//
//   S1  A record in a step is a copy of one of its author's: it has that record's name, nothing of
//       the node's own (`meta`), and passes what a record of its type must pass. By the name the
//       step is found and recalled when the record is (writer.h, W2).
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_CONTENT_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_CONTENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "google/protobuf/message.h"
#include "server/agreement/agreement.h"
#include "server/base/error.h"
#include "server/records/deps.h"
#include "server/records/procedure/table.h"
#include "server/records/record_type.h"

namespace lintas {

// Records that one step may carry: each is claimed while it is written, and recalled by itself.
constexpr size_t kStepRecordsMax = 500;

// What a content is judged by beside its table.
struct ContentRules {
  const RecordsDeps* deps = nullptr;  // `procedures` and `types`.
  const AreaCheck* check = nullptr;
  std::string author;  // Country.
  absl::Time time;     // By the author's clock, so that both sides judge alike.
};

// Empty: `bytes` may be the content of `row`. Otherwise, the worst first: UNKNOWN_FIELD; TOO_LARGE;
// THIRD_COUNTRY: a message in it that states nationalities names none of a Party, and a step is
// replicated (R8); SECTION_NOT_SHARED: a record in it shows a section that the agreement does not
// let be asked for; INVALID_FIELDS, with `violations`.
std::string WhyBadContent(const ContentRules& rules, const StepRow& row, const std::string& bytes,
                          const AgreementVersion& agreement,
                          std::vector<FieldViolation>* violations);

// Calls `visit` for the message and every one in it.
void VisitMessages(const google::protobuf::Message& message,
                   const std::function<void(const google::protobuf::Message&)>& visit);

// Null if `bytes` do not parse or the row has no content.
std::unique_ptr<google::protobuf::Message> ParseContent(const StepRow& row,
                                                        const std::string& bytes);

// A record in a content. Both pointers live as long as the content and the types.
struct RecordCopy {
  const RecordType* type = nullptr;  // Null if this version does not know it.
  const google::protobuf::Message* message = nullptr;
  absl::optional<ParsedName> name;  // Nothing if it is no name of a record.
};
std::vector<RecordCopy> CopiesIn(const google::protobuf::Message& content,
                                 const RecordTypes& types);
// Clears what S1 does not let into a copy: what is the node's own, but for the name.
void ClearNodesOwn(google::protobuf::Message* copy);
// True if each field that `copy` fills, beside its name, is the same in `whole`.
bool IsCopyOf(const google::protobuf::Message& copy, const google::protobuf::Message& whole);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_CONTENT_H_
