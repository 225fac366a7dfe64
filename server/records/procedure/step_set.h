// StepSet: the steps of one procedure as both exchange ledgers hold them, without those that their
// receiver rejected or parked: the whole of its shared state (docs/procedures.md). Adding in any
// order gives the same set and the same bytes (P14, P15). A verdict stands behind its step in every
// fold, so a rejected step never comes back. Pure; not thread safe.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_STEP_SET_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_STEP_SET_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "lintas/ledger/v1/ledger.pb.h"

namespace lintas {

// Bounds what one rejected or careless partner can make us keep and walk through.
constexpr size_t kProcedureStepsMax = 1000;

// Where a step stands: a country's exchange ledger and an index there.
struct StepPlace {
  std::string country;
  uint64_t index = 0;
  friend bool operator<(const StepPlace& a, const StepPlace& b) {
    return std::tie(a.country, a.index) < std::tie(b.country, b.index);
  }
  friend bool operator==(const StepPlace& a, const StepPlace& b) {
    return a.country == b.country && a.index == b.index;
  }
  friend bool operator!=(const StepPlace& a, const StepPlace& b) { return !(a == b); }
};

// What a step's header says.
struct StepFact {
  StepPlace place;
  std::string procedure;  // The table that it names.
  std::string code;
  absl::optional<StepPlace> predecessor;  // None: it opens.
  uint64_t seen = 0;                      // Of the other country's exchange ledger.
  int64_t time_s = 0;                     // By its author's clock.
  uint32_t agreement_version = 0;
};

class StepSet {
 public:
  // Under a known place nothing happens.
  void Add(const StepFact& fact);
  // True if the step was here; it goes.
  bool Reject(const StepPlace& place);
  const std::map<StepPlace, StepFact>& steps() const { return steps_; }
  bool empty() const { return steps_.empty(); }
  // The table that the first step names; empty if there is none.
  std::string procedure() const;

  // What `author` knew when it had written `own_size` entries and seen `seen` of the other side's.
  StepSet SeenBy(absl::string_view author, uint64_t own_size, uint64_t seen) const;

  // Canonical bytes: equal sets give equal ones.
  std::string Bytes() const;
  // kDataLoss if they do not parse.
  static absl::StatusOr<StepSet> Parse(absl::string_view bytes);

 private:
  std::map<StepPlace, StepFact> steps_;
};

// The fact of a STEP header in `country`'s exchange ledger; `other` is the other Party.
// kInvalidArgument if it names a step before it in both ledgers, or lacks id, table or code.
absl::StatusOr<StepFact> FactOf(const ledger::v1::EntryHeader& header, absl::string_view country,
                                absl::string_view other);

// State keys.
std::string ProcedureKey(absl::string_view procedure_id);      // x/procedure/<id>
std::string OpenProcedureKey(absl::string_view procedure_id);  // x/open/<id>
std::string HomeProcedureKey(absl::string_view procedure_id);  // h/procedure/<id>
constexpr char kProcedurePrefix[] = "x/procedure/";
constexpr char kOpenPrefix[] = "x/open/";
constexpr char kHomePrefix[] = "h/procedure/";
constexpr char kCasePrefix[] = "h/case/";

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_STEP_SET_H_
