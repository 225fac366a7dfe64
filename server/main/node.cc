#include "server/main/node.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/areas/institutions_policy/area.h"
#include "server/areas/institutions_policy/checks.h"
#include "server/areas/institutions_policy/registry.h"
#include "server/areas/migrant_status/area.h"
#include "server/areas/migration_information/area.h"
#include "server/areas/migration_information/checks.h"
#include "server/areas/migration_information/even_reads.h"
#include "server/areas/migration_information/proposals.h"
#include "server/areas/node/area.h"
#include "server/areas/procedure/area.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

node::v1::NodeStatus::Link LinkOf(const Puller& puller, absl::Time now) {
  const LinkStatus status = puller.status();
  node::v1::NodeStatus::Link link;
  link.set_state(status.state);
  link.set_detail(status.detail);
  if (status.last_frame_time > absl::InfinitePast()) {
    link.mutable_last_frame_time()->set_seconds(absl::ToUnixSeconds(status.last_frame_time));
  }
  link.set_replica_age_s(status.level_time == absl::InfinitePast()
                             ? -1
                             : absl::ToDoubleSeconds(now - status.level_time));
  link.set_partner_size(status.partner_size);
  link.set_rejected_count(status.rejected_count);
  link.set_parked_count(status.parked_count);
  return link;
}

absl::StatusOr<KeyHistory<note::NoteKey>> Named(const KeyHistory<VerifyKey>& keys,
                                                const std::string& name, note::SignatureType type) {
  KeyHistory<note::NoteKey> out;
  for (const auto& period : keys.periods()) {
    ASSIGN_OR_RETURN(note::NoteKey key, note::MakeKey(name, type, period.key));
    out.Add(std::move(key), period.from_size);
  }
  return out;
}

absl::StatusOr<PartnerLinkKeys> LinkKeysOf(const PartnerKeys& keys, const std::string& origin,
                                           const std::string& trust_domain,
                                           const std::string& partnership) {
  PartnerLinkKeys out;
  ASSIGN_OR_RETURN(out.log, Named(keys.log, origin, note::SignatureType::kEd25519));
  ASSIGN_OR_RETURN(out.held, Named(keys.held, CosignerName(trust_domain, partnership, "held"),
                                   note::SignatureType::kCosignature));
  ASSIGN_OR_RETURN(out.consistent,
                   Named(keys.consistent, CosignerName(trust_domain, partnership, "consistent"),
                         note::SignatureType::kCosignature));
  out.question = keys.question;
  return out;
}

// The areas' own judgement of a record; each looks at its own types only.
void CheckRecord(const RecordType& type, const google::protobuf::Message& record, absl::Time now,
                 std::vector<FieldViolation>* violations) {
  migration_information::Check(type, record, now, violations);
  institutions_policy::Check(type, record, violations);
}

// A country that has registered its institutions acts through a competent one only.
CompetenceCheck CompetenceCheckOf(const Competence* competence) {
  return [competence](const Call& call, const ProcedureTable& table) {
    return CheckCompetent(*competence, call.principal, table.area(), call.now);
  };
}

}  // namespace

std::unique_ptr<RecordTypes> MakeRecordTypes() {
  std::vector<const google::protobuf::FileDescriptor*> files = migration_information::RecordFiles();
  files.push_back(institutions_policy::File());
  return std::make_unique<RecordTypes>(files);
}

const ProcedureTables& NodeProcedures() {
  static const auto& tables = *new ProcedureTables(migration_information::Procedures());
  return tables;
}

std::unique_ptr<Tokenizer> MakeTokenizer(const Secret& seal) {
  return std::make_unique<Tokenizer>(DeriveKey(seal, "lintas/terms/v1"));
}

Node::~Node() = default;

LedgersOptions LedgersOptionsOf(const NodeOptions& options) {
  LedgersOptions ledgers;
  ledgers.partnership = options.partnership;
  ledgers.country = options.country;
  ledgers.partner_country = options.partner_country;
  ledgers.trust_domain = std::string(TrustDomainOf(options.country));
  ledgers.partner_trust_domain = std::string(TrustDomainOf(options.partner_country));
  return ledgers;
}

