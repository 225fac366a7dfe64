#include "server/matching/person_index.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "server/matching/fold.h"
#include "server/matching/khmer.h"
#include "server/matching/name.h"
#include "server/matching/name_match.h"
#include "server/matching/similarity.h"

namespace lintas::matching {
namespace {

using absl::string_view;
using Trigram = uint32_t;
using WordNumber = uint32_t;
using NameNumber = uint32_t;

constexpr double kSimilarityMin = 0.5;
// Names of more words are few; all of them are looked at.
constexpr size_t kListedWordsMax = 3;
// Names whose evidence is worked out, best similarity first.
constexpr size_t kComparedMax = 64;

void AppendTrigrams(string_view packed, std::vector<Trigram>* trigrams) {
  uint32_t window = ' ' << 8 | ' ';
  for (size_t i = 0; i <= packed.size(); ++i) {
    const uint32_t sign = i < packed.size() ? static_cast<uint8_t>(packed[i]) : ' ';
    window = (window << 8 | sign) & 0xffffff;
    trigrams->push_back(window);
  }
}

void MakeSet(std::vector<Trigram>* trigrams) {
  std::sort(trigrams->begin(), trigrams->end());
  trigrams->erase(std::unique(trigrams->begin(), trigrams->end()), trigrams->end());
}

// Rows of numbers behind one another.
struct Rows {
  std::vector<uint32_t> from;
  std::vector<uint32_t> values;
  const uint32_t* begin(size_t row) const { return values.data() + from[row]; }
  const uint32_t* end(size_t row) const { return values.data() + from[row + 1]; }
};

// `pairs` are (row, value); sorts them.
Rows MakeRows(size_t row_count, std::vector<std::pair<uint32_t, uint32_t>>* pairs) {
  std::sort(pairs->begin(), pairs->end());
  Rows rows;
  rows.from.assign(row_count + 1, 0);
  rows.values.reserve(pairs->size());
  for (const auto& [row, value] : *pairs) {
    ++rows.from[row + 1];
    rows.values.push_back(value);
  }
  for (size_t i = 1; i <= row_count; ++i) rows.from[i] += rows.from[i - 1];
  return rows;
}

std::vector<std::string> KeysOf(const std::string& word) {
  if (HasKhmer(word)) return {FoldKhmerLatinLoose(RomaniseKhmer(word))};
  return {FoldIndonesian(word), FoldKhmerLatinLoose(word)};
}

// Of each word, how many trigrams of the query it has. Kept by thread and cleared by the words that
// were touched, so that a query costs what it touches.
struct Overlaps {
  std::vector<uint8_t> of;
  std::vector<WordNumber> touched;
  void Raise(WordNumber word, size_t to) {
    if (of[word] == 0) touched.push_back(word);
    of[word] = std::max(of[word], static_cast<uint8_t>(std::min<size_t>(to, 255)));
  }
  void Clear() {
    for (const WordNumber word : touched) of[word] = 0;
    touched.clear();
  }
};

}  // namespace

class PersonIndex::State {
 public:
  void Add(string_view text, LooseDate born) {
    const PersonName name = ParseName(text);
    std::vector<WordNumber> words;
    for (const std::string& word : name.words) words.push_back(WordOf(word));
    const std::string key(reinterpret_cast<const char*>(words.data()),
                          words.size() * sizeof(WordNumber));
    const auto [found, added] = names_.try_emplace(key, static_cast<NameNumber>(names_.size()));
    if (added) {
      name_words_.insert(name_words_.end(), words.begin(), words.end());
      name_from_.push_back(static_cast<uint32_t>(name_words_.size()));
    }
    name_of_.push_back(found->second);
    born_.push_back(born);
  }

  void Build() {
    words_by_text_.clear();
    BuildWords();
    BuildNames();
    std::vector<std::pair<uint32_t, uint32_t>> persons;
    for (PersonNumber i = 0; i < name_of_.size(); ++i) persons.emplace_back(name_of_[i], i);
    persons_ = MakeRows(name_count(), &persons);
    names_ = {};
  }

  size_t size() const { return name_of_.size(); }

  std::vector<Hit> Search(string_view text, LooseDate born, size_t limit) const {
    const PersonName query = ParseName(text);
    if (query.empty() || size() == 0) return {};
    std::vector<Found> found = FindNames(query);
    std::sort(found.begin(), found.end());
    if (found.size() > std::max(kComparedMax, limit)) found.resize(std::max(kComparedMax, limit));
    std::vector<Hit> hits;
    for (const Found& each : found) AddPersons(query, born, each, &hits);
    std::sort(hits.begin(), hits.end(), [](const Hit& x, const Hit& y) {
      if (x.bits != y.bits) return x.bits > y.bits;
      return x.similarity != y.similarity ? x.similarity > y.similarity : x.person < y.person;
    });
    if (hits.size() > limit) hits.resize(limit);
    return hits;
  }

