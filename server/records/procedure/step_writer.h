// StepWriter: opens procedures and takes steps, idempotent by request id (P30). A step is two
// entries and its access entry, as one group: the STEP that the partner sees, and the STEP of the
// home ledger with case, officer and reason (P17). Nothing blocks; `done` comes from the stepping
// thread, or at once on a refusal. Thread safe.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_STEP_WRITER_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_STEP_WRITER_H_

#include <functional>
#include <string>
#include <vector>

#include "server/call/call.h"
#include "server/records/procedure/attachment_store.h"
#include "server/records/procedure/content.h"
#include "server/records/procedure/desk.h"
#include "server/records/writer.h"

namespace lintas {

// Whether the caller's country has an office that may do this; OK, or kFailedPrecondition with
// reason NOT_COMPETENT. main/ connects the institutions registry.
using CompetenceCheck = std::function<absl::Status(const Call& call, const ProcedureTable& table)>;

class StepWriter {
 public:
  StepWriter(Writer* writer, const ProcedureDesk* desk, CompetenceCheck competent)
      : writer_(writer), desk_(desk), competent_(std::move(competent)) {}

  struct Step {
    std::string code;
    // Serialised message of the row's content type; `content_type` is its full name, both empty if
    // the step carries nothing.
    std::string content, content_type;
    std::string suspension_reason;  // For a suspension only; stays at home.
    std::string etag;               // As read; empty: whatever is newest.
    std::string request_id;
    // The request as the caller sent it, which a repeat is compared by.
    std::string body;
  };
  // Set once, before the first call; without it a step that names an attachment is refused.
  void SetAttachments(const AttachmentStore* attachments) { attachments_ = attachments; }

  void Open(const Call& call, const std::string& procedure, const Step& step, Writer::Done done);
  void Take(const Call& call, const std::string& name, const Step& step, Writer::Done done);

 private:
  absl::StatusOr<Writer::Made> MakeOpening(const Call& call, const std::string& procedure,
                                           const Step& step) const;
  absl::StatusOr<Writer::Made> MakeStep(const Call& call, const std::string& name,
                                        const Step& step) const;
  absl::Status CheckNext(const FoundProcedure& found, const StepRow& row, const Step& step) const;
  // What holds for every step: an agreement, the procedure in it, competence, content.
  absl::Status CheckAny(const Call& call, const ProcedureTable& table, const StepRow& row,
                        const Step& step) const;
  absl::Status CheckCopies(const std::vector<RecordCopy>& copies) const;
  absl::Status CheckAttached(const std::string& principal,
                             const std::vector<types::v1::Attachment>& attachments) const;
  void AddCarried(const Call& call, const StepRow& row, const Step& step, Writer::Made* made) const;
  void AddEntries(const Call& call, ledger::v1::EntryHeader header, const StepRow& row,
                  const Step& step, ledger::v1::HomeStep home, Group* group) const;
  const RecordsDeps& deps() const { return desk_->deps(); }

  Writer* const writer_;
  const ProcedureDesk* const desk_;
  const CompetenceCheck competent_;
  const AttachmentStore* attachments_ = nullptr;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_STEP_WRITER_H_
