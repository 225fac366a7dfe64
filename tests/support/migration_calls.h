// Calls of area 1 on a node of TwoNodes, one line each. For tests only.
#ifndef LINTAS_TESTS_SUPPORT_MIGRATION_CALLS_H_
#define LINTAS_TESTS_SUPPORT_MIGRATION_CALLS_H_

#include <string>

#include "tests/support/two_nodes.h"

namespace lintas {

class MigrationCalls : public TwoNodes {
 public:
  using TwoNodes::TwoNodes;

  absl::StatusOr<mi::Crossing> Create(NodeOnDisk& at, const mi::Crossing& record,
                                      const As& as = Officer(), std::string request_id = "") {
    mi::CreateCrossingRequest request;
    request.set_parent("countries/" + at.country());
    *request.mutable_crossing() = record;
    request.set_request_id(request_id.empty() ? NextRequestId() : request_id);
    return Call<mi::Crossing>(at, "CreateCrossing", as, request);
  }
  absl::StatusOr<mi::StayPermit> Create(NodeOnDisk& at, const mi::StayPermit& record) {
    mi::CreateStayPermitRequest request;
    request.set_parent("countries/" + at.country());
    *request.mutable_stay_permit() = record;
    request.set_request_id(NextRequestId());
    return Call<mi::StayPermit>(at, "CreateStayPermit", Officer(), request);
  }
  absl::StatusOr<mi::Crossing> Get(NodeOnDisk& at, const std::string& name,
                                   const As& as = Officer(), mi::View view = mi::FULL) {
    mi::GetCrossingRequest request;
    request.set_name(name);
    request.set_view(view);
    return Call<mi::Crossing>(at, "GetCrossing", as, request);
  }
  absl::StatusOr<mi::StayPermit> GetPermit(NodeOnDisk& at, const std::string& name,
                                           const As& as = Officer(), mi::View view = mi::FULL) {
    mi::GetStayPermitRequest request;
    request.set_name(name);
    request.set_view(view);
    return Call<mi::StayPermit>(at, "GetStayPermit", as, request);
  }
  absl::StatusOr<mi::Crossing> Correct(NodeOnDisk& at, const mi::Crossing& change,
                                       const std::string& etag = "", std::string request_id = "") {
    mi::CorrectCrossingRequest request;
    *request.mutable_crossing() = change;
    request.set_etag(etag);
    request.set_request_id(request_id.empty() ? NextRequestId() : request_id);
    return Call<mi::Crossing>(at, "CorrectCrossing", Officer(), request);
  }
  absl::StatusOr<mi::AnyRecord> Withdraw(NodeOnDisk& at, const std::string& name) {
    mi::WithdrawRecordRequest request;
    request.set_name(name);
    request.set_reason("WRONG_FACT");
    request.set_request_id(NextRequestId());
    return Call<mi::AnyRecord>(at, "WithdrawRecord", Officer(), request);
  }
  absl::StatusOr<mi::Recall> Recall(NodeOnDisk& at, const std::string& name,
                                    std::string request_id = "") {
    mi::RecallRecordRequest request;
    request.set_name(name);
    request.set_reason("NOT_LAWFUL");
    request.set_request_id(request_id.empty() ? NextRequestId() : request_id);
    return Call<mi::Recall>(at, "RecallRecord", Officer(), request);
  }
  absl::StatusOr<mi::Recall> GetRecall(NodeOnDisk& at, const std::string& name) {
    mi::GetRecallRequest request;
    request.set_name(name);
    return Call<mi::Recall>(at, "GetRecall", Officer(), request);
  }
  absl::StatusOr<mi::FindRecordsResponse> Find(NodeOnDisk& at, mi::FindRecordsRequest request,
                                               const As& as = Officer()) {
    if (request.view() == mi::VIEW_UNSPECIFIED) request.set_view(mi::FULL);
    return Call<mi::FindRecordsResponse>(at, "FindRecords", as, request);
  }
  // How many records `request` finds; -1 on an error.
  int Count(NodeOnDisk& at, const mi::FindRecordsRequest& request) {
    const auto found = Find(at, request);
    return found.ok() ? found->records_size() : -1;
  }
  absl::StatusOr<mi::AskPartnerResponse> Ask(NodeOnDisk& at, const std::string& document,
                                             const As& as) {
    mi::AskPartnerRequest request;
    request.set_document_number(document);
    return Call<mi::AskPartnerResponse>(at, "AskPartner", as, request);
  }
  absl::StatusOr<mi::AskPartnerResponse> Open(NodeOnDisk& at, const std::string& reference,
                                              const As& as) {
    mi::AskPartnerRequest request;
    request.set_reference(reference);
    request.set_justification("IDENTITY_DOUBT");
    return Call<mi::AskPartnerResponse>(at, "AskPartner", as, request);
  }
};

inline mi::FindRecordsRequest ByDocument(const std::string& number) {
  mi::FindRecordsRequest request;
  request.set_document_number(number);
  return request;
}
inline mi::FindRecordsRequest ByName(const std::string& name) {
  mi::FindRecordsRequest request;
  request.set_person_name(name);
  return request;
}

}  // namespace lintas

#endif  // LINTAS_TESTS_SUPPORT_MIGRATION_CALLS_H_