 private:
  struct Found {
    double similarity;
    NameNumber name;
    bool operator<(const Found& other) const {
      return similarity != other.similarity ? similarity > other.similarity : name < other.name;
    }
  };

  size_t name_count() const { return name_from_.size() - 1; }
  const WordNumber* words_begin(NameNumber name) const {
    return name_words_.data() + name_from_[name];
  }
  size_t word_count(NameNumber name) const { return name_from_[name + 1] - name_from_[name]; }

  WordNumber WordOf(const std::string& word) {
    const auto [found, added] =
        words_by_text_.try_emplace(word, static_cast<WordNumber>(words_.size()));
    if (added) words_.push_back(word);
    return found->second;
  }

  void BuildWords() {
    std::vector<std::pair<uint32_t, uint32_t>> listed;
    std::vector<Trigram> trigrams;
    for (WordNumber word = 0; word < words_.size(); ++word) {
      trigrams.clear();
      AppendTrigrams(PackWord(words_[word]), &trigrams);
      MakeSet(&trigrams);
      trigram_counts_.push_back(static_cast<uint8_t>(std::min<size_t>(trigrams.size(), 255)));
      for (const Trigram trigram : trigrams) {
        const auto row = trigram_rows_.try_emplace(trigram, trigram_rows_.size()).first->second;
        listed.emplace_back(static_cast<uint32_t>(row), word);
      }
      for (const std::string& key : KeysOf(words_[word])) by_key_[key].push_back(word);
    }
    words_of_ = MakeRows(trigram_rows_.size(), &listed);
  }

  void BuildNames() {
    std::array<std::vector<std::pair<uint32_t, uint32_t>>, kListedWordsMax + 1> listed;
    for (NameNumber name = 0; name < name_count(); ++name) {
      const size_t count = word_count(name);
      size_t trigrams = 0;
      for (size_t i = 0; i < count; ++i) trigrams += trigram_counts_[words_begin(name)[i]];
      name_trigrams_.push_back(static_cast<uint8_t>(std::min<size_t>(trigrams, 255)));
      if (count > kListedWordsMax) {
        long_names_.push_back(name);
        continue;
      }
      for (size_t i = 0; i < count; ++i) listed[count].emplace_back(words_begin(name)[i], name);
    }
    for (size_t count = 1; count <= kListedWordsMax; ++count) {
      names_of_[count] = MakeRows(words_.size(), &listed[count]);
    }
  }

  // Sets overlaps of all words with the query; gives the number of the query's trigrams.
  size_t Overlap(const PersonName& query, Overlaps* overlaps) const {
    overlaps->of.resize(words_.size(), 0);
    std::vector<Trigram> trigrams;
    for (const std::string& word : query.words) AppendTrigrams(PackWord(word), &trigrams);
    MakeSet(&trigrams);
    for (const Trigram trigram : trigrams) {
      const auto row = trigram_rows_.find(trigram);
      if (row == trigram_rows_.end()) continue;
      for (const auto* word = words_of_.begin(row->second); word != words_of_.end(row->second);
           ++word) {
        if (overlaps->of[*word]++ == 0) overlaps->touched.push_back(*word);
      }
    }
    // A spelling of one of the query's words counts as that word.
    for (const std::string& word : query.words) {
      for (const std::string& key : KeysOf(word)) {
        const auto spellings = by_key_.find(key);
        if (spellings == by_key_.end()) continue;
        for (const WordNumber spelling : spellings->second) {
          overlaps->Raise(spelling, PackWord(word).size() + 1);
        }
      }
    }
    return trigrams.size();
  }

  // Trigrams that a name shares with the query, and the similarity that follows. Trigrams that two
  // words of one name have in common count twice, so that the similarity is never too low.
  double SimilarityOf(NameNumber name, const Overlaps& overlaps, size_t query_trigrams) const {
    size_t shared = 0, spelt = 0;
    for (size_t i = 0; i < word_count(name); ++i) {
      const WordNumber word = words_begin(name)[i];
      shared += overlaps.of[word];
      spelt += std::max<size_t>(overlaps.of[word], trigram_counts_[word]) - trigram_counts_[word];
    }
    shared = std::min(shared, query_trigrams);
    const size_t all = query_trigrams + name_trigrams_[name] + spelt - shared;
    return static_cast<double>(shared) / static_cast<double>(std::max<size_t>(all, 1));
  }

