#include "client/share/preview.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lintas/options/v1/options.pb.h"
#include "lintas/types/v1/types.pb.h"

namespace lintas::client {
namespace {

using agreement::v1::RecordTerms;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using options::v1::Field;

// A filled released field that tells something of a withheld one.
struct Hint {
  const char* type;
  const char* withheld;
  const char* released;
  const char* text;
};
constexpr Hint kHints[] = {
    {"work_permit", "employer", "occupation",
     "the employer is withheld, but an occupation that few employers have tells it"},
    {"stay_permit", "host", "permit_class",
     "the host is withheld, but the class tells whether it is an employer, a school or a family"},
    {"visa", "sponsor", "visa_class",
     "the sponsor is withheld, but the class tells what kind of sponsor it must be"},
    {"overstay", "fine_amount", "days",
     "the fine is withheld, but the days tell it where the daily rate is public"},
};

const Field& Declared(const FieldDescriptor& field) {
  return field.options().GetExtension(options::v1::field);
}

int SectionOf(const FieldDescriptor& field) {
  const int section = Declared(field).section();
  return section == Field::SECTION_UNSPECIFIED ? static_cast<int>(Field::BASIC) : section;
}

bool NeverLeaves(int section) { return section == Field::PROTECTED || section == Field::INTERNAL; }

template <typename List, typename Item>
bool Holds(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Texts of fields marked NATIONALITY, at any depth.
void CollectNationalities(const Message& message, std::vector<std::string>* out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (Declared(*field).term() == Field::NATIONALITY) {
        out->push_back(field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                            : reflection.GetString(message, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CollectNationalities(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field),
                             out);
      }
    }
  }
}

// Top-level fields of the record's source that are filled.
std::vector<const FieldDescriptor*> Filled(const Message& record) {
  std::vector<const FieldDescriptor*> fields;
  record.GetReflection()->ListFields(record, &fields);
  fields.erase(std::remove_if(fields.begin(), fields.end(),
                              [](const FieldDescriptor* field) {
                                return !field->options().HasExtension(options::v1::field);
                              }),
               fields.end());
  return fields;
}

bool Has(const Message& record, const char* name) {
  const auto fields = Filled(record);
  return std::any_of(fields.begin(), fields.end(),
                     [&](const FieldDescriptor* field) { return field->name() == name; });
}

std::string DocumentOf(const Message& record) {
  const auto* field = record.GetDescriptor()->FindFieldByName("document");
  if (field == nullptr || !record.GetReflection()->HasField(record, field)) return "";
  const auto& document = static_cast<const types::v1::DocumentReference&>(
      record.GetReflection()->GetMessage(record, field));
  return absl::StrCat(document.issuer(), " ", document.number());
}

}  // namespace

std::string FateName(Fate fate) {
  switch (fate) {
    case Fate::kReplicated:
      return "replicated";
    case Fate::kOnRequest:
      return "on request";
    case Fate::kStaysHome:
      break;
  }
  return "stays home";
}

std::string ReasonText(const std::string& reason) {
  if (reason == "TYPE_NOT_AGREED") return "the agreement does not name the type";
  if (reason == "NO_NATIONALITY") return "no nationality is known, so nothing releases it (R8)";
  if (reason == "THIRD_COUNTRY") return "a national of neither Party never leaves so (R8)";
  if (reason == "ON_REQUEST") return "the agreement lets it out as an answer only";
  if (reason == "NOTHING_TO_RELEASE") return "every filled section is withheld (P2)";
  return "";
}

std::string SectionNames(const std::vector<int>& sections) {
  std::vector<std::string> names;
  for (const int section : sections) {
    names.push_back(Field::Section_Name(static_cast<Field::Section>(section)));
  }
  return absl::StrJoin(names, " ");
}

RecordFate SharePreview::Judge(const RecordKind& kind, const Message& record,
                               const std::vector<std::string>& nationalities) const {
  RecordFate out;
  out.type = kind.type;
  const auto stays = [&out](const char* reason) {
    out.fate = Fate::kStaysHome;
    out.reason = reason;
    return out;
  };
  const auto& all = agreement_.record_terms();
  const auto terms = std::find_if(all.begin(), all.end(),
                                  [&](const RecordTerms& one) { return one.type() == kind.type; });
  if (terms == all.end()) return stays("TYPE_NOT_AGREED");
  const bool party =
      std::any_of(nationalities.begin(), nationalities.end(), [&](const std::string& nationality) {
        return std::any_of(
            agreement_.parties().begin(), agreement_.parties().end(),
            [&](const std::string& one) { return absl::EqualsIgnoreCase(one, nationality); });
      });
  if (nationalities.empty()) return stays("NO_NATIONALITY");
  if (!party) return stays("THIRD_COUNTRY");
  std::set<int> released;
  for (const FieldDescriptor* field : Filled(record)) {
    const int section = SectionOf(*field);
    const bool goes = terms->crossing() == RecordTerms::REPLICATED && !NeverLeaves(section) &&
                      !Holds(terms->withheld_sections(), section);
    if (goes) {
      released.insert(section);
    } else {
      out.withheld_fields.push_back(field->name());
    }
    if (!goes && !NeverLeaves(section) && Holds(terms->request_sections(), section) &&
        !Holds(out.request_sections, section)) {
      out.request_sections.push_back(section);
    }
  }
  if (terms->crossing() != RecordTerms::REPLICATED) {
    out.fate = Fate::kOnRequest;
    out.reason = "ON_REQUEST";
    return out;
  }
  if (released.empty()) return stays("NOTHING_TO_RELEASE");
  out.fate = Fate::kReplicated;
  out.released_sections.assign(released.begin(), released.end());
  return out;
}

RecordFate SharePreview::Add(const AnyRecord& any) {
  const Message* record = RecordIn(any);
  const auto* field = AnyRecord::descriptor()->FindFieldByNumber(any.record_case());
  RecordFate fate;
  if (record == nullptr || field == nullptr) return fate;
  for (const RecordKind& kind : RecordKinds()) {
    if (kind.field != field) continue;
    std::vector<std::string> nationalities;
    CollectNationalities(*record, &nationalities);
    fate = Judge(kind, *record, nationalities);
    if (fate.fate == Fate::kReplicated) {
      for (const std::string& nationality : nationalities) {
        ++groups_[absl::StrCat(kind.type, "|", nationality)];
      }
    }
  }
  ++counts_[absl::StrCat(fate.type, "|", FateName(fate.fate), "|", fate.reason)];
  NoteHints(fate, *record);
  NoteJoins(fate, *record);
  return fate;
}

void SharePreview::NoteHints(const RecordFate& fate, const Message& record) {
  if (fate.fate != Fate::kReplicated) return;
  for (size_t i = 0; i < std::size(kHints); ++i) {
    const Hint& hint = kHints[i];
    if (hint.type == fate.type && Holds(fate.withheld_fields, hint.withheld) &&
        Has(record, hint.released) && !Holds(fate.withheld_fields, hint.released)) {
      ++hints_[i];
    }
  }
}

// Where somebody crosses tells where they live, if the address of the same document is withheld.
void SharePreview::NoteJoins(const RecordFate& fate, const Message& record) {
  const std::string document = DocumentOf(record);
  if (document.empty()) return;
  std::set<size_t>* kept = nullptr;
  if (fate.fate == Fate::kReplicated && Has(record, "port") &&
      !Holds(fate.withheld_fields, "port")) {
    kept = &with_port_;
  } else if (Has(record, "address") &&
             (fate.fate != Fate::kReplicated || Holds(fate.withheld_fields, "address"))) {
    kept = &with_address_;
  }
  if (kept == nullptr) return;
  if (kept->size() >= kJoinsMax) {
    joins_cut_ = true;
    return;
  }
  kept->insert(std::hash<std::string>()(document));
}

std::vector<Inference> SharePreview::Inferences() const {
  std::vector<Inference> out;
  for (const auto& [group, count] : groups_) {
    if (count >= kSmallGroup) continue;
    const size_t bar = group.find('|');
    out.push_back(
        {"SMALL_GROUP", count,
         absl::StrCat("only ", count, " replicated ", group.substr(0, bar), " of nationals of ",
                      group.substr(bar + 1), ": each person can be told from the count alone")});
  }
  for (const auto& [index, count] : hints_) {
    out.push_back({"TOLD_BY_ANOTHER_FIELD", count,
                   absl::StrCat(kHints[index].type, ": ", kHints[index].text)});
  }
  uint64_t joined = 0;
  for (const size_t document : with_address_) joined += with_port_.count(document);
  if (joined > 0) {
    out.push_back({"TOLD_BY_ANOTHER_RECORD", joined,
                   "the address is withheld, but a replicated crossing of the same document names "
                   "the port that is used, and so the region"});
  }
  return out;
}

}  // namespace lintas::client
