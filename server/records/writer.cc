#include "server/records/writer.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/fold.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using ledger::v1::EntryHeader;

std::string TokenText(const Token& token) { return std::string(token.data(), token.size()); }

absl::Status BadField(const char* field, const char* rule, const char* description) {
  return FieldsError({{field, rule, description}});
}

}  // namespace

bool IsRequestId(absl::string_view text) {
  if (text.size() != 36 || text[14] != '4') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return absl::StrContains("89abAB", text.substr(19, 1));
}

bool IsChangeReason(absl::string_view code) {
  return code == "WRONG_PERSON" || code == "WRONG_FACT" || code == "DUPLICATE" ||
         code == "NOT_LAWFUL" || code == "OTHER";
}

// A unary write in progress: its claims and the digest that a repeat is compared by.
struct Writer::Command {
  std::string request_token;
  std::string body_digest;
  std::vector<std::string> claimed;
};

absl::StatusOr<absl::optional<Writer::Written>> Writer::Earlier(const Command& command) const {
  const std::vector<DerivedKey> keys =
      deps_.store->Find(FindPrefix(kRequest, command.request_token), absl::nullopt, 1);
  if (keys.empty()) return absl::optional<Written>();
  ASSIGN_OR_RETURN(const EntryRow row, deps_.store->GetEntry(keys[0].position()));
  ASSIGN_OR_RETURN(const ledger::v1::Payload payload, deps_.sealer->Open(row));
  ledger::v1::Access access;
  const std::string* content = FindSection(payload, 4);
  if (content == nullptr || !access.ParseFromString(*content)) {
    return absl::DataLossError("an access entry does not parse");
  }
  if (!ConstantTimeEquals(access.body_digest(), command.body_digest)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                     "request_id was used for another request");
  }
  Written written;
  written.repeated = true;
  if (access.record_names_size() > 0) written.name = access.record_names(0);
  return absl::optional<Written>(written);
}

// Form, claim, repeat. False if `done` was called already.
bool Writer::Start(const Call& call, const std::string& request_id, const std::string& body,
                   Done* done, Command* command) {
  if (!IsRequestId(request_id)) {
    (*done)(BadField("request_id", "UUID4", "a UUID of version 4 (AIP-155)"));
    return false;
  }
  command->request_token = TokenText(deps_.tokens->Make(
      "request", absl::StrCat(call.principal.spiffe_uri, std::string(1, '\0'), request_id)));
  command->body_digest =
      deps_.tokens->Mac("body", absl::StrCat(call.method, std::string(1, '\0'), body)).str();
  const std::string claim = "q" + command->request_token;
  if (!claims_.TryClaim(claim)) {
    (*done)(MakeError(absl::StatusCode::kUnavailable, "REQUEST_IN_PROGRESS",
                      "the same request is being carried out; repeat it"));
    return false;
  }
  command->claimed.push_back(claim);
  absl::StatusOr<absl::optional<Written>> earlier = Earlier(*command);
  if (!earlier.ok() || earlier->has_value()) {
    claims_.Release(command->claimed);
    if (!earlier.ok()) {
      (*done)(earlier.status());
    } else {
      (*done)(**earlier);
    }
    return false;
  }
  return true;
}

void Writer::Finish(const Call& call, Command command, Group group, const std::string& name,
                    Done done) {
  Disclosure disclosure;
  if (!name.empty()) disclosure.record_names.push_back(name);
  disclosure.record_count = name.empty() ? 0 : 1;
  AccessFacts facts;
  facts.now = call.now;
  facts.disclosure = &disclosure;
  facts.request_token = command.request_token;
  facts.body_digest = command.body_digest;
  group.entries.push_back(MakeAccessEntry(call, facts, *deps_.sealer, *deps_.random));
  group.durable = [this, claimed = std::move(command.claimed), name,
                   done = std::move(done)](absl::StatusOr<std::vector<Position>> positions) {
    claims_.Release(claimed);
    if (!positions.ok()) {
      done(positions.status());
    } else {
      done(Written{name, positions->front(), false});
    }
  };
  deps_.ledgers->Enqueue(std::move(group));
}

