#include "server/areas/migration_information/area.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/areas/common/method_list.h"
#include "server/areas/migration_information/answers.h"
#include "server/areas/migration_information/bulk_stream.h"
#include "server/areas/migration_information/candidates.h"
#include "server/areas/migration_information/subscription.h"
#include "server/base/check.h"
#include "server/base/error.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

using PerType = void (Answers::*)(const RecordType&, const Call&, const Message&, Reply) const;

constexpr size_t kCaseIdMax = 64;

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

// Types that have methods of their own beside those of any record.
bool HasOwnMethods(const RecordType& type) {
  const auto* service = File()->FindServiceByName("MigrationInformationService");
  return service->FindMethodByName("Get" + type.descriptor()->name()) != nullptr;
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

void HandOverCase(const Deps& deps, const Call& call, const Message& message, Reply reply) {
  const auto& request = static_cast<const v1::HandOverCaseRequest&>(message);
  const absl::StatusOr<Principal> to =
      MakePrincipal(call.principal.country, Role::kAttache, request.attache_id());
  std::vector<FieldViolation> violations;
  if (request.case_id().empty() || request.case_id().size() > kCaseIdMax) {
    violations.push_back({"case_id", "REQUIRED", "the case, at most 64 signs"});
  }
  if (!to.ok()) violations.push_back({"attache_id", "PRINCIPAL_ID", "an attaché's id"});
  const absl::Status valid = FieldsError(violations);
  if (!valid.ok()) return reply(valid);
  deps.hand_over_case(call, request.case_id(), *to, [reply](const absl::Status& done) {
    if (!done.ok()) return reply(done);
    Answered answered;
    answered.response = std::make_unique<v1::HandOverCaseResponse>();
    answered.access_recorded = true;
    reply(std::move(answered));
  });
}

// What an attaché finds by (R7); everybody else's search is the plain one.
void AddAttacheMethods(const Deps& deps, const std::shared_ptr<const Answers>& answers,
                       std::vector<Method>* methods) {
  const auto candidates = std::make_shared<Candidates>(deps.reader, deps.misses);
  const auto add = [&](const char* name, Operation operation, UnaryHandler answer) {
    Method method;
    method.full_name = absl::StrCat(ServiceName(), "/", name);
    method.operation = operation;
    method.unary = std::move(answer);
    methods->push_back(std::move(method));
  };
  const UnaryHandler find = [answers](const Call& call, const Message& request, Reply reply) {
    answers->Find(call, request, std::move(reply));
  };
  add("FindRecords", Operation::kFind,
      [candidates, find](const Call& call, const Message& request, Reply reply) {
        if (!call.own_nationals_only) return find(call, request, std::move(reply));
        candidates->Find(call, static_cast<const v1::FindRecordsRequest&>(request), find,
                         std::move(reply));
      });
  const UnaryHandler ask = [answers](const Call& call, const Message& request, Reply reply) {
    answers->Ask(call, request, std::move(reply));
  };
  add("AskPartner", Operation::kAskPartner,
      [candidates, ask](const Call& call, const Message& request, Reply reply) {
        if (!call.own_nationals_only) return ask(call, request, std::move(reply));
        candidates->Ask(call, request, ask, std::move(reply));
      });
  add("SearchCandidates", Operation::kFind,
      [candidates](const Call& call, const Message& request, Reply reply) {
        candidates->Search(call, request, std::move(reply));
      });
  add("OpenCandidate", Operation::kRead,
      [candidates](const Call& call, const Message& request, Reply reply) {
        candidates->Open(call, request, std::move(reply));
      });
  add("HandOverCase", Operation::kHandOver,
      [deps](const Call& call, const Message& request, Reply reply) {
        HandOverCase(deps, call, request, std::move(reply));
      });
}

}  // namespace

const google::protobuf::FileDescriptor* File() {
  return v1::GetRecordRequest::descriptor()->file();
}

std::vector<const google::protobuf::FileDescriptor*> RecordFiles() {
  std::vector<const google::protobuf::FileDescriptor*> files;
  const auto* record = v1::AnyRecord::descriptor()->FindOneofByName("record");
  for (int i = 0; i < record->field_count(); ++i) {
    files.push_back(record->field(i)->message_type()->file());
  }
  return files;
}

bool IsOfThisArea(const RecordType& type) {
  return type.descriptor()->file()->package() == File()->package();
}

std::vector<Method> Methods(const Deps& deps) {
  const auto answers = std::make_shared<const Answers>(deps);
  std::vector<Method> methods;
  for (const auto& type : deps.reader->deps().types->all()) {
    if (IsOfThisArea(*type) && HasOwnMethods(*type)) AddTypeMethods(*type, answers, &methods);
  }
  MethodList<Answers> single(ServiceName(), answers);
  single.Add("CreateRecord", Operation::kCreate, &Answers::CreateAny)
      .Add("GetRecord", Operation::kRead, &Answers::GetAny)
      .Add("ListRecords", Operation::kList, &Answers::ListAny)
      .Add("CorrectRecord", Operation::kCorrect, &Answers::CorrectAny)
      .Add("WithdrawRecord", Operation::kWithdraw, &Answers::Withdraw)
      .Add("RecallRecord", Operation::kRecall, &Answers::Recall)
      .Add("GetRecall", Operation::kRecall, &Answers::GetRecall)
      .Add("ListRevisions", Operation::kRead, &Answers::Revisions)
      .Add("GetImport", Operation::kSubmit, &Answers::GetImport);
  for (Method& method : single.Take()) methods.push_back(std::move(method));
  AddAttacheMethods(deps, answers, &methods);
  Method watch;
  watch.full_name = absl::StrCat(ServiceName(), "/WatchRecords");
  watch.operation = Operation::kSubscribe;
  watch.stream = [subscriptions = deps.subscriptions](const Call& call, StreamWriter write) {
    return subscriptions->Open(call, std::move(write));
  };
  methods.push_back(std::move(watch));
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
