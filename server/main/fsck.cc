#include "server/main/fsck.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/status.h"
#include "server/crypto/os_random.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/checkpoint.h"
#include "server/records/procedure/attachment_store.h"

namespace lintas {
namespace {

const char* const kLedgerNames[kLedgerCount] = {"exchange", "home", "replica"};

// A set of keys by count and the sum of their hashes: two sets are compared in one pass over each.
struct KeySum {
  uint64_t count = 0;
  std::array<uint64_t, 4> sum{};

  void Add(const DerivedKey& key) {
    ++count;
    const Hash hash = Sha256Of(key.view());
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += LoadBigEndian64(hash.view().data() + 8 * i);
  }
  friend bool operator==(const KeySum& a, const KeySum& b) {
    return a.count == b.count && a.sum == b.sum;
  }
};

// The store that is checked, for a fold from nothing: reads go through, writes are kept aside.
class FoldTarget final : public Store {
 public:
  // `look_up`: also find each key in the store, to name those that are not there. Slow.
  FoldTarget(Store* store, bool look_up) : store_(store), look_up_(look_up) {}

  absl::Status Commit(Batch&& batch) override {
    for (auto& [key, value] : batch.state_puts) state[key] = value;
    return absl::OkStatus();
  }
  absl::Status AddDerived(std::vector<DerivedKey> keys) override {
    // All keys of an entry come together, and one may come twice.
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const DerivedKey& key : keys) {
      derived.Add(key);
      if (!look_up_) continue;
      const absl::StatusOr<std::vector<DerivedKey>> found =
          store_->TryFind(key.view(), absl::nullopt, 1);
      if (!found.ok()) return found.status();
      if (found->empty()) missing.push_back(key);
    }
    return absl::OkStatus();
  }
  Sizes DerivedMark() const override { return Sizes(); }
  void DerivedComplete() override {}
  absl::Status ClearDerived() override { return absl::OkStatus(); }
  absl::Status ClearState(absl::string_view) override { return absl::OkStatus(); }

  Sizes sizes() const override { return store_->sizes(); }
  std::unique_ptr<Snapshot> GetSnapshot() const override { return store_->GetSnapshot(); }
  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
    return store_->GetEntry(position);
  }
  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override {
    return store_->GetTile(ledger, level, index);
  }
  absl::StatusOr<std::string> GetState(absl::string_view key) const override {
    return store_->GetState(key);
  }
  absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                  const absl::optional<DerivedKey>& after,
                                                  size_t limit) const override {
    return store_->TryFind(prefix, after, limit);
  }
  absl::StatusOr<bool> BackgroundStep() override { return false; }
  absl::Status CompactErased() override { return absl::OkStatus(); }
  std::vector<std::pair<std::string, uint64_t>> Statistics() const override { return {}; }

  std::map<std::string, std::string> state;
  std::vector<DerivedKey> missing;
  KeySum derived;

 private:
  Store* const store_;
  const bool look_up_;
};

absl::StatusOr<KeySum> SumOfStored(const Store& store) {
  constexpr size_t kPage = 65'536;
  KeySum sum;
  absl::optional<DerivedKey> after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<DerivedKey> page, store.TryFind("", after, kPage));
    for (const DerivedKey& key : page) sum.Add(key);
    if (page.size() < kPage) return sum;
    after = page.back();
  }
}

class Check {
 public:
  Check(const RecordsDeps& deps, std::string partnership, Store* store, FsckReport* report)
      : deps_(deps), partnership_(std::move(partnership)), store_(store), report_(report) {}

  absl::Status Ledger(LedgerId ledger, const std::string& origin);
  absl::Status Head(LedgerId ledger, const std::string& origin, const std::string& note,
                    const KeyHistory<VerifyKey>& keys);
  absl::Status Projections();
  absl::Status Attachments(const Secret& seal);
  void Fault(const std::string& text) {
    if (++report_->fault_count <= 100) report_->faults.push_back(text);
  }

