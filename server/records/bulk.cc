#include "server/records/bulk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/fold.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

constexpr size_t kContentTokenBytes = 7;
constexpr size_t kSourceKeyBytesMax = 200;
// Changes of one source key that are looked through for the newest.
constexpr size_t kMarksMax = 10'000;

std::string Text(const Token& token) { return std::string(token.data(), token.size()); }

// `X` of `X.again-…`: rows of an import that are sent again, to list their rejects, belong to it.
std::string ImportFamily(const std::string& import_id) {
  return import_id.substr(0, import_id.find(".again-"));
}

std::string ImportToken(const Tokenizer& tokens, absl::string_view principal,
                        absl::string_view import_id) {
  return Text(tokens.Make("import", absl::StrCat(principal, std::string(1, '\0'), import_id)));
}

absl::StatusOr<ledger::v1::ImportMark> OpenMark(const RecordsDeps& deps, const EntryRow& row) {
  ASSIGN_OR_RETURN(const ledger::v1::Payload payload, deps.sealer->Open(row));
  ledger::v1::ImportMark mark;
  const std::string* content = FindSection(payload, 4);
  if (content == nullptr || !mark.ParseFromString(*content)) {
    return absl::DataLossError("an import mark does not parse");
  }
  return mark;
}

}  // namespace

// A row and what stands about its source key.
struct BulkImport::Keyed {
  std::string source_token, content_token;  // Empty: the row has no acceptable source key.
  std::string bytes;                        // The record, serialised once for all that needs it.
  // Content token of a row with the same key in an earlier batch that is not committed yet.
  absl::optional<std::string> in_flight;
  std::vector<DerivedKey> marks;  // What import marks say of the source key.
};

// Rows on their way to one group.
struct BulkImport::Batch {
  struct Entered {
    size_t entry;  // Index of the record's own entry among `entries`.
    std::string source_token, content_token;
  };
  std::vector<BulkRow> rows;
  std::vector<Keyed> keyed;  // One for each row.
  size_t next = 0;
  std::vector<std::string> claims;  // Of source keys, in the order in which they are claimed.
  std::vector<PreparedEntry> entries;
  std::vector<Entered> entered;
  std::vector<std::string> claimed, source_tokens;
  // The mark that was opened last; the changed rows of an export mostly stand in a few.
  struct OpenedMark {
    Position position;
    bool same_import = false;
    absl::flat_hash_map<std::string, Position> records;  // By source token.
  };
  absl::optional<OpenedMark> mark;
  BulkResult result;
  std::function<void()> prepared;
  Done done;
};

BulkImport::BulkImport(Writer* writer, const Call& call, std::string import_id, bool synthetic)
    : writer_(writer),
      call_(call),
      import_id_(std::move(import_id)),
      import_token_(
          ImportToken(*writer->deps().tokens, call.principal.spiffe_uri, ImportFamily(import_id_))),
      synthetic_(synthetic),
      next_row_(0) {}

// Of several messages under way a later one may be committed though an earlier one failed, so the
// last row counts only if no row before it is missing.
absl::StatusOr<uint64_t> BulkImport::CommittedRow(const RecordsDeps& deps,
                                                  const std::string& principal_uri,
                                                  const std::string& import_id) {
  ASSIGN_OR_RETURN(
      const std::vector<DerivedKey> keys,
      deps.store->TryFind(FindPrefix(kImport, ImportToken(*deps.tokens, principal_uri, import_id)),
                          absl::nullopt, size_t{1} << 30));
  std::vector<std::pair<uint64_t, uint64_t>> ranges;  // First row and the row after the last.
  for (const DerivedKey& key : keys) {
    ASSIGN_OR_RETURN(const EntryRow row, deps.store->GetEntry(key.position()));
    ASSIGN_OR_RETURN(const ledger::v1::ImportMark mark, OpenMark(deps, row));
    ranges.emplace_back(mark.row_first(), mark.row_end());
  }
  std::sort(ranges.begin(), ranges.end());
  uint64_t next = 1;
  for (const auto& [first, end] : ranges) {
    if (first > next) break;
    next = std::max(next, end);
  }
  return next - 1;
}

