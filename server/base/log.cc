#include "server/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

namespace lintas {
namespace {

std::atomic<LogLevel> least{LogLevel::kInfo};
std::mutex sink_mutex;

std::function<void(const std::string&)>& TestSink() {
  static auto& sink = *new std::function<void(const std::string&)>;
  return sink;
}

spdlog::logger& StandardError() {
  static spdlog::logger& logger = *[] {
    auto* made = new spdlog::logger("lintas", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    // The level is part of the line that we write; spdlog gives the time.
    made->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v", spdlog::pattern_time_type::utc);
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return logger;
}

const char* LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// Every line is ASCII, whatever bytes a text from outside holds.
void AppendQuoted(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte < 0x20 || byte >= 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      out->append(escape);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

void AppendPair(absl::string_view key, absl::string_view value, bool quoted, std::string* out) {
  if (!out->empty()) out->push_back(',');
  AppendQuoted(key, out);
  out->push_back(':');
  if (quoted) {
    AppendQuoted(value, out);
  } else {
    absl::StrAppend(out, value);
  }
}

}  // namespace

void SetLogLevel(LogLevel level) { least = level; }

bool IsLogged(LogLevel level) { return level >= least.load(std::memory_order_relaxed); }

std::string LogLine(LogLevel level, absl::string_view event, absl::string_view trace_id,
                    std::initializer_list<LogField> fields) {
  std::string line;
  AppendPair("level", LevelName(level), true, &line);
  AppendPair("event", event, true, &line);
  if (!trace_id.empty()) AppendPair("trace", trace_id, true, &line);
  for (const LogField& field : fields) AppendPair(field.key, field.value, field.quoted, &line);
  line.push_back('}');
  return line;
}

void Log(LogLevel level, absl::string_view event, absl::string_view trace_id,
         std::initializer_list<LogField> fields) {
  if (!IsLogged(level)) return;
  const std::string line = LogLine(level, event, trace_id, fields);
  StandardError().log(spdlog::level::info, "{}", line);
  std::lock_guard<std::mutex> lock(sink_mutex);
  if (TestSink()) TestSink()(line);
}

void SetLogSinkForTest(std::function<void(const std::string&)> sink) {
  std::lock_guard<std::mutex> lock(sink_mutex);
  TestSink() = std::move(sink);
}

}  // namespace lintas
