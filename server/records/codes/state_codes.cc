#include "server/records/codes/state_codes.h"

#include <bitset>

namespace lintas {
namespace {

// ISO 3166-1 alpha-3, from npm i18n-iso-countries 7.14.0 (MIT) without that package's own XKK.
constexpr absl::string_view kIso =
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT "
    "AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL "
    "BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG "
    "COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM "
    "DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR "
    "GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY "
    "HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA "
    "JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY "
    "LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL "
    "MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM "
    "NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER "
    "PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU "
    "SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR "
    "SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON "
    "TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB "
    "VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE";

// ICAO Doc 9303-3 section 5, parts B to D: British categories, organisations, persons without a
// nationality, Kosovo. UTO (Utopia, for specimens) is left out: it must not enter a ledger.
constexpr absl::string_view kIcao =
    "EUE GBD GBN GBO GBP GBS RKS UNA UNK UNO XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO XXA XXB "
    "XXC XXX";

constexpr int kCount = 26 * 26 * 26;

// -1 if a sign is not an upper-case letter.
int Ordinal(absl::string_view code) {
  int ordinal = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return -1;
    ordinal = ordinal * 26 + (c - 'A');
  }
  return ordinal;
}

std::bitset<kCount> MakeSet() {
  std::bitset<kCount> set;
  for (const absl::string_view list : {kIso, kIcao}) {
    for (size_t i = 0; i < list.size(); i += 4) {
      set.set(static_cast<size_t>(Ordinal(list.substr(i, 3))));
    }
  }
  return set;
}

}  // namespace

bool IsStateCode(absl::string_view code) {
  static const std::bitset<kCount> kSet = MakeSet();
  if (code == "D") return true;
  if (code.size() != 3) return false;
  const int ordinal = Ordinal(code);
  return ordinal >= 0 && kSet[static_cast<size_t>(ordinal)];
}

}  // namespace lintas
