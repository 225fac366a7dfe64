#include "server/records/reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/timestamp.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/matching/normalise.h"
#include "server/records/fold.h"
#include "server/records/terms.h"

namespace lintas {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using ledger::v1::EntryHeader;

constexpr size_t kRevisionsMax = 1000;
// Candidates looked at per page: a common name must not make one call read the whole store.
constexpr size_t kCandidatesMax = 5000;

bool Covers(const Sizes& sizes, Position position) {
  return sizes.of(position.ledger).covers(position.index);
}

const char* LedgerName(LedgerId ledger) {
  switch (ledger) {
    case LedgerId::kExchange:
      return "exchange";
    case LedgerId::kHome:
      return "home";
    case LedgerId::kReplica:
      return "replica";
  }
  return "";
}

// Sets a field of the `meta` message if it has it.
void SetMeta(Message* meta, const FoundRecord& found, const std::set<int>& withheld) {
  const Reflection* reflection = meta->GetReflection();
  const auto* descriptor = meta->GetDescriptor();
  const auto field = [&](const char* name) { return descriptor->FindFieldByName(name); };
  reflection->SetUInt32(meta, field("revision"), found.revision);
  reflection->SetString(meta, field("etag"), found.etag);
  const int state = found.state == RecordState::kCurrent     ? 1
                    : found.state == RecordState::kWithdrawn ? 2
                                                             : 3;
  reflection->SetEnumValue(meta, field("state"), state);
  auto* time = static_cast<google::protobuf::Timestamp*>(
      reflection->MutableMessage(meta, field("enter_time")));
  time->set_seconds(found.header.time_s());
  reflection->SetString(
      meta, field("ledger_position"),
      absl::StrCat(LedgerName(found.position.ledger), "/", found.position.index.value()));
  reflection->SetBool(meta, field("released"), found.released);
  reflection->SetBool(meta, field("synthetic"), found.payload.synthetic());
  for (const int section : withheld) {
    reflection->AddEnumValue(meta, field("withheld_sections"), section);
  }
}

}  // namespace

absl::Status NothingToShare() {
  return MakeError(absl::StatusCode::kNotFound, "NOTHING_TO_SHARE",
                   "nothing to share; this does not mean that no record exists");
}

// All derived revision keys of one record.
struct Reader::Chain {
  struct Link {
    uint32_t revision;
    EntryHeader::Kind kind;
    Position position;
  };
  std::vector<Link> released;  // Exchange or replica ledger, by index.
  std::vector<Link> home;      // Home ledger, by index.
};

absl::StatusOr<Reader::Chain> Reader::ReadChain(absl::string_view record_id) const {
  const std::vector<DerivedKey> keys =
      deps_.store->Find(FindPrefix(kRecordRevision, record_id), absl::nullopt, kRevisionsMax);
  Chain chain;
  for (const DerivedKey& key : keys) {
    const absl::string_view body = key.body();
    uint64_t revision = 0;
    for (int i = 16; i < 20; ++i) revision = revision << 8 | static_cast<uint8_t>(body[i]);
    const Chain::Link link{static_cast<uint32_t>(revision),
                           static_cast<EntryHeader::Kind>(static_cast<uint8_t>(body[20])),
                           key.position()};
    (link.position.ledger == LedgerId::kHome ? chain.home : chain.released).push_back(link);
  }
  // The partner learns our record ids; what it enters under one of them is not about our record.
  const auto is_own = [](const Chain::Link& link) {
    return link.position.ledger != LedgerId::kReplica;
  };
  if (!chain.home.empty() || std::any_of(chain.released.begin(), chain.released.end(), is_own)) {
    chain.released.erase(
        std::stable_partition(chain.released.begin(), chain.released.end(), is_own),
        chain.released.end());
  }
  const auto by_index = [](const Chain::Link& a, const Chain::Link& b) {
    return a.position < b.position;
  };
  std::sort(chain.released.begin(), chain.released.end(), by_index);
  std::sort(chain.home.begin(), chain.home.end(), by_index);
  if (chain.released.empty() && chain.home.empty()) return NothingToShare();
  return chain;
}

