#include "server/areas/migration_information/subscription.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/areas/migration_information/record_events.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/access_entry.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

static_assert(kEventsPerBatchMax <= kAccessNamesMax, "W2: every record of a batch is named");

// So that none begins with a hyphen, which a command line would take for an option.
constexpr char kCursorPrefix = 'w';

constexpr std::array<LedgerId, 3> kLedgers = {LedgerId::kExchange, LedgerId::kReplica,
                                              LedgerId::kHome};

absl::string_view View(const Token& token) { return absl::string_view(token.data(), token.size()); }

TreeSize* Mutable(Sizes* sizes, LedgerId ledger) {
  return ledger == LedgerId::kExchange ? &sizes->exchange
         : ledger == LedgerId::kHome   ? &sizes->home
                                       : &sizes->replica;
}

absl::Status CheckConditions(const v1::WatchRecordsRequest& request, const RecordsDeps& deps) {
  std::vector<FieldViolation> violations;
  for (const std::string& code : request.types()) {
    if (v1::AnyRecord::descriptor()->FindFieldByName(code) == nullptr) {
      violations.push_back({"types", "UNKNOWN_VALUE", "a record type's code"});
    }
  }
  if (!request.country().empty() && request.country() != deps.country &&
      request.country() != deps.partner_country) {
    violations.push_back({"country", "COUNTRY", "one of the two Parties, in lower case"});
  }
  const std::string& nationality = request.nationality();
  if (!nationality.empty() &&
      (nationality.size() > 3 || !std::all_of(nationality.begin(), nationality.end(),
                                              [](char c) { return c >= 'A' && c <= 'Z'; }))) {
    violations.push_back({"nationality", "STATE_CODE", "a State's code as passports have it"});
  }
  return FieldsError(violations);
}

absl::Status TooOld() {
  return MakeError(absl::StatusCode::kUnavailable, "STREAM_AGE",
                   "a stream lives an hour at most; open another from your cursor");
}

}  // namespace

std::string CursorBinding(const std::string& principal_uri,
                          const v1::WatchRecordsRequest& request) {
  v1::WatchRecordsRequest bare = request;
  bare.clear_cursor();
  bare.clear_view();
  return absl::StrCat(principal_uri, std::string(1, '\0'), bare.SerializeAsString());
}

std::string MakeCursor(const Tokenizer& tokens, const std::string& binding, const Sizes& next) {
  const std::string body =
      absl::StrCat(BigEndian64(next.exchange.value()), BigEndian64(next.home.value()),
                   BigEndian64(next.replica.value()));
  return kCursorPrefix + absl::WebSafeBase64Escape(absl::StrCat(
                             View(tokens.Make("cursor", absl::StrCat(body, binding))), body));
}

absl::StatusOr<Sizes> ParseCursor(const Tokenizer& tokens, const std::string& binding,
                                  const std::string& cursor, const Sizes& sizes) {
  Sizes next;
  if (cursor.empty()) return next;
  std::string raw;
  const size_t mac_size = std::tuple_size<Token>::value;
  if (cursor[0] != kCursorPrefix || !absl::WebSafeBase64Unescape(cursor.substr(1), &raw) ||
      raw.size() != mac_size + 3 * 8 ||
      !ConstantTimeEquals(
          absl::string_view(raw).substr(0, mac_size),
          View(tokens.Make("cursor", absl::StrCat(raw.substr(mac_size), binding))))) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_CURSOR",
                     "the cursor is not one that was given to this caller for these conditions");
  }
  const char* body = raw.data() + mac_size;
  next.exchange = TreeSize(LoadBigEndian64(body));
  next.home = TreeSize(LoadBigEndian64(body + 8));
  next.replica = TreeSize(LoadBigEndian64(body + 16));
  for (const LedgerId ledger : kLedgers) {
    if (next.of(ledger).value() <= sizes.of(ledger).value()) continue;
    return MakeError(absl::StatusCode::kFailedPrecondition, "CURSOR_AHEAD",
                     "this node holds fewer entries than the cursor has seen; it lost some, and "
                     "only the beginning is a safe place to go on from");
  }
  return next;
}

// One stream. `mutex` guards what callbacks of other threads touch; the rest belongs to Step once
// `started`.
class Subscriptions::Watch {
 public:
  Watch(const Deps* deps, Call call, StreamWriter write)
      : deps_(deps), call_(std::move(call)), write_(std::move(write)) {}

