#include "server/areas/migrant_status/person_search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/base/status.h"
#include "server/matching/normalise.h"

namespace lintas::migrant_status {
namespace {

// What the status rests on. Registered presences, bans and lists of passengers are not among it.
constexpr const char* kTypes[] = {
    "traveller", "travel_document", "crossing", "stay_permit", "work_permit", "visa", "overstay"};
// Of a name that is searched wide. What belongs to one person is then read whole, by their
// documents and numbers.
constexpr size_t kWideRecordsMax = 300;
// Of one person: nothing is said of somebody who has more.
constexpr size_t kRecordsMax = 5000;
constexpr size_t kPageRecords = 500;
// Words of a name that are searched alone, and of how many letters at least.
constexpr size_t kWordsAlone = 2;
constexpr size_t kWordLettersMin = 3;
// Further documents and numbers of one person that are looked up.
constexpr int kFurtherKeysMax = 8;
constexpr int kRoundsMax = 3;
// At or below, as much or more speaks against a person as for.
constexpr double kListedBits = 0;

absl::Status InsufficientIdentifiers() {
  return MakeError(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS",
                   "a document number, a national number, or a name with a birth date; an attaché "
                   "asks by document number or by name with the complete birth date");
}

bool IsCompleteDate(const std::string& text) {
  matching::CivilDate date;
  return matching::ParsePartialDate(text, &date) && matching::IsRealDate(date);
}

// `1990-05-07` of `1990-07-05`; empty if that is no other date.
std::string DayAndMonthExchanged(const std::string& text) {
  matching::CivilDate date;
  if (!matching::ParsePartialDate(text, &date) || !matching::IsRealDate(date)) return "";
  if (date.day == date.month || date.day > 12) return "";
  std::swap(date.day, date.month);
  return matching::FormatPartialDate(date);
}

std::vector<std::string> WordsAlone(const std::string& name) {
  std::vector<std::string> words;
  matching::NormaliseName(name, &words);
  words.erase(std::remove_if(words.begin(), words.end(),
                             [](const std::string& word) { return word.size() < kWordLettersMin; }),
              words.end());
  // The longest are the rarest, as a guess that needs no statistics.
  std::stable_sort(words.begin(), words.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > kWordsAlone) words.resize(kWordsAlone);
  return words;
}

}  // namespace

bool IsByName(const v1::PersonQuery& query) {
  return query.reference().empty() && query.document_number().empty() &&
         query.national_number().empty();
}

// Records as they are found, each once.
class PersonSearch::Gathering {
 public:
  Gathering(const Reader* reader, const Call& call) : reader_(reader), call_(call) {}

  bool full() const { return records_.size() >= kRecordsMax; }
  void Add(const FoundRecord& found) {
    if (full() || call_.sections.empty() || !seen_.insert(found.record_id).second) return;
    records_.push_back(
        {found.name(), found.country, reader_->Render(found, call_.sections, /*full=*/true)});
  }
  std::vector<ShownRecord>& records() { return records_; }
  bool more = false;        // Records of a wide search were left out.
  bool incomplete = false;  // Records of a person were.

