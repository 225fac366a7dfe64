#include "server/areas/migrant_status/person_groups.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/matching/date_compare.h"
#include "server/matching/name.h"
#include "server/matching/name_match.h"
#include "server/matching/normalise.h"

namespace lintas::migrant_status {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using types::v1::DocumentReference;
using types::v1::Person;
using types::v1::PersonName;

constexpr int kRecordNamesMax = 20;
constexpr size_t kFormsMax = 16;

matching::LooseDate Loose(const types::v1::PartialDate& date) {
  return static_cast<matching::LooseDate>(date.year() * 10000 + date.month() * 100 + date.day());
}

std::string NameText(const PersonName& name) {
  return std::string(
      absl::StripAsciiWhitespace(absl::StrCat(name.family_name(), " ", name.given_name())));
}

// Every written form of the names, each once.
std::set<std::string> FormsOf(const Person& person) {
  std::set<std::string> forms;
  for (const PersonName& name : person.names()) {
    forms.insert(NameText(name));
    forms.insert(name.native_script());
  }
  forms.insert(person.latin_forms().begin(), person.latin_forms().end());
  forms.insert(person.aliases().begin(), person.aliases().end());
  forms.erase("");
  return forms;
}

class UnionFind {
 public:
  explicit UnionFind(size_t size) : parent_(size) {
    for (size_t i = 0; i < size; ++i) parent_[i] = i;
  }
  size_t Root(size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void Join(size_t a, size_t b) { parent_[Root(a)] = Root(b); }

 private:
  std::vector<size_t> parent_;
};

bool NamesDiffer(const PersonRecords& records) {
  std::vector<matching::PersonName> names;
  std::set<std::string> seen;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person == nullptr || person->names().empty()) continue;
    const std::string text = NameText(person->names(0));
    if (text.empty() || seen.size() >= kFormsMax || !seen.insert(text).second) continue;
    names.push_back(matching::ParseName(text));
  }
  for (size_t i = 1; i < names.size(); ++i) {
    if (matching::CompareNames(names[0], names[i]).contradiction) return true;
  }
  return false;
}

bool BirthDatesDiffer(const PersonRecords& records) {
  std::set<matching::LooseDate> dates;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person != nullptr && Loose(person->birth_date()) != 0) {
      dates.insert(Loose(person->birth_date()));
    }
  }
  for (const matching::LooseDate date : dates) {
    const matching::DateLevel level = matching::CompareDates(*dates.begin(), date);
    if (level != matching::DateLevel::kSame && level != matching::DateLevel::kPart) return true;
  }
  return false;
}

bool SexesDiffer(const PersonRecords& records) {
  std::set<int> sexes;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person != nullptr && person->sex() != Person::SEX_UNSPECIFIED) sexes.insert(person->sex());
  }
  return sexes.size() > 1;
}

bool NationalitiesDiffer(const PersonRecords& records) {
  std::set<std::set<std::string>> shown;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person == nullptr || person->nationalities().empty()) continue;
    shown.insert({person->nationalities().begin(), person->nationalities().end()});
  }
  return shown.size() > 1;
}

// The weight of the best written form.
void CompareName(const v1::PersonQuery& query, const PersonRecords& records, v1::Match* match) {
  const matching::PersonName asked = matching::ParseName(query.person_name());
  const matching::LooseDate born = matching::ReadLooseDate(query.birth_date());
  std::set<std::pair<std::string, matching::LooseDate>> forms;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person == nullptr) continue;
    for (const std::string& form : FormsOf(*person)) {
      if (forms.size() < kFormsMax) forms.emplace(form, Loose(person->birth_date()));
    }
  }
  bool any = false;
  matching::PairEvidence best;
  for (const auto& [form, date] : forms) {
    const matching::PersonName name = matching::ParseName(form);
    matching::PairEvidence evidence = matching::ComparePersons(asked, born, name, date);
    if (any && evidence.bits <= best.bits) continue;
    any = true;
    match->set_contradiction(matching::CompareNames(asked, name).contradiction);
    best = std::move(evidence);
  }
  match->set_bits(best.bits);
  for (const std::string& reason : best.reasons) match->add_reasons(reason);
  for (const std::string& missing : best.missing) match->add_missing(missing);
  if (!any) match->add_missing("name");
}

}  // namespace

const Person* ShownRecord::person() const {
  const auto* field = message->GetDescriptor()->FindFieldByName("person");
  if (field == nullptr || !message->GetReflection()->HasField(*message, field)) return nullptr;
  return static_cast<const Person*>(&message->GetReflection()->GetMessage(*message, field));
}

std::vector<DocumentReference> ShownRecord::documents() const {
  std::vector<DocumentReference> documents;
  const auto* reflection = message->GetReflection();
  const auto* descriptor = message->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (field->message_type() != DocumentReference::descriptor()) continue;
    if (!field->is_repeated()) {
      if (!reflection->HasField(*message, field)) continue;
      documents.push_back(
          static_cast<const DocumentReference&>(reflection->GetMessage(*message, field)));
      continue;
    }
    for (int j = 0; j < reflection->FieldSize(*message, field); ++j) {
      documents.push_back(static_cast<const DocumentReference&>(
          reflection->GetRepeatedMessage(*message, field, j)));
    }
  }
  return documents;
}