  std::vector<Found> FindNames(const PersonName& query) const {
    thread_local Overlaps overlaps;
    const size_t trigrams = Overlap(query, &overlaps);
    std::vector<Found> found;
    // Half of all trigrams shared means half of the query's at least; of a name with k words, one
    // word has a k-th part of them.
    const size_t shared_min = (trigrams + 1) / 2;
    for (size_t count = 1; count <= kListedWordsMax; ++count) {
      const size_t overlap_min = (shared_min + count - 1) / count;
      for (const WordNumber word : overlaps.touched) {
        if (overlaps.of[word] < overlap_min) continue;
        Scan(count, word, overlaps, trigrams, &found);
      }
    }
    for (const NameNumber name : long_names_) Look(name, overlaps, trigrams, &found);
    overlaps.Clear();
    return found;
  }

  void Look(NameNumber name, const Overlaps& overlaps, size_t trigrams,
            std::vector<Found>* found) const {
    const double similarity = SimilarityOf(name, overlaps, trigrams);
    if (similarity >= kSimilarityMin) found->push_back({similarity, name});
  }

  void Scan(size_t count, WordNumber word, const Overlaps& overlaps, size_t trigrams,
            std::vector<Found>* found) const {
    const Rows& names = names_of_[count];
    for (const auto* name = names.begin(word); name != names.end(word); ++name) {
      if (IsFirstBest(*name, count, word, overlaps)) Look(*name, overlaps, trigrams, found);
    }
  }

  // A name is looked at from the first of its words that overlap most.
  bool IsFirstBest(NameNumber name, size_t count, WordNumber word, const Overlaps& overlaps) const {
    const WordNumber* words = words_begin(name);
    for (size_t i = 0; i < count; ++i) {
      const uint8_t other = overlaps.of[words[i]];
      if (other > overlaps.of[word]) return false;
      if (other == overlaps.of[word] && words[i] != word && words[i] < word) return false;
    }
    return true;
  }

  void AddPersons(const PersonName& query, LooseDate born, const Found& each,
                  std::vector<Hit>* hits) const {
    PersonName name;
    for (size_t i = 0; i < word_count(each.name); ++i) {
      name.words.push_back(words_[words_begin(each.name)[i]]);
      name.khmer_script = name.khmer_script || HasKhmer(name.words.back());
    }
    name.mononym = name.words.size() == 1;
    const double name_bits = CompareNames(query, name).bits;
    for (const auto* person = persons_.begin(each.name); person != persons_.end(each.name);
         ++person) {
      const double bits =
          name_bits + (born == 0 ? 0 : DateBits(CompareDates(born, born_[*person])));
      hits->push_back({*person, std::min(each.similarity, 1.0), bits});
    }
  }

  absl::flat_hash_map<std::string, WordNumber> words_by_text_;  // Until Build().
  absl::flat_hash_map<std::string, NameNumber> names_;          // Until Build().
  std::vector<std::string> words_;
  std::vector<uint8_t> trigram_counts_;  // Of each word.
  absl::flat_hash_map<Trigram, size_t> trigram_rows_;
  Rows words_of_;  // By trigram row.
  absl::flat_hash_map<std::string, std::vector<WordNumber>> by_key_;
  // Distinct names: words, and how many trigrams they have.
  std::vector<uint32_t> name_from_{0};
  std::vector<WordNumber> name_words_;
  std::vector<uint8_t> name_trigrams_;
  // By number of words, then by word.
  std::array<Rows, kListedWordsMax + 1> names_of_;
  std::vector<NameNumber> long_names_;
  std::vector<NameNumber> name_of_;  // Of each person.
  std::vector<LooseDate> born_;
  Rows persons_;  // By name.
};

PersonIndex::PersonIndex() : state_(std::make_unique<State>()) {}
PersonIndex::~PersonIndex() = default;
void PersonIndex::Add(string_view name, LooseDate born) { state_->Add(name, born); }
void PersonIndex::Build() { state_->Build(); }
size_t PersonIndex::size() const { return state_->size(); }

std::vector<PersonIndex::Hit> PersonIndex::Search(string_view name, LooseDate born,
                                                  size_t limit) const {
  return state_->Search(name, born, limit);
}

}  // namespace lintas::matching
