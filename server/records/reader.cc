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

constexpr size_t kKeysPerRead = 1024;

bool Covers(const Sizes& sizes, Position position) {
  return sizes.of(position.ledger).covers(position.index);
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
                    : found.state == RecordState::kErased    ? 3
                                                             : 4;
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

// Of each text; the longest that a record may hold (options.proto, length_max).
constexpr size_t kQueryTextMax = 200;

std::vector<FieldViolation> TooLong(const FindQuery& query) {
  std::vector<FieldViolation> violations;
  const auto check = [&](const char* field, const std::string& text) {
    if (text.size() > kQueryTextMax) violations.push_back({field, "TOO_LONG", "at most 200 bytes"});
  };
  check("document_number", query.document_number);
  check("document_issuer", query.document_issuer);
  check("national_number", query.national_number);
  check("permit_number", query.permit_number);
  check("person_name", query.person_name);
  check("name_prefix", query.name_prefix);
  check("birth_date", query.birth_date);
  if (query.types.size() > kQueryTextMax) {
    violations.push_back({"types", "TOO_MANY", "at most 200 types"});
  }
  return violations;
}

}  // namespace

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

absl::Status NothingToShare() {
  return MakeError(absl::StatusCode::kNotFound, "NOTHING_TO_SHARE",
                   "nothing to share; this does not mean that no record exists");
}

absl::StatusOr<RecordChain> Reader::ReadChain(absl::string_view record_id) const {
  const std::string prefix = FindPrefix(kRecordRevision, record_id);
  RecordChain chain;
  std::vector<RecordChain::Link> partners;
  absl::optional<DerivedKey> after;
  size_t count = kKeysPerRead;
  while (count == kKeysPerRead) {
    ASSIGN_OR_RETURN(const std::vector<DerivedKey> keys,
                     deps_.store->TryFind(prefix, after, kKeysPerRead));
    count = keys.size();
    for (const DerivedKey& key : keys) {
      const absl::string_view body = key.body();
      uint32_t revision = 0;
      for (int i = 16; i < 20; ++i) revision = revision << 8 | static_cast<uint8_t>(body[i]);
      const RecordChain::Link link{
          revision, static_cast<EntryHeader::Kind>(static_cast<uint8_t>(body[20])), key.position()};
      if (link.position.ledger == LedgerId::kReplica) {
        partners.push_back(link);
      } else if (link.position.ledger == LedgerId::kExchange) {
        chain.exchange.push_back(link);
      } else {
        (link.kind == EntryHeader::FULL_VERSION ? chain.full : chain.home).push_back(link);
      }
    }
    if (!keys.empty()) after = keys.back();
  }
  // The partner learns our record ids; what it enters under one of them is not about our record.
  if (chain.exchange.empty() && chain.home.empty() && chain.full.empty()) {
    chain.exchange = std::move(partners);
  }
  if (chain.exchange.empty() && chain.home.empty() && chain.full.empty()) return NothingToShare();
  const auto by_index = [](const RecordChain::Link& a, const RecordChain::Link& b) {
    return a.position < b.position;
  };
  for (auto* links : {&chain.exchange, &chain.home, &chain.full}) {
    std::sort(links->begin(), links->end(), by_index);
  }
  return chain;
}

absl::StatusOr<Reader::ReadEntry> Reader::ReadAt(Position position) const {
  ReadEntry read;
  read.position = position;
  ASSIGN_OR_RETURN(read.row, deps_.store->GetEntry(position));
  ASSIGN_OR_RETURN(read.header, ParseHeader(read.row.header));
  return read;
}

