#include "server/base/states.h"

#include <array>
#include <cstdint>

namespace lintas {
namespace {

// ISO 3166-1: alpha-3 and alpha-2 of each, five signs an entry. From npm i18n-iso-countries 7.14.0
// (MIT) without that package's own XKK.
constexpr absl::string_view kIso =
    "ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG "
    "AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL "
    "BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH "
    "CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX "
    "CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES "
    "ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI "
    "GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM "
    "HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT "
    "JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB "
    "LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD "
    "MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS "
    "MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO "
    "NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP "
    "PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS "
    "SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI "
    "SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO "
    "TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC "
    "VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW";

// ICAO Doc 9303-3 section 5, parts B to D, with the countries of their certificates. British
// categories are signed by GB; UNK was issued by the United Nations; Kosovo signs as KS. Where no
// two-letter code is published the country is left blank: nothing matches it.
constexpr absl::string_view kIcao =
    "EUEEU GBDGB GBNGB GBOGB GBPGB GBSGB RKSKS UNAUN UNKUN UNOUN XBA   XCC   XCE   XCO   XDC   "
    "XEC   XES   XIM   XMP   XOM   XPO  ";
constexpr absl::string_view kHolders = "XXA   XXB   XXC   XXX  ";
constexpr absl::string_view kSpecimen = "UTOUT";

constexpr size_t kEntrySize = 6;

// What stands beside each possible code: two letters, or none, and what it is.
struct Entry {
  StateKind kind = StateKind::kUnknown;
  char country[2] = {' ', ' '};
};
using Table = std::array<Entry, 26 * 26 * 26>;

// -1 if a sign is not an upper-case letter.
int Ordinal(absl::string_view code) {
  int ordinal = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return -1;
    ordinal = ordinal * 26 + (c - 'A');
  }
  return ordinal;
}

void Fill(absl::string_view list, StateKind kind, Table* table) {
  for (size_t i = 0; i < list.size(); i += kEntrySize) {
    Entry& entry = (*table)[static_cast<size_t>(Ordinal(list.substr(i, 3)))];
    entry.kind = kind;
    entry.country[0] = list[i + 3];
    entry.country[1] = list[i + 4];
  }
}

const Table& States() {
  static const Table& table = *[] {
    auto* made = new Table;
    Fill(kIso, StateKind::kIssuer, made);
    Fill(kIcao, StateKind::kIssuer, made);
    Fill(kHolders, StateKind::kHolder, made);
    Fill(kSpecimen, StateKind::kSpecimen, made);
    return made;
  }();
  return table;
}

const Entry* Find(absl::string_view code) {
  if (code == "D") code = "DEU";
  if (code.size() != 3) return nullptr;
  const int ordinal = Ordinal(code);
  return ordinal < 0 ? nullptr : &States()[static_cast<size_t>(ordinal)];
}

bool Same(absl::string_view country, const char (&two)[2]) {
  return country.size() == 2 && (country[0] & ~0x20) == two[0] && (country[1] & ~0x20) == two[1];
}

}  // namespace

StateKind KindOfState(absl::string_view code) {
  const Entry* entry = Find(code);
  return entry == nullptr ? StateKind::kUnknown : entry->kind;
}

bool HasSigner(absl::string_view state) {
  const Entry* entry = Find(state);
  return entry != nullptr && entry->country[0] != ' ';
}

bool SignsFor(absl::string_view country, absl::string_view state) {
  if (!HasSigner(state)) return false;
  const Entry* entry = Find(state);
  if (Same(country, entry->country)) return true;
  // Passports of Hong Kong and Macao carry CHN; Kosovo is XK outside ICAO.
  if (state == "CHN") return Same(country, {'H', 'K'}) || Same(country, {'M', 'O'});
  if (state == "RKS") return Same(country, {'X', 'K'});
  return false;
}

}  // namespace lintas
