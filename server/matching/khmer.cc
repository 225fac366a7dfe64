#include "server/matching/khmer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "server/matching/text.h"

namespace lintas::matching {
namespace {

using absl::string_view;

constexpr int kCoeng = 0x17d2;
constexpr int kRobat = 0x17cc;
constexpr int kSilencer = 0x17cd;  // Toandakhiat: what is under it is not read.
constexpr int kBantoc = 0x17cb;
constexpr int kNikahit = 0x17c6;
constexpr int kReahmuk = 0x17c7;
constexpr int kSamyok = 0x17d0;
constexpr int kMuusikatoan = 0x17c9;
constexpr int kTriisap = 0x17ca;
constexpr int kSignsMax = 64;

bool IsConsonant(int c) { return c >= 0x1780 && c <= 0x17a2; }
bool IsIndependent(int c) { return c >= 0x17a3 && c <= 0x17b3; }
bool IsVowelSign(int c) { return c >= 0x17b6 && c <= 0x17c5; }
bool IsShifter(int c) { return c == kMuusikatoan || c == kTriisap; }

std::vector<int> PointsOf(string_view word) {
  std::vector<int> points;
  for (size_t at = 0; at < word.size();) {
    const int point = NextCodePoint(word, &at);
    if (point >= 0) points.push_back(point);
  }
  return points;
}

void Append(int point, std::string* out) {
  if (point < 0x80) {
    *out += static_cast<char>(point);
  } else if (point < 0x800) {
    *out += static_cast<char>(0xc0 | (point >> 6));
    *out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    *out += static_cast<char>(0xe0 | (point >> 12));
    *out += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    *out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    *out += static_cast<char>(0xf0 | (point >> 18));
    *out += static_cast<char>(0x80 | ((point >> 12) & 0x3f));
    *out += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    *out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

// One stack of signs over a base.
struct Cluster {
  int base = 0;
  std::vector<int> subscripts;
  int shifter = 0;
  std::vector<int> vowels;
  std::vector<int> signs;
};

void Put(int point, std::vector<int>* into) {
  if (std::find(into->begin(), into->end(), point) == into->end()) into->push_back(point);
}

bool Replace(std::vector<int>* vowels, int first, int second, int joined) {
  const auto a = std::find(vowels->begin(), vowels->end(), first);
  const auto b = std::find(vowels->begin(), vowels->end(), second);
  if (a == vowels->end() || b == vowels->end()) return false;
  vowels->assign(1, joined);
  return true;
}

void JoinSplitVowels(Cluster* cluster) {
  if (cluster->vowels.size() != 2) return;
  (void)(Replace(&cluster->vowels, 0x17c1, 0x17b6, 0x17c4) ||
         Replace(&cluster->vowels, 0x17c1, 0x17b8, 0x17be) ||
         Replace(&cluster->vowels, 0x17c1, 0x17bb, 0x17be) ||
         Replace(&cluster->vowels, 0x17c1, 0x17c5, 0x17c5));
}

std::vector<Cluster> ClustersOf(const std::vector<int>& points) {
  std::vector<Cluster> clusters;
  for (size_t i = 0; i < points.size(); ++i) {
    const int c = points[i];
    if (c == kCoeng && !clusters.empty() && i + 1 < points.size() &&
        (IsConsonant(points[i + 1]) || IsIndependent(points[i + 1]))) {
      const int below = points[++i];
      Put(below == 0x178a ? 0x178f : below, &clusters.back().subscripts);
    } else if (clusters.empty() || IsConsonant(c) || IsIndependent(c) || c < 0x1780 || c > 0x17ff) {
      clusters.emplace_back();
      clusters.back().base = c;
    } else if (IsShifter(c)) {
      clusters.back().shifter = c;
    } else if (IsVowelSign(c)) {
      Put(c, &clusters.back().vowels);
    } else if (c != kCoeng) {
      Put(c, &clusters.back().signs);
    }
  }
  for (Cluster& cluster : clusters) {
    JoinSplitVowels(&cluster);
    std::stable_sort(cluster.subscripts.begin(), cluster.subscripts.end(),
                     [](int a, int b) { return (a == 0x179a) < (b == 0x179a); });
    std::sort(cluster.vowels.begin(), cluster.vowels.end());
    std::sort(cluster.signs.begin(), cluster.signs.end());
  }
  return clusters;
}

// Readings: usual ones, then after `|` looser ones. `-` is silence.
struct Readings {
  int sign;
  string_view text;
};

constexpr Readings kConsonants[] = {
    {0x1780, "K|G C KH"},   {0x1781, "KH|K"},         {0x1782, "K G|KH"},   {0x1783, "KH|K"},
    {0x1784, "NG|N"},       {0x1785, "CH C|J TCH"},   {0x1786, "CHH CH|C"}, {0x1787, "CH C J|CHH"},
    {0x1788, "CHH CH|C J"}, {0x1789, "NH NY GN N|Y"}, {0x178a, "D|T"},      {0x178b, "TH|T"},
    {0x178c, "D|T"},        {0x178d, "TH|T"},         {0x178e, "N|"},       {0x178f, "T|D TH"},
    {0x1790, "TH|T"},       {0x1791, "T|TH D"},       {0x1792, "TH|T"},     {0x1793, "N|"},
    {0x1794, "B P|"},       {0x1795, "PH|P F"},       {0x1796, "P|PH B"},   {0x1797, "PH|P F"},
    {0x1798, "M|"},         {0x1799, "Y|J I"},        {0x179a, "R|"},       {0x179b, "L|"},
    {0x179c, "V W|B"},      {0x179f, "S|"},           {0x17a0, "H|"},       {0x17a1, "L|"},
    {0x17a2, "-|"},
};

// At the end of a syllable.
constexpr Readings kFinals[] = {
    {0x1780, "K|C KH G"}, {0x1781, "K KH|"},      {0x1782, "K|KH G"},       {0x1783, "K KH|"},
    {0x1785, "CH C|T"},   {0x1787, "CH C|CHH T"}, {0x1789, "NH N|NY Y GN"}, {0x178a, "T D|TH"},
    {0x178f, "T TH|D"},   {0x1791, "T TH|D"},     {0x1792, "T TH|"},        {0x1794, "P B|PH"},
    {0x1796, "P|PH B"},   {0x1797, "P PH|"},      {0x1799, "Y I|EY -"},     {0x179a, "R -|"},
    {0x179c, "V W|O U"},  {0x179f, "S H|SS -"},   {0x1784, "NG|N"},
};

// First series | second series; a sonorant takes either.
struct VowelReadings {
  int sign;
  string_view first;
  string_view second;
};
constexpr VowelReadings kVowels[] = {
    {0x17b6, "A AA AR AH|OR", "EA IA EAR EAH|A"},
    {0x17b7, "E I|EH IH EI", "I E|IH EH"},
    {0x17b8, "EI EY Y I|EE E AY", "I Y EE EY|EI IE"},
    {0x17b9, "OE EU|E O U UE I", "EU OE UE|U E I"},
    {0x17ba, "EU OEU EUR|UE OE U", "EU UE OEU EUR|OE U"},
    {0x17bb, "O U|OH OU", "U O OU|UH OO"},
    {0x17bc, "OU O U|AU OO AO OV", "OU U OO|O"},
    {0x17bd, "UO UA OUR|O OU UOR", "UO UA OUR|O OU UOR"},
    {0x17be, "AEU OEU EU|ER AE AOEU OE EUR", "EU OEU ER|OE UE EUR AEU"},
    {0x17bf, "OEA EUA OEU EU EOU EUR|OEUR UEA OE UE", "OEA EUA OEU EU EOU EUR|OEUR UEA OE UE"},
    {0x17c0, "IE EA IEA IA|E I", "IE EA IEA IA|E I"},
    {0x17c1, "E EH|EI I AY EY", "E EH I|EI AY EY"},
    {0x17c2, "AE E|EA EH AI", "E AE|EA EH"},
    {0x17c3, "AI AY|EY EI AE", "EY AY AI|EI"},
    {0x17c4, "AO O OR|OA AU AOR OO", "O OO OU AO OR|U OA"},
    {0x17c5, "AU AO OV AV AW|OU O", "OV EOU OU AU AO OW|OEU EW EU"},
};
constexpr Readings kIndependents[] = {
    {0x17a3, "A|O"},
    {0x17a4, "A AA|"},
    {0x17a5, "E I EI|EY"},
    {0x17a6, "EI EY I Y|"},
    {0x17a7, "O U OU|"},
    {0x17a8, "OK UK|"},
    {0x17a9, "OU U|O"},
    {0x17aa, "OU OV AU OW|"},
    {0x17ab, "ROE RE RI RU RUE REU|"},
    {0x17ac, "REU RUE RI RU|"},
    {0x17ad, "LOE LE LU LUE|"},
    {0x17ae, "LEU LUE LU|"},
    {0x17af, "AE E|AI"},
    {0x17b0, "AI AY EY|"},
    {0x17b1, "AO O OR AOR|"},
    {0x17b2, "AO O OR AOR|"},
    {0x17b3, "AU OV AV|"},
};

struct Choice {
  string_view text;
  int cost = 0;
};
using Unit = std::vector<Choice>;

void AddChoices(string_view readings, int extra, Unit* unit) {
  int cost = extra;
  for (const string_view half : absl::StrSplit(readings, '|')) {
    for (const string_view text : absl::StrSplit(half, ' ', absl::SkipEmpty())) {
      unit->push_back({text == "-" ? string_view() : text, cost});
    }
    ++cost;
  }
}

template <size_t N>
string_view Find(const Readings (&table)[N], int sign) {
  for (const Readings& row : table) {
    if (row.sign == sign) return row.text;
  }
  return "";
}

enum class Series { kFirst, kSecond, kEither };

Series SeriesOf(int consonant) {
  switch (consonant) {
    case 0x1784:
    case 0x1789:
    case 0x1793:
    case 0x1798:
    case 0x1799:
    case 0x179a:
    case 0x179b:
    case 0x179c:
      return Series::kEither;  // Sonorants follow what stands before them, in names either way.
    case 0x1782:
    case 0x1783:
    case 0x1787:
    case 0x1788:
    case 0x178c:
    case 0x178d:
    case 0x1791:
    case 0x1792:
    case 0x1796:
    case 0x1797:
      return Series::kSecond;
    default:
      return Series::kFirst;
  }
}

Series SeriesOf(const Cluster& cluster) {
  if (cluster.shifter == kMuusikatoan) return Series::kFirst;
  if (cluster.shifter == kTriisap) return Series::kSecond;
  const Series base = SeriesOf(cluster.base);
  for (const int below : cluster.subscripts) {
    if (SeriesOf(below) != Series::kEither && base != SeriesOf(below)) return Series::kEither;
  }
  return base;
}

bool Holds(const std::vector<int>& signs, int sign) {
  return std::find(signs.begin(), signs.end(), sign) != signs.end();
}

void AddVowel(const VowelReadings& row, Series series, Unit* unit) {
  AddChoices(row.first, series == Series::kSecond ? 1 : 0, unit);
  AddChoices(row.second, series == Series::kFirst ? 1 : 0, unit);
}

// Vowel of a cluster that has none written: read as a, o or oa before a final, or not read.
void AddInherent(const Cluster& cluster, bool last, std::vector<Unit>* units) {
  Unit unit;
  AddChoices(SeriesOf(cluster) == Series::kSecond ? "O OR A OA|U EA AW OU" : "A O OR|AW AR AA U", 0,
             &unit);
  unit.push_back({"", last ? 0 : 1});
  units->push_back(unit);
}

void AddVowels(const Cluster& cluster, bool last, std::vector<Unit>* units) {
  const Series series = SeriesOf(cluster);
  for (const int vowel : cluster.vowels) {
    Unit unit;
    for (const VowelReadings& row : kVowels) {
      if (row.sign == vowel) AddVowel(row, series, &unit);
    }
    // A short vowel that ends a Pali word is written and not read: Sith, Bodhi.
    if (last && (vowel == 0x17b7 || vowel == 0x17bb)) unit.push_back({"", 1});
    units->push_back(unit);
  }
}

void AddSigns(const Cluster& cluster, std::vector<Unit>* units) {
  if (Holds(cluster.signs, kNikahit)) {
    if (cluster.vowels.empty()) {
      units->push_back({{"O", 0}, {"A", 0}, {"U", 0}, {"OU", 1}});
    }
    units->push_back({{"M", 0}, {"N", 1}, {"NG", 1}});
  }
  if (Holds(cluster.signs, kReahmuk)) {
    if (cluster.vowels.empty()) units->push_back({{"A", 0}, {"EA", 0}, {"E", 1}});
    units->push_back({{"H", 0}, {"", 0}, {"S", 1}});
  }
  if (Holds(cluster.signs, kSamyok)) {
    units->push_back({{"A", 0}, {"OA", 0}, {"EA", 0}, {"O", 1}});
  }
}

// H under which another consonant makes a sound that Khmer writes in two signs.
string_view BorrowedSound(const Cluster& cluster) {
  if (cluster.base != 0x17a0 || cluster.subscripts.size() != 1) return "";
  switch (cluster.subscripts[0]) {
    case 0x179c:
      return "F V|PH";
    case 0x1782:
      return "G|K";
    case 0x1793:
      return "N|HN";
    case 0x1798:
      return "M|HM";
    case 0x179b:
      return "L|HL";
    default:
      return "";
  }
}

void AddBase(const Cluster& cluster, bool is_final, std::vector<Unit>* units) {
  Unit unit;
  const string_view borrowed = BorrowedSound(cluster);
  if (!borrowed.empty()) {
    AddChoices(borrowed, 0, &unit);
  } else if (IsIndependent(cluster.base)) {
    AddChoices(Find(kIndependents, cluster.base), 0, &unit);
  } else {
    if (cluster.base == 0x1794 && cluster.shifter == kMuusikatoan) {
      AddChoices("P|B", 0, &unit);
    } else {
      AddChoices(Find(kConsonants, cluster.base), 0, &unit);
    }
    if (is_final) AddChoices(Find(kFinals, cluster.base), 0, &unit);
  }
  units->push_back(unit);
}

void AddSubscripts(const Cluster& cluster, bool may_be_silent, std::vector<Unit>* units) {
  if (!BorrowedSound(cluster).empty()) return;
  for (const int below : cluster.subscripts) {
    Unit unit;
    AddChoices(Find(kConsonants, below), 0, &unit);
    AddChoices(Find(kFinals, below), 0, &unit);
    // The same place of speech twice is one sound: vann, metta, vichhea.
    const bool same = (below - 0x1780) / 5 == (cluster.base - 0x1780) / 5;
    unit.push_back({"", may_be_silent || same ? 0 : 1});
    units->push_back(unit);
  }
}

// A bare consonant before a subscripted one closes the syllable before it.
std::vector<Unit> UnitsOf(const std::vector<Cluster>& clusters) {
  std::vector<Unit> units;
  for (size_t i = 0; i < clusters.size(); ++i) {
    const Cluster& cluster = clusters[i];
    if (Holds(cluster.signs, kSilencer)) {
      if (!units.empty()) continue;
    }
    const bool last = i + 1 == clusters.size();
    const bool bare = cluster.vowels.empty() && !IsIndependent(cluster.base) &&
                      !Holds(cluster.signs, kNikahit) && !Holds(cluster.signs, kReahmuk) &&
                      !Holds(cluster.signs, kSamyok);
    const bool can_end = i > 0;
    if (Holds(cluster.signs, kRobat)) units.push_back({{"", 0}, {"R", 0}});
    AddBase(cluster, can_end, &units);
    AddSubscripts(cluster, last && can_end, &units);
    if (bare) {
      AddInherent(cluster, can_end, &units);
    } else {
      AddVowels(cluster, last && can_end && !cluster.subscripts.empty(), &units);
      AddSigns(cluster, &units);
    }
  }
  return units;
}

constexpr int kLetterCost = 4;

// Costs after reading some units, by letters read.
using Row = std::array<int, kSignsMax + 1>;

void Relax(const Unit& unit, string_view latin, int cap, const Row& before, Row* after) {
  for (size_t at = 0; at <= latin.size(); ++at) {
    if (before[at] >= cap) continue;
    (*after)[at] = std::min((*after)[at], before[at] + kLetterCost);
    for (const Choice& choice : unit) {
      if (!absl::StartsWith(latin.substr(at), choice.text)) continue;
      // A doubled consonant is one.
      size_t end = at + choice.text.size();
      int& cost = (*after)[end];
      cost = std::min(cost, before[at] + choice.cost);
      if (!choice.text.empty() && end < latin.size() && latin[end] == latin[end - 1]) {
        int& doubled = (*after)[end + 1];
        doubled = std::min(doubled, before[at] + choice.cost);
      }
    }
  }
  for (size_t at = 0; at < latin.size(); ++at) {
    (*after)[at + 1] = std::min((*after)[at + 1], (*after)[at] + kLetterCost);
  }
}

}  // namespace

bool HasKhmer(string_view word) {
  for (size_t at = 0; at < word.size();) {
    const int point = NextCodePoint(word, &at);
    if (point >= 0x1780 && point <= 0x17d3) return true;
  }
  return false;
}

std::string OrderKhmer(string_view word) {
  if (!HasKhmer(word)) return std::string(word);
  std::string out;
  for (const Cluster& cluster : ClustersOf(PointsOf(word))) {
    Append(cluster.base, &out);
    for (const int below : cluster.subscripts) {
      Append(kCoeng, &out);
      Append(below, &out);
    }
    if (cluster.shifter != 0) Append(cluster.shifter, &out);
    for (const int vowel : cluster.vowels) Append(vowel, &out);
    for (const int sign : cluster.signs) Append(sign, &out);
  }
  return out;
}

int KhmerLatinCost(string_view khmer, string_view latin, int cost_max) {
  const int cap = cost_max + 1;
  if (latin.size() > kSignsMax || khmer.size() > 3 * kSignsMax) return cap;
  const std::vector<Unit> units = UnitsOf(ClustersOf(PointsOf(khmer)));
  Row before, after;
  before.fill(cap);
  before[0] = 0;
  for (const Unit& unit : units) {
    after.fill(cap);
    Relax(unit, latin, cap, before, &after);
    before = after;
  }
  return std::min(before[latin.size()], cap);
}

std::string RomaniseKhmer(string_view khmer) {
  const std::vector<Cluster> clusters = ClustersOf(PointsOf(khmer));
  std::string out;
  const std::vector<Unit> units = UnitsOf(clusters);
  for (const Unit& unit : units) {
    if (unit.empty()) continue;
    // A vowel that may be silent, or a final subscript, is left out.
    const bool silent = std::any_of(unit.begin(), unit.end(), [](const Choice& choice) {
      return choice.text.empty() && choice.cost == 0;
    });
    const Choice& usual = *std::min_element(
        unit.begin(), unit.end(), [](const Choice& x, const Choice& y) { return x.cost < y.cost; });
    if (!silent) out.append(usual.text.data(), usual.text.size());
  }
  return out;
}

}  // namespace lintas::matching
