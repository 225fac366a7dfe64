// EvenReads: makes a search that showed nothing cost what others cost (P26). Whoever times a lookup
// must not learn whether it met nothing or something that may not be shown, so every lookup reads
// on, by stand-ins, to the next size of a short list.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_EVEN_READS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_EVEN_READS_H_

#include <string>

#include "absl/status/status.h"
#include "server/records/reader.h"

namespace lintas::migration_information {

// Records looked at, stand-ins included. Which one it is tells how many records have a name or a
// number at all, of whatever country, and no more.
constexpr size_t kLookupSizes[] = {32, 512, 5120};

// The smallest of kLookupSizes that is not below `looked_at`; the last one if all are.
size_t LookupSize(size_t looked_at);

// Reads stand-ins after Reader::Find(query) has looked at what has the query's first term: as many
// as are missing to the size, each with the same reads as a record that has the term. Thread safe.
absl::Status ReadOn(const Reader& reader, const FindQuery& query);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_EVEN_READS_H_