absl::StatusOr<FoundRecord> Reader::Load(const RecordChain& chain, Position position,
                                         ReadEntry* read) const {
  ReadEntry own;
  if (read == nullptr || !(read->position == position)) {
    ASSIGN_OR_RETURN(own, ReadAt(position));
    read = &own;
  }
  FoundRecord found;
  found.type = deps_.types->ByCode(read->header.type());
  if (found.type == nullptr) return NothingToShare();
  found.record_id = read->header.record_id();
  found.country = position.ledger == LedgerId::kReplica ? deps_.partner_country : deps_.country;
  found.position = found.newest = position;
  found.revision = read->header.revision();
  found.released = position.ledger != LedgerId::kHome;
  found.etag = absl::BytesToHexString(merkle::LeafHash(read->row.header).view().substr(0, 16));
  found.header = std::move(read->header);
  if (position.ledger == LedgerId::kExchange) {
    // The whole of it stands at home beside the released sections (P2).
    for (auto link = chain.full.rbegin(); link != chain.full.rend(); ++link) {
      ASSIGN_OR_RETURN(ReadEntry full, ReadAt(link->position));
      if (full.header.target_first() != position.index.value()) continue;
      ASSIGN_OR_RETURN(found.payload, deps_.sealer->Open(full.row));
      found.content_header = std::move(full.header);
      return found;
    }
  }
  ASSIGN_OR_RETURN(found.payload, deps_.sealer->Open(read->row));
  found.content_header = found.header;
  return found;
}

namespace {

bool HasContent(const RecordChain::Link& link) {
  return link.kind == EntryHeader::REVISION || link.kind == EntryHeader::CORRECTION;
}

}  // namespace

absl::StatusOr<FoundRecord> Reader::LoadNewest(const RecordChain& chain, ReadEntry* read) const {
  const std::vector<RecordChain::Link>& links = chain.current();
  if (links.empty() || links.back().kind == EntryHeader::RECALL ||
      links.back().kind == EntryHeader::ERASE) {
    return NothingToShare();
  }
  const RecordChain::Link& newest = links.back();
  const auto content = std::find_if(links.rbegin(), links.rend(), HasContent);
  if (content == links.rend()) return NothingToShare();
  ASSIGN_OR_RETURN(FoundRecord found, Load(chain, content->position, read));
  found.opening = std::find_if(links.begin(), links.end(), HasContent)->position;
  if (newest.kind == EntryHeader::WITHDRAWAL) {
    found.state = RecordState::kWithdrawn;
    found.revision = newest.revision;
    found.newest = newest.position;
    ASSIGN_OR_RETURN(const EntryRow row, deps_.store->GetEntry(newest.position));
    found.etag = absl::BytesToHexString(merkle::LeafHash(row.header).view().substr(0, 16));
  }
  return found;
}

absl::StatusOr<FoundRecord> Reader::Newest(absl::string_view record_id, ReadEntry* read) const {
  ASSIGN_OR_RETURN(const RecordChain chain, ReadChain(record_id));
  absl::StatusOr<FoundRecord> found = LoadNewest(chain, read);
  if (!absl::IsNotFound(found.status())) return found;
  // It was erased since its keys were read, perhaps because the record changed sides: the keys
  // tell, where they are the same there is nothing.
  ASSIGN_OR_RETURN(const RecordChain again, ReadChain(record_id));
  if (again.exchange.size() == chain.exchange.size() && again.home.size() == chain.home.size()) {
    return NothingToShare();
  }
  found = LoadNewest(again, nullptr);
  if (absl::IsNotFound(found.status())) return NothingToShare();
  return found;
}

absl::StatusOr<FoundRecord> Reader::GetById(absl::string_view record_id) const {
  return Newest(record_id, nullptr);
}

absl::StatusOr<FoundRecord> Reader::Get(const ParsedName& name) const {
  ASSIGN_OR_RETURN(FoundRecord found, GetById(name.record_id));
  // A name with another country or type names nothing.
  if (found.type != name.type || found.country != name.country) return NothingToShare();
  return found;
}

