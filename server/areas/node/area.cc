#include "server/areas/node/area.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "server/areas/node/answers.h"

namespace lintas::node {

using Single = void (Answers::*)(const Call&, const google::protobuf::Message&, Reply) const;

std::vector<Method> Methods(const Deps& deps) {
  const auto answers = std::make_shared<const Answers>(deps);
  std::vector<Method> methods;
  const auto add = [&](const char* name, Operation operation, Single answer) {
    Method method;
    method.full_name = absl::StrCat("lintas.node.v1.NodeService/", name);
    method.operation = operation;
    method.unary = [answers, answer](const Call& call, const google::protobuf::Message& request,
                                     Reply reply) {
      (answers.get()->*answer)(call, request, std::move(reply));
    };
    methods.push_back(std::move(method));
  };
  add("GetStatus", Operation::kReadStatus, &Answers::GetStatus);
  add("GetCheckpoint", Operation::kProve, &Answers::GetCheckpoint);
  add("GetReceipt", Operation::kProve, &Answers::GetReceipt);
  add("ListAccessEntries", Operation::kReadAudit, &Answers::ListAccessEntries);
  add("AdoptAgreement", Operation::kAdopt, &Answers::AdoptAgreement);
  add("GetAgreement", Operation::kReadStatus, &Answers::GetAgreement);
  return methods;
}

}  // namespace lintas::node