absl::StatusOr<FoundRecord> Reader::Load(const Chain& chain, Position position) const {
  ASSIGN_OR_RETURN(const EntryRow row, deps_.store->GetEntry(position));
  FoundRecord found;
  ASSIGN_OR_RETURN(found.header, ParseHeader(row.header));
  found.type = deps_.types->ByCode(found.header.type());
  if (found.type == nullptr) return NothingToShare();
  ASSIGN_OR_RETURN(found.payload, deps_.sealer->Open(row));
  found.record_id = found.header.record_id();
  found.country = position.ledger == LedgerId::kReplica ? deps_.partner_country : deps_.country;
  found.position = found.newest = position;
  found.revision = found.header.revision();
  found.released = position.ledger != LedgerId::kHome;
  found.etag = absl::BytesToHexString(merkle::LeafHash(row.header).view().substr(0, 16));
  found.content_header = found.header;
  if (position.ledger != LedgerId::kExchange) return found;
  // The whole of it stands at home beside the released sections (P2).
  for (auto link = chain.home.rbegin(); link != chain.home.rend(); ++link) {
    if (link->kind != EntryHeader::FULL_VERSION) continue;
    ASSIGN_OR_RETURN(const EntryRow full, deps_.store->GetEntry(link->position));
    ASSIGN_OR_RETURN(const EntryHeader header, ParseHeader(full.header));
    if (header.target_first() != position.index.value()) continue;
    ASSIGN_OR_RETURN(found.payload, deps_.sealer->Open(full));
    found.content_header = header;
    break;
  }
  return found;
}

absl::StatusOr<FoundRecord> Reader::GetById(absl::string_view record_id) const {
  ASSIGN_OR_RETURN(const Chain chain, ReadChain(record_id));
  const std::vector<Chain::Link>& links = chain.released.empty() ? chain.home : chain.released;
  const Chain::Link& newest = links.back();
  if (newest.kind == EntryHeader::RECALL || newest.kind == EntryHeader::ERASE) {
    return NothingToShare();
  }
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    if (link->kind != EntryHeader::REVISION && link->kind != EntryHeader::CORRECTION) continue;
    ASSIGN_OR_RETURN(FoundRecord found, Load(chain, link->position));
    if (newest.kind == EntryHeader::WITHDRAWAL) {
      found.state = RecordState::kWithdrawn;
      found.revision = newest.revision;
      found.newest = newest.position;
      ASSIGN_OR_RETURN(const EntryRow row, deps_.store->GetEntry(newest.position));
      found.etag = absl::BytesToHexString(merkle::LeafHash(row.header).view().substr(0, 16));
    }
    return found;
  }
  return NothingToShare();
}

absl::StatusOr<FoundRecord> Reader::Get(const ParsedName& name) const {
  ASSIGN_OR_RETURN(FoundRecord found, GetById(name.record_id));
  // A name with another country or type names nothing.
  if (found.type != name.type || found.country != name.country) return NothingToShare();
  return found;
}

absl::StatusOr<std::vector<FoundRecord>> Reader::Revisions(const ParsedName& name) const {
  RETURN_IF_ERROR(Get(name).status());
  ASSIGN_OR_RETURN(const Chain chain, ReadChain(name.record_id));
  std::vector<FoundRecord> revisions;
  const std::vector<Chain::Link>& links = chain.released.empty() ? chain.home : chain.released;
  for (const Chain::Link& link : links) {
    if (link.kind != EntryHeader::REVISION && link.kind != EntryHeader::CORRECTION) continue;
    absl::StatusOr<FoundRecord> found = Load(chain, link.position);
    if (found.ok()) revisions.push_back(*std::move(found));
  }
  return revisions;
}

namespace {

std::vector<DerivedTerm> NameTerms(const std::string& name) {
  std::vector<DerivedTerm> terms;
  AppendNameTerms(name, &terms);
  return terms;
}

// What the record must have, as its own terms would be made; `complete` false if a condition was
// given of which nothing is left to search by.
std::vector<DerivedTerm> QueryTerms(const FindQuery& query, const Tokenizer& tokens,
                                    bool* complete) {
  std::vector<DerivedTerm> terms;
  *complete = true;
  const auto add = [&](const std::string& given, DerivedTerm term) {
    if (given.empty()) return;
    if (term.body.empty()) {
      *complete = false;
    } else {
      terms.push_back(std::move(term));
    }
  };
  add(query.document_number, DocumentTerm(tokens, query.document_number));
  add(query.national_number, NationalTerm(tokens, query.national_number));
  add(query.permit_number, PermitTerm(tokens, query.permit_number));
  for (DerivedTerm& term : NameTerms(query.person_name)) terms.push_back(std::move(term));
  if (!query.birth_date.empty()) {
    matching::CivilDate born;
    if (!matching::ParsePartialDate(query.birth_date, &born)) {
      *complete = false;
    } else {
      add(query.birth_date, BirthTerm(tokens, born));
    }
  }
  return terms;
}

// The issuers of the documents that a record names.
void CollectIssuers(const Message& message, std::set<std::string>* issuers) {
  std::vector<const FieldDescriptor*> fields;
  const Reflection* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& inner = field->is_repeated()
                                 ? reflection->GetRepeatedMessage(message, field, i)
                                 : reflection->GetMessage(message, field);
      if (inner.GetDescriptor() == types::v1::DocumentReference::descriptor()) {
        issuers->insert(static_cast<const types::v1::DocumentReference&>(inner).issuer());
      } else {
        CollectIssuers(inner, issuers);
      }
    }
  }
}

}  // namespace

