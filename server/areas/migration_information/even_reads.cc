#include "server/areas/migration_information/even_reads.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "server/base/status.h"
#include "server/records/fold.h"
#include "server/records/terms.h"

namespace lintas::migration_information {
namespace {

// The reads of one candidate of a search: the entry, the record's chain, its content.
absl::Status ReadOne(const Reader& reader, const DerivedKey& key) {
  const RecordsDeps& deps = reader.deps();
  ASSIGN_OR_RETURN(const EntryRow row, deps.store->GetEntry(key.position()));
  ASSIGN_OR_RETURN(const ledger::v1::EntryHeader header, ParseHeader(row.header));
  const absl::Status chain = reader.ReadChain(header.record_id()).status();
  if (!chain.ok() && !absl::IsNotFound(chain)) return chain;
  const absl::StatusOr<ledger::v1::Payload> payload = deps.sealer->Open(row);
  const RecordType* type = deps.types->ByCode(header.type());
  if (!payload.ok() || type == nullptr) return absl::OkStatus();
  FoundRecord found;
  found.type = type;
  found.payload = *payload;
  (void)type->Nationalities(*reader.Whole(found));
  return absl::OkStatus();
}

}  // namespace

size_t LookupSize(size_t looked_at) {
  const auto* size = std::lower_bound(std::begin(kLookupSizes), std::end(kLookupSizes), looked_at);
  return size == std::end(kLookupSizes) ? kLookupSizes[std::size(kLookupSizes) - 1] : *size;
}

absl::Status ReadOn(const Reader& reader, const FindQuery& query) {
  const RecordsDeps& deps = reader.deps();
  ASSIGN_OR_RETURN(
      const std::vector<DerivedKey> met,
      deps.store->TryFind(reader.FirstPrefix(query), absl::nullopt, kKeysPerSearchMax));
  const size_t size = LookupSize(met.size());
  const size_t missing = size - std::min(size, met.size());
  // Some records from a random place on: their words stand in order of the alphabet.
  const std::string words(1, static_cast<char>(kTermNameWord));
  const std::string from = FindPrefix(
      kTermNameWord, std::string(1, static_cast<char>('A' + deps.random->Uint64() % 26)));
  DerivedKey after;
  std::copy(from.begin(), from.end(), after.bytes.begin());
  ASSIGN_OR_RETURN(std::vector<DerivedKey> others,
                   deps.store->TryFind(words, after, kLookupSizes[0]));
  ASSIGN_OR_RETURN(const std::vector<DerivedKey> first,
                   deps.store->TryFind(words, absl::nullopt, kLookupSizes[0]));
  if (others.empty()) others = first;
  for (size_t i = 0; i < missing && !others.empty(); ++i) {
    RETURN_IF_ERROR(ReadOne(reader, others[i % others.size()]));
  }
  return absl::OkStatus();
}

}  // namespace lintas::migration_information
