// Places, ports and classes of the two countries. Sources and licences: README.md beside this file.
#include "client/sample/reference/lists.h"

namespace lintas::sample {
namespace {

constexpr absl::string_view kIndonesianProvinces[] = {
    "Aceh",
    "Bali",
    "Kepulauan Bangka Belitung",
    "Bengkulu",
    "Banten",
    "Gorontalo",
    "Jambi",
    "Jawa Barat",
    "Jawa Timur",
    "Jakarta Raya",
    "Jawa Tengah",
    "Kalimantan Barat",
    "Kalimantan Timur",
    "Kepulauan Riau",
    "Kalimantan Selatan",
    "Kalimantan Tengah",
    "Kalimantan Utara",
    "Lampung",
    "Maluku",
    "Maluku Utara",
    "Nusa Tenggara Barat",
    "Nusa Tenggara Timur",
    "Papua",
    "Papua Barat",
    "Papua Pengunungan",
    "Papua Selatan",
    "Papua Tengah",
    "Riau",
    "Sulawesi Utara",
    "Sumatera Barat",
    "Sulawesi Tenggara",
    "Sulawesi Selatan",
    "Sulawesi Barat",
    "Sumatera Selatan",
    "Sulawesi Tengah",
    "Sumatera Utara",
    "Yogyakarta",
};

constexpr absl::string_view kCambodianProvinces[] = {
    "Banteay Mean Choay",
    "Kracheh",
    "Mondol Kiri",
    "Phnom Penh",
    "Preah Vihear",
    "Prey Veaeng",
    "Pousaat",
    "Rotanak Kiri",
    "Siem Reab",
    "Preah Sihanouk",
    "Stueng Traeng",
    "Baat Dambang",
    "Svaay Rieng",
    "Taakaev",
    "Otdar Mean Chey",
    "Keb",
    "Pailin",
    "Tbong Khmum",
    "Kampong Chaam",
    "Kampong Chhnang",
    "Kampong Spueu",
    "Kampong Thum",
    "Kampot",
    "Kandaal",
    "Kaoh Kong",
};

// The weights are assumptions: no public table splits these travellers by port.
constexpr Port kIndonesianPorts[] = {
    {"IDCGK", 7, Mode::kAir, 55}, {"IDKNO", 7, Mode::kAir, 12}, {"IDDPS", 8, Mode::kAir, 10},
    {"IDSUB", 7, Mode::kAir, 9},  {"IDBTH", 7, Mode::kAir, 4},  {"IDBTM", 7, Mode::kSea, 4},
    {"IDUPG", 8, Mode::kAir, 2},  {"IDYIA", 7, Mode::kAir, 2},  {"IDPNK", 7, Mode::kAir, 2},
};
constexpr Port kCambodianPorts[] = {
    {"KHPNH", 7, Mode::kAir, 70}, {"KHREP", 7, Mode::kAir, 9},  {"KHPPT", 7, Mode::kLand, 9},
    {"KHBVT", 7, Mode::kLand, 7}, {"KHKOS", 7, Mode::kAir, 2},  {"KHKKZ", 7, Mode::kLand, 1},
    {"KHPAI", 7, Mode::kLand, 1}, {"KHKMT", 7, Mode::kLand, 1},
};

constexpr absl::string_view kThirdCountries[] = {
    "CHN", "VNM", "THA", "MYS", "PHL", "MMR", "LAO", "IND", "BGD",
    "SGP", "KOR", "JPN", "AUS", "GBR", "USA", "TWN", "NGA", "PAK",
};

constexpr absl::string_view kCarriers[] = {"GA", "QZ", "ID", "JT", "K6", "SQ",
                                           "MH", "AK", "TR", "TG", "VN"};

constexpr absl::string_view kOccupations[] = {
    "Customer service", "Telemarketing", "Computer operator", "Accountant", "Cook",
    "Factory worker",   "Teacher",       "Translator",        "Engineer",   "Hotel staff",
};

}  // namespace

absl::Span<const absl::string_view> Provinces(Country country) {
  if (country == Country::kIndonesia) return kIndonesianProvinces;
  return kCambodianProvinces;
}
absl::Span<const Port> Ports(Country country) {
  if (country == Country::kIndonesia) return kIndonesianPorts;
  return kCambodianPorts;
}
absl::Span<const absl::string_view> ThirdCountries() { return kThirdCountries; }
absl::Span<const absl::string_view> Carriers() { return kCarriers; }
absl::Span<const absl::string_view> Occupations() { return kOccupations; }

}  // namespace lintas::sample
