#include "client/procedure.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/attachment.h"
#include "client/output.h"
#include "client/record.h"

namespace lintas::client {

using procedure::v1::NextStep;
using procedure::v1::Procedure;

namespace {

using google::protobuf::Message;
using Rows = std::vector<std::pair<std::string, std::string>>;

procedure::v1::Board::Column* ColumnOf(const std::string& country, procedure::v1::Board* board) {
  for (auto& column : *board->mutable_columns()) {
    if (column.country() == country) return &column;
  }
  auto* column = board->add_columns();
  column->set_country(country);
  return column;
}

}  // namespace

Rows ContentRows(const google::protobuf::Any& packed) {
  const std::string& url = packed.type_url();
  if (url.empty()) return {};
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      url.substr(url.find('/') + 1));
  const Message* prototype =
      type == nullptr ? nullptr
                      : google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  if (prototype == nullptr) return {{"@type", url}};
  const std::unique_ptr<Message> content(prototype->New());
  if (!content->ParseFromString(packed.value())) return {{"@type", url}};
  ClearAttachments(content.get());  // Shown by AttachmentRows.
  return FlatFields(*content);
}

void AddPage(const procedure::v1::Board& page, procedure::v1::Board* board) {
  for (const auto& more : page.columns()) {
    auto* column = ColumnOf(more.country(), board);
    column->mutable_procedures()->MergeFrom(more.procedures());
    column->set_overdue_count(column->overdue_count() + more.overdue_count());
    std::stable_sort(column->mutable_procedures()->begin(), column->mutable_procedures()->end(),
                     [](const Procedure& a, const Procedure& b) {
                       return a.waiting_since_time().seconds() < b.waiting_since_time().seconds();
                     });
    if (column->procedures_size() > 0 && column->procedures(0).has_waiting_since_time()) {
      *column->mutable_longest_since_time() = column->procedures(0).waiting_since_time();
    }
  }
}

std::string ProcedureMethod(absl::string_view name) {
  return absl::StrCat("/lintas.procedure.v1.ProcedureService/", name);
}

std::string WaitText(const Procedure& shown, absl::Time now) {
  if (shown.waiting_for().empty()) return "";
  return Span(now - absl::FromUnixSeconds(shown.waiting_since_time().seconds()));
}

std::string NoteText(const Procedure& shown) {
  if (shown.suspended()) return "suspended";
  if (shown.overdue()) return absl::StrCat("overdue, told: ", shown.escalation_office());
  return shown.due_soon() ? "due soon" : "";
}

std::string NextText(const Procedure& shown) {
  return absl::StrJoin(shown.next_steps(), " ", [](std::string* out, const NextStep& next) {
    absl::StrAppend(out, next.step(), next.waits_for_partner() ? "(waits)" : "");
  });
}

std::string SummaryText(const Procedure& shown, absl::Time now) {
  std::vector<std::string> parts = {absl::StrCat(shown.state(), " (", shown.track(), ")")};
  if (!shown.waiting_for().empty()) {
    parts.push_back(
        absl::StrCat("waits for ", shown.waiting_for(), " since ", WaitText(shown, now)));
  }
  if (shown.has_due_time()) {
    parts.push_back(
        absl::StrCat("due ", TimeText(shown.due_time()), " by the days of ", shown.counted_by()));
  }
  if (!NoteText(shown).empty()) parts.push_back(NoteText(shown));
  return absl::StrJoin(parts, "; ");
}

}  // namespace lintas::client
