#include "server/areas/institutions_policy/area.h"

#include <memory>

#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "server/areas/common/method_list.h"
#include "server/areas/institutions_policy/answers.h"

namespace lintas::institutions_policy {

const google::protobuf::FileDescriptor* File() { return v1::Institution::descriptor()->file(); }

std::vector<Method> Methods(const Deps& deps) {
  return MethodList<Answers>("lintas.institutions_policy.v1.InstitutionsPolicyService",
                             std::make_shared<const Answers>(deps))
      .Add("CreateInstitution", Operation::kManageInstitutions, &Answers::Create)
      .Add("GetInstitution", Operation::kReadInstitutions, &Answers::Get)
      .Add("ListInstitutions", Operation::kReadInstitutions, &Answers::List)
      .Add("CorrectInstitution", Operation::kManageInstitutions, &Answers::Correct)
      .Take();
}

}  // namespace lintas::institutions_policy
