// Reader: records as they are now, found by name or by identifiers, shown as far as a role may see.
// Pure reads of committed state; writes nothing. Thread safe. A file that cannot be read is
// kDataLoss, never an answer from the rest.
//
// Which revision is current. An own record has entries in the exchange ledger while it may be
// released and in the home ledger while it may not; it may change sides any number of times (R8).
// Each ledger counts its own revisions (P1), so that numbers tell nothing across the two. They need
// not: a record goes home only together with the recall of every released revision (Writer, W1).
//   C1  The exchange chain is current unless it is empty or its newest entry is a RECALL. The home
//       entries are then older, or complete a released revision (FULL_VERSION).
//   C2  Otherwise the home chain is, without its FULL_VERSIONs.
//   C3  The newest entry of the current chain decides: a RECALL or ERASE, or no entry at all, is
//       nothing to share; a WITHDRAWAL shows the revision before it as withdrawn.
// The partner holds the exchange chain only: by C1 it shows nothing of a record that went home.
#ifndef LINTAS_SERVER_RECORDS_READER_H_
#define LINTAS_SERVER_RECORDS_READER_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "server/records/deps.h"
#include "server/records/derived.h"

namespace lintas {

enum class RecordState { kCurrent, kWithdrawn, kErased, kSuperseded };

// A record's newest revision with every section that this node holds.
struct FoundRecord {
  const RecordType* type = nullptr;
  std::string country;  // Origin.
  std::string record_id;
  Position position;               // Of the newest revision with content.
  Position newest;                 // Of the newest entry about it.
  ledger::v1::EntryHeader header;  // At `position`.
  ledger::v1::Payload payload;     // All sections, from the home ledger if some are withheld.
  ledger::v1::EntryHeader
      content_header;  // Of the entry that `payload` stands in: its digests fit.
  Position opening;    // Of the oldest revision with content in the chain that is current.
  RecordState state = RecordState::kCurrent;
  uint32_t revision = 0;
  std::string etag;       // 32 hex digits of the newest entry's leaf hash.
  bool released = false;  // Stands in an exchange ledger.

  std::string name() const { return RecordName(country, *type, record_id); }
};

// What the derived keys say of one record: headers that are not erased, by index. Entries that the
// partner made under an own record's id are left out.
struct RecordChain {
  struct Link {
    uint32_t revision = 0;
    ledger::v1::EntryHeader::Kind kind = ledger::v1::EntryHeader::KIND_UNSPECIFIED;
    Position position;
  };
  std::vector<Link> exchange;  // Own exchange ledger or replica.
  std::vector<Link> home;      // Without FULL_VERSION.
  std::vector<Link> full;      // FULL_VERSION.

  bool recalled() const {
    return !exchange.empty() && exchange.back().kind == ledger::v1::EntryHeader::RECALL;
  }
  const std::vector<Link>& current() const {  // C1, C2
    return exchange.empty() || recalled() ? home : exchange;
  }
};

// What is asked for; all conditions given must hold.
struct FindQuery {
  std::string document_number, document_issuer, national_number, person_name, name_prefix,
      birth_date, permit_number;
  std::vector<std::string> types;
  // R7: only records that show or are claimed to be of this nationality (upper-case alpha-3).
  std::string only_nationality;
};

// Keys looked at per page: a common name must not make one call read the whole store.
constexpr size_t kKeysPerSearchMax = 5000;

// `exchange`, `home` or `replica`.
const char* LedgerName(LedgerId ledger);

// The one answer for absent, protected and undisclosable (P26).
absl::Status NothingToShare();

class Reader {
 public:
  explicit Reader(const RecordsDeps& deps) : deps_(deps) {}

  // NothingToShare if there is no such record, or it is erased. Withdrawn records are given.
  absl::StatusOr<FoundRecord> Get(const ParsedName& name) const;
  absl::StatusOr<FoundRecord> GetById(absl::string_view record_id) const;
  // NothingToShare if nothing was ever entered under the id.
  absl::StatusOr<RecordChain> ReadChain(absl::string_view record_id) const;
  // All revisions with content in the chain that is current, oldest first, the last one as it
  // stands; of a withdrawn record the withdrawal itself is the last, with what it withdraws.
  absl::StatusOr<std::vector<FoundRecord>> Revisions(const ParsedName& name) const;

  // Identifiers to search terms: violations of form; INSUFFICIENT_IDENTIFIERS if none can be
  // searched.
  absl::Status CheckQuery(const FindQuery& query) const;
  struct Page {
    std::vector<FoundRecord> records;
    // Where the next page starts; unset on the last one.
    absl::optional<DerivedKey> next;
  };
  // Newest revisions that match, at most `limit`, after `after`. Withdrawn and erased ones are left
  // out, and what was entered after `sizes` (P32).
  absl::StatusOr<Page> Find(const FindQuery& query, const absl::optional<DerivedKey>& after,
                            size_t limit, const Sizes& sizes) const;
  // The prefix of the keys that Find(query) looks at; empty if there is nothing to search by.
  std::string FirstPrefix(const FindQuery& query) const;
  absl::StatusOr<Page> List(const RecordType& type, absl::string_view country,
                            const absl::optional<DerivedKey>& after, size_t limit,
                            const Sizes& sizes) const;
  // Tokens for "who asked about X" (P25).
  std::vector<Token> SubjectTokens(const FindQuery& query) const;
  // The same of a record that is given by its name or reference: by its numbers.
  std::vector<Token> SubjectTokensOf(const FoundRecord& found) const;

  // The record as a message of its type, with `name` and `meta`, of the sections in `sections`.
  // `full` false: without anything of type lintas.types.v1.Person and without SENSITIVE ones.
  std::unique_ptr<google::protobuf::Message> Render(const FoundRecord& found,
                                                    const std::set<int>& sections, bool full) const;
  // The record's message with all sections, for checks inside the node.
  std::unique_ptr<google::protobuf::Message> Whole(const FoundRecord& found) const;

  const RecordsDeps& deps() const { return deps_; }

 private:
  // An entry as it was read, with its header parsed.
  struct ReadEntry {
    Position position;
    EntryRow row;
    ledger::v1::EntryHeader header;
  };
  struct Search;
  absl::StatusOr<ReadEntry> ReadAt(Position position) const;
  // `read`, unless null, is not read again if it is the one to load.
  absl::StatusOr<FoundRecord> Newest(absl::string_view record_id, ReadEntry* read) const;
  absl::StatusOr<FoundRecord> LoadNewest(const RecordChain& chain, ReadEntry* read) const;
  absl::StatusOr<FoundRecord> Load(const RecordChain& chain, Position position,
                                   ReadEntry* read) const;
  Search MakeSearch(const FindQuery& query) const;
  bool Matches(const FoundRecord& found, const FindQuery& query, const Search& search,
               bool has_first) const;

  const RecordsDeps deps_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_READER_H_