void BulkImport::Submit(std::vector<BulkRow> rows, std::function<void()> prepared, Done done) {
  if (next_row_ == 0) {
    absl::StatusOr<uint64_t> committed =
        CommittedRow(writer_->deps(), call_.principal.spiffe_uri, import_id_);
    if (!committed.ok()) return done(committed.status());
    next_row_ = *committed + 1;
  }
  for (const BulkRow& row : rows) {
    if (row.row_number != next_row_) {
      return done(MakeError(absl::StatusCode::kInvalidArgument, "ROW_NUMBERS_NOT_CONTIGUOUS",
                            absl::StrCat("row ", next_row_, " comes next"),
                            {{"next_row", absl::StrCat(next_row_)}}));
    }
    ++next_row_;
  }
  auto batch = std::make_shared<Batch>();
  batch->rows = std::move(rows);
  batch->entries.reserve(batch->rows.size() * 2);
  batch->prepared = std::move(prepared);
  batch->done = std::move(done);
  MakeKeys(batch.get());
  Claim(std::move(batch));
}

void BulkImport::MakeKeys(Batch* batch) {
  const Tokenizer& tokens = *writer_->deps().tokens;
  const std::string zero(1, '\0');
  batch->keyed.resize(batch->rows.size());
  for (size_t i = 0; i < batch->rows.size(); ++i) {
    const BulkRow& row = batch->rows[i];
    Keyed& keyed = batch->keyed[i];
    if (row.source_key.empty() || row.source_key.size() > kSourceKeyBytesMax) continue;
    keyed.bytes = row.record->SerializeAsString();
    keyed.source_token =
        Text(tokens.Make("source", absl::StrCat(call_.principal.spiffe_uri, zero, row.type->code(),
                                                zero, row.source_key)));
    keyed.content_token = tokens.Mac("content", absl::StrCat(row.type->code(), zero, keyed.bytes))
                              .str()
                              .substr(0, kContentTokenBytes);
  }
  std::lock_guard<std::mutex> lock(mutex_);
  for (Keyed& keyed : batch->keyed) {
    if (keyed.source_token.empty()) continue;
    const auto mine = in_flight_.find(keyed.source_token);
    if (mine != in_flight_.end()) {
      keyed.in_flight = mine->second;
    } else {
      batch->claims.push_back("s" + keyed.source_token);
    }
  }
  std::sort(batch->claims.begin(), batch->claims.end());
  batch->claims.erase(std::unique(batch->claims.begin(), batch->claims.end()), batch->claims.end());
}

// All source keys of a batch are claimed before the first row is looked at, in the order of their
// tokens: two streams that hold some and wait for others would else wait for each other for ever.
void BulkImport::Claim(std::shared_ptr<Batch> batch) {
  while (batch->claimed.size() < batch->claims.size()) {
    const std::string& claim = batch->claims[batch->claimed.size()];
    if (!writer_->claims().TryClaim(claim)) {
      writer_->claims().WhenFree(claim, [self = shared_from_this(), batch] { self->Claim(batch); });
      return;
    }
    batch->claimed.push_back(claim);
  }
  const absl::Status found = FindMarks(batch.get());
  if (!found.ok()) {
    writer_->claims().Release(batch->claimed);
    return batch->done(found);
  }
  Continue(std::move(batch));
}

absl::Status BulkImport::FindMarks(Batch* batch) const {
  std::vector<std::string> prefixes;
  std::vector<Keyed*> asked;
  for (Keyed& keyed : batch->keyed) {
    if (keyed.source_token.empty() || keyed.in_flight) continue;
    prefixes.push_back(FindPrefix(kSourceKey, keyed.source_token));
    asked.push_back(&keyed);
  }
  ASSIGN_OR_RETURN(auto found, writer_->deps().store->TryFindEach(prefixes, kMarksMax));
  for (size_t i = 0; i < asked.size(); ++i) asked[i]->marks = std::move(found[i]);
  return absl::OkStatus();
}

// Goes on until a record is in another writer's hands; then waits for that writer's commit.
void BulkImport::Continue(std::shared_ptr<Batch> batch) {
  while (batch->next < batch->rows.size()) {
    std::string blocked_by;
    if (!AddRow(batch.get(), batch->rows[batch->next], batch->keyed[batch->next], &blocked_by)) {
      writer_->claims().WhenFree(blocked_by,
                                 [self = shared_from_this(), batch] { self->Continue(batch); });
      return;
    }
    ++batch->next;
    row_counted_ = false;
  }
  Enqueue(std::move(batch));
}

void BulkImport::Reject(Batch* batch, const BulkRow& row, std::vector<FieldViolation> violations) {
  batch->result.rejected.push_back({row.row_number, std::move(violations)});
}

