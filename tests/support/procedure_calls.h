// Calls of ProcedureService on a node of TwoNodes, one line each. All data is synthetic. For tests
// only.
#ifndef LINTAS_TESTS_SUPPORT_PROCEDURE_CALLS_H_
#define LINTAS_TESTS_SUPPORT_PROCEDURE_CALLS_H_

#include <string>

#include "lintas/migration_information/v1/push_notice.pb.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "tests/support/migration_calls.h"

namespace lintas {

namespace pv = procedure::v1;

inline mi::RecordRequest RecordRequestForTest(const std::string& document = "X0000001",
                                              const std::string& nationality = "IDN") {
  mi::RecordRequest request;
  request.set_what(mi::RecordRequest::LAST_ENTRY);
  request.mutable_document()->set_number(document);
  request.mutable_document()->set_issuer("IDN");
  request.add_nationalities(nationality);
  request.set_justification("IDENTITY_DOUBT");
  return request;
}

inline mi::RecordAnswer NothingForTest() {
  mi::RecordAnswer answer;
  answer.set_outcome(mi::RecordAnswer::NOTHING_TO_SHARE);
  return answer;
}

class ProcedureCalls : public MigrationCalls {
 public:
  using MigrationCalls::MigrationCalls;

  absl::StatusOr<pv::Procedure> Open(NodeOnDisk& at, const google::protobuf::Message& content,
                                     const std::string& step = "ASK", const As& as = Officer(),
                                     std::string request_id = "") {
    pv::OpenProcedureRequest request;
    request.set_procedure(step.rfind("NOTIFY", 0) == 0 ? "push_notice" : "record_request");
    request.set_step(step);
    request.mutable_content()->PackFrom(content);
    request.set_request_id(request_id.empty() ? NextRequestId() : request_id);
    return Call<pv::Procedure>(at, "OpenProcedure", as, request);
  }
  absl::StatusOr<pv::Procedure> Take(NodeOnDisk& at, const std::string& name,
                                     const std::string& step,
                                     const google::protobuf::Message* content = nullptr,
                                     const As& as = Officer(), const std::string& etag = "") {
    pv::TakeStepRequest request;
    request.set_name(name);
    request.set_step(step);
    request.set_etag(etag);
    if (content != nullptr) request.mutable_content()->PackFrom(*content);
    if (step == "SUSPEND") request.set_suspension_reason("FILE_IN_ARCHIVE");
    request.set_request_id(NextRequestId());
    return Call<pv::Procedure>(at, "TakeStep", as, request);
  }
  absl::StatusOr<pv::Procedure> Look(NodeOnDisk& at, const std::string& name,
                                     const As& as = Officer()) {
    pv::GetProcedureRequest request;
    request.set_name(name);
    return Call<pv::Procedure>(at, "GetProcedure", as, request);
  }
  pv::ListInboxResponse Inbox(NodeOnDisk& at, pv::ListInboxRequest::Box box,
                              const As& as = Officer()) {
    pv::ListInboxRequest request;
    request.set_box(box);
    return Call<pv::ListInboxResponse>(at, "ListInbox", as, request).value();
  }
  pv::Board Board(NodeOnDisk& at, const std::string& case_id = "") {
    pv::GetBoardRequest request;
    request.set_case_id(case_id);
    return Call<pv::Board>(at, "GetBoard", Officer(), request).value();
  }
  // Steps of each in a table order, as `ASK RECEIVE`.
  static std::string Steps(const pv::Procedure& procedure, pv::Step::Effect effect) {
    std::string text;
    for (const pv::Step& step : procedure.steps()) {
      if (step.effect() == effect) absl::StrAppend(&text, text.empty() ? "" : " ", step.step());
    }
    return text;
  }
};

}  // namespace lintas

#endif  // LINTAS_TESTS_SUPPORT_PROCEDURE_CALLS_H_