bool Writer::Draft(const RecordType& type, const Message& record, absl::string_view bytes,
                   bool synthetic, absl::Time now, DraftRecord* draft,
                   std::vector<FieldViolation>* violations) const {
  type.Validate(record, violations);
  if (check_) check_(type, record, now, violations);
  if (synthetic != deps_.exercise) {
    violations->push_back({"synthetic", synthetic ? "SYNTHETIC_DATA" : "REAL_DATA",
                           synthetic ? "a production node takes no synthetic data"
                                     : "an exercise node takes synthetic data only"});
  }
  if (!violations->empty()) return false;
  absl::StatusOr<std::array<std::string, kSectionCount>> sections = type.Split(bytes);
  if (!sections.ok()) {
    violations->push_back({type.code(), "UNKNOWN_FIELD", "only declared fields may be sent"});
    return false;
  }
  draft->type = &type;
  draft->sections = *std::move(sections);
  draft->synthetic = synthetic;
  type.ExtractTerms(record, *deps_.tokens, &draft->terms);
  const AgreementVersionPtr agreement = deps_.book->ForRelease();
  draft->agreement_version = deps_.book->OwnVersion();
  std::array<bool, kSectionCount> filled;
  for (int i = 0; i < kSectionCount; ++i) filled[i] = !draft->sections[i].empty();
  draft->plan = PlanRelease(agreement.get(), type.code(), type.Nationalities(record), filled);
  return true;
}

PreparedEntry Writer::RecordEntry(LedgerId ledger, const DraftRecord& draft, EntryHeader header,
                                  const std::vector<int>& sections) const {
  header.set_type(draft.type->code());
  header.set_retention_class(draft.type->retention_class());
  header.set_agreement_version(draft.agreement_version);
  std::vector<std::pair<uint32_t, std::string>> contents;
  for (const int section : sections) {
    if (!draft.sections[section - 1].empty()) {
      contents.emplace_back(section, draft.sections[section - 1]);
    }
  }
  PreparedEntry entry = PrepareEntry(ledger, std::move(header), draft.synthetic, contents,
                                     *deps_.sealer, *deps_.random);
  entry.sensitive = draft.type->sensitive();
  return entry;
}

size_t Writer::AddEntries(const DraftRecord& draft, const RecordBase& base, bool correction,
                          std::vector<PreparedEntry>* entries) const {
  EntryHeader header;
  header.set_record_id(base.record_id);
  std::vector<int> all;
  for (int section = 1; section <= kSectionCount; ++section) all.push_back(section);
  const bool first = draft.plan.replicate ? base.exchange_revision == 0 : base.home_revision == 0;
  header.set_kind(correction && !first ? EntryHeader::CORRECTION : EntryHeader::REVISION);
  if (!draft.plan.replicate) {
    header.set_revision(base.home_revision + 1);
    if (base.home_predecessor) header.set_predecessor(*base.home_predecessor);
    entries->push_back(RecordEntry(LedgerId::kHome, draft, std::move(header), all));
    entries->back().terms = draft.terms;
    entries->back().terms_given = true;
    return 1;
  }
  header.set_revision(base.exchange_revision + 1);
  if (base.exchange_predecessor) header.set_predecessor(*base.exchange_predecessor);
  entries->push_back(RecordEntry(LedgerId::kExchange, draft, header, draft.plan.released_sections));
  entries->back().terms = draft.terms;
  entries->back().terms_given = true;
  if (draft.plan.withheld_sections.empty()) return 1;
  EntryHeader full;
  full.set_kind(EntryHeader::FULL_VERSION);
  full.set_record_id(base.record_id);
  full.set_revision(base.home_revision + 1);
  if (base.home_predecessor) full.set_predecessor(*base.home_predecessor);
  // The committer fills target_first: the exchange entry's index is known only then.
  entries->push_back(RecordEntry(LedgerId::kHome, draft, std::move(full), all));
  return 2;
}

absl::StatusOr<RecordBase> Writer::BaseOf(absl::string_view record_id) const {
  RecordBase base;
  base.record_id = std::string(record_id);
  const std::vector<DerivedKey> keys =
      deps_.store->Find(FindPrefix(kRecordRevision, record_id), absl::nullopt, 4096);
  for (const DerivedKey& key : keys) {
    const Position position = key.position();
    uint32_t revision = 0;
    for (int i = 16; i < 20; ++i) {
      revision = revision << 8 | static_cast<uint8_t>(key.body()[i]);
    }
    // The partner may have entered something under the id of an own record; it does not count.
    if (position.ledger == LedgerId::kReplica) continue;
    const bool home = position.ledger == LedgerId::kHome;
    uint32_t* newest = home ? &base.home_revision : &base.exchange_revision;
    absl::optional<uint64_t>* predecessor =
        home ? &base.home_predecessor : &base.exchange_predecessor;
    *newest = std::max(*newest, revision);
    if (!predecessor->has_value() || **predecessor < position.index.value()) {
      *predecessor = position.index.value();
    }
  }
  if (!base.exchange_predecessor && !base.home_predecessor) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_OWN_RECORD",
                     "only the country that entered a record may change it");
  }
  return base;
}

