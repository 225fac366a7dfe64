#include "server/records/rules.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/timestamp.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/check.h"
#include "server/matching/normalise.h"
#include "server/matching/text.h"
#include "server/records/codes/ports.h"
#include "server/records/codes/state_codes.h"

namespace lintas {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using options::v1::Field;

constexpr int kLengthMaxDefault = 200;

// What a field holds, as far as its checks differ.
enum class Holds : uint8_t { kText, kEnum, kPlain, kMessage, kName, kPartialDate, kTime };

struct RuleText {
  absl::string_view rule;
  absl::string_view description;
};
constexpr RuleText kRules[] = {
    {"REQUIRED", "The field must be given."},
    {"TOO_LONG", "The text has more bytes than the field may hold."},
    {"NOT_UTF8", "The text must be UTF-8 (RFC 3629)."},
    {"CONTROL_CHARACTER", "The text must hold no control or direction signs."},
    {"NOT_A_STATE_CODE", "Expected a three-letter State code in capitals (ICAO Doc 9303-3, 5)."},
    {"NOT_A_DOCUMENT_CODE",
     "Expected a capital letter and at most another or `<` (ICAO Doc 9303-4, 4.2.2)."},
    {"NOT_A_DOCUMENT_NUMBER",
     "Expected capital letters A to Z and digits only (ICAO Doc 9303-3, 4)."},
    {"UNKNOWN_PORT", "Expected a listed port: UN/LOCODE without a blank, or a border post."},
    {"NOT_A_DATE", "Expected a day of the calendar as YYYY-MM-DD (RFC 3339, 5.6)."},
    {"NOT_A_CODE", "Expected letters, digits, `-`, `/` and `.` only."},
    {"NOT_A_FLIGHT", "Expected letters, digits, blanks and `-` only."},
    {"BAD_PARTIAL_DATE",
     "Expected year 1900 to 2100, month and day of the calendar, each 0 if unknown, no day without "
     "a month (ICAO Doc 9303-3, 4.8)."},
    {"UNKNOWN_VALUE", "The value is not one of the declared ones."},
    {"NOT_A_TIME", "Expected a time in the years 1 to 9999 (RFC 3339)."},
};

bool IsLetterOrDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

template <typename Accept>
bool All(absl::string_view text, Accept accept) {
  for (const char c : text) {
    if (!accept(c)) return false;
  }
  return true;
}

bool IsDocumentCode(absl::string_view text) {
  if (text.empty() || text.size() > 2 || !IsCapital(text[0])) return false;
  return text.size() == 1 || IsCapital(text[1]) || text[1] == '<';
}

const char* BrokenForm(absl::string_view text, Field::Rule rule) {
  matching::CivilDate date;
  switch (rule) {
    case Field::STATE_CODE:
      return IsStateCode(text) ? nullptr : "NOT_A_STATE_CODE";
    case Field::DOCUMENT_CODE:
      return IsDocumentCode(text) ? nullptr : "NOT_A_DOCUMENT_CODE";
    case Field::DOCUMENT_NUMBER_FORM:
      return All(text, [](char c) { return IsCapital(c) || (c >= '0' && c <= '9'); })
                 ? nullptr
                 : "NOT_A_DOCUMENT_NUMBER";
    case Field::PORT:
      return IsPort(text) ? nullptr : "UNKNOWN_PORT";
    case Field::DATE:
      return matching::ParseDate(text, &date) ? nullptr : "NOT_A_DATE";
    case Field::CODE:
      return All(text,
                 [](char c) { return IsLetterOrDigit(c) || c == '-' || c == '/' || c == '.'; })
                 ? nullptr
                 : "NOT_A_CODE";
    case Field::FLIGHT:
      return All(text, [](char c) { return IsLetterOrDigit(c) || c == '-' || c == ' '; })
                 ? nullptr
                 : "NOT_A_FLIGHT";
    default:
      return nullptr;
  }
}

bool IsBlank(absl::string_view text) {
  return text.empty() || text.find_first_not_of(' ') == absl::string_view::npos;
}

bool HasName(const types::v1::PersonName& name) {
  return !IsBlank(name.family_name()) || !IsBlank(name.given_name()) ||
         !IsBlank(name.native_script());
}

bool IsTime(const google::protobuf::Timestamp& time) {
  constexpr int64_t kFirst = -62135596800;  // 0001-01-01T00:00:00Z
  constexpr int64_t kLast = 253402300799;   // 9999-12-31T23:59:59Z
  return time.seconds() >= kFirst && time.seconds() <= kLast && time.nanos() >= 0 &&
         time.nanos() <= 999'999'999;
}

}  // namespace

