#include "server/areas/migration_information/area.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/areas/migration_information/answers.h"
#include "server/areas/migration_information/bulk_stream.h"
#include "server/base/check.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

using PerType = void (Answers::*)(const RecordType&, const Call&, const Message&, Reply) const;
using Single = void (Answers::*)(const Call&, const Message&, Reply) const;

std::string ServiceName() { return "lintas.migration_information.v1.MigrationInformationService"; }

Method PerTypeMethod(const std::string& name, Operation operation, const RecordType& type,
                     PerType answer, std::shared_ptr<const Answers> answers) {
  Method method;
  method.full_name = absl::StrCat(ServiceName(), "/", name);
  method.operation = operation;
  method.unary = [&type, answer, answers](const Call& call, const Message& request, Reply reply) {
    (answers.get()->*answer)(type, call, request, std::move(reply));
  };
  return method;
}

Method SingleMethod(const std::string& name, Operation operation, Single answer,
                    std::shared_ptr<const Answers> answers) {
  Method method;
  method.full_name = absl::StrCat(ServiceName(), "/", name);
  method.operation = operation;
  method.unary = [answer, answers](const Call& call, const Message& request, Reply reply) {
    (answers.get()->*answer)(call, request, std::move(reply));
  };
  return method;
}

// `Travellers` of `travellers`: the part of a List method's name behind the verb.
std::string Plural(const RecordType& type) {
  std::string plural = type.collection();
  plural[0] = static_cast<char>(plural[0] - 'a' + 'A');
  return plural;
}

void AddTypeMethods(const RecordType& type, const std::shared_ptr<const Answers>& answers,
                    std::vector<Method>* methods) {
  const std::string name = type.descriptor()->name();
  methods->push_back(
      PerTypeMethod("Create" + name, Operation::kCreate, type, &Answers::Create, answers));
  methods->push_back(PerTypeMethod("Get" + name, Operation::kRead, type, &Answers::Get, answers));
  methods->push_back(
      PerTypeMethod("Correct" + name, Operation::kCorrect, type, &Answers::Correct, answers));
  const auto* service = File()->FindServiceByName("MigrationInformationService");
  const auto* list = service->FindMethodByName("List" + Plural(type));
  LINTAS_CHECK(list != nullptr);
  Method method;
  method.full_name = absl::StrCat(ServiceName(), "/", list->name());
  method.operation = Operation::kList;
  const auto* response = list->output_type();
  method.unary = [&type, response, answers](const Call& call, const Message& request, Reply reply) {
    answers->List(type, response, call, request, std::move(reply));
  };
  methods->push_back(std::move(method));
}

}  // namespace

const google::protobuf::FileDescriptor* File() { return v1::Crossing::descriptor()->file(); }

std::vector<Method> Methods(const Deps& deps) {
  const auto answers = std::make_shared<const Answers>(deps);
  std::vector<Method> methods;
  for (const auto& type : deps.reader->deps().types->all()) {
    if (type->descriptor()->file() == File()) AddTypeMethods(*type, answers, &methods);
  }
  const auto add = [&](const char* name, Operation operation, Single answer) {
    methods.push_back(SingleMethod(name, operation, answer, answers));
  };
  add("WithdrawRecord", Operation::kWithdraw, &Answers::Withdraw);
  add("RecallRecord", Operation::kRecall, &Answers::Recall);
  add("GetRecall", Operation::kRecall, &Answers::GetRecall);
  add("FindRecords", Operation::kFind, &Answers::Find);
  add("ListRevisions", Operation::kRead, &Answers::Revisions);
  add("GetImport", Operation::kSubmit, &Answers::GetImport);
  add("AskPartner", Operation::kAskPartner, &Answers::Ask);
  Method submit;
  submit.full_name = absl::StrCat(ServiceName(), "/SubmitRecords");
  submit.operation = Operation::kSubmit;
  submit.stream = [deps](const Call& call, StreamWriter write) {
    return OpenBulkStream(deps, call, std::move(write));
  };
  methods.push_back(std::move(submit));
  return methods;
}

}  // namespace lintas::migration_information