absl::Status BulkImport::ReadMark(Position position, Batch* batch) const {
  if (batch->mark && batch->mark->position == position) return absl::OkStatus();
  const RecordsDeps& deps = writer_->deps();
  ASSIGN_OR_RETURN(const EntryRow row, deps.store->GetEntry(position));
  ASSIGN_OR_RETURN(const EntryHeader header, ParseHeader(row.header));
  ASSIGN_OR_RETURN(const ledger::v1::ImportMark mark, OpenMark(deps, row));
  Batch::OpenedMark opened;
  opened.position = position;
  opened.same_import = header.import_id() == import_token_;
  for (const auto& each : mark.rows()) {
    opened.records[each.source_token()] = Position::FromPacked(each.position());
  }
  batch->mark = std::move(opened);
  return absl::OkStatus();
}

absl::StatusOr<BulkImport::Known> BulkImport::Lookup(const Keyed& keyed, Batch* batch) const {
  const RecordsDeps& deps = writer_->deps();
  Known known;
  if (keyed.marks.empty()) return known;
  known.found = true;
  const auto newest = std::max_element(
      keyed.marks.begin(), keyed.marks.end(),
      [](const DerivedKey& a, const DerivedKey& b) { return a.position() < b.position(); });
  known.same_content = newest->body().substr(16, kContentTokenBytes) == keyed.content_token;
  if (known.same_content) return known;
  RETURN_IF_ERROR(ReadMark(newest->position(), batch));
  known.same_import = batch->mark->same_import;
  const auto record = batch->mark->records.find(keyed.source_token);
  if (record == batch->mark->records.end()) {
    return absl::DataLossError("an import mark lacks its row");
  }
  ASSIGN_OR_RETURN(const EntryRow row, deps.store->GetEntry(record->second));
  ASSIGN_OR_RETURN(const EntryHeader about, ParseHeader(row.header));
  known.record_id = about.record_id();
  if (known.record_id.empty()) return absl::DataLossError("an import mark lacks its row");
  return known;
}

// The record is claimed before it is read: another writer's revision would else be missed by the
// recall (W1).
bool BulkImport::FindBase(Batch* batch, const BulkRow& row, const Known& known, RecordBase* base,
                          std::string* blocked_by) {
  const std::string claim = "r" + known.record_id;
  if (writer_->claims().TryClaim(claim)) {
    batch->claimed.push_back(claim);
  } else if (std::find(batch->claimed.begin(), batch->claimed.end(), claim) ==
             batch->claimed.end()) {  // An earlier row of the key was rejected.
    *blocked_by = claim;
    return false;
  }
  const absl::StatusOr<FoundRecord> now = writer_->reader().GetById(known.record_id);
  absl::StatusOr<RecordBase> found = writer_->BaseOf(known.record_id);
  if (absl::IsNotFound(now.status())) {
    Reject(batch, row,
           {{"source_key", "RECALLED", "the record was recalled; a new case needs a new key"}});
  } else if (!now.ok() || !found.ok()) {
    Reject(batch, row, {{"source_key", "UNREADABLE", "the record's history cannot be read"}});
  } else if (now->state != RecordState::kCurrent) {
    Reject(batch, row,
           {{"source_key", "WITHDRAWN", "the record was withdrawn; a new case needs a new key"}});
  } else {
    *base = *std::move(found);
    return true;
  }
  return false;
}

// True if an earlier row of this stream with the same key is not committed yet; answers the row.
bool BulkImport::IsInFlight(Batch* batch, const BulkRow& row, const Keyed& keyed) {
  absl::optional<std::string> mine = keyed.in_flight;
  if (!mine) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto entered = in_flight_.find(keyed.source_token);
    if (entered != in_flight_.end()) mine = entered->second;
  }
  if (!mine) return false;
  if (*mine == keyed.content_token) {
    ++batch->result.unchanged;
  } else {
    Reject(batch, row, {{"source_key", "DUPLICATE_SOURCE_KEY", "a key stands once in an export"}});
  }
  return true;
}

