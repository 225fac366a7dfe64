// What the records of one country say of one person, as plain values: the only input of the rules.
// Addresses, hosts' names, fines, waivers, bans and registered presences are not among them: the
// status rests on none of them (R2, R5). Pure; any thread.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_FACTS_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_FACTS_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "google/protobuf/message.h"

namespace lintas::migrant_status {

using Day = absl::CivilDay;
using MaybeDay = absl::optional<Day>;

// `name` is the record's in each.
struct CrossingFact {
  std::string name;
  bool entry = false;  // Into the owner's country; else out of it.
  bool admitted = false;
  bool refused = false;
  absl::Time time;
  Day day;  // At the port.
  std::string visa_class;
  MaybeDay permitted_until;
  std::string purpose;
};
struct StayPermitFact {
  std::string name, permit_class;
  MaybeDay start, end;
  bool cancelled = false;
};
struct VisaFact {
  std::string name, visa_class;
  MaybeDay start, end;
  int stay_days = 0;  // 0: not stated.
  bool usable = false;
};
struct WorkPermitFact {
  std::string name;
  MaybeDay start, end;  // From the year if no days are stated.
  bool cancelled = false;
  std::string employer;  // Empty if not stated or not for this role or node.
};
struct OverstayFact {
  std::string name;
  Day permitted_until;
  MaybeDay departure;
};

struct Facts {
  std::string owner;  // Lower-case alpha-3.
  // True at the owner's own node: what is not here is not on record in that country.
  bool complete = false;
  std::vector<CrossingFact> crossings;  // By time.
  std::vector<StayPermitFact> stay_permits;
  std::vector<VisaFact> visas;
  std::vector<WorkPermitFact> work_permits;
  std::vector<OverstayFact> overstays;
  std::vector<std::string> others;  // Names of the records that say only that the person is known.
};

// Adds what `record` says: a record type of area 1, rendered for the caller, `name` filled. A type
// that the status does not rest on adds nothing.
void AddFacts(const google::protobuf::Message& record, Facts* facts);
// After the last AddFacts().
void Sort(Facts* facts);

// The stay that lasts on a day, by the owner's records of its own country.
struct CurrentStay {
  enum class State {
    kUnknown,  // No crossing tells.
    kThere,
    kLeft,
  };
  State state = State::kUnknown;
  const CrossingFact* entry = nullptr;  // The last admitted one; null if none is on record.
  MaybeDay left;
  std::vector<std::string> evidence;
};
CurrentStay StayOn(const Facts& facts, Day at);

// True if a permit runs on `at`, and was not taken back.
bool Runs(const StayPermitFact& permit, Day at);
bool Runs(const WorkPermitFact& permit, Day at);

// `2026-03-01`.
std::string Text(Day day);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_FACTS_H_
