// Area 1's procedures (DOMAIN section 2): a request for records, a list of people to
// compare, and a notice that nobody asked for. Periods are the agreement's.
#include "lintas/migration_information/v1/list_match.pb.h"
#include "lintas/migration_information/v1/push_notice.pb.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "server/areas/migration_information/area.h"

namespace lintas::migration_information {
namespace {

using Steps = std::vector<StepRow>;

constexpr int kArea = 1;

// An opening step, one for each of the agreement's tracks.
StepRow Opens(const char* code, const char* track, const google::protobuf::Descriptor* content) {
  StepRow row;
  row.code = code;
  row.kind = StepKind::kOpen;
  row.to = "sent";
  row.track = track;
  row.content = content;
  return row;
}

StepRow Moves(const char* code, Side by, std::vector<std::string> from, const char* to,
              int priority, const google::protobuf::Descriptor* content = nullptr) {
  StepRow row;
  row.code = code;
  row.by = by;
  row.from = std::move(from);
  row.to = to;
  row.priority = priority;
  row.content = content;
  return row;
}

StepRow Irreversible(StepRow row) {
  row.irreversible = true;
  return row;
}

StepRow Of(StepKind kind, StepRow row) {
  row.kind = kind;
  return row;
}

// A request that the partner answers, refuses or lets run out. Priorities: what discloses cannot be
// undone, so it comes first; then what the requester says who no longer wants an answer; then the
// requested side's other moves.
ProcedureTable RequestTable(const char* code, const google::protobuf::Descriptor* request,
                            const google::protobuf::Descriptor* answer) {
  const std::vector<std::string> open = {"sent", "received"};
  Steps steps = {
      Opens("ASK", "ROUTINE", request),
      Opens("ASK_URGENT", "URGENT", request),
      Moves("RECEIVE", Side::kRequested, {"sent"}, "received", 10),
      Irreversible(Moves("ANSWER", Side::kRequested, open, "answered", 90, answer)),
      Irreversible(Moves("ANSWER_PARTLY", Side::kRequested, open, "partly_answered", 90, answer)),
      Moves("REFUSE", Side::kRequested, open, "refused", 80, v1::RecordRefusal::descriptor()),
      Of(StepKind::kSuspend, Moves("SUSPEND", Side::kRequested, {"received"}, "", 20)),
      Of(StepKind::kResume, Moves("RESUME", Side::kRequested, {"received"}, "", 20)),
      Of(StepKind::kWithdraw, Moves("WITHDRAW", Side::kRequester, open, "withdrawn", 50)),
      Of(StepKind::kWithdraw, Moves("EXPIRE", Side::kRequester, open, "expired", 40)),
      Moves("CLOSE", Side::kRequester, {"answered", "partly_answered", "refused"}, "closed", 10)};
  for (StepRow& row : steps) row.only_overdue = row.code == "EXPIRE";
  return ProcedureTable(code, kArea,
                        {{"sent", Mover::kRequested, ClockStart::kOpened},
                         {"received", Mover::kRequested, ClockStart::kOpened},
                         {"answered", Mover::kRequester},
                         {"partly_answered", Mover::kRequester},
                         {"refused", Mover::kRequester},
                         {"closed"},
                         {"withdrawn"},
                         {"expired"}},
                        std::move(steps));
}

ProcedureTable PushNoticeTable() {
  const auto* notice = v1::PushNotice::descriptor();
  return ProcedureTable(
      "push_notice", kArea,
      {{"sent", Mover::kRequested, ClockStart::kOpened}, {"acknowledged"}, {"withdrawn"}},
      {Opens("NOTIFY", "ROUTINE", notice), Opens("NOTIFY_URGENT", "URGENT", notice),
       Moves("ACKNOWLEDGE", Side::kRequested, {"sent"}, "acknowledged", 10),
       Of(StepKind::kWithdraw, Moves("WITHDRAW", Side::kRequester, {"sent"}, "withdrawn", 50))});
}

}  // namespace

std::vector<ProcedureTable> Procedures() {
  return {
      RequestTable("record_request", v1::RecordRequest::descriptor(),
                   v1::RecordAnswer::descriptor()),
      RequestTable("list_match", v1::ListMatch::descriptor(), v1::ListMatchAnswer::descriptor()),
      PushNoticeTable()};
}

}  // namespace lintas::migration_information
