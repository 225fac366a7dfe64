#include "client/statistics/report_texts.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace lintas::client {
namespace {

struct Words {
  ReportText text;
  const char* in[3];  // English, Indonesian, Khmer.
};

constexpr Words kWords[] = {
    {ReportText::kTitle,
     {"Migration statistics", "Statistik migrasi",
      "ស្ថិតិ​ទេសន្តរប្រវេសន៍"}},
    {ReportText::kPrepared, {"Prepared", "Disusun", "រៀបចំនៅ"}},
    {ReportText::kFlows, {"Border crossings", "Perlintasan", "ការឆ្លងដែន"}},
    {ReportText::kFlowsNote,
     {"Entries and exits as each country counted them.",
      "Masuk dan keluar menurut penghitungan masing-masing negara.",
      "ការចូល និងចេញ តាមការរាប់របស់ប្រទេសនីមួយៗ។"}},
    {ReportText::kTrend, {"Trend", "Perkembangan", "និន្នាការ"}},
    {ReportText::kTrendNote,
     {"Growth against the period before.", "Pertumbuhan terhadap periode sebelumnya.",
      "កំណើនធៀបនឹងរយៈពេលមុន។"}},
    {ReportText::kAsymmetry,
     {"Differences between both countries", "Perbedaan kedua negara", "ភាពខុសគ្នារវាងប្រទេសទាំងពីរ"}},
    {ReportText::kAsymmetryNote,
     {"Coefficient from -2 (only the exit was counted) to 2 (only the entry was counted).",
      "Koefisien dari -2 (hanya keluar yang dihitung) sampai 2 (hanya masuk yang dihitung).",
      "មេគុណពី -2 (រាប់តែការចេញ) ដល់ 2 (រាប់តែការចូល)។"}},
    {ReportText::kPyramid, {"Age and sex", "Umur dan jenis kelamin", "អាយុ និងភេទ"}},
    {ReportText::kPyramidNote,
     {"Hatched bands are suppressed or not collected.",
      "Kelompok berarsir disembunyikan atau tidak dikumpulkan.", "ក្រុមឆ្នូតៗ គឺត្រូវបានលាក់ ឬមិនបានប្រមូល។"}},
    {ReportText::kPeriod, {"Period", "Periode", "រយៈពេល"}},
    {ReportText::kEntries, {"Entries", "Masuk", "ចូល"}},
    {ReportText::kExits, {"Exits", "Keluar", "ចេញ"}},
    {ReportText::kDifference, {"Difference", "Selisih", "ភាពខុសគ្នា"}},
    {ReportText::kCoefficient, {"Coefficient", "Koefisien", "មេគុណ"}},
    {ReportText::kRatio, {"Ratio", "Rasio", "អនុបាត"}},
    {ReportText::kGrowth, {"Growth", "Pertumbuhan", "កំណើន"}},
    {ReportText::kFemale, {"Female", "Perempuan", "ស្រី"}},
    {ReportText::kMale, {"Male", "Laki-laki", "ប្រុស"}},
    {ReportText::kAge, {"Age", "Umur", "អាយុ"}},
    {ReportText::kSuppressed,
     {"suppressed to protect persons", "disembunyikan demi melindungi orang", "លាក់ដើម្បីការពារបុគ្គល"}},
    {ReportText::kPartial, {"partial", "sebagian", "មិនពេញលេញ"}},
    {ReportText::kNotCollected, {"not collected", "tidak dikumpulkan", "មិនបានប្រមូល"}},
    {ReportText::kNoFigures,
     {"No figures to show.", "Tidak ada angka untuk ditampilkan.", "គ្មានតួលេខសម្រាប់បង្ហាញ។"}},
    {ReportText::kNotMigrants,
     {"Crossings are events: one person may cross many times. They are not numbers of migrants.",
      "Perlintasan adalah peristiwa: satu orang dapat melintas berkali-kali. Ini bukan jumlah "
      "migran.",
      "ការឆ្លងដែនគឺជាព្រឹត្តិការណ៍៖ មនុស្សម្នាក់អាចឆ្លងច្រើនដង។ "
      "វាមិនមែនជាចំនួនជនទេសន្តរប្រវេសន៍ទេ។"}},
};

// Groups of three and the language's digits. `digits` holds 0 to 9, a sign and a decimal point.
std::string Localised(absl::string_view digits, Language language) {
  constexpr const char* kKhmerDigits[] = {"០", "១", "២", "៣", "៤", "៥", "៦", "៧", "៨", "៩"};
  const bool english = language == Language::kEnglish;
  const size_t point = std::min(digits.find('.'), digits.size());
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    if (c == '.') {
      text += english ? "." : ",";
      continue;
    }
    const bool digit = c >= '0' && c <= '9';
    const bool after_digit = i > 0 && digits[i - 1] >= '0' && digits[i - 1] <= '9';
    if (digit && after_digit && i < point && (point - i) % 3 == 0) text += english ? "," : ".";
    if (digit && language == Language::kKhmer) {
      text += kKhmerDigits[c - '0'];
    } else {
      text.push_back(c);
    }
  }
  return text;
}

}  // namespace

absl::StatusOr<Language> ParseLanguage(absl::string_view tag) {
  for (Language language : {Language::kEnglish, Language::kIndonesian, Language::kKhmer}) {
    if (LanguageTag(language) == tag) return language;
  }
  return absl::InvalidArgumentError("The language is en, id or km.");
}

absl::string_view LanguageTag(Language language) {
  constexpr absl::string_view kTags[] = {"en", "id", "km"};
  return kTags[static_cast<size_t>(language)];
}

absl::string_view Text(ReportText text, Language language) {
  for (const Words& words : kWords) {
    if (words.text == text) return words.in[static_cast<size_t>(language)];
  }
  return "";
}

std::string NumberText(int64_t value, Language language) {
  return Localised(absl::StrCat(value), language);
}

std::string NumberText(double value, int decimals, Language language) {
  return Localised(absl::StrFormat("%.*f", decimals, value), language);
}

std::string HtmlText(absl::string_view text) {
  std::string html;
  for (char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html.push_back(c);
    }
  }
  return html;
}

}  // namespace lintas::client
