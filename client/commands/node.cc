// lintas node status, lintas link status, pause, resume: one screen that a person understands.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/commands/commands.h"
#include "client/terminal_text.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using google::protobuf::Timestamp;
using node::v1::NodeStatus;

std::string CountryName(const std::string& code) {
  if (code == "idn") return "Indonesia (idn)";
  if (code == "khm") return "Cambodia (khm)";
  return code;
}

std::string Since(const Timestamp& time, Session* session) {
  return Span(session->environment().clock->Now() - absl::FromUnixSeconds(time.seconds()));
}

std::string LinkLine(const NodeStatus::Link& link, Session* session) {
  std::string line =
      absl::StrCat("line             ", link.state().empty() ? "none" : link.state());
  if (!link.detail().empty()) absl::StrAppend(&line, ": ", WithoutControls(link.detail()));
  if (link.has_last_frame_time()) {
    absl::StrAppend(&line, "; last frame ", Since(link.last_frame_time(), session), " ago");
  }
  if (link.replica_age_s() < 0) return line + "; partner copy never level";
  return absl::StrCat(line, "; partner copy level ", Span(absl::Seconds(link.replica_age_s())),
                      " ago");
}

Table Ledgers(const NodeStatus& status) {
  Table table({"ledger", "entries", "signed", "held by partner", "origin"});
  for (const auto& ledger : status.ledgers()) {
    table.Add({ledger.ledger(), Thousands(ledger.size()), Thousands(ledger.signed_size()),
               ledger.ledger() == "exchange" ? Thousands(ledger.held_size()) : "",
               ledger.origin()});
  }
  return table;
}

void PrintAlarms(const NodeStatus& status, Session* session) {
  if (status.alarms_size() == 0) session->out() << "nothing needs attention\n";
  for (const auto& alarm : status.alarms()) {
    session->out() << "ALARM " << WithoutControls(alarm.text()) << " (" << alarm.code() << ", for "
                   << Since(alarm.raise_time(), session) << ")\n";
  }
}

void PrintLinkCounts(const NodeStatus::Link& link, Session* session) {
  session->out() << "from the partner " << Thousands(link.partner_size()) << " entries signed, "
                 << Thousands(link.rejected_count()) << " rejected by our checks, "
                 << Thousands(link.parked_count()) << " of a type set aside\n";
}

void PrintStatus(const NodeStatus& status, Session* session) {
  std::ostream& out = session->out();
  out << CountryName(status.country()) << "   version " << status.version() << "   up "
      << Since(status.start_time(), session) << "   memory " << BytesText(status.memory_bytes())
      << "\n";
  if (status.agreement_version() == 0) {
    out << "agreement        none in force: nothing is exchanged\n";
  } else {
    out << "agreement        version " << status.agreement_version() << " in force\n";
  }
  out << LinkLine(status.link(), session) << "\n\n" << Ledgers(status).Text() << "\n";
  const std::map<std::string, uint64_t> counts(status.record_counts().begin(),
                                               status.record_counts().end());
  if (!counts.empty()) {
    Table table({"record type", "records"});
    for (const auto& [type, count] : counts) table.Add({type, Thousands(count)});
    out << table.Text() << "\n";
  }
  PrintLinkCounts(status.link(), session);
  if (!status.shared_state_digest().empty()) {
    out << "shared state     " << status.shared_state_digest().substr(0, 16)
        << " (equal on both nodes at equal sizes)\n";
  }
  PrintAlarms(status, session);
}

absl::StatusOr<NodeStatus> ReadStatus(Session* session) {
  ASSIGN_OR_RETURN(Client * client, session->client());
  return client->GetStatus(node::v1::GetStatusRequest());
}

ExitCode ShowNode(Session* session) {
  const auto status = ReadStatus(session);
  if (!status.ok()) return session->Fail(status.status());
  if (session->options().format == OutputFormat::kTable) {
    PrintStatus(*status, session);
  } else {
    session->Print(Ledgers(*status), *status);
  }
  return ExitCode::kDone;
}

ExitCode PrintLink(const absl::StatusOr<NodeStatus>& status, Session* session) {
  if (!status.ok()) return session->Fail(status.status());
  const NodeStatus::Link& link = status->link();
  if (session->options().format == OutputFormat::kTable) {
    session->out() << LinkLine(link, session) << "\n";
    PrintLinkCounts(link, session);
    PrintAlarms(*status, session);
    return ExitCode::kDone;
  }
  Table table({"state", "detail", "replica_age_s", "partner_size", "rejected", "parked"});
  table.Add({link.state(), link.detail(), absl::StrCat(link.replica_age_s()),
             absl::StrCat(link.partner_size()), absl::StrCat(link.rejected_count()),
             absl::StrCat(link.parked_count())});
  session->Print(table, link);
  return ExitCode::kDone;
}

absl::StatusOr<NodeStatus> HoldLink(bool paused, Session* session) {
  ASSIGN_OR_RETURN(Client * client, session->client());
  if (paused) return client->PauseLink(node::v1::PauseLinkRequest());
  return client->ResumeLink(node::v1::ResumeLinkRequest());
}

}  // namespace

void AddNode(Noun program, Session* session) {
  Noun node = program.AddNoun("node", "Your own country's node");
  Verb verb = node.AddVerb("status", "Say on one screen how the node is",
                           "  lintas node status\n  lintas node status --output json");
  verb.OnCall(session, [session] { return ShowNode(session); });
  Noun link = program.AddNoun("link", "The line to the partner's node");
  verb = link.AddVerb("status", "Say how the line is and how old the partner's copy is",
                      "  lintas link status");
  verb.OnCall(session, [session] { return PrintLink(ReadStatus(session), session); });
  verb = link.AddVerb("pause", "Stop taking in the partner's ledger, until resume or a restart",
                      "  lintas link pause --purpose OPERATION\n"
                      "The partner still gets what it is served. The copy here grows old.");
  verb.OnCall(session, [session] { return PrintLink(HoldLink(true, session), session); });
  verb = link.AddVerb("resume", "Go on taking in the partner's ledger",
                      "  lintas link resume --purpose OPERATION");
  verb.OnCall(session, [session] { return PrintLink(HoldLink(false, session), session); });
}

}  // namespace lintas::client
