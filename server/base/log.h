// Log: one JSON object a line on standard error, for the operator and their collector.
//
//   {"time":"2026-03-01T05:00:00.123Z","level":"info","event":"refused","trace":"…"}
//
// No personal data: no name, number, date or text of a person or a record, and no principal's id,
// goes into a line. Codes, sizes, durations, methods, roles and trace ids do; under the trace id
// the supervisor finds the rest in the access entries. Safe from any thread; a line is written at
// once.
#ifndef LINTAS_SERVER_BASE_LOG_H_
#define LINTAS_SERVER_BASE_LOG_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace lintas {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// A key, lower_snake with its unit, and a value; numbers stay numbers.
struct LogField {
  LogField(absl::string_view the_key, absl::string_view text)
      : key(the_key), value(text), quoted(true) {}
  LogField(absl::string_view the_key, const char* text)
      : LogField(the_key, absl::string_view(text)) {}
  LogField(absl::string_view the_key, const std::string& text)
      : LogField(the_key, absl::string_view(text)) {}
  LogField(absl::string_view the_key, bool truth)
      : key(the_key), value(truth ? "true" : "false"), quoted(false) {}
  template <typename Number, typename = std::enable_if_t<std::is_arithmetic<Number>::value>>
  LogField(absl::string_view the_key, Number number)
      : key(the_key), value(absl::StrCat(number)), quoted(false) {}

  absl::string_view key;
  std::string value;
  bool quoted;
};

// `trace_id` may be empty.
void Log(LogLevel level, absl::string_view event, absl::string_view trace_id,
         std::initializer_list<LogField> fields);

// Lines below `level` are dropped; kInfo at the start.
void SetLogLevel(LogLevel level);
// So that fields of a line that would be dropped need not be made.
bool IsLogged(LogLevel level);

// All that follows `{"time":…,` of a line.
std::string LogLine(LogLevel level, absl::string_view event, absl::string_view trace_id,
                    std::initializer_list<LogField> fields);

// Lines go there, too; null ends it.
void SetLogSinkForTest(std::function<void(const std::string&)> sink);

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_LOG_H_
