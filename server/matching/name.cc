#include "server/matching/name.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/matching/fold.h"
#include "server/matching/khmer.h"
#include "server/matching/normalise.h"

namespace lintas::matching {
namespace {

using absl::string_view;
using WordSet = absl::flat_hash_set<string_view>;

// Before a name. Bare letters are titles only where another word follows.
const WordSet& Titles() {
  static const auto& words = *new WordSet{
      "H",     "HJ",   "HAJI", "HAJJAH", "KH",    "KYAI",   "USTADZ", "USTAZ", "DR",  "DRS",
      "DRA",   "IR",   "PROF", "RA",     "RR",    "RM",     "R",      "RADEN", "MR",  "MRS",
      "MS",    "MISS", "TN",   "NY",     "BAPAK", "IBU",    "SDR",    "SDRI",  "LOK", "LOKSREY",
      "OKNHA", "NEAK", "TB",   "CUT",    "TEUKU", "MASTER", "SIR",    "NN"};
  return words;
}

// Behind a name.
const WordSet& Degrees() {
  static const auto& words = *new WordSet{
      "SH",    "SE",  "ST",  "SPD",  "SAG",  "SIP", "SSI",     "SSOS", "SKOM", "SKM",   "SKEP",
      "SFARM", "STP", "SPT", "SHUT", "SPSI", "SHI", "SPDI",    "SSN",  "SAP",  "MM",    "MSI",
      "MPD",   "MA",  "MSC", "MBA",  "MH",   "MT",  "MKOM",    "MAG",  "MKES", "AMD",   "AMDKEB",
      "LC",    "PHD", "BA",  "BSC",  "JR",   "SR",  "DIPLING", "AKP",  "SS",   "SIKOM", "STR"};
  return words;
}

const WordSet& KhmerTitles() {
  // Lok, lok srey, oknha, neak, neak srey, kanha, kamnan.
  static const auto& words =
      *new WordSet{"លោក", "លោកស្រី", "ឧកញ៉ា", "អ្នក", "អ្នកស្រី", "កញ្ញា", "ឯកឧត្តម", "លោកជំទាវ"};
  return words;
}

bool IsFatherMark(string_view word) {
  return word == "BIN" || word == "BINTI" || word == "BINTE" || word == "BT" || word == "BTE" ||
         word == "IBNU" || word == "IBN";
}

// Written-out forms. Spellings of Muhammad that no rule reaches are brought to one.
string_view WrittenOut(string_view word) {
  static const auto& forms = *new absl::flat_hash_map<string_view, string_view>{
      {"MOH", "MUHAMMAD"},       {"MUH", "MUHAMMAD"},        {"MOCH", "MUHAMMAD"},
      {"MUCH", "MUHAMMAD"},      {"MHD", "MUHAMMAD"},        {"MOHD", "MUHAMMAD"},
      {"MUHD", "MUHAMMAD"},      {"MD", "MUHAMMAD"},         {"MOHAMAD", "MUHAMMAD"},
      {"MOHAMMAD", "MUHAMMAD"},  {"MUHAMAD", "MUHAMMAD"},    {"MOCHAMAD", "MUHAMMAD"},
      {"MOCHAMMAD", "MUHAMMAD"}, {"MUCHAMAD", "MUHAMMAD"},   {"MUCHAMMAD", "MUHAMMAD"},
      {"MUKHAMAD", "MUHAMMAD"},  {"MUKHAMMAD", "MUHAMMAD"},  {"MOKHAMAD", "MUHAMMAD"},
      {"MOKHAMMAD", "MUHAMMAD"}, {"MOHAMED", "MUHAMMAD"},    {"MOHAMMED", "MUHAMMAD"},
      {"MUHAMMED", "MUHAMMAD"},  {"MOEHAMMAD", "MUHAMMAD"},  {"MOEHAMAD", "MUHAMMAD"},
      {"MOECHAMAD", "MUHAMMAD"}, {"MOECHAMMAD", "MUHAMMAD"}, {"MUHAMMAT", "MUHAMMAD"},
      {"MUHAMAT", "MUHAMMAD"},   {"MOHAMMAT", "MUHAMMAD"},   {"MOHAMAT", "MUHAMMAD"},
      {"MOCHAMMED", "MUHAMMAD"}, {"ABD", "ABDUL"},           {"ABDL", "ABDUL"},
      {"ABDOEL", "ABDUL"},       {"ABDOUL", "ABDUL"},        {"AHMD", "AHMAD"},
      {"ACHMAT", "AHMAD"},       {"AHMAT", "AHMAD"},         {"AHM", "AHMAD"}};
  const auto found = forms.find(word);
  return found == forms.end() ? word : found->second;
}

// Length of the name field before its filler, and whether the field is full.
bool IsFullZone(string_view text) {
  if (text.find('<') == string_view::npos || text.back() == '<') return false;
  return text.size() == 39 || text.size() == 31 || text.size() == 30;
}

void TakeTags(std::vector<std::string>* words, PersonName* name) {
  // What a single word is called by is its name, whatever it could mean.
  while (words->size() > 1 &&
         (Titles().contains(words->front()) || KhmerTitles().contains(words->front()))) {
    name->tags.push_back(words->front());
    words->erase(words->begin());
  }
  while (words->size() > 1 && Degrees().contains(words->back())) {
    name->tags.push_back(words->back());
    words->pop_back();
  }
}

// A title behind a comma, as passports print it (`SUKARNO, H.`).
void TakeTrailingTitles(std::vector<std::string>* words, PersonName* name) {
  static const auto& titles = *new WordSet{"H",   "HJ", "HAJI", "HAJJAH", "DR",  "DRS",
                                           "DRA", "IR", "PROF", "MR",     "MRS", "MISS"};
  while (words->size() > 1 && titles.contains(words->back())) {
    name->tags.push_back(words->back());
    words->pop_back();
  }
}

void TakeFather(std::vector<std::string>* words, PersonName* name) {
  const auto mark = std::find_if(words->begin(), words->end(),
                                 [](const std::string& word) { return IsFatherMark(word); });
  if (mark == words->begin() || mark == words->end()) return;
  name->tags.push_back(*mark);
  for (auto word = mark + 1; word != words->end(); ++word) {
    if (!IsFatherMark(*word)) name->father.push_back(std::string(WrittenOut(*word)));
  }
  words->erase(mark, words->end());
}

// How often letter pairs occur in the known names of a country.
class LetterPairs {
 public:
  explicit LetterPairs(NameCountry country) {
    counts_.fill(0.3);
    for (const string_view word : KnownNames(country)) {
      Walk(word, [this](size_t pair) { counts_[pair] += 1; });
    }
    double total = 0;
    for (const double count : counts_) total += count;
    for (double& count : counts_) count = std::log2(count / total);
  }
  double LogOf(string_view word) const {
    double log = 0;
    Walk(word, [&](size_t pair) { log += counts_[pair]; });
    return log;
  }

