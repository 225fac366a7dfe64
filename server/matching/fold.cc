#include "server/matching/fold.h"

#include <cstddef>
#include <initializer_list>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace lintas::matching {
namespace {

using absl::string_view;

struct Rule {
  string_view from;
  string_view to;
};

bool IsLatin(string_view word) {
  for (const char c : word) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

bool IsVowel(char c) { return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U'; }

// A rule for a vowel and R or H, where R or H begins the next syllable: it does not fit.
bool TakesNextOnset(string_view word, size_t at, const Rule& rule) {
  const size_t end = at + rule.from.size();
  const char last = rule.from.back();
  return rule.to.size() == 1 && rule.to[0] <= '9' && (last == 'R' || last == 'H') &&
         end < word.size() && (IsVowel(word[end]) || word[end] == 'Y');
}

// Applies the first rule that fits at each place, from left to right; a place without a rule keeps
// its letter. Rules with more letters stand first.
template <size_t N>
std::string Rewrite(string_view word, const Rule (&rules)[N]) {
  std::string out;
  out.reserve(word.size());
  for (size_t at = 0; at < word.size();) {
    const Rule* found = nullptr;
    for (const Rule& rule : rules) {
      if (absl::StartsWith(word.substr(at), rule.from) && !TakesNextOnset(word, at, rule)) {
        found = &rule;
        break;
      }
    }
    if (found == nullptr) {
      out += word[at++];
    } else {
      out.append(found->to.data(), found->to.size());
      at += found->from.size();
    }
  }
  return out;
}

std::string WithoutDoubled(string_view word) {
  std::string out;
  out.reserve(word.size());
  for (const char c : word) {
    if (out.empty() || out.back() != c) out += c;
  }
  return out;
}

// Old CH stands for today's KH, except where today's C is written CH as a fashion (Chandra). At the
// beginning only Arabic words have it.
bool BeginsArabic(string_view word) {
  for (const string_view start :
       {"CHAI", "CHAE", "CHAL", "CHOI", "CHOL", "CHUS", "CHUZ", "CHAD", "CHAF", "CHAM"}) {
    if (absl::StartsWith(word, start)) return true;
  }
  return false;
}

constexpr Rule kIndonesianConsonants[] = {
    {"OE", "U"}, {"OO", "U"}, {"TJ", "C"}, {"DJ", "J"}, {"NJ", "NY"}, {"SJ", "S"},
    {"SY", "S"}, {"SH", "S"}, {"CH", "H"}, {"KH", "H"}, {"DZ", "S"},  {"DH", "D"},
    {"TH", "T"}, {"TS", "S"}, {"PH", "P"}, {"GH", "G"}, {"DL", "D"},  {"EE", "I"},
    {"IE", "I"}, {"F", "P"},  {"V", "P"},  {"Q", "K"},  {"X", "KS"},  {"Z", "S"},
};

// Y beside consonants is the vowel I; between vowels, after I, it is a glide that many leave out.
std::string FoldGlides(string_view word) {
  std::string out;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool after_vowel = !out.empty() && IsVowel(out.back());
    const bool before_vowel = i + 1 < word.size() && IsVowel(word[i + 1]);
    if (c == 'Y' && !out.empty() && out.back() != 'N') {
      if (!after_vowel || !before_vowel) {
        out += 'I';
        continue;
      }
      if (out.back() == 'I') continue;
    }
    if (c == 'W' && after_vowel && before_vowel && out.back() == 'U') continue;
    out += c;
  }
  return out;
}

constexpr Rule kIndonesianVowels[] = {{"AE", "AI"}, {"EI", "AI"}, {"AO", "AU"}, {"AA", "A"}};

std::string FoldModern(string_view word) {
  std::string text(word);
  if (absl::StartsWith(text, "CH")) text = (BeginsArabic(text) ? "H" : "C") + text.substr(2);
  text = Rewrite(text, kIndonesianConsonants);
  text = WithoutDoubled(text);
  text = FoldGlides(text);
  text = WithoutDoubled(Rewrite(text, kIndonesianVowels));
  // The final H of Arabic feminine names is silent and often left out.
  if (text.size() > 3 && text.back() == 'H') text.pop_back();
  return text;
}

constexpr Rule kKhmerOnsets[] = {
    {"CHH", "X"}, {"CCH", "X"}, {"CH", "C"}, {"TCH", "C"}, {"TJ", "C"}, {"KH", "Q"}, {"PH", "F"},
    {"TH", "Z"},  {"NGH", "G"}, {"NG", "G"}, {"NH", "N"},  {"GN", "N"}, {"NY", "N"}, {"SH", "S"},
    {"DH", "D"},  {"BH", "B"},  {"GH", "K"}, {"W", "V"},   {"J", "C"},
};

// After kKhmerOnsets. Digits stand for vowels: 1 a, 2 ea, 3 i, 4 u, 5 o, 6 oe, 7 e, 8 ai, 9 uo,
// 0 au.
constexpr Rule kKhmerVowels[] = {
    {"AEV", "7V"}, {"EO", "7V"}, {"OEUR", "6"}, {"AEUR", "6"}, {"AOEU", "6"}, {"OEU", "6"},
    {"AEU", "6"},  {"EOU", "6"}, {"EUA", "6"},  {"OEA", "6"},  {"UEA", "6"},  {"IEA", "2"},
    {"EUR", "6"},  {"UOR", "9"}, {"OUR", "9"},  {"EAR", "2"},  {"EAH", "2"},  {"EU", "6"},
    {"OE", "6"},   {"UE", "6"},  {"EA", "2"},   {"IA", "2"},   {"IE", "2"},   {"EI", "3"},
    {"EY", "3"},   {"EE", "3"},  {"IY", "3"},   {"OU", "4"},   {"OO", "4"},   {"UU", "4"},
    {"UO", "9"},   {"UA", "9"},  {"AO", "5"},   {"OA", "5"},   {"AU", "0"},   {"AV", "0"},
    {"OV", "0"},   {"AY", "8"},  {"AI", "8"},   {"AE", "7"},   {"AA", "1"},   {"AH", "1"},
    {"AR", "1"},   {"OH", "5"},  {"EH", "7"},   {"UH", "4"},   {"IH", "3"},   {"A", "1"},
    {"I", "3"},    {"U", "4"},   {"O", "5"},    {"E", "7"},
};

bool IsKhmerVowel(char c) { return c >= '0' && c <= '9'; }

char FinalOf(char c) {
  switch (c) {
    case 'Q':
      return 'K';
    case 'F':
    case 'B':
      return 'P';
    case 'Z':
    case 'D':
      return 'T';
    case 'X':
      return 'C';
    default:
      return c;
  }
}

// Y is a vowel unless a vowel follows; aspiration and voice are lost at the end of a syllable; a
// final R is silent.
std::string KhmerSyllables(string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    const bool before_vowel = i + 1 < text.size() && IsKhmerVowel(text[i + 1]);
    const bool after_vowel = !out.empty() && IsKhmerVowel(out.back());
    if (c == 'Y' && !before_vowel) {
      if (!after_vowel) out += '3';
      continue;
    }
    if (after_vowel && !before_vowel && !IsKhmerVowel(c)) {
      if (c == 'R' && i + 1 == text.size()) continue;
      if (c == 'H') continue;
      c = FinalOf(c);
    }
    if (out.empty() || out.back() != c) out += c;
  }
  return out;
}

}  // namespace