absl::StatusOr<std::unique_ptr<Node>> Node::Open(const NodeOptions& options, const NodeKeys& keys,
                                                 const Secret& seal, const PartnerKeys& partner,
                                                 std::vector<AuthorityKey> authorities,
                                                 const Environment& environment) {
  std::unique_ptr<Node> node(new Node());
  node->clock_ = environment.clock;
  node->types_ = MakeRecordTypes();
  node->tokens_ = MakeTokenizer(seal);
  node->sealer_ = std::make_unique<PayloadSealer>(seal, environment.random);
  node->book_ = std::make_unique<AgreementBook>(options.partnership, options.country,
                                                options.partner_country);
  RecordsDeps& deps = node->deps_;
  deps.country = options.country;
  deps.partner_country = options.partner_country;
  deps.exercise = options.exercise;
  deps.types = node->types_.get();
  deps.procedures = &NodeProcedures();
  deps.tokens = node->tokens_.get();
  deps.sealer = node->sealer_.get();
  deps.book = node->book_.get();
  deps.store = environment.store;
  deps.random = environment.random;
  node->fold_ = std::make_unique<Fold>(deps);
  RETURN_IF_ERROR(node->fold_->Load());
  const LedgersOptions ledgers = LedgersOptionsOf(options);
  ASSIGN_OR_RETURN(node->ledgers_, Ledgers::Open(ledgers, environment.store, environment.heads,
                                                 keys.log, node->fold_.get(), environment.random));
  deps.ledgers = node->ledgers_.get();
  RETURN_IF_ERROR(node->fold_->Rederive());
  ASSIGN_OR_RETURN(PartnerLinkKeys partner_keys,
                   LinkKeysOf(partner, node->ledgers_->origin(LedgerId::kReplica),
                              ledgers.partner_trust_domain, options.partnership));
  node->reader_ = std::make_unique<Reader>(deps);
  node->writer_ = std::make_unique<Writer>(deps, node->reader_.get(), CheckRecord);
  node->competence_ = std::make_unique<institutions_policy::Registry>(node->reader_.get());
  node->desk_ = std::make_unique<ProcedureDesk>(deps);
  node->step_writer_ = std::make_unique<StepWriter>(node->writer_.get(), node->desk_.get(),
                                                    CompetenceCheckOf(node->competence_.get()));
  node->attachment_sealer_ = std::make_unique<AttachmentSealer>(seal, environment.random);
  node->attachments_ = std::make_unique<AttachmentStore>(deps, node->attachment_sealer_.get(),
                                                         &node->writer_->claims());
  node->step_writer_->SetAttachments(node->attachments_.get());
  node->ingest_ = std::make_unique<Ingest>(deps, CheckRecord, authorities);
  node->exchange_server_ = std::make_unique<ExchangeServer>(deps, partner_keys, &node->alarms_);
  node->held_waits_ = std::make_unique<HeldWaits>(
      [server = node->exchange_server_.get()] { return server->held_size(); });
  node->desk_->SetHeld([server = node->exchange_server_.get()] { return server->relied_prefix(); });
  node->desk_->SetArrivals(node->ingest_->arrivals());
  node->ingest_->SetHeld([server = node->exchange_server_.get()] { return server->held_prefix(); });
  OwnLinkKeys own{CosignerName(ledgers.trust_domain, options.partnership, "held"),
                  CosignerName(ledgers.trust_domain, options.partnership, "consistent"), keys.held,
                  keys.consistent, keys.question};
  node->puller_ = std::make_unique<Puller>(deps, node->ingest_.get(), environment.transport,
                                           std::move(own), partner_keys, &node->alarms_);
  Puller* puller = node->puller_.get();
  node->attachment_server_ = std::make_unique<AttachmentServer>(
      deps, node->attachments_.get(),
      [server = node->exchange_server_.get()] { return server->held_size(); });
  node->attachment_fetcher_ = std::make_unique<AttachmentFetcher>(
      deps, node->attachments_.get(), environment.transport, &node->alarms_,
      [puller] { return puller->status().state == "connected"; });
  node->questions_ = std::make_unique<Questions>(deps, node->reader_.get(), environment.transport,
                                                 keys.question, partner.question, &node->alarms_,
                                                 [puller] { return puller->Suspension(); });
  RETURN_IF_ERROR(node->questions_->Restore(environment.clock->Now()));
  node->access_log_ = std::make_unique<LedgerAccessLog>(node->ledgers_.get(), node->sealer_.get(),
                                                        environment.random, &node->alarms_);
  AdmissionOptions admission;
  admission.country = options.country;
  admission.lower_limits = options.lower_limits;
  node->admission_ = std::make_unique<Admission>(
      admission, node->book_.get(), node->access_log_.get(), environment.random, environment.clock);
  node->cases_ = std::make_unique<CaseRegister>(deps);
  node->admission_->SetCases(node->cases_.get());
  node->misses_ = std::make_unique<LookupMisses>(node->book_.get());
  node->OpenSubscriptions();
  node->RegisterMethods(std::move(authorities), environment.clock->Now());
  return node;
}

