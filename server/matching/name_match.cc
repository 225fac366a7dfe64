#include "server/matching/name_match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/matching/fold.h"
#include "server/matching/khmer.h"
#include "server/matching/similarity.h"

namespace lintas::matching {
namespace {

using absl::string_view;

// Judgement, not measurement: what a word laid beside a contradicting one takes away, and what one
// that the other side does not have. docs/matching.md gives what they lead to.
constexpr double kDifferentBits = -7;
constexpr double kOtherNameBits = -8;
constexpr double kExtraWordBits = -0.8;
// One shared word and more on one side only: Budi is not yet Budi Santoso.
constexpr double kOneOfManyBits = -2;
constexpr double kOutOfOrderBits = -0.5;
constexpr double kJoinedBits = -0.5;

bool IsVowel(char c) { return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U'; }

double ShareBits(string_view a, string_view b, NameCountry country) {
  const double share = std::max(DefaultShare(country, a), DefaultShare(country, b));
  return std::min(10.0, -std::log2(share));
}

// Signs that are written or left out without changing the name: silenced consonants, bantoc, robat,
// a short vowel at the end.
std::string WithoutSilent(string_view khmer) {
  const std::string packed = PackWord(khmer);
  const auto sign = [&](size_t i) { return static_cast<uint8_t>(packed[i]) - 0x80 + 0x1780; };
  std::string out;
  for (size_t i = 0; i < packed.size(); ++i) {
    if (i + 1 < packed.size() && sign(i + 1) == 0x17cd && !out.empty()) {
      ++i;
      continue;
    }
    if (sign(i) == 0x17cb || sign(i) == 0x17cc || sign(i) == 0x17cd) continue;
    const bool last = i + 1 == packed.size();
    if (last && i > 3 && (sign(i) == 0x17b7 || sign(i) == 0x17bb)) continue;
    out += packed[i];
  }
  return out;
}

WordEvidence CompareKhmer(string_view a, string_view b) {
  if (WithoutSilent(a) == WithoutSilent(b)) return {WordLevel::kSpelling, 7};
  const std::string x = PackWord(a), y = PackWord(b);
  const int distance = OsaDistance(x, y);
  // Homographs of the Latin form differ by one sign here, so one sign matters.
  if (distance == 1) {
    const bool long_enough = std::min(x.size(), y.size()) >= 8;
    return long_enough ? WordEvidence{WordLevel::kSlip, 0.5}
                       : WordEvidence{WordLevel::kOtherName, kOtherNameBits};
  }
  return {WordLevel::kDifferent, kDifferentBits};
}

WordEvidence CompareScripts(string_view khmer, string_view latin) {
  const int budget = latin.size() <= 3 ? 0 : latin.size() <= 9 ? 1 : 2;
  const int cost = KhmerLatinCost(khmer, latin, budget);
  if (cost > budget) return {WordLevel::kDifferent, kDifferentBits};
  return {WordLevel::kScript, 7.0 - cost};
}

// The one place where the words differ by a vowel is their end: Sukarno, Sukarni.
bool DifferByEnding(string_view a, string_view b) {
  return a.size() == b.size() && a.size() > 1 &&
         a.substr(0, a.size() - 1) == b.substr(0, b.size() - 1) && IsVowel(a.back()) &&
         IsVowel(b.back());
}

bool BothNames(string_view a, string_view b, NameCountry country) {
  return IsKnownSpelling(country, a) && IsKnownSpelling(country, b);
}

double SlipBits(size_t size, int distance) {
  if (distance == 1) return size <= 3 ? -5 : size == 4 ? 0 : size == 5 ? 3 : 4.5;
  return size >= 9 ? 2 : size >= 7 ? 0 : kDifferentBits;
}

// Letters exchanged, or one of two equal neighbours left out: a slip of the hand in any language.
// Other single letters make another syllable of Khmer.
bool IsSlipOfHand(string_view a, string_view b) {
  if (a.size() == b.size()) {
    std::string x(a), y(b);
    std::sort(x.begin(), x.end());
    std::sort(y.begin(), y.end());
    return x == y;
  }
  if (a.size() > b.size()) std::swap(a, b);
  for (size_t i = 0; i + 1 < b.size(); ++i) {
    if (b[i] == b[i + 1] && absl::StrCat(b.substr(0, i), b.substr(i + 1)) == a) return true;
  }
  return false;
}

WordEvidence CompareNear(string_view a, string_view b, NameCountry country) {
  const bool khmer = country == NameCountry::kCambodia;
  const std::string x = khmer ? std::string(a) : FoldIndonesian(a);
  const std::string y = khmer ? std::string(b) : FoldIndonesian(b);
  const int distance = std::min(OsaDistance(a, b), OsaDistance(x, y));
  if (distance > 2) return {WordLevel::kDifferent, kDifferentBits};
  if (BothNames(a, b, country) || DifferByEnding(a, b) || DifferByEnding(x, y)) {
    return {WordLevel::kOtherName, kOtherNameBits};
  }
  if (khmer && (distance > 1 || !IsSlipOfHand(a, b))) {
    return {WordLevel::kOtherName, kOtherNameBits};
  }
  // The first letter is what a reader looks at; who writes another means another name.
  const double first = a[0] == b[0] || x[0] == y[0] ? 0 : -4;
  const double bits = SlipBits(std::min(a.size(), b.size()), distance) + first;
  return {bits <= kDifferentBits ? WordLevel::kDifferent : WordLevel::kSlip, bits};
}

WordEvidence CompareLatin(string_view a, string_view b, NameCountry country) {
  if (country == NameCountry::kCambodia) {
    if (FoldKhmerLatin(a) == FoldKhmerLatin(b)) {
      return {WordLevel::kSpelling, ShareBits(a, b, country) - 1};
    }
    if (FoldKhmerLatinLoose(a) == FoldKhmerLatinLoose(b)) {
      const bool too_short = std::min(a.size(), b.size()) <= 3;
      if (too_short || BothNames(a, b, country)) return {WordLevel::kOtherName, kOtherNameBits / 2};
      return {WordLevel::kLoose, 3};
    }
  } else if (FoldIndonesian(a) == FoldIndonesian(b)) {
    return {WordLevel::kSpelling, ShareBits(a, b, country) - 0.5};
  } else if (FoldIcao(a) == FoldIcao(b)) {
    return {WordLevel::kSpelling, 6};
  }
  return CompareNear(a, b, country);
}

// One side's word, or two neighbours written as one.
struct Piece {
  size_t first = 0;
  size_t count = 1;
};

std::string TextOf(const std::vector<std::string>& words, const Piece& piece) {
  return piece.count == 1 ? words[piece.first]
                          : absl::StrCat(words[piece.first], words[piece.first + 1]);
}

struct Laid {
  Piece a, b;
  WordEvidence evidence;
};

// Best laying of one name's words beside the other's: over the words of `a` in order, those
// of them left alone and the set of words of `b` that are taken.
class Alignment {
 public:
  Alignment(const PersonName& a, const PersonName& b, NameCountry country)
      : a_(a), b_(b), country_(country), sets_(size_t{1} << b.words.size()) {
    best_.assign((a.words.size() + 1) * (a.words.size() + 1) * sets_, kUnknown);
    choice_.resize(best_.size());
  }

  std::vector<Laid> Solve() {
    State state;
    Best(state);
    std::vector<Laid> laid;
    while (state.at < a_.words.size()) {
      const Laid& chosen = choice_[IndexOf(state)];
      if (chosen.b.count != 0) laid.push_back(chosen);
      state = After(state, chosen);
    }
    return laid;
  }

 private:
  static constexpr double kUnknown = 1e9;
  // Words of `a` looked at, words of `b` taken, and words of `a` left alone.
  struct State {
    size_t at = 0, taken = 0, alone = 0;
  };

  size_t IndexOf(const State& state) const {
    return (state.at * (a_.words.size() + 1) + state.alone) * sets_ + state.taken;
  }

  static State After(State state, const Laid& laid) {
    for (size_t k = 0; k < laid.b.count; ++k) state.taken |= size_t{1} << (laid.b.first + k);
    state.at += laid.a.count;
    state.alone += laid.b.count == 0 ? 1 : 0;
    return state;
  }

  bool IsCutOff(const Piece& a, const Piece& b) const {
    const auto begins = [](const PersonName& cut, size_t index, string_view word,
                           string_view whole) {
      return cut.truncated && index + 1 == cut.words.size() && absl::StartsWith(whole, word);
    };
    return begins(a_, a.first, a_.words[a.first], b_.words[b.first]) ||
           begins(b_, b.first, b_.words[b.first], a_.words[a.first]);
  }

  WordEvidence Evidence(const Piece& a, const Piece& b) const {
    WordEvidence evidence = CompareWords(TextOf(a_.words, a), TextOf(b_.words, b), country_);
    if (evidence.bits < 3 && a.count == 1 && b.count == 1 && IsCutOff(a, b)) {
      return {WordLevel::kCutOff, 3};
    }
    if (a.count + b.count > 2) evidence.bits += kJoinedBits;
    const bool in_order =
        a.first == b.first || a_.words.size() - a.first == b_.words.size() - b.first;
    if (evidence.bits > 0 && !in_order) evidence.bits += kOutOfOrderBits;
    return evidence;
  }

  void Try(const State& state, const Laid& laid, double* best) {
    const double bits = laid.evidence.bits + Best(After(state, laid));
    if (*best != kUnknown && bits <= *best) return;
    *best = bits;
    choice_[IndexOf(state)] = laid;
  }

  // Two words left alone contradict each other; more on one side are only more.
  double Rest(const State& state) const {
    size_t left = 0;
    for (size_t i = 0; i < b_.words.size(); ++i) left += (state.taken >> i & 1) == 0 ? 1 : 0;
    const size_t apart = std::min(left, state.alone);
    return static_cast<double>(apart) * (kOtherNameBits - 0.5) +
           static_cast<double>(left + state.alone - 2 * apart) * kExtraWordBits;
  }

  double Best(const State& state) {
    if (state.at == a_.words.size()) return Rest(state);
    const double known = best_[IndexOf(state)];
    if (known != kUnknown) return known;
    double best = kUnknown;
    Try(state, {{state.at, 1}, {0, 0}, {WordLevel::kDifferent, 0}}, &best);
    for (size_t i = 0; i < b_.words.size(); ++i) {
      if ((state.taken >> i & 1) == 0) TryAt(state, i, &best);
    }
    best_[IndexOf(state)] = best;
    return best;
  }

  void TryAt(const State& state, size_t i, double* best) {
    const size_t at = state.at;
    const auto consider = [&](const Piece& a, const Piece& b) {
      Try(state, {a, b, Evidence(a, b)}, best);
    };
    consider({at, 1}, {i, 1});
    // Only the side with more words can have written one in two.
    const bool more_a = a_.words.size() > b_.words.size();
    const bool more_b = b_.words.size() > a_.words.size();
    if (more_a && at + 1 < a_.words.size()) consider({at, 2}, {i, 1});
    if (more_b && i + 1 < b_.words.size() && (state.taken >> (i + 1) & 1) == 0) {
      consider({at, 1}, {i, 2});
    }
  }

  const PersonName& a_;
  const PersonName& b_;
  const NameCountry country_;
  const size_t sets_;
  std::vector<double> best_;
  std::vector<Laid> choice_;
};

string_view Describe(WordLevel level) {
  switch (level) {
    case WordLevel::kSame:
      return "equal";
    case WordLevel::kSpelling:
      return "other spelling";
    case WordLevel::kScript:
      return "Latin reading of Khmer";
    case WordLevel::kLoose:
      return "sounds alike";
    case WordLevel::kInitial:
      return "initial";
    case WordLevel::kCutOff:
      return "cut off";
    case WordLevel::kSlip:
      return "likely slip";
    case WordLevel::kOtherName:
      return "another name";
    case WordLevel::kDifferent:
      return "different";
  }
  return "";
}

std::string Reason(string_view a, string_view b, string_view what, double bits) {
  return absl::StrFormat("%s ~ %s: %s %+.1f", a, b, what, bits);
}

// All words of both written together: Khmer script often has no blanks, and Latin writes of one
// name in one word or two.
WordEvidence CompareWhole(const PersonName& a, const PersonName& b, NameCountry country) {
  if (a.words.size() == b.words.size() && !a.khmer_script && !b.khmer_script) return {};
  const std::string x = absl::StrJoin(a.words, ""), y = absl::StrJoin(b.words, "");
  WordEvidence whole = CompareWords(x, y, country);
  if (whole.level != WordLevel::kSame && whole.level != WordLevel::kSpelling &&
      whole.level != WordLevel::kScript) {
    return {};
  }
  whole.bits += kJoinedBits;
  return whole;
}

}  // namespace

WordEvidence CompareWords(string_view a, string_view b, NameCountry country) {
  if (a.empty() || b.empty()) return {};
  if (a == b) return {WordLevel::kSame, HasKhmer(a) ? 8 : ShareBits(a, b, country)};
  const bool khmer_a = HasKhmer(a), khmer_b = HasKhmer(b);
  if (khmer_a && khmer_b) return CompareKhmer(a, b);
  if (khmer_a || khmer_b) return khmer_a ? CompareScripts(a, b) : CompareScripts(b, a);
  if (a.size() == 1 || b.size() == 1) {
    // M stands for Muhammad more often than for any other name.
    const bool muhammad = (a == "M" && b == "MUHAMMAD") || (b == "M" && a == "MUHAMMAD");
    if (muhammad) return {WordLevel::kInitial, 3};
    if (a[0] == b[0]) return {WordLevel::kInitial, 1};
    return {WordLevel::kDifferent, kDifferentBits};
  }
  return CompareLatin(a, b, country);
}

NameEvidence CompareNames(const PersonName& a, const PersonName& b) {
  NameEvidence evidence;
  if (a.empty() || b.empty()) return evidence;
  const NameCountry country = GuessCountry(a, b);
  std::vector<Laid> laid = Alignment(a, b, country).Solve();
  size_t used_a = 0, used_b = 0, agreeing = 0;
  for (const Laid& pair : laid) {
    used_a += pair.a.count;
    used_b += pair.b.count;
    evidence.bits += pair.evidence.bits;
    agreeing += pair.evidence.bits > 0 ? std::max(pair.a.count, pair.b.count) : 0;
    evidence.contradiction = evidence.contradiction || pair.evidence.bits <= -4;
    evidence.reasons.push_back(Reason(TextOf(a.words, pair.a), TextOf(b.words, pair.b),
                                      Describe(pair.evidence.level), pair.evidence.bits));
  }
  const size_t left_a = a.words.size() - used_a, left_b = b.words.size() - used_b;
  const size_t apart = std::min(left_a, left_b);
  if (apart > 0) {
    evidence.contradiction = true;
    evidence.bits += static_cast<double>(apart) * (kOtherNameBits - 0.5);
    evidence.reasons.push_back(absl::StrFormat("%d words differ", apart));
  }
  const size_t extra = left_a + left_b - 2 * apart;
  if (extra > 0) {
    double bits = static_cast<double>(extra) * kExtraWordBits;
    if (agreeing <= 1) bits += kOneOfManyBits;
    evidence.bits += bits;
    evidence.reasons.push_back(absl::StrFormat("%d words on one side only %+.1f", extra, bits));
  }
  const WordEvidence whole = CompareWhole(a, b, country);
  if (whole.level != WordLevel::kDifferent && whole.bits > evidence.bits) {
    evidence.bits = whole.bits;
    evidence.contradiction = false;
    evidence.reasons = {
        absl::StrFormat("written together: %s %+.1f", Describe(whole.level), whole.bits)};
  }
  return evidence;
}

double DateBits(DateLevel level) {
  switch (level) {
    case DateLevel::kMissing:
      return 0;
    case DateLevel::kSame:
      return 12;
    case DateLevel::kPart:
      return 4;
    case DateLevel::kSwapped:
      return 8;
    case DateLevel::kOneDigit:
      return 5;
    case DateLevel::kYearBeside:
      return 4;
    case DateLevel::kTwoParts:
      return -1;
    case DateLevel::kTwoDigits:
      return -3;
    case DateLevel::kDifferent:
      return -16;
  }
  return 0;
}

PairEvidence ComparePersons(const PersonName& name_a, LooseDate born_a, const PersonName& name_b,
                            LooseDate born_b) {
  PairEvidence pair;
  if (name_a.empty() || name_b.empty()) pair.missing.push_back("name");
  if (born_a == 0 || born_b == 0) pair.missing.push_back("birth date");
  NameEvidence names = CompareNames(name_a, name_b);
  pair.reasons = std::move(names.reasons);
  if (!name_a.father.empty() && !name_b.father.empty()) {
    const WordEvidence father =
        CompareWords(absl::StrJoin(name_a.father, ""), absl::StrJoin(name_b.father, ""),
                     NameCountry::kIndonesia);
    names.bits += father.bits;
    names.contradiction = names.contradiction || father.bits <= -4;
    pair.reasons.push_back(
        absl::StrFormat("father: %s %+.1f", Describe(father.level), father.bits));
  }
  const DateLevel level = CompareDates(born_a, born_b);
  const double date_bits = DateBits(level);
  if (level != DateLevel::kMissing) {
    pair.reasons.push_back(absl::StrFormat("%s %+.1f", NameOf(level), date_bits));
  }
  pair.bits = names.bits + date_bits;
  // A birth date shared by two different names is a twin or a chance; names shared by two dates are
  // two people.
  if (level == DateLevel::kDifferent || names.contradiction || names.bits <= 0) {
    pair.bits = std::min(pair.bits, kPairThresholdBits - 1);
  }
  pair.match = pair.bits >= kPairThresholdBits && !name_a.empty() && !name_b.empty();
  return pair;
}

}  // namespace lintas::matching
