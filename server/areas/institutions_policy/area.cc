#include "server/areas/institutions_policy/area.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "server/areas/institutions_policy/answers.h"

namespace lintas::institutions_policy {

using Single = void (Answers::*)(const Call&, const google::protobuf::Message&, Reply) const;

const google::protobuf::FileDescriptor* File() { return v1::Institution::descriptor()->file(); }

std::vector<Method> Methods(const Deps& deps) {
  const auto answers = std::make_shared<const Answers>(deps);
  std::vector<Method> methods;
  const auto add = [&](const char* name, Operation operation, Single answer) {
    Method method;
    method.full_name =
        absl::StrCat("lintas.institutions_policy.v1.InstitutionsPolicyService/", name);
    method.operation = operation;
    method.unary = [answers, answer](const Call& call, const google::protobuf::Message& request,
                                     Reply reply) {
      (answers.get()->*answer)(call, request, std::move(reply));
    };
    methods.push_back(std::move(method));
  };
  add("CreateInstitution", Operation::kCreate, &Answers::Create);
  add("GetInstitution", Operation::kRead, &Answers::Get);
  add("ListInstitutions", Operation::kList, &Answers::List);
  add("CorrectInstitution", Operation::kCorrect, &Answers::Correct);
  return methods;
}

}  // namespace lintas::institutions_policy
