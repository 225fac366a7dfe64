// The methods of area 7. Each checks the form, does the one thing, answers. Thread safe.
#ifndef LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_ANSWERS_H_
#define LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_ANSWERS_H_

#include <string>

#include "server/areas/institutions_policy/area.h"

namespace lintas::institutions_policy {

class Answers {
 public:
  explicit Answers(const Deps& deps);

  void Create(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Get(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void List(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Correct(const Call& call, const google::protobuf::Message& request, Reply reply) const;

 private:
  absl::StatusOr<FoundRecord> Find(const std::string& name) const;
  Writer::Done AnswerWritten(const Call& call, Reply reply) const;

  const Deps deps_;
  const RecordType* const type_;
};

}  // namespace lintas::institutions_policy

#endif  // LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_ANSWERS_H_