std::string FoldIndonesianModern(string_view word) {
  return IsLatin(word) ? FoldModern(word) : std::string(word);
}

std::string FoldIndonesian(string_view word) {
  if (!IsLatin(word)) return std::string(word);
  // DJ first: what is J after it was J or Y in the old spelling.
  std::string text = FoldModern(word);
  for (char& c : text) {
    if (c == 'J') c = 'Y';
  }
  text = FoldGlides(text);
  return WithoutDoubled(text);
}

std::string FoldKhmerLatin(string_view word) {
  if (!IsLatin(word)) return std::string(word);
  std::string onsets;
  for (const char c : Rewrite(word, kKhmerOnsets)) {
    // EE and OO are vowels of their own.
    if (onsets.empty() || onsets.back() != c || IsVowel(c)) onsets += c;
  }
  std::string sounds = Rewrite(onsets, kKhmerVowels);
  for (size_t i = 1; i < sounds.size(); ++i) {
    const bool before_vowel = i + 1 < sounds.size() && IsKhmerVowel(sounds[i + 1]);
    if (sounds[i] == 'Y' && !before_vowel && !IsKhmerVowel(sounds[i - 1])) sounds[i] = '3';
  }
  return KhmerSyllables(sounds);
}

std::string FoldKhmerLatinLoose(string_view word) {
  if (!IsLatin(word)) return std::string(word);
  std::string out;
  for (char c : FoldKhmerLatin(word)) {
    switch (c) {
      case 'X':
        c = 'C';
        break;
      case 'Q':
        c = 'K';
        break;
      case 'F':
      case 'B':
        c = 'P';
        break;
      case 'Z':
        c = 'T';
        break;
      case '7':
      case '8':
        c = '3';
        break;
      case '5':
      case '9':
      case '0':
        c = '4';
        break;
      default:
        break;
    }
    if (out.empty() || out.back() != c) out += c;
  }
  return out;
}

std::string FoldIcao(string_view word) {
  constexpr Rule kAlternatives[] = {{"UXX", "U"}, {"NXX", "N"}, {"UE", "U"}, {"OE", "O"},
                                    {"AE", "A"},  {"IJ", "Y"},  {"TH", "T"}, {"DJ", "D"}};
  return WithoutDoubled(Rewrite(word, kAlternatives));
}

std::string Skeleton(string_view word) {
  if (!IsLatin(word)) return std::string(word);
  std::string out;
  for (const char c : FoldIndonesian(word)) {
    if (IsVowel(c) && !out.empty()) continue;
    const char kept = IsVowel(c) ? 'A' : c == 'B' ? 'P' : c == 'D' ? 'T' : c == 'G' ? 'K' : c;
    if (kept == 'H' && !out.empty()) continue;
    if (out.empty() || out.back() != kept) out += kept;
  }
  return out;
}

}  // namespace lintas::matching