 private:
  absl::Status NameMissingKeys(const KeySum& folded, const KeySum& stored);
  void Entry(LedgerId ledger, const std::string& origin, Index index, const EntryRow& row);
  absl::Status Attachment(const AttachmentStore& store, Position position,
                          const types::v1::Attachment& attachment);

  const RecordsDeps deps_;
  const std::string partnership_;
  Store* const store_;
  FsckReport* const report_;
  merkle::TreeBuilder trees_[kLedgerCount];
};

void Check::Entry(LedgerId ledger, const std::string& origin, Index index, const EntryRow& row) {
  const std::string where =
      absl::StrCat(kLedgerNames[static_cast<int>(ledger)], "/", index.value());
  ++report_->entries;
  const absl::StatusOr<ledger::v1::EntryHeader> header = ParseHeader(row.header);
  if (!header.ok()) return Fault(absl::StrCat(where, ": ", header.status().message()));
  if (header->index() != index.value() || header->origin() != origin) {
    Fault(absl::StrCat(where, ": the header names another place"));
  }
  const absl::StatusOr<ledger::v1::Payload> payload = deps_.sealer->Open(row);
  if (absl::IsNotFound(payload.status())) {
    ++report_->erased;
  } else if (!payload.ok()) {
    Fault(absl::StrCat(where, ": the payload cannot be opened"));
  } else {
    report_->sections += payload->sections_size();
    const absl::Status digests = CheckDigests(*header, *payload);
    if (!digests.ok()) Fault(absl::StrCat(where, ": ", digests.message()));
  }
}

absl::Status Check::Ledger(LedgerId ledger, const std::string& origin) {
  const int i = static_cast<int>(ledger);
  const std::unique_ptr<Snapshot> snapshot = store_->GetSnapshot();
  absl::Status status;
  RETURN_IF_ERROR(snapshot->ScanEntries(ledger, Index(0), [&](Index index, EntryRow&& row) {
    Entry(ledger, origin, index, row);
    std::vector<merkle::Tile> tiles;
    trees_[i].Append(merkle::LeafHash(row.header), &tiles);
    for (const merkle::Tile& tile : tiles) {
      ++report_->tiles;
      const absl::StatusOr<std::string> stored = store_->GetTile(ledger, tile.level, tile.index);
      if (!stored.ok() || *stored != tile.hashes) {
        Fault(absl::StrCat(kLedgerNames[i], ": tile ", tile.level, "/", tile.index,
                           " is not that of the entries"));
      }
    }
    return true;
  }));
  if (trees_[i].size() != snapshot->sizes().of(ledger)) {
    Fault(absl::StrCat(kLedgerNames[i], ": entries are missing"));
  }
  return absl::OkStatus();
}

// `note` under the key of its size (P23).
absl::StatusOr<note::VerifiedCheckpoint> VerifyHead(const std::string& origin,
                                                    const std::string& note,
                                                    const KeyHistory<VerifyKey>& keys) {
  ASSIGN_OR_RETURN(const note::SignedNote parsed, note::ParseNote(note));
  ASSIGN_OR_RETURN(const note::Checkpoint claimed, note::ParseCheckpoint(parsed.text));
  ASSIGN_OR_RETURN(const note::NoteKey key,
                   note::MakeKey(origin, note::SignatureType::kEd25519, keys.At(claimed.size)));
  return note::VerifyCheckpoint(note, {key});
}

