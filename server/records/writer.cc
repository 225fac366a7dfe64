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

absl::Status BadReason() {
  return BadField("reason", "UNKNOWN_VALUE",
                  "WRONG_PERSON, WRONG_FACT, DUPLICATE, NOT_LAWFUL or OTHER");
}

// What one group erases, with room for the changed revision and the access entry.
constexpr size_t kErasuresMax = kGroupEntriesMax - 3;

absl::Status TooManyRevisions() {
  return MakeError(absl::StatusCode::kResourceExhausted, "TOO_MANY_REVISIONS",
                   "a record with more revisions than one group erases");
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
  ASSIGN_OR_RETURN(
      const std::vector<DerivedKey> keys,
      deps_.store->TryFind(FindPrefix(kRequest, command.request_token), absl::nullopt, 1));
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
      Written written{name, positions->front()};
      for (const Position& position : *positions) {
        if (position.ledger == LedgerId::kExchange) written.last_exchange = position.index;
      }
      done(std::move(written));
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
  const std::vector<std::string> nationalities = type.Nationalities(record);
  draft->plan = PlanRelease(agreement.get(), type.code(), nationalities, filled);
  draft->may_be_asked = agreement != nullptr && IsPartysNational(*agreement, nationalities) &&
                        !RequestSections(*agreement, type.code()).empty();
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

// Destroys what `target` holds on every node that holds it; its header stays (P4).
PreparedEntry Writer::ErasingEntry(LedgerId ledger, const std::string& type,
                                   const std::string& retention_class, const std::string& record_id,
                                   uint32_t revision, uint64_t target) const {
  EntryHeader header;
  header.set_kind(ledger == LedgerId::kHome ? EntryHeader::ERASE : EntryHeader::RECALL);
  header.set_type(type);
  header.set_record_id(record_id);
  header.set_revision(revision);
  header.set_target_first(target);
  header.set_retention_class(retention_class);
  header.set_agreement_version(deps_.book->OwnVersion());
  return PrepareEntry(ledger, std::move(header), false, {}, *deps_.sealer, *deps_.random);
}

size_t Writer::AddEntries(const DraftRecord& draft, const RecordBase& base, bool correction,
                          std::vector<PreparedEntry>* entries) const {
  const size_t before = entries->size();
  EntryHeader header;
  header.set_record_id(base.record_id);
  std::vector<int> all;
  for (int section = 1; section <= kSectionCount; ++section) all.push_back(section);
  const absl::optional<uint64_t>& predecessor =
      draft.plan.replicate ? base.exchange_predecessor : base.home_predecessor;
  header.set_kind(correction && predecessor ? EntryHeader::CORRECTION : EntryHeader::REVISION);
  if (predecessor) header.set_predecessor(*predecessor);
  if (!draft.plan.replicate) {
    header.set_revision(base.home_revision + 1);
    entries->push_back(RecordEntry(LedgerId::kHome, draft, std::move(header), all));
    entries->back().terms = draft.terms;
    entries->back().terms_given = true;
    uint32_t revision = base.exchange_revision;
    for (const uint64_t target : RecalledBy(draft, base)) {
      entries->push_back(ErasingEntry(LedgerId::kExchange, draft.type->code(),
                                      draft.type->retention_class(), base.record_id, ++revision,
                                      target));
    }
    return entries->size() - before;
  }
  header.set_revision(base.exchange_revision + 1);
  entries->push_back(RecordEntry(LedgerId::kExchange, draft, header, draft.plan.released_sections));
  entries->back().terms = draft.terms;
  entries->back().terms_given = true;
  if (draft.plan.withheld_sections.empty()) return 1;
  EntryHeader full;
  full.set_kind(EntryHeader::FULL_VERSION);
  full.set_record_id(base.record_id);
  full.set_revision(base.home_revision + 1);
  if (base.full_predecessor) full.set_predecessor(*base.full_predecessor);
  // The committer fills target_first: the exchange entry's index is known only then.
  entries->push_back(RecordEntry(LedgerId::kHome, draft, std::move(full), all));
  return 2;
}

std::vector<uint64_t> RecalledBy(const DraftRecord& draft, const RecordBase& base) {
  if (draft.plan.replicate) return {};
  std::vector<uint64_t> targets = base.released;
  if (!draft.may_be_asked) {
    targets.insert(targets.end(), base.disclosed.begin(), base.disclosed.end());
  }
  return targets;
}

absl::StatusOr<RecordBase> Writer::BaseOf(absl::string_view record_id) const {
  const absl::StatusOr<RecordChain> chain = reader_->ReadChain(record_id);
  if (!chain.ok() && !absl::IsNotFound(chain.status())) return chain.status();
  const bool own = chain.ok() && (chain->exchange.empty() ||
                                  chain->exchange.front().position.ledger == LedgerId::kExchange);
  if (!own) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_OWN_RECORD",
                     "only the country that entered a record may change it");
  }
  RecordBase base;
  base.record_id = std::string(record_id);
  base.at_home = &chain->current() == &chain->home;
  for (const RecordChain::Link& link : chain->exchange) {
    base.exchange_revision = std::max(base.exchange_revision, link.revision);
    if (link.kind == EntryHeader::RECALL) continue;
    base.exchange_predecessor = link.position.index.value();
    base.released.push_back(link.position.index.value());
  }
  for (const auto* links : {&chain->full, &chain->home}) {
    for (const RecordChain::Link& link : *links) {
      base.home_revision = std::max(base.home_revision, link.revision);
      if (link.kind == EntryHeader::ERASE) continue;
      (links == &chain->full ? base.full_predecessor : base.home_predecessor) =
          link.position.index.value();
      base.kept.push_back(link.position.index.value());
    }
  }
  ASSIGN_OR_RETURN(
      const std::vector<DerivedKey> steps,
      deps_.store->TryFind(FindPrefix(kDisclosed, record_id), absl::nullopt, kGroupEntriesMax));
  for (const DerivedKey& step : steps) {
    base.disclosed.push_back(step.position().index.value());
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

// A change of an own record that was found and is held: what a correction, a withdrawal and a
// recall begin with.
struct Writer::Change {
  Command command;
  FoundRecord found;
  RecordBase base;
};

void Writer::Refuse(const Command& command, const absl::Status& status, const Done& done) {
  claims_.Release(command.claimed);
  done(status);
}

// False if `done` was called already.
bool Writer::StartChange(const Call& call, const ParsedName& name, const std::string& request_id,
                         const std::string& body, Done* done, Change* change) {
  if (!Start(call, request_id, body, done, &change->command)) return false;
  const auto refuse = [&](const absl::Status& status) {
    Refuse(change->command, status, *done);
    return false;
  };
  const std::string record_claim = "r" + name.record_id;
  if (!claims_.TryClaim(record_claim)) {
    return refuse(MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                            "the record is being changed; read it again"));
  }
  change->command.claimed.push_back(record_claim);
  absl::StatusOr<FoundRecord> found = reader_->Get(name);
  if (!found.ok()) return refuse(found.status());
  absl::StatusOr<RecordBase> base = BaseOf(name.record_id);
  if (!base.ok()) return refuse(base.status());
  change->found = *std::move(found);
  change->base = *std::move(base);
  return true;
}