absl::Status Reader::CheckQuery(const FindQuery& query) const {
  std::vector<FieldViolation> violations;
  matching::CivilDate born;
  if (!query.birth_date.empty() && !matching::ParsePartialDate(query.birth_date, &born)) {
    violations.push_back({"birth_date", "BAD_PARTIAL_DATE",
                          "a date as YYYY-MM-DD, unknown parts as 00 (ICAO Doc 9303-3)"});
  }
  if (!query.name_prefix.empty()) {
    const std::vector<DerivedTerm> words = NameTerms(query.name_prefix);
    if (words.size() != 1 || words[0].body.size() < 3) {
      violations.push_back({"name_prefix", "TOO_SHORT", "one word of at least three letters"});
    }
  }
  for (const std::string& code : query.types) {
    if (deps_.types->ByCode(code) == nullptr) {
      violations.push_back({"types", "UNKNOWN_VALUE", "a record type's code"});
    }
  }
  RETURN_IF_ERROR(FieldsError(violations));
  if (SearchPrefix(query).empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS",
                     "a document, national or permit number, or a name, is needed");
  }
  return absl::OkStatus();
}

// The most selective condition, as the prefix of its derived keys: a number, else the longest word
// of the name, which is the rarest guess that needs no statistics. A birth date alone is none.
std::string Reader::SearchPrefix(const FindQuery& query) const {
  bool complete;
  const DerivedTerm* best = nullptr;
  const std::vector<DerivedTerm> terms = QueryTerms(query, *deps_.tokens, &complete);
  for (const DerivedTerm& term : terms) {
    if (term.kind == kTermBirth) continue;
    if (best == nullptr || term.kind < best->kind ||
        (term.kind == kTermNameWord && best->kind == kTermNameWord &&
         term.body.size() > best->body.size())) {
      best = &term;
    }
  }
  if (best == nullptr) {
    const std::vector<DerivedTerm> words = NameTerms(query.name_prefix);
    return words.empty() ? "" : FindPrefix(kTermNameWord, words[0].body);
  }
  std::string body = best->body;
  // A whole word, not its beginning.
  if (best->kind == kTermNameWord && body.size() < DerivedKey::kBodyMax) body.push_back('\0');
  return FindPrefix(best->kind, body);
}

std::vector<Token> Reader::SubjectTokens(const FindQuery& query) const {
  bool complete;
  std::vector<DerivedTerm> terms = QueryTerms(query, *deps_.tokens, &complete);
  for (DerivedTerm& term : NameTerms(query.name_prefix)) terms.push_back(std::move(term));
  std::vector<Token> tokens;
  for (const DerivedTerm& term : terms) {
    if (term.kind == kTermBirth) continue;
    tokens.push_back(deps_.tokens->Make("subject", FindPrefix(term.kind, term.body)));
  }
  return tokens;
}

bool Reader::Matches(const FoundRecord& found, const FindQuery& query) const {
  if (!query.types.empty() &&
      std::find(query.types.begin(), query.types.end(), found.type->code()) == query.types.end()) {
    return false;
  }
  const std::unique_ptr<Message> record = Whole(found);
  if (!query.only_nationality.empty()) {
    const std::vector<std::string> shown = found.type->Nationalities(*record);
    if (std::find(shown.begin(), shown.end(), query.only_nationality) == shown.end()) return false;
  }
  bool complete;
  const std::vector<DerivedTerm> wanted = QueryTerms(query, *deps_.tokens, &complete);
  if (!complete) return false;
  std::vector<DerivedTerm> own;
  found.type->ExtractTerms(*record, *deps_.tokens, &own);
  for (const DerivedTerm& term : wanted) {
    const bool has = std::any_of(own.begin(), own.end(), [&](const DerivedTerm& each) {
      return each.kind == term.kind && each.body == term.body;
    });
    if (!has) return false;
  }
  if (!query.name_prefix.empty()) {
    const std::vector<DerivedTerm> words = NameTerms(query.name_prefix);
    const bool has = std::any_of(own.begin(), own.end(), [&](const DerivedTerm& each) {
      return !words.empty() && each.kind == kTermNameWord && each.body.rfind(words[0].body, 0) == 0;
    });
    if (!has) return false;
  }
  if (!query.document_issuer.empty()) {
    std::set<std::string> issuers;
    CollectIssuers(*record, &issuers);
    if (issuers.count(absl::AsciiStrToUpper(query.document_issuer)) == 0) return false;
  }
  return true;
}

