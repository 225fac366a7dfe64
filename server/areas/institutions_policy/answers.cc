#include "server/areas/institutions_policy/answers.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "lintas/options/v1/options.pb.h"
#include "server/areas/common/update_mask.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/access_entry.h"
#include "server/records/page_token.h"

namespace lintas::institutions_policy {
namespace {

using google::protobuf::Message;

absl::Status BadParent() {
  return FieldsError({{"parent", "PARENT", "countries/{country}, one of the two Parties"}});
}

// What the caller may say of an institution: all but what the node knows.
v1::Institution Said(const v1::Institution& institution) {
  v1::Institution said = institution;
  said.clear_name();
  said.clear_meta();
  return said;
}

// An institution says nothing about a person: whoever may read one sees it, also a role that sees
// no content of other records.
std::set<int> SectionsOf(const Call& call) {
  std::set<int> sections = call.sections;
  sections.insert(options::v1::Field::BASIC);
  return sections;
}

}  // namespace

Answers::Answers(const Deps& deps)
    : deps_(deps), type_(deps.reader->deps().types->ByDescriptor(v1::Institution::descriptor())) {
  LINTAS_CHECK(type_ != nullptr);
}

absl::StatusOr<FoundRecord> Answers::Find(const std::string& name) const {
  ASSIGN_OR_RETURN(const ParsedName parsed, ParseRecordName(name, *deps_.reader->deps().types));
  if (parsed.type != type_) return NothingToShare();
  return deps_.reader->Get(parsed);
}

Writer::Done Answers::AnswerWritten(const Call& call, Reply reply) const {
  return [this, call, reply = std::move(reply)](absl::StatusOr<Writer::Written> written) {
    if (!written.ok()) return reply(written.status());
    const absl::StatusOr<FoundRecord> found = Find(written->name);
    if (!found.ok()) return reply(found.status());
    Answered answered;
    answered.response = deps_.reader->Render(*found, SectionsOf(call), /*full=*/true);
    answered.access_recorded = !written->repeated;
    Disclose(found->name(), &answered.disclosure);
    reply(std::move(answered));
  };
}

void Answers::Create(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::CreateInstitutionRequest&>(message);
  if (request.parent() != absl::StrCat("countries/", deps_.reader->deps().country)) {
    return reply(BadParent());
  }
  deps_.writer->Create(call, *type_, Said(request.institution()), request.request_id(),
                       AnswerWritten(call, std::move(reply)));
}

void Answers::Get(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetInstitutionRequest&>(message);
  const absl::StatusOr<FoundRecord> found = Find(request.name());
  if (!found.ok()) return reply(found.status());
  Answered answered;
  answered.response = deps_.reader->Render(*found, SectionsOf(call), /*full=*/true);
  Disclose(found->name(), &answered.disclosure);
  reply(std::move(answered));
}

void Answers::List(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ListInstitutionsRequest&>(message);
  const RecordsDeps& records = deps_.reader->deps();
  std::string country;
  for (const std::string& party : {records.country, records.partner_country}) {
    if (request.parent() == absl::StrCat("countries/", party)) country = party;
  }
  if (country.empty()) return reply(BadParent());
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (!limit.ok()) return reply(limit.status());
  const std::string binding = PageBinding(call.principal.spiffe_uri, request);
  const absl::StatusOr<PageStart> start =
      ParsePageToken(*records.tokens, binding, request.page_token(), records.store->sizes());
  if (!start.ok()) return reply(start.status());
  const absl::StatusOr<Reader::Page> page =
      deps_.reader->List(*type_, country, start->after, *limit, start->sizes);
  if (!page.ok()) return reply(page.status());
  auto response = std::make_unique<v1::ListInstitutionsResponse>();
  Answered answered;
  for (const FoundRecord& found : page->records) {
    const auto shown = deps_.reader->Render(found, SectionsOf(call), /*full=*/true);
    *response->add_institutions() = static_cast<const v1::Institution&>(*shown);
    Disclose(found.name(), &answered.disclosure);
  }
  if (page->next) {
    response->set_next_page_token(
        MakePageToken(*records.tokens, binding, {page->next, start->sizes}));
  }
  answered.response = std::move(response);
  reply(std::move(answered));
}

void Answers::Correct(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::CorrectInstitutionRequest&>(message);
  const absl::StatusOr<FoundRecord> found = Find(request.institution().name());
  if (!found.ok()) return reply(found.status());
  const std::unique_ptr<Message> merged = deps_.reader->Whole(*found);
  const absl::Status status =
      MergeFields(request.institution(), request.update_mask(), merged.get());
  if (!status.ok()) return reply(status);
  const absl::StatusOr<ParsedName> name =
      ParseRecordName(request.institution().name(), *deps_.reader->deps().types);
  if (!name.ok()) return reply(name.status());
  // Merged into what was read: if another revision comes between, the caller reads it again.
  deps_.writer->Correct(call, *name, Said(static_cast<const v1::Institution&>(*merged)),
                        request.SerializeAsString(), request.request_id(),
                        request.etag().empty() ? found->etag : request.etag(),
                        AnswerWritten(call, std::move(reply)));
}

}  // namespace lintas::institutions_policy