  absl::Status Start(const v1::WatchRecordsRequest& request) {
    const RecordsDeps& records = deps_->reader->deps();
    RETURN_IF_ERROR(CheckConditions(request, records));
    std::lock_guard<std::mutex> lock(mutex_);
    if (started_) return absl::InvalidArgumentError("one request a stream");
    request_ = request;
    binding_ = CursorBinding(call_.principal.spiffe_uri, request);
    ASSIGN_OR_RETURN(
        next_, ParseCursor(*records.tokens, binding_, request.cursor(), records.store->sizes()));
    started_ = true;
    return absl::OkStatus();
  }

  void NotifyCommit() {
    std::lock_guard<std::mutex> lock(mutex_);
    due_ = true;
  }

  // The batch before has left; or the stream may go on for another reason.
  void Release() {
    std::lock_guard<std::mutex> lock(mutex_);
    busy_ = false;
    due_ = true;
  }

  void OnEnd(std::function<void(absl::Status)> finish) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!ended_) {
        finish_ = std::move(finish);
        return;
      }
    }
    finish(outcome_);
  }

  void End(const absl::Status& outcome) {
    std::function<void(absl::Status)> finish;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (ended_) return;
      ended_ = true;
      outcome_ = outcome;
      finish = std::exchange(finish_, nullptr);
    }
    if (finish) finish(outcome);
  }

  // The client has gone: nothing is written any more.
  void Abandon() {
    std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
    finish_ = nullptr;
    write_ = nullptr;
  }

  bool Step(absl::Time now, const std::shared_ptr<Watch>& self);

  Disclosure disclosure() const {
    std::lock_guard<std::mutex> lock(mutex_);
    Disclosure disclosure;
    disclosure.record_count = sent_;
    return disclosure;
  }

 private:
  struct Batch {
    std::unique_ptr<v1::WatchRecordsResponse> response =
        std::make_unique<v1::WatchRecordsResponse>();
    Disclosure disclosure;
    size_t bytes = 0;
    uint64_t looked_at = 0;
    bool full() const {
      return response->events_size() >= kEventsPerBatchMax || bytes >= kBatchBytesMax;
    }
  };
  absl::Status Collect(const Snapshot& snapshot, LedgerId ledger, Batch* batch);
  void Send(Batch batch, const std::shared_ptr<Watch>& self);
  void Write(std::unique_ptr<Message> response, size_t events);

  const Deps* const deps_;
  const Call call_;
  // Step's thread, after Start.
  v1::WatchRecordsRequest request_;
  std::string binding_;
  Sizes next_;
  size_t turn_ = 0;  // Which ledger comes first, so that a busy one does not hold back the others.
  bool told_level_ = false;
  uint64_t silent_ = 0;  // Entries passed since the cursor was last told.

  mutable std::mutex mutex_;
  StreamWriter write_;
  std::function<void(absl::Status)> finish_;
  absl::Status outcome_;
  size_t sent_ = 0;
  bool started_ = false;
  bool due_ = true;
  bool busy_ = false;  // A batch is on its way.
  bool ended_ = false;
};

absl::Status Subscriptions::Watch::Collect(const Snapshot& snapshot, LedgerId ledger,
                                           Batch* batch) {
  TreeSize* next = Mutable(&next_, ledger);
  absl::Status failed;
  const absl::Status scanned =
      snapshot.ScanHeaders(ledger, Index(next->value()), [&](Index index, absl::string_view bytes) {
        if (batch->full() || batch->looked_at >= kEntriesPerSliceMax) return false;
        ++batch->looked_at;
        const absl::StatusOr<ledger::v1::EntryHeader> header = ParseHeader(bytes);
        if (!header.ok()) {
          failed = header.status();
          return false;
        }
        absl::StatusOr<absl::optional<v1::RecordEvent>> event =
            EventOf(*deps_->reader, call_, request_, {ledger, index}, *header);
        if (!event.ok()) {
          failed = event.status();
          return false;
        }
        *next = TreeSize(index.value() + 1);
        if (!event->has_value()) return true;
        batch->bytes += (*event)->ByteSizeLong();
        batch->disclosure.record_names.push_back((*event)->record_name());
        ++batch->disclosure.record_count;
        *batch->response->add_events() = **std::move(event);
        return true;
      });
  RETURN_IF_ERROR(failed);
  return scanned;
}