const char* BrokenTextRule(absl::string_view text, Field::Rule rule, int length_max) {
  if (text.empty()) return nullptr;
  const int length = length_max == 0 ? kLengthMaxDefault : length_max;
  if (text.size() > static_cast<size_t>(length)) return "TOO_LONG";
  switch (matching::CheckText(text)) {
    case matching::TextFault::kNotUtf8:
      return "NOT_UTF8";
    case matching::TextFault::kControlCharacter:
      return "CONTROL_CHARACTER";
    case matching::TextFault::kNone:
      break;
  }
  return BrokenForm(text, rule);
}

absl::string_view RuleDescription(absl::string_view rule) {
  for (const RuleText& text : kRules) {
    if (text.rule == rule) return text.description;
  }
  LINTAS_CHECK(false && "a rule without a description");
  return "";
}

struct RulePlan::Level {
  struct Entry {
    const FieldDescriptor* field = nullptr;
    Holds holds = Holds::kText;
    bool repeated = false;
    bool required = false;
    Field::Rule rule = Field::RULE_UNSPECIFIED;
    int length_max = 0;
    std::unique_ptr<Level> below;
  };
  std::vector<Entry> entries;
};

// Walks a record and keeps the way back as a chain on the stack: a path is text only once something
// is wrong.
class RulePlan::Walk {
 public:
  struct Step {
    const Step* before;
    absl::string_view name;
    int index;  // -1 if not repeated.
  };

  explicit Walk(std::vector<FieldViolation>* violations) : violations_(violations) {}

  void Visit(const Level& level, const Message& message, const Step& here) {
    const Reflection& reflection = *message.GetReflection();
    for (const Level::Entry& entry : level.entries) {
      if (entry.repeated) {
        const int count = reflection.FieldSize(message, entry.field);
        if (count == 0 && entry.required) Broken({&here, entry.field->name(), -1}, "REQUIRED");
        for (int i = 0; i < count; ++i) VisitElement(entry, reflection, message, here, i);
      } else {
        VisitSingle(entry, reflection, message, {&here, entry.field->name(), -1});
      }
    }
  }

 private:
  void VisitSingle(const Level::Entry& entry, const Reflection& reflection, const Message& message,
                   const Step& here) {
    const FieldDescriptor* field = entry.field;
    switch (entry.holds) {
      case Holds::kText:
        return VisitText(entry, reflection.GetStringReference(message, field, &scratch_), here);
      case Holds::kEnum:
        return VisitEnum(entry, reflection.GetEnumValue(message, field), here);
      case Holds::kPlain:
        if (entry.required && !reflection.HasField(message, field)) Broken(here, "REQUIRED");
        return;
      default:
        if (reflection.HasField(message, field)) {
          VisitMessage(entry, reflection.GetMessage(message, field), here);
        } else if (entry.required) {
          Broken(here, "REQUIRED");
        }
    }
  }

  void VisitElement(const Level::Entry& entry, const Reflection& reflection, const Message& message,
                    const Step& parent, int i) {
    const FieldDescriptor* field = entry.field;
    const Step here = {&parent, field->name(), i};
    switch (entry.holds) {
      case Holds::kText: {
        const std::string& text =
            reflection.GetRepeatedStringReference(message, field, i, &scratch_);
        return text.empty() ? Broken(here, "REQUIRED") : VisitText(entry, text, here);
      }
      case Holds::kEnum:
        return VisitEnum(entry, reflection.GetRepeatedEnumValue(message, field, i), here);
      case Holds::kPlain:
        return;
      default:
        VisitMessage(entry, reflection.GetRepeatedMessage(message, field, i), here);
    }
  }

