// The paper trail of a person: what the two countries' systems export about them. Rows go to a sink
// in the order traveller, documents, movements, permits; nothing is held.
#ifndef LINTAS_CLIENT_SAMPLE_PAPER_TRAIL_H_
#define LINTAS_CLIENT_SAMPLE_PAPER_TRAIL_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "client/sample/csv_writer.h"
#include "client/sample/draw.h"
#include "client/sample/options.h"
#include "client/sample/population.h"
#include "client/sample/record_file.h"

namespace lintas::sample {

// Takes rows. The first field (source_key) is empty and the sink's to fill.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void Accept(Country side, RecordFile file, const Person& person, Row* row) = 0;
};

// One thread.
class PaperTrail {
 public:
  // `sink` outlives the trail.
  PaperTrail(const SampleOptions& options, RowSink* sink);

  // Gives all rows about `person`.
  void Write(const Person& person);

 private:
  // A local time at a port.
  struct Moment {
    absl::CivilMinute local;
    int utc_offset_hours = 7;
  };
  struct Journey {
    Country from;
    Country to;
    absl::CivilDay day;
    absl::string_view purpose;
    // On arrival; empty class where nationals come home.
    absl::string_view visa_class;
    // Last permitted day, 0 if not limited.
    int permitted_days = 0;
    // False if the side of departure has no record.
    bool departure_recorded = true;
  };
  struct Permit {
    absl::CivilDay from;
    absl::CivilDay to;
    absl::string_view permit_class;
  };

  void WriteTraveller(Country side, const Person& person);
  void WritePassports(const Person& person);
  void WriteVisits(const Person& person, Draw* draw);
  void WriteResident(const Person& person, Draw* draw);
  void WriteForeigner(const Person& person, Draw* draw);
  // Returns the day of arrival.
  absl::CivilDay WriteJourney(const Journey& journey, const Person& person, Draw* draw);
  void WriteStayPermit(const Permit& permit, const Person& person, Draw* draw);
  void WriteWorkPermits(const Permit& permit, const Person& person, Draw* draw);
  void WriteVisa(absl::CivilDay arrival, const Person& person);
  void WritePresence(absl::CivilDay arrival, const Person& person);
  // `departure` before `permitted_until`: it goes on.
  void WriteOverstay(absl::CivilDay permitted_until, absl::CivilDay departure,
                     const Person& person);
  void WriteDocument(Country side, const Passport& passport, absl::string_view issuer,
                     const Person& person);

  struct Crossing {
    Country side;
    absl::string_view direction;
    const Port* port;
    Moment moment;
    absl::string_view outcome;
    const Journey* journey;
    // Empty on land.
    absl::string_view carrier;
    std::string flight;
  };
  void WriteCrossing(const Crossing& crossing, const Person& person);
  void Begin();
  void AddIdentity(Country side, const Person& person);
  void AddDay(absl::CivilDay day);
  const Port& PickPort(Country country, Draw* draw) const;

  uint64_t seed_;
  Shares shares_;
  RowSink* sink_;
  Row row_;
};

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_PAPER_TRAIL_H_