void Writer::Correct(const Call& call, const ParsedName& name, const Message& merged,
                     const std::string& body, const std::string& request_id,
                     const std::string& etag, Done done) {
  Change change;
  if (!StartChange(call, name, request_id, body, &done, &change)) return;
  if (change.found.state != RecordState::kCurrent) {
    return Refuse(change.command,
                  MakeError(absl::StatusCode::kFailedPrecondition, "WITHDRAWN",
                            "a withdrawn record is not corrected"),
                  done);
  }
  if (!etag.empty() && etag != change.found.etag) {
    return Refuse(change.command,
                  MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                            "the record has a newer revision; read it again"),
                  done);
  }
  DraftRecord draft;
  std::vector<FieldViolation> violations;
  if (!Draft(*name.type, merged, merged.SerializeAsString(), deps_.exercise, call.now, &draft,
             &violations)) {
    return Refuse(change.command, FieldsError(violations), done);
  }
  if (RecalledBy(draft, change.base).size() > kErasuresMax) {
    return Refuse(change.command, TooManyRevisions(), done);
  }
  Group group;
  AddEntries(draft, change.base, /*correction=*/true, &group.entries);
  Finish(call, std::move(change.command), std::move(group),
         RecordName(deps_.country, *name.type, name.record_id), std::move(done));
}

