// SYNTHETIC crossings of Indonesian nationals, one person and one document a row, about 490 bytes
// each: six search terms (document, national number, birth date, three words of names).
#ifndef LINTAS_TESTS_BENCH_CROSSINGS_H_
#define LINTAS_TESTS_BENCH_CROSSINGS_H_

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lintas/migration_information/v1/migration_information.pb.h"

namespace lintas::bench {

using Batches = std::vector<migration_information::v1::SubmitRecordsRequest>;

std::string DocumentNumberOf(uint64_t row);
migration_information::v1::Crossing CrossingOf(uint64_t row);
// `rows` rows, the first of which is row `first`, 1,000 a message. One import of its own.
Batches MakeCrossings(uint64_t rows, uint64_t first = 1);

struct Sent {
  // From the first write until the last row was confirmed.
  double seconds = 0;
  uint64_t created = 0;
  uint64_t rejected = 0;
  // The first row that the node refused, and why.
  std::string first_rejection;
};

// Over one SubmitRecords stream with 8 messages unconfirmed at most. `counts_messages`: an answer
// confirms one message (the echo) instead of the rows that it names (a node).
absl::StatusOr<Sent> SendCrossings(const std::shared_ptr<grpc::Channel>& channel,
                                   const Batches& batches, bool counts_messages);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_CROSSINGS_H_