absl::Status Check::Head(LedgerId ledger, const std::string& origin, const std::string& note,
                         const KeyHistory<VerifyKey>& keys) {
  const int i = static_cast<int>(ledger);
  const absl::StatusOr<note::VerifiedCheckpoint> head = VerifyHead(origin, note, keys);
  if (!head.ok()) {
    Fault(absl::StrCat(kLedgerNames[i], ": the last head's signature fails"));
    return absl::OkStatus();
  }
  if (head->checkpoint.size > trees_[i].size()) {
    Fault(absl::StrCat(kLedgerNames[i], ": ", head->checkpoint.size.value(),
                       " entries are signed, ", trees_[i].size().value(), " are here"));
    return absl::OkStatus();
  }
  // The root at the head's size, from the entries and not from stored tiles.
  merkle::TreeBuilder again;
  std::vector<merkle::Tile> unused;
  RETURN_IF_ERROR(store_->GetSnapshot()->ScanHeaders(
      ledger, Index(0), [&](Index index, absl::string_view header) {
        if (!head->checkpoint.size.covers(index)) return false;
        again.Append(merkle::LeafHash(header), &unused);
        return true;
      }));
  if (again.Root() != head->checkpoint.root) {
    Fault(absl::StrCat(kLedgerNames[i], ": the entries are not those of the signed head"));
  }
  return absl::OkStatus();
}

absl::Status Check::NameMissingKeys(const KeySum& folded, const KeySum& stored) {
  FoldTarget target(store_, /*look_up=*/true);
  AgreementBook book(partnership_, deps_.country, deps_.partner_country);
  RecordsDeps deps = deps_;
  deps.store = &target;
  deps.book = &book;
  RETURN_IF_ERROR(Fold(deps).Rebuild());
  for (const DerivedKey& key : target.missing) {
    Fault(absl::StrCat("derived key of kind ", key.kind(), " of ",
                       kLedgerNames[static_cast<int>(key.position().ledger)], "/",
                       key.position().index.value(), " is missing"));
  }
  const uint64_t expected = folded.count - target.missing.size();
  if (stored.count != expected || target.missing.empty()) {
    Fault(absl::StrCat(stored.count, " derived keys stand in the store, ", expected,
                       " of them follow from the entries"));
  }
  return absl::OkStatus();
}

absl::Status Check::Projections() {
  FoldTarget target(store_, /*look_up=*/false);
  AgreementBook book(partnership_, deps_.country, deps_.partner_country);
  RecordsDeps deps = deps_;
  deps.store = &target;
  deps.book = &book;
  Fold fold(deps);
  RETURN_IF_ERROR(fold.Rebuild());
  report_->derived_keys = target.derived.count;
  ASSIGN_OR_RETURN(const KeySum sum, SumOfStored(*store_));
  if (!(sum == target.derived)) RETURN_IF_ERROR(NameMissingKeys(target.derived, sum));
  std::map<std::string, std::string> stored;
  // What both countries share, and what is at home only: both are folded.
  for (const char* prefix : {"x/", "h/"}) {
    RETURN_IF_ERROR(store_->GetSnapshot()->ScanState(
        prefix, [&](absl::string_view key, absl::string_view value) {
          stored[std::string(key)] = std::string(value);
          return true;
        }));
  }
  report_->state_keys = stored.size();
  for (const auto& [key, value] : target.state) {
    const auto found = stored.find(key);
    if (found == stored.end() || found->second != value) {
      Fault(absl::StrCat("state ", key.substr(0, key.find('/', 2)),
                         "/… is not what the ledgers fold to"));
    }
    if (found != stored.end()) stored.erase(found);
  }
  for (const auto& [key, value] : stored) {
    Fault(absl::StrCat("state ", key.substr(0, key.find('/', 2)), "/… stands in no ledger"));
  }
  return absl::OkStatus();
}

absl::Status Check::Attachment(const AttachmentStore& store, Position position,
                               const types::v1::Attachment& attachment) {
  const std::string where =
      absl::StrCat(kLedgerNames[static_cast<int>(position.ledger)], "/", position.index.value());
  ASSIGN_OR_RETURN(const AttachmentStore::Progress progress, store.ProgressOf(attachment));
  if (!progress.complete && position.ledger == LedgerId::kReplica) {
    ++report_->attachments_awaited;
    return absl::OkStatus();
  }
  if (!progress.complete) {
    Fault(absl::StrCat(where, ": an attachment that it names is not here"));
    return absl::OkStatus();
  }
  ++report_->attachments;
  const absl::StatusOr<std::string> bytes = store.Read(attachment, 0, kAttachmentBytesMax);
  if (!bytes.ok() || !WhyNotTheAttachment(attachment, *bytes).empty()) {
    Fault(absl::StrCat(where, ": an attachment is not what it names"));
  }
  return absl::OkStatus();
}