std::string StrongKey::Text() const {
  if (!national_number.empty()) {
    return absl::StrCat("n/", matching::NormaliseNationalNumber(national_number));
  }
  return absl::StrCat("d/", absl::AsciiStrToUpper(document_issuer), "/",
                      matching::NormaliseDocumentNumber(document_number));
}

std::vector<StrongKey> StrongKeysOf(const ShownRecord& record) {
  std::vector<StrongKey> keys;
  for (const DocumentReference& document : record.documents()) {
    if (!document.number().empty()) keys.push_back({document.number(), document.issuer(), ""});
  }
  const Person* person = record.person();
  if (person != nullptr && !person->national_number().empty()) {
    keys.push_back({"", "", person->national_number()});
  }
  return keys;
}

std::vector<PersonRecords> GroupByPerson(const std::vector<ShownRecord>& records) {
  UnionFind groups(records.size());
  std::map<std::string, size_t> first_with;
  for (size_t i = 0; i < records.size(); ++i) {
    for (const StrongKey& key : StrongKeysOf(records[i])) {
      const auto [at, inserted] = first_with.emplace(key.Text(), i);
      if (!inserted) groups.Join(i, at->second);
    }
  }
  std::map<size_t, PersonRecords> by_root;
  for (size_t i = 0; i < records.size(); ++i) by_root[groups.Root(i)].push_back(records[i]);
  std::vector<PersonRecords> persons;
  const auto by_name = [](const ShownRecord& a, const ShownRecord& b) { return a.name < b.name; };
  for (auto& [root, group] : by_root) {
    std::sort(group.begin(), group.end(), by_name);
    persons.push_back(std::move(group));
  }
  std::sort(persons.begin(), persons.end(),
            [](const PersonRecords& a, const PersonRecords& b) { return a[0].name < b[0].name; });
  return persons;
}

v1::Match MatchOf(const v1::PersonQuery& query, const PersonRecords& records) {
  v1::Match match;
  if (!query.reference().empty()) {
    match.set_found_by("REFERENCE");
    match.add_reasons("a record from an earlier answer");
  } else if (!query.document_number().empty()) {
    match.set_found_by("DOCUMENT");
    match.add_reasons("document number equal");
    if (query.document_issuer().empty()) match.add_missing("issuer of the document");
  } else if (!query.national_number().empty()) {
    match.set_found_by("NATIONAL_NUMBER");
    match.add_reasons("national number equal");
  } else {
    match.set_found_by("NAME");
  }
  if (!query.person_name().empty()) {
    CompareName(query, records, &match);
  } else {
    match.add_missing("name");
    match.add_missing("birth date");
  }
  return match;
}

bool SpeaksForPerson(const v1::Match& match) {
  return match.bits() >= matching::kPairThresholdBits && !match.contradiction();
}

std::vector<v1::PersonStatus::Doubt> DoubtsOf(const PersonRecords& records) {
  std::vector<v1::PersonStatus::Doubt> doubts;
  if (NamesDiffer(records)) doubts.push_back(v1::PersonStatus::NAMES_DIFFER);
  if (BirthDatesDiffer(records)) doubts.push_back(v1::PersonStatus::BIRTH_DATES_DIFFER);
  if (NationalitiesDiffer(records)) doubts.push_back(v1::PersonStatus::NATIONALITIES_DIFFER);
  if (SexesDiffer(records)) doubts.push_back(v1::PersonStatus::SEXES_DIFFER);
  return doubts;
}

std::vector<std::string> NationalitiesOf(const PersonRecords& records) {
  std::set<std::string> codes;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person == nullptr) continue;
    for (const std::string& code : person->nationalities()) {
      codes.insert(absl::AsciiStrToUpper(code));
    }
  }
  return {codes.begin(), codes.end()};
}

std::vector<v1::Identity> IdentitiesOf(const PersonRecords& records) {
  std::vector<v1::Identity> identities;
  std::map<std::string, size_t> by_writing;
  for (const ShownRecord& record : records) {
    const Person* person = record.person();
    if (person == nullptr) continue;
    const auto [at, inserted] = by_writing.emplace(
        absl::StrCat(record.owner, "/", person->SerializeAsString()), identities.size());
    if (inserted) {
      identities.emplace_back();
      identities.back().set_owner_country(record.owner);
      *identities.back().mutable_person() = *person;
    }
    v1::Identity& identity = identities[at->second];
    if (identity.record_names_size() < kRecordNamesMax) identity.add_record_names(record.name);
    for (const DocumentReference& document : record.documents()) {
      const bool known = std::any_of(identity.documents().begin(), identity.documents().end(),
                                     [&](const DocumentReference& each) {
                                       return each.number() == document.number() &&
                                              each.issuer() == document.issuer();
                                     });
      if (!known) *identity.add_documents() = document;
    }
  }
  return identities;
}

}  // namespace lintas::migrant_status
