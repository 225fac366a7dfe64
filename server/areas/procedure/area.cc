#include "server/areas/procedure/area.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/areas/procedure/answers.h"

namespace lintas::procedure {

using Single = void (Answers::*)(const Call&, const google::protobuf::Message&, Reply) const;

std::vector<Method> Methods(const Deps& deps) {
  const auto answers = std::make_shared<const Answers>(deps);
  std::vector<Method> methods;
  const auto add = [&](const char* name, Operation operation, Single answer) {
    Method method;
    method.full_name = absl::StrCat("lintas.procedure.v1.ProcedureService/", name);
    method.operation = operation;
    method.unary = [answers, answer](const Call& call, const google::protobuf::Message& request,
                                     Reply reply) {
      (answers.get()->*answer)(call, request, std::move(reply));
    };
    methods.push_back(std::move(method));
  };
  add("OpenProcedure", Operation::kTakeStep, &Answers::Open);
  add("TakeStep", Operation::kTakeStep, &Answers::Take);
  add("GetProcedure", Operation::kReadProcedures, &Answers::Get);
  add("ListInbox", Operation::kReadProcedures, &Answers::Inbox);
  add("GetBoard", Operation::kReadProcedures, &Answers::Board);
  return methods;
}

}  // namespace lintas::procedure