// False if another writer holds the row's record; `blocked_by` names the claim.
bool BulkImport::AddRow(Batch* batch, const BulkRow& row, const Keyed& keyed,
                        std::string* blocked_by) {
  const RecordsDeps& deps = writer_->deps();
  std::vector<FieldViolation> violations;
  if (keyed.source_token.empty()) {
    Reject(batch, row, {{"source_key", "REQUIRED", "1 to 200 bytes"}});
    return true;
  }
  const std::string& source_token = keyed.source_token;
  const std::string& content_token = keyed.content_token;
  if (IsInFlight(batch, row, keyed)) return true;
  const absl::StatusOr<Known> known = Lookup(keyed, batch);
  if (!known.ok()) {
    Reject(batch, row, {{"source_key", "UNREADABLE", "the record's history cannot be read"}});
    return true;
  }
  // A row that waited for another stream is looked at again, but seen once.
  if (!row_counted_) seen_before_ = !seen_.insert(LoadBigEndian64(source_token.data())).second;
  row_counted_ = true;
  if (known->found && known->same_content) {
    ++batch->result.unchanged;
    return true;
  }
  RecordBase base;
  if (known->found && !FindBase(batch, row, *known, &base, blocked_by)) return blocked_by->empty();
  if (known->found && (known->same_import || seen_before_)) {
    Reject(batch, row, {{"source_key", "DUPLICATE_SOURCE_KEY", "a key stands once in an export"}});
    return true;
  }
  DraftRecord draft;
  if (!writer_->Draft(*row.type, *row.record, keyed.bytes, synthetic_, call_.now, &draft,
                      &violations)) {
    Reject(batch, row, std::move(violations));
    return true;
  }
  // Two for each row still to come, and the mark.
  const size_t others = batch->entries.size() + (batch->rows.size() - batch->next) * 2 + 1;
  const size_t recalls = RecalledBy(draft, base).size();
  if (recalls != 0 && others + recalls > kGroupEntriesMax) {
    Reject(batch, row,
           {{"source_key", "TOO_MANY_RECALLS",
             "more recalls than one message may cause; send the row in another one"}});
    return true;
  }
  if (known->found) {
    ++batch->result.revised;
  } else {
    base.record_id = deps.random->Bytes(kRecordIdBytes);
    ++batch->result.created;
  }
  batch->source_tokens.push_back(source_token);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    in_flight_[source_token] = content_token;
  }
  if (!draft.plan.replicate) ++batch->result.home;
  batch->entered.push_back({batch->entries.size(), source_token, content_token});
  writer_->AddEntries(draft, base, /*correction=*/false, &batch->entries);
  return true;
}

PreparedEntry BulkImport::Mark(const Batch& batch, const std::vector<Position>& positions) const {
  ledger::v1::ImportMark mark;
  mark.set_principal(call_.principal.spiffe_uri);
  mark.set_import_id(import_id_);
  mark.set_purpose(call_.purpose);
  mark.set_row_first(batch.rows.front().row_number);
  mark.set_row_end(batch.rows.back().row_number + 1);
  mark.set_rejected_count(batch.result.rejected.size());
  mark.set_unchanged_count(batch.result.unchanged);
  for (const Batch::Entered& entered : batch.entered) {
    ledger::v1::ImportMark::Row* row = mark.add_rows();
    row->set_source_token(entered.source_token);
    row->set_content_token(entered.content_token);
    row->set_position(positions[entered.entry].Packed());
  }
  EntryHeader header;
  header.set_kind(EntryHeader::IMPORT_MARK);
  header.set_import_id(import_token_);
  header.set_retention_class("import");
  header.set_agreement_version(writer_->deps().book->OwnVersion());
  return PrepareEntry(LedgerId::kHome, std::move(header), synthetic_,
                      {{4, mark.SerializeAsString()}}, *writer_->deps().sealer,
                      *writer_->deps().random);
}

void BulkImport::Enqueue(std::shared_ptr<Batch> batch) {
  if (batch->rows.empty()) {
    batch->prepared();
    batch->done(batch->result);
    return;
  }
  batch->result.committed_row = batch->rows.back().row_number;
  Group group;
  group.entries = std::move(batch->entries);
  group.finish = [this, self = shared_from_this(), batch](const std::vector<Position>& positions,
                                                          std::vector<PreparedEntry>* more) {
    more->push_back(Mark(*batch, positions));
  };
  group.durable = [this, self = shared_from_this(),
                   batch](absl::StatusOr<std::vector<Position>> positions) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (const std::string& token : batch->source_tokens) in_flight_.erase(token);
    }
    writer_->claims().Release(batch->claimed);
    if (positions.ok()) {
      batch->done(std::move(batch->result));
    } else {
      batch->done(positions.status());
    }
  };
  const std::function<void()> prepared = std::move(batch->prepared);
  writer_->deps().ledgers->Enqueue(std::move(group));
  prepared();
}

}  // namespace lintas