void Writer::Create(const Call& call, const RecordType& type, const Message& record,
                    const std::string& request_id, Done done) {
  Command command;
  if (!Start(call, request_id, record.SerializeAsString(), &done, &command)) return;
  DraftRecord draft;
  std::vector<FieldViolation> violations;
  if (!Draft(type, record, record.SerializeAsString(), deps_.exercise, call.now, &draft,
             &violations)) {
    claims_.Release(command.claimed);
    done(FieldsError(violations));
    return;
  }
  RecordBase base;
  base.record_id = deps_.random->Bytes(kRecordIdBytes);
  Group group;
  AddEntries(draft, base, /*correction=*/false, &group.entries);
  Finish(call, std::move(command), std::move(group),
         RecordName(deps_.country, type, base.record_id), std::move(done));
}

void Writer::Correct(const Call& call, const ParsedName& name, const Message& merged,
                     const std::string& body, const std::string& request_id,
                     const std::string& etag, Done done) {
  Command command;
  const std::string record_claim = "r" + name.record_id;
  if (!Start(call, request_id, body, &done, &command)) return;
  const auto fail = [&](const absl::Status& status) {
    claims_.Release(command.claimed);
    done(status);
  };
  if (!claims_.TryClaim(record_claim)) {
    return fail(MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                          "the record is being changed; read it again"));
  }
  command.claimed.push_back(record_claim);
  const absl::StatusOr<FoundRecord> found = reader_->Get(name);
  if (!found.ok()) return fail(found.status());
  if (found->state != RecordState::kCurrent) {
    return fail(MakeError(absl::StatusCode::kFailedPrecondition, "WITHDRAWN",
                          "a withdrawn record is not corrected"));
  }
  if (!etag.empty() && etag != found->etag) {
    return fail(MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                          "the record has a newer revision; read it again"));
  }
  absl::StatusOr<RecordBase> base = BaseOf(name.record_id);
  if (!base.ok()) return fail(base.status());
  DraftRecord draft;
  std::vector<FieldViolation> violations;
  if (!Draft(*name.type, merged, merged.SerializeAsString(), deps_.exercise, call.now, &draft,
             &violations)) {
    return fail(FieldsError(violations));
  }
  // What was released cannot be taken back by a revision that stays at home (R8): the partner would
  // keep the old one. The record is recalled on both sides, then entered anew.
  if (base->exchange_revision > 0 && !draft.plan.replicate) {
    return fail(
        MakeError(absl::StatusCode::kFailedPrecondition, "RECALL_FIRST",
                  "the corrected record may not be released; recall it, then enter it anew"));
  }
  Group group;
  AddEntries(draft, *base, /*correction=*/true, &group.entries);
  Finish(call, std::move(command), std::move(group),
         RecordName(deps_.country, *name.type, name.record_id), std::move(done));
}

void Writer::Withdraw(const Call& call, const ParsedName& name, const std::string& reason,
                      const std::string& request_id, Done done) {
  Command command;
  if (!IsChangeReason(reason)) {
    return done(BadField("reason", "UNKNOWN_VALUE",
                         "WRONG_PERSON, WRONG_FACT, DUPLICATE, NOT_LAWFUL or OTHER"));
  }
  if (!Start(call, request_id, absl::StrCat("withdraw", name.record_id, reason), &done, &command)) {
    return;
  }
  const auto fail = [&](const absl::Status& status) {
    claims_.Release(command.claimed);
    done(status);
  };
  const std::string record_claim = "r" + name.record_id;
  if (!claims_.TryClaim(record_claim)) {
    return fail(MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                          "the record is being changed; read it again"));
  }
  command.claimed.push_back(record_claim);
  const absl::StatusOr<FoundRecord> found = reader_->Get(name);
  if (!found.ok()) return fail(found.status());
  if (found->state != RecordState::kCurrent) {
    return fail(MakeError(absl::StatusCode::kFailedPrecondition, "WITHDRAWN",
                          "the record is withdrawn already"));
  }
  const absl::StatusOr<RecordBase> base = BaseOf(name.record_id);
  if (!base.ok()) return fail(base.status());
  const bool released = base->exchange_revision > 0;
  EntryHeader header;
  header.set_kind(EntryHeader::WITHDRAWAL);
  header.set_type(name.type->code());
  header.set_record_id(name.record_id);
  header.set_revision((released ? base->exchange_revision : base->home_revision) + 1);
  header.set_predecessor(released ? *base->exchange_predecessor : *base->home_predecessor);
  header.set_retention_class(name.type->retention_class());
  header.set_agreement_version(deps_.book->OwnVersion());
  ledger::v1::ChangeReason change;
  change.set_code(reason);
  Group group;
  group.entries.push_back(PrepareEntry(
      released ? LedgerId::kExchange : LedgerId::kHome, std::move(header),
      found->payload.synthetic(), {{1, change.SerializeAsString()}}, *deps_.sealer, *deps_.random));
  Finish(call, std::move(command), std::move(group),
         RecordName(deps_.country, *name.type, name.record_id), std::move(done));
}