 private:
  template <typename F>
  static void Walk(string_view word, const F& visit) {
    size_t last = 26;
    for (const char c : word) {
      const size_t letter = c >= 'A' && c <= 'Z' ? static_cast<size_t>(c - 'A') : 26;
      visit(last * 27 + letter);
      last = letter;
    }
    visit(last * 27 + 26);
  }
  std::array<double, 27 * 27> counts_;
};

// Positive: rather Khmer than Indonesian, in bits.
double KhmerRatherThanIndonesian(string_view word) {
  static const auto& khmer = *new LetterPairs(NameCountry::kCambodia);
  static const auto& indonesian = *new LetterPairs(NameCountry::kIndonesia);
  const bool known_khmer = IsKnownSpelling(NameCountry::kCambodia, word);
  const bool known_indonesian = IsKnownSpelling(NameCountry::kIndonesia, word);
  double bits = khmer.LogOf(word) - indonesian.LogOf(word);
  if (known_khmer != known_indonesian) bits += known_khmer ? 4 : -4;
  return bits;
}

double KhmerBits(const PersonName& name) {
  double bits = 0;
  for (const std::string& word : name.words) bits += KhmerRatherThanIndonesian(word);
  return bits - (name.father.empty() ? 0 : 8);
}

}  // namespace

PersonName ParseName(string_view text) {
  PersonName name;
  std::vector<std::string> words;
  NormaliseName(text, &words);
  if (words.empty()) return name;
  name.truncated = IsFullZone(text);
  for (std::string& word : words) {
    if (HasKhmer(word)) {
      name.khmer_script = true;
      word = OrderKhmer(word);
    }
  }
  TakeTags(&words, &name);
  TakeFather(&words, &name);
  TakeTags(&words, &name);
  TakeTrailingTitles(&words, &name);
  for (const std::string& word : words) {
    if (name.words.size() < kNameWordsMax) name.words.emplace_back(WrittenOut(word));
  }
  const bool all_same = std::all_of(name.words.begin(), name.words.end(),
                                    [&](const std::string& word) { return word == name.words[0]; });
  if (all_same && !name.words.empty()) name.words.resize(1);
  name.mononym = name.words.size() == 1;
  return name;
}

NameCountry GuessCountry(const PersonName& name) { return GuessCountry(name, PersonName()); }

NameCountry GuessCountry(const PersonName& a, const PersonName& b) {
  if (a.khmer_script || b.khmer_script) return NameCountry::kCambodia;
  return KhmerBits(a) + KhmerBits(b) > 0 ? NameCountry::kCambodia : NameCountry::kIndonesia;
}

}  // namespace lintas::matching
