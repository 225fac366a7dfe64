// MethodList: an area's methods with their operations, in one list that reads as a table.
#ifndef LINTAS_SERVER_AREAS_COMMON_METHOD_LIST_H_
#define LINTAS_SERVER_AREAS_COMMON_METHOD_LIST_H_

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/call/call.h"

namespace lintas {

// `Answers` has one const member function for each method, which may be called from several
// threads.
template <typename Answers>
class MethodList {
 public:
  using Answer = void (Answers::*)(const Call&, const google::protobuf::Message&, Reply) const;

  // `service`: its full name, `lintas.….v1.XService`.
  MethodList(absl::string_view service, std::shared_ptr<const Answers> answers)
      : service_(service), answers_(std::move(answers)) {}

  MethodList& Add(absl::string_view name, Operation operation, Answer answer) {
    Method method;
    method.full_name = absl::StrCat(service_, "/", name);
    method.operation = operation;
    // Each method holds the answers: they live as long as the last of them.
    method.unary = [answers = answers_, answer](
                       const Call& call, const google::protobuf::Message& request, Reply reply) {
      (answers.get()->*answer)(call, request, std::move(reply));
    };
    methods_.push_back(std::move(method));
    return *this;
  }
  std::vector<Method> Take() { return std::move(methods_); }

 private:
  const std::string service_;
  const std::shared_ptr<const Answers> answers_;
  std::vector<Method> methods_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_AREAS_COMMON_METHOD_LIST_H_
