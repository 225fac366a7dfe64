#include "server/areas/migration_information/record_events.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "server/base/status.h"

namespace lintas::migration_information {
namespace {

using ledger::v1::EntryHeader;
using v1::RecordEvent;

RecordEvent::Kind KindOf(const EntryHeader& header) {
  switch (header.kind()) {
    case EntryHeader::REVISION:
      return header.has_predecessor() ? RecordEvent::REVISED : RecordEvent::CREATED;
    case EntryHeader::CORRECTION:
      return RecordEvent::CORRECTED;
    case EntryHeader::WITHDRAWAL:
      return RecordEvent::WITHDRAWN;
    case EntryHeader::RECALL:
      return RecordEvent::RECALLED;
    case EntryHeader::ERASE:
      return RecordEvent::ERASED;
    default:
      // FULL_VERSION too: the exchange entry that it completes is the event.
      return RecordEvent::KIND_UNSPECIFIED;
  }
}

bool TakesAway(RecordEvent::Kind kind) {
  return kind == RecordEvent::RECALLED || kind == RecordEvent::ERASED;
}

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool ShowsNationality(const Reader& reader, const FoundRecord& found, const std::string& code) {
  return Has(found.type->Nationalities(*reader.Whole(found)), code);
}

// The record as the entry at `position` left it, or nothing if that is not to be seen any more.
absl::StatusOr<absl::optional<FoundRecord>> RecordAt(const Reader& reader, FoundRecord newest,
                                                     Position position, RecordEvent::Kind kind) {
  if (newest.position == position || newest.newest == position) return {std::move(newest)};
  if (kind == RecordEvent::WITHDRAWN) return {absl::nullopt};
  const absl::StatusOr<std::vector<FoundRecord>> revisions =
      reader.Revisions({newest.country, newest.type, newest.record_id});
  if (absl::IsNotFound(revisions.status())) return {absl::nullopt};
  RETURN_IF_ERROR(revisions.status());
  for (const FoundRecord& each : *revisions) {
    if (!(each.position == position)) continue;
    FoundRecord then = each;
    then.state = RecordState::kCurrent;
    return {std::move(then)};
  }
  return {absl::nullopt};
}

}  // namespace

bool OwnNational(const Reader& reader, const Call& call, const FoundRecord& found) {
  if (!call.own_nationals_only) return true;
  return ShowsNationality(reader, found, absl::AsciiStrToUpper(reader.deps().country));
}

absl::StatusOr<absl::optional<RecordEvent>> EventOf(const Reader& reader, const Call& call,
                                                    const v1::WatchRecordsRequest& request,
                                                    Position position, const EntryHeader& header) {
  const RecordEvent::Kind kind = KindOf(header);
  if (kind == RecordEvent::KIND_UNSPECIFIED || call.sections.empty()) return {absl::nullopt};
  const RecordsDeps& deps = reader.deps();
  const RecordType* type = deps.types->ByCode(header.type());
  if (type == nullptr) return {absl::nullopt};
  const auto* field = v1::AnyRecord::descriptor()->FindFieldByName(type->code());
  if (field == nullptr || field->message_type() != type->descriptor()) return {absl::nullopt};
  if (!request.types().empty() && !Has(request.types(), type->code())) return {absl::nullopt};
  const std::string& country =
      position.ledger == LedgerId::kReplica ? deps.partner_country : deps.country;
  if (!request.country().empty() && request.country() != country) return {absl::nullopt};

  RecordEvent event;
  event.set_kind(kind);
  event.set_record_name(RecordName(country, *type, header.record_id()));
  event.set_ledger(LedgerName(position.ledger));
  event.set_index(position.index.value());
  event.mutable_time()->set_seconds(header.time_s());
  absl::StatusOr<FoundRecord> newest = reader.Get({country, type, header.record_id()});
  if (!newest.ok() && !absl::IsNotFound(newest.status())) return newest.status();
  if (TakesAway(kind)) {
    // A record that changed sides is still to be seen, by the entry that put it there. An attaché
    // is not told of what nobody can judge any more.
    if (newest.ok() || call.own_nationals_only) return {absl::nullopt};
    return {std::move(event)};
  }
  if (!newest.ok()) return {absl::nullopt};
  ASSIGN_OR_RETURN(absl::optional<FoundRecord> then,
                   RecordAt(reader, *std::move(newest), position, kind));
  if (!then || !OwnNational(reader, call, *then)) return {absl::nullopt};
  if (!request.nationality().empty() && !ShowsNationality(reader, *then, request.nationality())) {
    return {absl::nullopt};
  }
  v1::AnyRecord* record = event.mutable_record();
  record->GetReflection()->SetAllocatedMessage(
      record, reader.Render(*then, call.sections, request.view() == v1::FULL).release(), field);
  return {std::move(event)};
}

}  // namespace lintas::migration_information