absl::Status Check::Attachments(const Secret& seal) {
  constexpr size_t kPage = 4096;
  const AttachmentSealer sealer(seal, deps_.random);
  Claims claims;
  const AttachmentStore store(deps_, &sealer, &claims);
  const std::string steps(1, static_cast<char>(kAttachmentStep));
  absl::optional<DerivedKey> after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<DerivedKey> page, store_->TryFind(steps, after, kPage));
    for (const DerivedKey& step : page) {
      ASSIGN_OR_RETURN(const std::vector<types::v1::Attachment> named,
                       AttachmentsAt(deps_, step.position()));
      for (const types::v1::Attachment& each : named) {
        RETURN_IF_ERROR(Attachment(store, step.position(), each));
      }
    }
    if (page.size() < kPage) break;
    after = page.back();
  }
  std::vector<std::string> names;
  RETURN_IF_ERROR(store_->GetSnapshot()->ScanState(
      kAttachmentPrefix, [&names](absl::string_view key, absl::string_view) {
        names.emplace_back(key.substr(sizeof kAttachmentPrefix - 1));
        return true;
      }));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const bool named, AttachmentStore::IsNamed(*store_, name));
    if (!named) ++report_->attachments_unnamed;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FsckReport> Fsck(const NodeOptions& options, const Secret& seal,
                                const FsckKeys& keys, Store* store, HeadStore* heads) {
  const std::unique_ptr<Random> random = MakeOsRandom();
  const std::unique_ptr<RecordTypes> types = MakeRecordTypes();
  const std::unique_ptr<Tokenizer> tokens = MakeTokenizer(seal);
  const PayloadSealer sealer(seal, random.get());
  AgreementBook book(options.partnership, options.country, options.partner_country);
  RecordsDeps deps;
  deps.country = options.country;
  deps.partner_country = options.partner_country;
  deps.exercise = options.exercise;
  deps.types = types.get();
  deps.procedures = &NodeProcedures();
  deps.tokens = tokens.get();
  deps.sealer = &sealer;
  deps.book = &book;
  deps.store = store;
  deps.random = random.get();
  // The stored verdicts decide which derived keys are there to be compared.
  Fold loaded(deps);
  RETURN_IF_ERROR(loaded.Load());
  FsckReport report;
  Check check(deps, options.partnership, store, &report);
  // An entry that cannot be read is named below; it does not end the check of the others.
  const absl::Status derived = loaded.Rederive();
  if (!derived.ok()) check.Fault(absl::StrCat("derived keys: ", derived.message()));
  const std::array<std::string, kLedgerCount> origins = LedgerOrigins(LedgersOptionsOf(options));
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    RETURN_IF_ERROR(check.Ledger(ledger, origins[i]));
    const absl::StatusOr<std::string> note =
        i == 2 ? store->GetState("n/partner_head")
               : heads->Get(i == 0 ? "exchange.head" : "home.head");
    if (!note.ok()) continue;
    const bool own_home = ledger == LedgerId::kHome && !keys.own_home_log.periods().empty();
    const KeyHistory<VerifyKey>& own_keys = own_home ? keys.own_home_log : keys.own_log;
    RETURN_IF_ERROR(check.Head(ledger, origins[i], *note,
                               ledger == LedgerId::kReplica ? keys.partner_log : own_keys));
  }
  if (!derived.ok()) return report;
  const absl::Status projections = check.Projections();
  if (!projections.ok()) check.Fault(absl::StrCat("projections: ", projections.message()));
  const absl::Status attachments = check.Attachments(seal);
  if (!attachments.ok()) check.Fault(absl::StrCat("attachments: ", attachments.message()));
  return report;
}

}  // namespace lintas