// One RECALL for each released revision and one ERASE for each at home: both sides destroy what the
// record's payloads held; its headers stay (P4).
void Writer::Recall(const Call& call, const ParsedName& name, const std::string& reason,
                    const std::string& request_id, Done done) {
  Command command;
  if (!IsChangeReason(reason)) {
    return done(BadField("reason", "UNKNOWN_VALUE",
                         "WRONG_PERSON, WRONG_FACT, DUPLICATE, NOT_LAWFUL or OTHER"));
  }
  if (!Start(call, request_id, absl::StrCat("recall", name.record_id), &done, &command)) return;
  const auto fail = [&](const absl::Status& status) {
    claims_.Release(command.claimed);
    done(status);
  };
  const std::string record_claim = "r" + name.record_id;
  if (!claims_.TryClaim(record_claim)) {
    return fail(MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                          "the record is being changed; read it again"));
  }
  command.claimed.push_back(record_claim);
  const absl::StatusOr<FoundRecord> found = reader_->Get(name);
  if (!found.ok()) return fail(found.status());
  if (found->country != deps_.country) {
    return fail(MakeError(absl::StatusCode::kFailedPrecondition, "NOT_OWN_RECORD",
                          "only the country that entered a record may recall it"));
  }
  absl::StatusOr<RecordBase> base = BaseOf(name.record_id);
  if (!base.ok()) return fail(base.status());
  Group group;
  for (const DerivedKey& key :
       deps_.store->Find(FindPrefix(kRecordRevision, name.record_id), absl::nullopt, 4096)) {
    const Position target = key.position();
    if (target.ledger == LedgerId::kReplica) continue;
    const bool home = target.ledger == LedgerId::kHome;
    uint32_t* revision = home ? &base->home_revision : &base->exchange_revision;
    EntryHeader header;
    header.set_kind(home ? EntryHeader::ERASE : EntryHeader::RECALL);
    header.set_type(name.type->code());
    header.set_record_id(name.record_id);
    header.set_revision(++*revision);
    header.set_target_first(target.index.value());
    header.set_retention_class(name.type->retention_class());
    header.set_agreement_version(deps_.book->OwnVersion());
    group.entries.push_back(
        PrepareEntry(target.ledger, std::move(header), false, {}, *deps_.sealer, *deps_.random));
  }
  if (group.entries.size() + 2 > kGroupEntriesMax) {
    return fail(absl::ResourceExhaustedError("a record with more revisions than one group holds"));
  }
  Finish(call, std::move(command), std::move(group),
         RecordName(deps_.country, *name.type, name.record_id), std::move(done));
}

void Writer::Adopt(const Call& call, const std::string& signed_agreement, uint32_t version,
                   const std::string& request_id, Done done) {
  Command command;
  if (!Start(call, request_id, signed_agreement, &done, &command)) return;
  EntryHeader header;
  header.set_kind(EntryHeader::ADOPTION);
  header.set_revision(version);
  header.set_retention_class("agreement");
  header.set_agreement_version(deps_.book->OwnVersion());
  Group group;
  group.entries.push_back(PrepareEntry(LedgerId::kExchange, std::move(header), false,
                                       {{1, signed_agreement}}, *deps_.sealer, *deps_.random));
  Finish(call, std::move(command), std::move(group), "", std::move(done));
}

}  // namespace lintas
