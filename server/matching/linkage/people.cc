#include "server/matching/linkage/people.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_join.h"

namespace lintas::matching {
namespace {

constexpr size_t kDateSamples = 2'000'000;

// Of a power-law generator; only spreads the samples.
uint64_t NextSample(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

}  // namespace

double People::pair_count() const {
  const double n = static_cast<double>(size()), first = static_cast<double>(first_size);
  return std::max(1.0, two_lists ? first * (n - first) : n * (n - 1) / 2);
}

void People::AddWord(Slot slot, WordId id) {
  words.push_back(id);
  slots.push_back(static_cast<uint8_t>(slot));
}

void People::AddPart(Slot slot, absl::string_view text) {
  const PersonName name = ParseName(text);
  for (const std::string& word : name.words) AddWord(slot, vocabulary.Add(word));
  joined[slot].push_back(name.empty() ? kNoWord : vocabulary.Add(absl::StrJoin(name.words, "")));
}

void People::Add(const LinkRecord& record) {
  if (!record.name.empty()) {
    for (const std::string& word : ParseName(record.name).words) {
      AddWord(kGiven, vocabulary.Add(word));
    }
    joined[kGiven].push_back(kNoWord);
    joined[kSurname].push_back(kNoWord);
  } else {
    AddPart(kGiven, record.given_name);
    AddPart(kSurname, record.surname);
  }
  words_from.push_back(static_cast<uint32_t>(words.size()));
  born.push_back(ReadLooseDate(record.born));
  others.resize(record.others.size());
  for (size_t i = 0; i < record.others.size(); ++i) {
    std::string value(record.others[i]);
    uint32_t id = 0;
    if (!value.empty()) {
      id = other_ids.try_emplace(value, static_cast<uint32_t>(other_ids.size() + 1)).first->second;
    }
    others[i].push_back(id);
  }
}

void People::CountWords() {
  for (std::vector<float>& share : shares) share.assign(vocabulary.size(), 0);
  for (RecordIndex i = 0; i < size(); ++i) {
    for (const Slot slot : {kGiven, kSurname}) {
      if (joined[slot][i] != kNoWord) shares[slot][joined[slot][i]] += 1;
    }
    const bool both_single = joined[kGiven][i] != kNoWord || joined[kSurname][i] != kNoWord;
    for (uint32_t w = words_from[i]; w < words_from[i + 1]; ++w) {
      const Slot slot = static_cast<Slot>(slots[w]);
      // A part of one word is its own joined form and was counted.
      if (!both_single || words[w] != joined[slot][i]) shares[slot][words[w]] += 1;
    }
  }
  const float n = static_cast<float>(size());
  for (const Slot slot : {kGiven, kSurname}) {
    near_sums[slot].fill(0);
    for (float& share : shares[slot]) share /= n;
    share_bits[slot].clear();
    for (const float share : shares[slot]) {
      share_bits[slot].push_back(-std::log2(std::max(share, 1e-9f)));
    }
    for (WordId id = 0; id < vocabulary.size(); ++id) {
      if (shares[slot][id] == 0) continue;
      for (const auto* near = vocabulary.near_begin(id); near != vocabulary.near_end(id); ++near) {
        if (shares[slot][near->word] == 0) continue;
        near_sums[slot][static_cast<size_t>(near->level)] +=
            shares[slot][id] + shares[slot][near->word];
      }
    }
  }
}

void People::CountDates() {
  date_bits_[0].assign(10000, 0.0);
  date_bits_[1].assign(100, 0.0);
  date_bits_[2].assign(100, 0.0);
  double known = 0;
  for (const LooseDate date : born) {
    if (date == 0) continue;
    known += 1;
    date_bits_[0][std::min<uint32_t>(date / 10000, 9999)] += 1;
    date_bits_[1][date / 100 % 100] += 1;
    date_bits_[2][date % 100] += 1;
  }
  for (std::vector<double>& part : date_bits_) {
    for (double& count : part) count = -std::log2((count + 0.5) / (known + 1));
  }
  std::array<double, kDateLevelCount> seen{};
  double compared = 0;
  uint64_t state = 1;
  const size_t second = two_lists ? first_size : 0;
  // Two lists of which one is empty have no pair.
  const bool comparable = size() > 1 && (!two_lists || (first_size > 0 && first_size < size()));
  for (size_t i = 0; i < kDateSamples && comparable; ++i) {
    const size_t a = NextSample(&state) % (two_lists ? first_size : size());
    const size_t b = second + NextSample(&state) % (size() - second);
    const DateLevel level = CompareDates(born[a], born[b]);
    if (a == b || level == DateLevel::kMissing) continue;
    seen[static_cast<size_t>(level)] += 1;
    compared += 1;
  }
  for (size_t i = 0; i < seen.size(); ++i) date_chances[i] = (seen[i] + 1) / (compared + 10);
}

void People::Count() {
  CountWords();
  CountDates();
  other_counts.assign(others.size(), std::vector<uint32_t>(other_ids.size() + 1, 0));
  for (size_t field = 0; field < others.size(); ++field) {
    for (const uint32_t value : others[field]) ++other_counts[field][value];
  }
}

double People::ShareBits(LooseDate date) const {
  return date_bits_[0][std::min<uint32_t>(date / 10000, 9999)] + date_bits_[1][date / 100 % 100] +
         date_bits_[2][date % 100];
}

double People::ShareOf(size_t field, uint32_t value) const {
  return static_cast<double>(other_counts[field][value]) / static_cast<double>(size());
}

}  // namespace lintas::matching
