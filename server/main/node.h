// Node: one country's node without its network and its threads. Everything that varies is handed
// in: clock, randomness, store, heads, transport. The process (lintasd) and the simulation make the
// same Node and drive it by its steps.
#ifndef LINTAS_SERVER_MAIN_NODE_H_
#define LINTAS_SERVER_MAIN_NODE_H_

#include <memory>
#include <string>
#include <vector>

#include "server/admission/admission.h"
#include "server/areas/common/competence.h"
#include "server/areas/common/lookup_misses.h"
#include "server/areas/migration_information/subscription.h"
#include "server/crypto/key_file.h"
#include "server/ledger/trust/key_history.h"
#include "server/link/attachment_fetcher.h"
#include "server/link/attachment_server.h"
#include "server/link/held_waits.h"
#include "server/link/puller.h"
#include "server/link/questions.h"
#include "server/link/serve.h"
#include "server/records/fold.h"
#include "server/records/ingest.h"
#include "server/records/procedure/step_writer.h"
#include "server/records/reader.h"
#include "server/records/writer.h"

namespace lintas {

constexpr char kVersion[] = "0.1.0";

struct NodeOptions {
  std::string country = "idn";
  std::string partner_country = "khm";
  std::string partnership = "idn-khm";
  bool exercise = false;
  agreement::v1::Limits lower_limits;
};

// What the partnership's ledgers are, for the node and for whoever checks its store.
LedgersOptions LedgersOptionsOf(const NodeOptions& options);

// A node's public keys, from its country's trust bundle, each with the keys before it (P23).
struct PartnerKeys {
  KeyHistory<VerifyKey> log, held, consistent, question;
};

class Node {
 public:
  struct Environment {
    Store* store = nullptr;
    HeadStore* heads = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    PartnerTransport* transport = nullptr;
  };

  // Opens the ledgers, loads the fold, gives the store its derived keys back. kDataLoss: this store
  // must not be signed from (P9).
  // `seal`: 32 bytes, held apart from the signing keys (P3).
  static absl::StatusOr<std::unique_ptr<Node>> Open(const NodeOptions& options,
                                                    const NodeKeys& keys, const Secret& seal,
                                                    const PartnerKeys& partner,
                                                    std::vector<AuthorityKey> authorities,
                                                    const Environment& environment);
  ~Node();

  // The committer's step; one thread.
  absl::StatusOr<bool> CommitStep(absl::Time now);
  // The link's step; one thread. True if it should be called again at once.
  bool LinkStep(absl::Time now);

  // A slice for the streams of WatchRecords; one thread. True if it should be called again at once.
  bool FeedStep(absl::Time now) { return subscriptions_->Step(now); }

  migration_information::Subscriptions& subscriptions() { return *subscriptions_; }
  Admission& admission() { return *admission_; }
  Ledgers& ledgers() { return *ledgers_; }
  ExchangeServer& exchange_server() { return *exchange_server_; }
  Questions& questions() { return *questions_; }
  Puller& puller() { return *puller_; }
  Fold& fold() { return *fold_; }
  Writer& writer() { return *writer_; }
  const Reader& reader() const { return *reader_; }
  const ProcedureDesk& desk() const { return *desk_; }
  AttachmentStore& attachments() { return *attachments_; }
  const AttachmentServer& attachment_server() const { return *attachment_server_; }
  AttachmentFetcher& attachment_fetcher() { return *attachment_fetcher_; }
  AgreementBook& book() { return *book_; }
  Alarms& alarms() { return alarms_; }
  const RecordsDeps& deps() const { return deps_; }

 private:
  Node() = default;
  void OpenSubscriptions();
  void RegisterMethods(std::vector<AuthorityKey> authorities, absl::Time now);

  Alarms alarms_;
  RecordsDeps deps_;
  Clock* clock_ = nullptr;
  std::unique_ptr<RecordTypes> types_;
  std::unique_ptr<Tokenizer> tokens_;
  std::unique_ptr<PayloadSealer> sealer_;
  std::unique_ptr<AgreementBook> book_;
  std::unique_ptr<Fold> fold_;
  std::unique_ptr<Ledgers> ledgers_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Competence> competence_;
  std::unique_ptr<ProcedureDesk> desk_;
  std::unique_ptr<AttachmentSealer> attachment_sealer_;
  std::unique_ptr<AttachmentStore> attachments_;
  std::unique_ptr<StepWriter> step_writer_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<ExchangeServer> exchange_server_;
  std::unique_ptr<HeldWaits> held_waits_;
  std::unique_ptr<Puller> puller_;
  std::unique_ptr<AttachmentServer> attachment_server_;
  std::unique_ptr<AttachmentFetcher> attachment_fetcher_;
  std::unique_ptr<Questions> questions_;
  std::unique_ptr<AccessLog> access_log_;
  std::unique_ptr<CaseRegister> cases_;
  std::unique_ptr<LookupMisses> misses_;
  std::unique_ptr<migration_information::Subscriptions> subscriptions_;
  std::unique_ptr<Admission> admission_;
};

// Re-exported for tools that open a store without a node (fsck, rebuild).
std::unique_ptr<RecordTypes> MakeRecordTypes();
// The procedures of all areas.
const ProcedureTables& NodeProcedures();
// The node's term key, from its seal key.
std::unique_ptr<Tokenizer> MakeTokenizer(const Secret& seal);

}  // namespace lintas

#endif  // LINTAS_SERVER_MAIN_NODE_H_