 private:
  const Reader* const reader_;
  const Call& call_;
  std::set<std::string> seen_;
  std::vector<ShownRecord> records_;
};

FindQuery PersonSearch::Base(const Call& call) const {
  FindQuery query;
  query.types.assign(std::begin(kTypes), std::end(kTypes));
  if (call.own_nationals_only) {
    query.only_nationality = absl::AsciiStrToUpper(reader_->deps().country);  // R7
  }
  return query;
}

absl::Status PersonSearch::Check(const Call& call, const v1::PersonQuery& query) const {
  FindQuery form;
  form.document_number = query.document_number();
  form.document_issuer = query.document_issuer();
  form.national_number = query.national_number();
  form.person_name = query.person_name();
  form.birth_date = query.birth_date();
  if (!query.reference().empty()) {
    RETURN_IF_ERROR(ParseRecordName(query.reference(), *reader_->deps().types).status());
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(reader_->CheckQuery(form));
  if (!query.document_number().empty()) return absl::OkStatus();
  if (call.own_nationals_only) {
    if (!query.person_name().empty() && IsCompleteDate(query.birth_date())) return absl::OkStatus();
    return InsufficientIdentifiers();
  }
  if (query.national_number().empty() && query.birth_date().empty()) {
    return InsufficientIdentifiers();
  }
  return absl::OkStatus();
}

absl::Status PersonSearch::GatherOne(const FindQuery& query, bool even,
                                     Gathering* gathering) const {
  ASSIGN_OR_RETURN(const Reader::Page page, reader_->Find(query, absl::nullopt, kWideRecordsMax,
                                                          reader_->deps().store->sizes()));
  for (const FoundRecord& found : page.records) gathering->Add(found);
  gathering->more = gathering->more || page.next.has_value();
  return even ? read_on_(query) : absl::OkStatus();
}

absl::Status PersonSearch::GatherAll(const FindQuery& query, bool even,
                                     Gathering* gathering) const {
  const Sizes sizes = reader_->deps().store->sizes();
  absl::optional<DerivedKey> after;
  do {
    ASSIGN_OR_RETURN(const Reader::Page page, reader_->Find(query, after, kPageRecords, sizes));
    for (const FoundRecord& found : page.records) gathering->Add(found);
    after = page.next;
  } while (after && !gathering->full());
  if (after) gathering->incomplete = true;
  return even ? read_on_(query) : absl::OkStatus();
}

absl::Status PersonSearch::GatherReference(const Call& call, const std::string& name,
                                           Gathering* gathering) const {
  ASSIGN_OR_RETURN(const ParsedName parsed, ParseRecordName(name, *reader_->deps().types));
  const bool used =
      std::find(std::begin(kTypes), std::end(kTypes), parsed.type->code()) != std::end(kTypes);
  const absl::StatusOr<FoundRecord> found = reader_->Get(parsed);
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  RETURN_IF_ERROR(found.status());
  const std::vector<std::string> shown = found->type->Nationalities(*reader_->Whole(*found));
  const std::string own = absl::AsciiStrToUpper(reader_->deps().country);
  const bool visible =
      !call.own_nationals_only || std::find(shown.begin(), shown.end(), own) != shown.end();
  if (used && visible && found->state == RecordState::kCurrent) gathering->Add(*found);
  return absl::OkStatus();
}

absl::Status PersonSearch::Gather(const Call& call, const v1::PersonQuery& query, bool wide,
                                  Gathering* gathering) const {
  const bool even = call.own_nationals_only;
  if (!query.reference().empty()) return GatherReference(call, query.reference(), gathering);
  FindQuery find = Base(call);
  if (!query.document_number().empty()) {
    find.document_number = query.document_number();
    find.document_issuer = query.document_issuer();
    return GatherAll(find, even, gathering);
  }
  if (!query.national_number().empty()) {
    find.national_number = query.national_number();
    return GatherAll(find, even, gathering);
  }
  find.person_name = query.person_name();
  find.birth_date = query.birth_date();
  RETURN_IF_ERROR(GatherOne(find, even, gathering));
  if (!wide) return absl::OkStatus();
  const std::string exchanged = DayAndMonthExchanged(query.birth_date());
  if (!exchanged.empty()) {
    find.birth_date = exchanged;
    RETURN_IF_ERROR(GatherOne(find, even, gathering));
    find.birth_date = query.birth_date();
  }
  for (const std::string& word : WordsAlone(query.person_name())) {
    find.person_name = word;
    RETURN_IF_ERROR(GatherOne(find, even, gathering));
  }
  return absl::OkStatus();
}

// Follows a person's documents and national number to what else is on record.
absl::Status PersonSearch::Widen(const Call& call, const v1::PersonQuery& query,
                                 PersonRecords* records, bool* incomplete) const {
  std::set<std::string> looked_up;
  if (!query.document_number().empty() && !query.document_issuer().empty()) {
    looked_up.insert(StrongKey{query.document_number(), query.document_issuer(), ""}.Text());
  } else if (!query.national_number().empty()) {
    looked_up.insert(StrongKey{"", "", query.national_number()}.Text());
  }
  Gathering gathering(reader_, call);
  int lookups = 0;
  for (int round = 0; round < kRoundsMax; ++round) {
    std::vector<StrongKey> keys;
    for (const ShownRecord& record : *records) {
      for (StrongKey& key : StrongKeysOf(record)) {
        if (lookups < kFurtherKeysMax && looked_up.insert(key.Text()).second) {
          keys.push_back(std::move(key));
          ++lookups;
        }
      }
    }
    if (keys.empty()) return absl::OkStatus();
    for (const StrongKey& key : keys) {
      FindQuery find = Base(call);
      find.document_number = key.document_number;
      find.document_issuer = key.document_issuer;
      find.national_number = key.national_number;
      RETURN_IF_ERROR(GatherAll(find, /*even=*/false, &gathering));
    }
    if (gathering.incomplete) *incomplete = true;
    std::set<std::string> known;
    for (const ShownRecord& record : *records) known.insert(record.name);
    for (const ShownRecord& record : gathering.records()) {
      if (known.insert(record.name).second) records->push_back(record);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<PersonSearch::Result> PersonSearch::Find(const Call& call,
                                                        const v1::PersonQuery& query,
                                                        Width width) const {
  Gathering gathering(reader_, call);
  // An attaché's search is always wide: how far it went must not tell what it met (Q1).
  const bool wide = width == Width::kWide || call.own_nationals_only;
  RETURN_IF_ERROR(Gather(call, query, wide, &gathering));
  if (!wide && IsByName(query) && gathering.records().empty()) {
    RETURN_IF_ERROR(Gather(call, query, /*wide=*/true, &gathering));
  }
  Result result;
  result.more = gathering.more;
  result.incomplete = gathering.incomplete;
  std::vector<std::pair<double, PersonRecords>> kept;
  for (PersonRecords& records : GroupByPerson(gathering.records())) {
    const v1::Match match = MatchOf(query, records);
    if (IsByName(query)) {
      const bool shown =
          call.own_nationals_only ? SpeaksForPerson(match) : match.bits() > kListedBits;
      if (!shown) continue;
    }
    kept.emplace_back(match.bits(), std::move(records));
  }
  std::stable_sort(kept.begin(), kept.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  const size_t most = call.own_nationals_only ? kPersonsForAttacheMax : kPersonsMax;
  if (kept.size() > most) {
    result.more = true;
    kept.resize(most);
  }
  std::vector<ShownRecord> all;
  std::set<std::string> known;
  for (auto& [bits, records] : kept) {
    RETURN_IF_ERROR(Widen(call, query, &records, &result.incomplete));
    for (ShownRecord& record : records) {
      if (known.insert(record.name).second) all.push_back(std::move(record));
    }
  }
  // What was found of one may have joined it with another.
  for (PersonRecords& records : GroupByPerson(all)) {
    v1::Match match = MatchOf(query, records);
    result.persons.push_back({std::move(records), std::move(match)});
  }
  std::stable_sort(
      result.persons.begin(), result.persons.end(),
      [](const FoundPerson& a, const FoundPerson& b) { return a.match.bits() > b.match.bits(); });
  return result;
}

std::vector<Token> PersonSearch::SubjectTokens(const v1::PersonQuery& query) const {
  FindQuery find;
  find.document_number = query.document_number();
  find.national_number = query.national_number();
  find.person_name = query.person_name();
  return reader_->SubjectTokens(find);
}

}  // namespace lintas::migrant_status
