// A data message: rows of values under components, grouped by the structure that they obey; and
// what a reader refuses of a file. Plain values; safe from any thread.
#ifndef LINTAS_CLIENT_SDMX_MESSAGE_H_
#define LINTAS_CLIENT_SDMX_MESSAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

// What is to be done with a row. SDMX-CSV 2.0 knows I A R D; 2.1 M R D and reads I and A as M.
enum class Action { kInformation, kAppend, kMerge, kReplace, kDelete };
absl::string_view ActionName(Action action);

struct Row {
  Action action = Action::kInformation;
  // One for each component of the data set. Empty: not given. A component of several values has
  // them joined by kValueSeparator.
  std::vector<std::string> values;
  // Where it stood; 0 if it was made.
  uint64_t line = 0;

  bool operator==(const Row& other) const {
    return action == other.action && values == other.values;
  }
};

constexpr char kValueSeparator = '\x1f';

// SDMX-CSV 2.1: the value is missing on purpose. The dimension is switched off.
bool IsIntentionallyMissing(absl::string_view value);
constexpr absl::string_view kSwitchedOff = "~";

struct DataSet {
  StructureRef structure;
  // Ids; `OBS_VALUE` is one of them. As long as each row's values.
  std::vector<std::string> components;
  // For each component: may have several values.
  std::vector<bool> multiple;
  std::vector<Row> rows;

  // Index of the component, components.size() if there is none.
  size_t IndexOf(absl::string_view component) const;
};

struct Message {
  std::vector<DataSet> data_sets;
};

// One thing that is wrong with a file. Lines and columns count from 1, 0 is the file as a whole.
struct Refusal {
  uint64_t line = 0;
  uint64_t column = 0;
  // The component or, in JSON, the path.
  std::string field;
  // UPPER_SNAKE, never renamed: see the readers.
  std::string rule;
  // One sentence. It may name a code or an id of the file, never a free text.
  std::string description;
};

// `line 3, column 5 (SEX): UNKNOWN_CODE: …`
std::string DescribeRefusal(const Refusal& refusal);

// Readers stop after so many.
constexpr size_t kRefusalsMax = 100;

struct ReadResult {
  Message message;
  // Empty: the message is good and may be used.
  std::vector<Refusal> refusals;
};

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_MESSAGE_H_