void Node::OpenSubscriptions() {
  migration_information::Subscriptions::Deps deps;
  deps.reader = reader_.get();
  deps.judge_again = [this](const Call& call) { return admission_->JudgeAgain(call); };
  deps.record_access = [this](const Call& call, const Disclosure& disclosure,
                              std::function<void(absl::Status)> durable) {
    admission_->RecordDisclosure(call, disclosure, std::move(durable));
  };
  subscriptions_ = std::make_unique<migration_information::Subscriptions>(std::move(deps));
}

void Node::RegisterMethods(std::vector<AuthorityKey> authorities, absl::Time now) {
  migration_information::Deps migration;
  migration.writer = writer_.get();
  migration.reader = reader_.get();
  migration.asker = questions_.get();
  migration.charge_rows = [this](const Call& call, uint64_t rows) {
    return admission_->ChargeRows(call, rows);
  };
  migration.replica_age_s = [this] { return LinkOf(*puller_, clock_->Now()).replica_age_s(); };
  migration.wait_for_partner = [this](const Call& call, Index last,
                                      std::function<void(absl::Status)> done) {
    held_waits_->Wait(last, call.deadline, clock_->Now(), std::move(done));
  };
  migration.subscriptions = subscriptions_.get();
  migration.hand_over_case = [this](const Call& call, const std::string& case_id,
                                    const Principal& to, std::function<void(absl::Status)> done) {
    cases_->HandOver(call, case_id, to, std::move(done));
  };
  migration.misses = misses_.get();
  admission_->Register(migration_information::Methods(migration));
  migrant_status::Deps status;
  status.reader = reader_.get();
  status.misses = misses_.get();
  status.read_on = [reader = reader_.get()](const FindQuery& query) {
    return migration_information::ReadOn(*reader, query);
  };
  status.replica_age_s = migration.replica_age_s;
  admission_->Register(migrant_status::Methods(status));
  procedure::Deps procedures;
  procedures.writer = step_writer_.get();
  procedures.desk = desk_.get();
  procedures.competence = competence_.get();
  procedures.attachments = attachments_.get();
  procedures.proposers = migration_information::Proposers(reader_.get(), clock_);
  admission_->Register(procedure::Methods(procedures));
  admission_->Register(institutions_policy::Methods({writer_.get(), reader_.get()}));
  node::Deps operation;
  operation.writer = writer_.get();
  operation.reader = reader_.get();
  operation.alarms = &alarms_;
  operation.authorities = std::move(authorities);
  operation.start_time = now;
  operation.version = kVersion;
  operation.link = [this] { return LinkOf(*puller_, clock_->Now()); };
  operation.pause_link = [this](bool paused) { puller_->Pause(paused); };
  operation.held_size = [this] { return exchange_server_->held_size(); };
  operation.held_note = [this] { return exchange_server_->held_note(); };
  admission_->Register(node::Methods(operation));
}

absl::StatusOr<bool> Node::CommitStep(absl::Time now) {
  absl::StatusOr<bool> did = ledgers_->Step(now);
  if (did.ok() && *did) subscriptions_->NotifyCommit();
  return did;
}

bool Node::LinkStep(absl::Time now) {
  const bool pulled = puller_->Tick(now);
  const bool released = questions_->Tick(now);
  held_waits_->Tick(now);
  const bool fetched = attachment_fetcher_->Tick(now);
  attachments_->Sweep(now);
  return pulled || released || fetched;
}

}  // namespace lintas
