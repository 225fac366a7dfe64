// The methods of area 3. Each checks the form, finds, lets the rules speak, answers. Thread safe.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_ANSWERS_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_ANSWERS_H_

#include "lintas/migrant_status/v1/migrant_status.pb.h"
#include "server/agreement/quota.h"
#include "server/areas/migrant_status/area.h"
#include "server/areas/migrant_status/axes.h"
#include "server/areas/migrant_status/person_search.h"

namespace lintas::migrant_status {

constexpr int kLinesPerPageMax = 500;

class Answers {
 public:
  explicit Answers(const Deps& deps) : deps_(deps), search_(deps.reader, deps.read_on) {}

  void GetStatus(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void CheckStatus(const Call& call, const google::protobuf::Message& request, Reply reply) const;

 private:
  const RecordsDeps& records() const { return deps_.reader->deps(); }
  // `text`, or today at the seat.
  absl::StatusOr<Day> DayOf(const std::string& text, absl::Time now) const;
  std::vector<v1::AxisStatus> AxesOf(const Call& call, const PersonRecords& person, Day at) const;
  v1::PersonStatus StatusOf(const Call& call, const FoundPerson& found, Day at) const;
  absl::StatusOr<v1::LineResult> CheckLine(const Call& call,
                                           const v1::CheckStatusRequest::Line& line, Day at,
                                           Disclosure* disclosure) const;
  absl::Status ChargeLines(const Call& call, int count) const;

  const Deps deps_;
  const PersonSearch search_;
  mutable Quota lines_{"status_lines_per_day", absl::Hours(24)};
};

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_ANSWERS_H_