bool Subscriptions::Watch::Step(absl::Time now, const std::shared_ptr<Watch>& self) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!started_ || ended_ || busy_) return false;
    // An age is noticed without a commit too.
    if (!due_ && now < call_.now + kWatchAgeMax) return false;
    due_ = false;
  }
  absl::Status judged = deps_->judge_again(call_);
  if (judged.ok() && now >= call_.now + kWatchAgeMax) judged = TooOld();
  if (!judged.ok()) {
    End(judged);
    return false;
  }
  const std::unique_ptr<Snapshot> snapshot = deps_->reader->deps().store->GetSnapshot();
  Batch batch;
  absl::Status status;
  for (size_t i = 0; i < kLedgers.size() && status.ok() && batch.response->events().empty(); ++i) {
    status = Collect(*snapshot, kLedgers[(turn_ + i) % kLedgers.size()], &batch);
  }
  if (!status.ok()) {
    End(status);
    return false;
  }
  ++turn_;
  const bool level = next_ == snapshot->sizes();
  silent_ += batch.looked_at;
  const bool tell =
      !batch.response->events().empty() || (level && !told_level_) || silent_ >= kSilentEntriesMax;
  if (!tell) {
    if (level) return false;
    NotifyCommit();
    return true;
  }
  told_level_ = level;
  silent_ = 0;
  batch.response->set_level(level);
  batch.response->set_cursor(MakeCursor(*deps_->reader->deps().tokens, binding_, next_));
  Send(std::move(batch), self);
  return false;
}

void Subscriptions::Watch::Send(Batch batch, const std::shared_ptr<Watch>& self) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    busy_ = true;
  }
  const auto events = static_cast<size_t>(batch.response->events_size());
  if (events == 0) return Write(std::move(batch.response), 0);
  auto response =
      std::make_shared<std::unique_ptr<v1::WatchRecordsResponse>>(std::move(batch.response));
  deps_->record_access(call_, batch.disclosure,
                       [self, response, events](const absl::Status& durable) {
                         if (!durable.ok()) return self->End(durable);
                         self->Write(std::move(*response), events);
                       });
}

void Subscriptions::Watch::Write(std::unique_ptr<Message> response, size_t events) {
  StreamWriter write;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (ended_ || !write_) return;
    sent_ += events;
    write = write_;
  }
  write(std::move(response));
}

class Subscriptions::Handler final : public StreamHandler {
 public:
  Handler(Subscriptions* owner, std::shared_ptr<Watch> watch)
      : owner_(owner), watch_(std::move(watch)) {}
  ~Handler() override {
    watch_->Abandon();
    std::lock_guard<std::mutex> lock(owner_->mutex_);
    auto& all = owner_->watches_;
    all.erase(std::remove(all.begin(), all.end(), watch_), all.end());
  }

  void OnMessage(std::unique_ptr<Message> message,
                 std::function<void(absl::Status)> ready) override {
    const absl::Status started =
        watch_->Start(static_cast<const v1::WatchRecordsRequest&>(*message));
    ready(started);
    if (started.ok()) owner_->Wake();
  }
  void OnEnd(std::function<void(absl::Status)> finish) override {
    watch_->OnEnd(std::move(finish));
  }
  void OnWritten() override {
    watch_->Release();
    owner_->Wake();
  }
  Disclosure disclosure() const override { return watch_->disclosure(); }

 private:
  Subscriptions* const owner_;
  const std::shared_ptr<Watch> watch_;
};

std::unique_ptr<StreamHandler> Subscriptions::Open(const Call& call, StreamWriter write) {
  auto watch = std::make_shared<Watch>(&deps_, call, std::move(write));
  std::lock_guard<std::mutex> lock(mutex_);
  watches_.push_back(watch);
  return std::make_unique<Handler>(this, std::move(watch));
}

void Subscriptions::NotifyCommit() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (watches_.empty()) return;
    for (const auto& watch : watches_) watch->NotifyCommit();
  }
  Wake();
}

bool Subscriptions::Step(absl::Time now) {
  std::vector<std::shared_ptr<Watch>> watches;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    watches = watches_;
  }
  bool more = false;
  for (const auto& watch : watches) more |= watch->Step(now, watch);
  return more;
}

void Subscriptions::SetWake(std::function<void()> wake) {
  std::lock_guard<std::mutex> lock(mutex_);
  wake_ = std::move(wake);
}

void Subscriptions::Wake() {
  std::function<void()> wake;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    wake = wake_;
  }
  if (wake) wake();
}

}  // namespace lintas::migration_information