absl::StatusOr<std::vector<FoundRecord>> Reader::Revisions(const ParsedName& name) const {
  ASSIGN_OR_RETURN(FoundRecord newest, Get(name));
  ASSIGN_OR_RETURN(const RecordChain chain, ReadChain(name.record_id));
  std::vector<FoundRecord> revisions;
  for (const RecordChain::Link& link : chain.current()) {
    if (!HasContent(link)) continue;
    absl::StatusOr<FoundRecord> found = Load(chain, link.position, nullptr);
    if (absl::IsNotFound(found.status())) continue;  // Erased meanwhile.
    RETURN_IF_ERROR(found.status());
    found->state = RecordState::kSuperseded;
    revisions.push_back(*std::move(found));
  }
  if (newest.state == RecordState::kCurrent && !revisions.empty()) revisions.pop_back();
  revisions.push_back(std::move(newest));
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

// A query as terms, made once for all candidates.
struct Reader::Search {
  std::vector<DerivedTerm> terms;  // All must be there. The first is the one that is searched by.
  std::string name_prefix;         // Normalised; empty if not asked for.
  std::string prefix;              // Of the derived keys; empty: nothing can be searched by.
  bool by_name_prefix = false;     // Searched by `name_prefix` and not by a term.
  bool complete = true;            // False: a condition of which nothing is left matches nothing.
};

absl::Status Reader::CheckQuery(const FindQuery& query) const {
  std::vector<FieldViolation> violations = TooLong(query);
  RETURN_IF_ERROR(FieldsError(violations));
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
  if (MakeSearch(query).prefix.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS",
                     "a document, national or permit number, or a name, is needed");
  }
  return absl::OkStatus();
}

std::string Reader::FirstPrefix(const FindQuery& query) const { return MakeSearch(query).prefix; }

// Searched by the most selective condition: a number, else the whole birth date, else the longest
// word of the name, which is the rarest guess that needs no statistics. A birth date alone is none.
Reader::Search Reader::MakeSearch(const FindQuery& query) const {
  Search search;
  search.terms = QueryTerms(query, *deps_.tokens, &search.complete);
  if (!query.name_prefix.empty()) {
    const std::vector<DerivedTerm> words = NameTerms(query.name_prefix);
    if (words.empty()) {
      search.complete = false;
    } else {
      search.name_prefix = words[0].body;
    }
  }
  matching::CivilDate born;
  const bool by_birth =
      matching::ParseDate(query.birth_date, &born) &&
      std::any_of(search.terms.begin(), search.terms.end(),
                  [](const DerivedTerm& term) { return term.kind == kTermNameWord; });
  const auto rank = [](const DerivedTerm& term) {
    return term.kind == kTermBirth ? 2 * kTermNameWord - 1 : 2 * term.kind;
  };
  auto best = search.terms.end();
  for (auto term = search.terms.begin(); term != search.terms.end(); ++term) {
    if (term->kind == kTermBirth && !by_birth) continue;
    if (best == search.terms.end() || rank(*term) < rank(*best) ||
        (term->kind == kTermNameWord && best->kind == kTermNameWord &&
         term->body.size() > best->body.size())) {
      best = term;
    }
  }
  if (best == search.terms.end()) {
    search.by_name_prefix = true;
    if (!search.name_prefix.empty()) {
      search.prefix = FindPrefix(kTermNameWord, search.name_prefix);
    }
    return search;
  }
  std::iter_swap(search.terms.begin(), best);
  const DerivedTerm& first = search.terms.front();
  std::string body = first.body;
  // A whole word, not its beginning; padded so that the files' filters are asked.
  if (first.kind == kTermNameWord && body.size() < DerivedKey::kBodyMax) {
    body.resize(std::max(body.size() + 1, size_t{16}), '\0');
  }
  search.prefix = FindPrefix(first.kind, body);
  return search;
}