absl::StatusOr<Reader::Page> Reader::Find(const FindQuery& query,
                                          const absl::optional<DerivedKey>& after, size_t limit,
                                          const Sizes& sizes) const {
  const std::string prefix = SearchPrefix(query);
  Page page;
  absl::optional<DerivedKey> cursor = after;
  size_t seen = 0;
  std::set<std::string> given;
  while (page.records.size() < limit && seen < kCandidatesMax) {
    const std::vector<DerivedKey> keys = deps_.store->Find(prefix, cursor, limit + 1);
    if (keys.empty()) return page;
    for (const DerivedKey& key : keys) {
      cursor = key;
      ++seen;
      if (!Covers(sizes, key.position())) continue;
      ASSIGN_OR_RETURN(const EntryRow row, deps_.store->GetEntry(key.position()));
      ASSIGN_OR_RETURN(const EntryHeader header, ParseHeader(row.header));
      absl::StatusOr<FoundRecord> found = GetById(header.record_id());
      if (!found.ok() || found->state != RecordState::kCurrent || !Matches(*found, query)) {
        continue;
      }
      // The newest revision matches, so it has a key of its own; older ones' keys would give it
      // again. Unless it came after the first page: then the older key stands for it (P32).
      const bool newest = found->position == key.position();
      if (!newest && Covers(sizes, found->position)) continue;
      if (given.insert(header.record_id()).second) page.records.push_back(*std::move(found));
      if (page.records.size() == limit) break;
    }
    if (keys.size() <= limit && page.records.size() < limit) return page;
  }
  page.next = cursor;
  return page;
}

absl::StatusOr<Reader::Page> Reader::List(const RecordType& type, absl::string_view country,
                                          const absl::optional<DerivedKey>& after, size_t limit,
                                          const Sizes& sizes) const {
  const std::string prefix = FindPrefix(kTypeList, TypeListBody(type.code(), country));
  Page page;
  absl::optional<DerivedKey> cursor = after;
  size_t seen = 0;
  while (page.records.size() < limit && seen < kCandidatesMax) {
    const std::vector<DerivedKey> keys = deps_.store->Find(prefix, cursor, limit);
    if (keys.empty()) return page;
    for (const DerivedKey& key : keys) {
      cursor = key;
      ++seen;
      if (!Covers(sizes, key.position())) continue;
      ASSIGN_OR_RETURN(const EntryRow row, deps_.store->GetEntry(key.position()));
      ASSIGN_OR_RETURN(const EntryHeader header, ParseHeader(row.header));
      absl::StatusOr<FoundRecord> found = GetById(header.record_id());
      if (found.ok() && found->country == country) page.records.push_back(*std::move(found));
      if (page.records.size() == limit) break;
    }
  }
  page.next = cursor;
  return page;
}

std::unique_ptr<Message> Reader::Whole(const FoundRecord& found) const {
  std::string bytes;
  for (const ledger::v1::Section& section : found.payload.sections()) bytes += section.content();
  std::unique_ptr<Message> message = found.type->NewMessage();
  // What stands in a ledger was parsed before it was appended; a failure shows as missing fields.
  (void)message->ParsePartialFromString(bytes);
  return message;
}

std::unique_ptr<Message> Reader::Render(const FoundRecord& found, const std::set<int>& sections,
                                        bool full) const {
  std::string bytes;
  std::set<int> withheld;
  for (const ledger::v1::Section& section : found.payload.sections()) {
    const int number = static_cast<int>(section.section());
    if (sections.count(number) != 0 && (full || number == 1)) {
      bytes += section.content();
    } else {
      withheld.insert(number);
    }
  }
  std::unique_ptr<Message> message = found.type->NewMessage();
  (void)message->ParsePartialFromString(bytes);
  const Reflection* reflection = message->GetReflection();
  const auto* descriptor = message->GetDescriptor();
  if (!full) {
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      if (field->message_type() == types::v1::Person::descriptor()) {
        reflection->ClearField(message.get(), field);
      }
    }
  }
  reflection->SetString(message.get(), descriptor->FindFieldByName("name"), found.name());
  SetMeta(reflection->MutableMessage(message.get(), descriptor->FindFieldByName("meta")), found,
          withheld);
  return message;
}

}  // namespace lintas