void Writer::Withdraw(const Call& call, const ParsedName& name, const std::string& reason,
                      const std::string& request_id, Done done) {
  if (!IsChangeReason(reason)) return done(BadReason());
  Change change;
  if (!StartChange(call, name, request_id, absl::StrCat("withdraw", name.record_id, reason), &done,
                   &change)) {
    return;
  }
  if (change.found.state != RecordState::kCurrent) {
    return Refuse(change.command,
                  MakeError(absl::StatusCode::kFailedPrecondition, "WITHDRAWN",
                            "the record is withdrawn already"),
                  done);
  }
  const RecordBase& base = change.base;
  EntryHeader header;
  header.set_kind(EntryHeader::WITHDRAWAL);
  header.set_type(name.type->code());
  header.set_record_id(name.record_id);
  header.set_revision((base.at_home ? base.home_revision : base.exchange_revision) + 1);
  header.set_predecessor(change.found.position.index.value());
  header.set_retention_class(name.type->retention_class());
  header.set_agreement_version(deps_.book->OwnVersion());
  ledger::v1::ChangeReason why;
  why.set_code(reason);
  Group group;
  group.entries.push_back(PrepareEntry(base.at_home ? LedgerId::kHome : LedgerId::kExchange,
                                       std::move(header), change.found.payload.synthetic(),
                                       {{1, why.SerializeAsString()}}, *deps_.sealer,
                                       *deps_.random));
  Finish(call, std::move(change.command), std::move(group),
         RecordName(deps_.country, *name.type, name.record_id), std::move(done));
}

// One RECALL for each released revision and each step with a copy (W2), and one ERASE for each
// revision at home: both sides destroy what the record's payloads held; headers stay (P4).
void Writer::Recall(const Call& call, const ParsedName& name, const std::string& reason,
                    const std::string& request_id, Done done) {
  if (!IsChangeReason(reason)) return done(BadReason());
  Change change;
  if (!StartChange(call, name, request_id, absl::StrCat("recall", name.record_id), &done,
                   &change)) {
    return;
  }
  RecordBase& base = change.base;
  std::vector<uint64_t> gone = base.released;
  gone.insert(gone.end(), base.disclosed.begin(), base.disclosed.end());
  if (gone.size() + base.kept.size() > kErasuresMax) {
    return Refuse(change.command, TooManyRevisions(), done);
  }
  Group group;
  for (const uint64_t target : gone) {
    group.entries.push_back(ErasingEntry(LedgerId::kExchange, name.type->code(),
                                         name.type->retention_class(), name.record_id,
                                         ++base.exchange_revision, target));
  }
  for (const uint64_t target : base.kept) {
    group.entries.push_back(ErasingEntry(LedgerId::kHome, name.type->code(),
                                         name.type->retention_class(), name.record_id,
                                         ++base.home_revision, target));
  }
  Finish(call, std::move(change.command), std::move(group),
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

void Writer::WriteOnce(const Call& call, const std::string& body, const std::string& request_id,
                       const std::function<absl::StatusOr<Made>()>& make, Done done) {
  Command command;
  if (!Start(call, request_id, body, &done, &command)) return;
  absl::StatusOr<Made> made = make();
  if (!made.ok()) {
    claims_.Release(command.claimed);
    return done(made.status());
  }
  std::vector<std::string> claims = std::move(made->claims);
  for (const std::string& id : made->record_ids) claims.push_back("r" + id);
  for (const std::string& claim : claims) {
    if (!claims_.TryClaim(claim)) {
      return Refuse(command,
                    MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                              "a record or attachment in it is being changed; read it again"),
                    done);
    }
    command.claimed.push_back(claim);
  }
  const absl::Status checked = made->check ? made->check() : absl::OkStatus();
  if (!checked.ok()) return Refuse(command, checked, done);
  Finish(call, std::move(command), std::move(made->group), made->name, std::move(done));
}

}  // namespace lintas