std::vector<Token> Reader::SubjectTokens(const FindQuery& query) const {
  // An access entry holds the tokens: what is refused for its length may not fill it.
  if (!TooLong(query).empty()) return {};
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

std::vector<Token> Reader::SubjectTokensOf(const FoundRecord& found) const {
  std::vector<DerivedTerm> terms;
  found.type->ExtractTerms(*Whole(found), *deps_.tokens, &terms);
  std::vector<Token> tokens;
  for (const DerivedTerm& term : terms) {
    if (term.kind == kTermBirth || term.kind == kTermNameWord) continue;
    tokens.push_back(deps_.tokens->Make("subject", FindPrefix(term.kind, term.body)));
  }
  return tokens;
}

// `has_first`: the key that led here is one of this very revision, so that it need not be asked for
// again what was searched by.
bool Reader::Matches(const FoundRecord& found, const FindQuery& query, const Search& search,
                     bool has_first) const {
  if (!search.complete) return false;
  const size_t known = has_first && !search.by_name_prefix ? 1 : 0;
  const bool ask_prefix = !search.name_prefix.empty() && !(has_first && search.by_name_prefix);
  const bool ask_terms = search.terms.size() > known || ask_prefix;
  if (!ask_terms && query.only_nationality.empty() && query.document_issuer.empty()) return true;
  const std::unique_ptr<Message> record = Whole(found);
  if (!query.only_nationality.empty()) {
    const std::vector<std::string> shown = found.type->Nationalities(*record);
    if (std::find(shown.begin(), shown.end(), query.only_nationality) == shown.end()) return false;
  }
  if (!query.document_issuer.empty()) {
    std::set<std::string> issuers;
    CollectIssuers(*record, &issuers);
    if (issuers.count(absl::AsciiStrToUpper(query.document_issuer)) == 0) return false;
  }
  if (!ask_terms) return true;
  std::vector<DerivedTerm> own;
  found.type->ExtractTerms(*record, *deps_.tokens, &own);
  for (size_t i = known; i < search.terms.size(); ++i) {
    const DerivedTerm& term = search.terms[i];
    const bool has = std::any_of(own.begin(), own.end(), [&](const DerivedTerm& each) {
      return each.kind == term.kind && each.body == term.body;
    });
    if (!has) return false;
  }
  return !ask_prefix || std::any_of(own.begin(), own.end(), [&](const DerivedTerm& each) {
    return each.kind == kTermNameWord && each.body.rfind(search.name_prefix, 0) == 0;
  });
}

absl::StatusOr<Reader::Page> Reader::Find(const FindQuery& query,
                                          const absl::optional<DerivedKey>& after, size_t limit,
                                          const Sizes& sizes) const {
  const Search search = MakeSearch(query);
  Page page;
  absl::optional<DerivedKey> cursor = after;
  size_t seen = 0;
  std::set<std::string> given;
  while (page.records.size() < limit && seen < kKeysPerSearchMax) {
    ASSIGN_OR_RETURN(const std::vector<DerivedKey> keys,
                     deps_.store->TryFind(search.prefix, cursor, limit + 1));
    if (keys.empty()) return page;
    for (const DerivedKey& key : keys) {
      cursor = key;
      ++seen;
      if (!Covers(sizes, key.position())) continue;
      ASSIGN_OR_RETURN(ReadEntry read, ReadAt(key.position()));
      if (!query.types.empty() && std::find(query.types.begin(), query.types.end(),
                                            read.header.type()) == query.types.end()) {
        continue;
      }
      const std::string record_id = read.header.record_id();
      if (given.count(record_id) != 0) continue;
      absl::StatusOr<FoundRecord> found = Newest(record_id, &read);
      if (absl::IsNotFound(found.status())) continue;
      RETURN_IF_ERROR(found.status());
      // The newest revision matches, so it has a key of its own; older ones' keys would give it
      // again. Unless it came after the first page: then the older key stands for it (P32).
      const bool newest = found->position == key.position();
      if (!newest && Covers(sizes, found->position)) continue;
      if (found->state != RecordState::kCurrent || !Matches(*found, query, search, newest)) {
        continue;
      }
      given.insert(record_id);
      page.records.push_back(*std::move(found));
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
  while (page.records.size() < limit && seen < kKeysPerSearchMax) {
    ASSIGN_OR_RETURN(const std::vector<DerivedKey> keys,
                     deps_.store->TryFind(prefix, cursor, limit));
    if (keys.empty()) return page;
    for (const DerivedKey& key : keys) {
      cursor = key;
      ++seen;
      if (!Covers(sizes, key.position())) continue;
      ASSIGN_OR_RETURN(ReadEntry read, ReadAt(key.position()));
      const std::string record_id = read.header.record_id();
      absl::StatusOr<FoundRecord> found = Newest(record_id, &read);
      if (absl::IsNotFound(found.status())) continue;
      RETURN_IF_ERROR(found.status());
      // A record that changed sides has a key in each ledger; that of the current chain gives it,
      // unless it came after the first page (P32).
      const bool opening = found->opening == key.position();
      if (!opening && Covers(sizes, found->opening)) continue;
      if (found->country == country) page.records.push_back(*std::move(found));
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
