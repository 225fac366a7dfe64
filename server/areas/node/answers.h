// The methods of NodeService. Thread safe.
#ifndef LINTAS_SERVER_AREAS_NODE_ANSWERS_H_
#define LINTAS_SERVER_AREAS_NODE_ANSWERS_H_

#include "server/areas/node/area.h"

namespace lintas::node {

class Answers {
 public:
  explicit Answers(const Deps& deps) : deps_(deps) {}

  void GetStatus(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetCheckpoint(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetReceipt(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void ListAccessEntries(const Call& call, const google::protobuf::Message& request,
                         Reply reply) const;
  void AdoptAgreement(const Call& call, const google::protobuf::Message& request,
                      Reply reply) const;
  void PauseLink(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void ResumeLink(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetAgreement(const Call& call, const google::protobuf::Message& request, Reply reply) const;

 private:
  const RecordsDeps& records() const { return deps_.reader->deps(); }
  void AddLedger(LedgerId ledger, const char* name, v1::NodeStatus* status) const;
  absl::Status AddCounts(const Snapshot& snapshot, v1::NodeStatus* status) const;
  // One access entry by home index; false if it is none or does not match the request.
  bool ReadAccess(Index index, const EntryRow& row, const v1::ListAccessEntriesRequest& request,
                  v1::ListAccessEntriesResponse::AccessEntry* out) const;
  bool ReadQuestion(Index index, const EntryRow& row, bool own_too,
                    v1::ListAccessEntriesResponse::AccessEntry* out) const;
  // The INTERNAL section of a home entry; false if it is not there any more.
  bool ReadHome(const EntryRow& row, google::protobuf::Message* record) const;
  v1::AgreementStatus Agreement() const;

  const Deps deps_;
};

}  // namespace lintas::node

#endif  // LINTAS_SERVER_AREAS_NODE_ANSWERS_H_