  void VisitText(const Level::Entry& entry, const std::string& text, const Step& here) {
    if (entry.required && IsBlank(text)) return Broken(here, "REQUIRED");
    const char* rule = BrokenTextRule(text, entry.rule, entry.length_max);
    if (rule != nullptr) Broken(here, rule);
  }

  void VisitEnum(const Level::Entry& entry, int number, const Step& here) {
    if (number == 0) {
      if (entry.required) Broken(here, "REQUIRED");
    } else if (entry.field->enum_type()->FindValueByNumber(number) == nullptr) {
      Broken(here, "UNKNOWN_VALUE");
    }
  }

  void VisitMessage(const Level::Entry& entry, const Message& message, const Step& here) {
    switch (entry.holds) {
      case Holds::kPartialDate: {
        const auto& date = static_cast<const types::v1::PartialDate&>(message);
        if (!matching::IsPartialDate({date.year(), date.month(), date.day()})) {
          Broken(here, "BAD_PARTIAL_DATE");
        }
        return;
      }
      case Holds::kTime:
        if (!IsTime(static_cast<const google::protobuf::Timestamp&>(message))) {
          Broken(here, "NOT_A_TIME");
        }
        return;
      case Holds::kName:
        if (!HasName(static_cast<const types::v1::PersonName&>(message))) {
          return Broken(here, "REQUIRED");
        }
        break;
      default:
        break;
    }
    Visit(*entry.below, message, here);
  }

  void Broken(const Step& here, const char* rule) {
    std::string path;
    for (const Step* step = &here; step != nullptr; step = step->before) {
      const std::string index = step->index < 0 ? "" : absl::StrCat("[", step->index, "]");
      path = absl::StrCat(step->name, index, path.empty() ? "" : ".", path);
    }
    violations_->push_back({path, rule, std::string(RuleDescription(rule))});
  }

  std::vector<FieldViolation>* violations_;
  std::string scratch_;
};

namespace {

Holds HoldsOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_STRING ? Holds::kText : Holds::kPlain;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Holds::kEnum;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
    default:
      return Holds::kPlain;
  }
  const Descriptor* type = field.message_type();
  if (type == types::v1::PartialDate::descriptor()) return Holds::kPartialDate;
  if (type == types::v1::PersonName::descriptor()) return Holds::kName;
  if (type == google::protobuf::Timestamp::descriptor()) return Holds::kTime;
  return Holds::kMessage;
}

}  // namespace

std::unique_ptr<RulePlan::Level> RulePlan::Compile(const Descriptor* descriptor, bool top) {
  auto level = std::make_unique<Level>();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    // `name` and `meta` are the node's, not the source's.
    if (top && !field->options().HasExtension(options::v1::field)) continue;
    const Field& declared = field->options().GetExtension(options::v1::field);
    Level::Entry entry;
    entry.field = field;
    entry.holds = HoldsOf(*field);
    entry.repeated = field->is_repeated();
    entry.required = declared.required();
    entry.rule = declared.rule();
    entry.length_max = declared.length_max();
    LINTAS_CHECK(entry.rule == Field::RULE_UNSPECIFIED || entry.holds == Holds::kText);
    if (entry.holds == Holds::kMessage || entry.holds == Holds::kName) {
      entry.below = Compile(field->message_type(), false);
    }
    const bool nothing_to_check = entry.holds == Holds::kPlain && !entry.required;
    if (!nothing_to_check) level->entries.push_back(std::move(entry));
  }
  return level;
}

RulePlan::RulePlan(const Descriptor* descriptor, absl::string_view code)
    : code_(code), top_(Compile(descriptor, true)) {}
RulePlan::~RulePlan() = default;

void RulePlan::Check(const Message& record, std::vector<FieldViolation>* violations) const {
  Walk(violations).Visit(*top_, record, {nullptr, code_, -1});
}

}  // namespace lintas
