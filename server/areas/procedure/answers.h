// The methods of ProcedureService. Each checks the form, does the one thing, answers. Thread safe.
#ifndef LINTAS_SERVER_AREAS_PROCEDURE_ANSWERS_H_
#define LINTAS_SERVER_AREAS_PROCEDURE_ANSWERS_H_

#include <functional>
#include <string>

#include "google/protobuf/message.h"
#include "server/areas/procedure/area.h"

namespace lintas::procedure {

class Answers {
 public:
  explicit Answers(const Deps& deps) : deps_(deps) {}

  void Open(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Take(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Get(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Propose(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Inbox(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Board(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void BeginUpload(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void UploadChunk(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Download(const Call& call, const google::protobuf::Message& request, Reply reply) const;

 private:
  // A page of procedures, in the order of their ids.
  struct PageOf {
    const google::protobuf::Message& request;
    int32_t page_size;
    const std::string& page_token;
    std::string case_id;  // Those of the case; empty: those that are open.
    std::function<bool(const FoundProcedure&)> belongs;
    std::function<void(const FoundProcedure&)> add;
  };
  // Gives the token of the next page; empty after the last.
  absl::StatusOr<std::string> Page(const Call& call, const PageOf& page) const;
  Writer::Done AnswerWritten(const Call& call, Reply reply) const;

  const Deps deps_;
};

}  // namespace lintas::procedure

#endif  // LINTAS_SERVER_AREAS_PROCEDURE_ANSWERS_H_
