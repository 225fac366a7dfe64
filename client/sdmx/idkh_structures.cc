#include "client/sdmx/idkh_structures.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lintas::sdmx {
namespace {

struct NamedCode {
  const char* code;
  const char* english;
  const char* indonesian;
  const char* khmer;
};

CodeList List(const char* agency, const char* id, const char* version, const char* name,
              const std::vector<NamedCode>& codes) {
  CodeList list{agency, id, version, {{"en", name}}, {}};
  for (const NamedCode& code : codes) {
    Names names = {{"en", code.english}};
    if (code.indonesian != nullptr) names["id"] = code.indonesian;
    if (code.khmer != nullptr) names["km"] = code.khmer;
    list.codes.push_back({code.code, std::move(names)});
  }
  return list;
}

CodeList Areas() {
  CodeList list = List("IDKH", "CL_AREA", "1.0", "Areas (ISO 3166-1 alpha-2)",
                       {{"_T", "All areas", "Semua wilayah", "តំបន់ទាំងអស់"},
                        {"_U", "Unknown", "Tidak diketahui", "មិនស្គាល់"},
                        {"_X", "Not specified", "Tidak disebutkan", "មិនបានបញ្ជាក់"}});
  for (absl::string_view line : absl::StrSplit(AreaLines(), '\n', absl::SkipEmpty())) {
    Names names = {{"en", std::string(line.substr(3))}};
    const std::string code(line.substr(0, 2));
    if (code == "ID") names.insert({{"id", "Indonesia"}, {"km", "ឥណ្ឌូណេស៊ី"}});
    if (code == "KH") names.insert({{"id", "Kamboja"}, {"km", "កម្ពុជា"}});
    list.codes.push_back({code, std::move(names)});
  }
  return list;
}

CodeList Ages() {
  CodeList list = List(
      "IDKH", "CL_AGE", "1.0", "Age bands in completed years",
      {{"_T", "All ages", "Semua umur", "គ្រប់អាយុ"}, {"_U", "Unknown", "Tidak diketahui", "មិនស្គាល់"}});
  for (int age = 0; age < 75; age += 5) {
    const std::string code = absl::StrCat("Y", age, "T", age + 4);
    list.codes.push_back({code, {{"en", absl::StrCat(age, "-", age + 4)}}});
  }
  list.codes.push_back({"Y_GE75", {{"en", "75+"}}});
  return list;
}

// UN/LOCODE, or the country and the IATA code or name where a port has none (DOMAIN 2).
CodeList Ports() {
  return List("IDKH", "CL_PORT", "1.0", "Ports of entry of both countries",
              {{"_T", "All ports", "Semua tempat pemeriksaan", "ច្រកទាំងអស់"},
               {"_U", "Unknown", "Tidak diketahui", "មិនស្គាល់"},
               {"IDCGK", "Soekarno-Hatta", nullptr, nullptr},
               {"IDDPS", "I Gusti Ngurah Rai", nullptr, nullptr},
               {"IDSUB", "Juanda", nullptr, nullptr},
               {"IDKNO", "Kualanamu", nullptr, nullptr},
               {"IDBTH", "Hang Nadim", nullptr, nullptr},
               {"IDUPG", "Sultan Hasanuddin", nullptr, nullptr},
               {"IDYIA", "Yogyakarta", nullptr, nullptr},
               {"IDPNK", "Supadio", nullptr, nullptr},
               {"IDBTM", "Batam", nullptr, nullptr},
               {"IDBLW", "Belawan", nullptr, nullptr},
               {"IDBOA", "Benoa", nullptr, nullptr},
               {"ID_OTHER", "Other port, Indonesia", nullptr, nullptr},
               {"KHPNH", "Phnom Penh", nullptr, nullptr},
               {"KH_KTI", "Techo", nullptr, nullptr},
               {"KHREP", "Siem Reap (closed airport)", nullptr, nullptr},
               {"KH_SAI", "Siem Reap-Angkor", nullptr, nullptr},
               {"KHKOS", "Sihanoukville", nullptr, nullptr},
               {"KHPPT", "Poipet", nullptr, nullptr},
               {"KHBVT", "Bavet", nullptr, nullptr},
               {"KHKKZ", "Koh Kong", nullptr, nullptr},
               {"KHPAI", "Pailin", nullptr, nullptr},
               {"KHOMY", "O Smach", nullptr, nullptr},
               {"KHKMT", "Kampot", nullptr, nullptr},
               {"KH_OTHER", "Other port, Cambodia", nullptr, nullptr}});
}

std::vector<CodeList> CrossDomainLists() {
  return {
      List("SDMX", "CL_FREQ", "2.0", "Frequency",
           {{"A", "Annual", "Tahunan", "ប្រចាំឆ្នាំ"},
            {"S", "Half-yearly, semester", nullptr, nullptr},
            {"Q", "Quarterly", "Triwulanan", "ប្រចាំត្រីមាស"},
            {"M", "Monthly", "Bulanan", "ប្រចាំខែ"},
            {"W", "Weekly", nullptr, nullptr},
            {"D", "Daily", "Harian", "ប្រចាំថ្ងៃ"},
            {"B", "Daily - business week", nullptr, nullptr},
            {"H", "Hourly", nullptr, nullptr},
            {"N", "Minutely", nullptr, nullptr}}),
      List("SDMX", "CL_OBS_STATUS", "2.0", "Observation status",
           {{"A", "Normal value", nullptr, nullptr},
            {"B", "Time series break", nullptr, nullptr},
            {"D", "Definition differs", nullptr, nullptr},
            {"E", "Estimated value", nullptr, nullptr},
            {"F", "Forecast value", nullptr, nullptr},
            {"G", "Experimental value", nullptr, nullptr},
            {"H", "Missing value; holiday or weekend", nullptr, nullptr},
            {"I", "Imputed value (CCSA definition)", nullptr, nullptr},
            {"J", "Derogation", nullptr, nullptr},
            {"L", "Missing value; data exist but were not collected", nullptr, nullptr},
            {"M", "Missing value; data cannot exist", nullptr, nullptr},
            {"N", "Not significant", nullptr, nullptr},
            {"O", "Missing value", nullptr, nullptr},
            {"P", "Provisional value", nullptr, nullptr},
            {"Q", "Missing value; suppressed", nullptr, nullptr},
            {"S", "Strike and other special events", nullptr, nullptr},
            {"U", "Low reliability", nullptr, nullptr}}),
      List("SDMX", "CL_CONF_STATUS", "1.0", "Confidentiality status",
           {{"F", "Free", nullptr, nullptr},
            {"N", "Not for publication, restricted for internal use only", nullptr, nullptr},
            {"C", "Confidential statistical information", nullptr, nullptr},
            {"D", "Secondary confidentiality set by the sender, not for publication", nullptr,
             nullptr},
            {"S", "Secondary confidentiality set and managed by the receiver, not for publication",
             nullptr, nullptr}}),
      List("SDMX", "CL_SEX", "2.1", "Sex",
           {{"F", "Female", "Perempuan", "ស្រី"},
            {"M", "Male", "Laki-laki", "ប្រុស"},
            {"_T", "Both sexes", "Semua", "ទាំងពីរភេទ"},
            {"_U", "Unknown", "Tidak diketahui", "មិនស្គាល់"}}),
  };
}

std::vector<CodeList> OwnLists() {
  return {
      List("IDKH", "CL_DIRECTION", "1.0", "Direction of a movement",
           {{"IN", "Entry", "Masuk", "ចូល"},
            {"OUT", "Exit", "Keluar", "ចេញ"},
            {"_T", "Both directions", "Masuk dan keluar", "ចូល និងចេញ"}}),
      List("IDKH", "CL_PURPOSE", "1.0", "Purpose of stay",
           {{"_T", "All purposes", "Semua tujuan", "គោលបំណងទាំងអស់"},
            {"TOURISM", "Visit", "Kunjungan", "ទេសចរណ៍"},
            {"BUSINESS", "Business", "Bisnis", "ពាណិជ្ជកម្ម"},
            {"WORK", "Work", "Bekerja", "ការងារ"},
            {"STUDY", "Study", "Belajar", "ការសិក្សា"},
            {"FAMILY", "Family", "Keluarga", "គ្រួសារ"},
            {"OFFICIAL", "Official", "Dinas", "ផ្លូវការ"},
            {"TRANSIT", "Transit", "Transit", "ឆ្លងកាត់"},
            {"OTHER", "Other", "Lainnya", "ផ្សេងទៀត"},
            {"_U", "Unknown", "Tidak diketahui", "មិនស្គាល់"}}),
      List("IDKH", "CL_DURATION", "1.0", "Intended or actual duration of stay",
           {{"_T", "All durations", "Semua lama tinggal", "រយៈពេលទាំងអស់"},
            {"LT3", "Under 3 months", "Di bawah 3 bulan", "ក្រោម ៣ ខែ"},
            {"M3T12", "3 to 12 months", "3 sampai 12 bulan", "៣ ទៅ ១២ ខែ"},
            {"GE12", "12 months and more", "12 bulan atau lebih", "១២ ខែឡើងទៅ"},
            {"_U", "Unknown", "Tidak diketahui", "មិនស្គាល់"}}),
      List("IDKH", "CL_MEASURE", "1.0", "What is counted",
           {{"CROSSINGS", "Border crossings", "Perlintasan", "ការឆ្លងដែន"},
            {"PERSONS", "Persons", "Orang", "មនុស្ស"},
            {"PERMITS", "Permits", "Izin", "លិខិតអនុញ្ញាត"},
            {"CASES", "Cases", "Kasus", "ករណី"},
            {"DOCUMENTS", "Documents", "Dokumen", "ឯកសារ"}}),
  };
}

// A table, one component after the other.
const Component& ComponentById(absl::string_view id) {  // NOLINT(readability-function-size)
  static const auto& all = *new std::vector<Component>{
      {"FREQ",
       {{"en", "Frequency"}, {"id", "Frekuensi"}, {"km", "ប្រេកង់"}},
       Role::kDimension,
       "CL_FREQ",
       Format::kText,
       false},
      {"REPORTING_AREA",
       {{"en", "Reporting country"}, {"id", "Negara pelapor"}, {"km", "ប្រទេសរាយការណ៍"}},
       Role::kDimension,
       "CL_AREA",
       Format::kText,
       false},
      {"REF_AREA",
       {{"en", "Country"}, {"id", "Negara"}, {"km", "ប្រទេស"}},
       Role::kDimension,
       "CL_AREA",
       Format::kText,
       false},
      {"COUNTERPART_AREA",
       {{"en", "Other country"}, {"id", "Negara mitra"}, {"km", "ប្រទេសដៃគូ"}},
       Role::kDimension,
       "CL_AREA",
       Format::kText,
       false},
      {"DIRECTION",
       {{"en", "Direction"}, {"id", "Arah"}, {"km", "ទិសដៅ"}},
       Role::kDimension,
       "CL_DIRECTION",
       Format::kText,
       false},
      {"CITIZENSHIP",
       {{"en", "Citizenship"}, {"id", "Kewarganegaraan"}, {"km", "សញ្ជាតិ"}},
       Role::kDimension,
       "CL_AREA",
       Format::kText,
       false},
      {"SEX",
       {{"en", "Sex"}, {"id", "Jenis kelamin"}, {"km", "ភេទ"}},
       Role::kDimension,
       "CL_SEX",
       Format::kText,
       false},
      {"AGE",
       {{"en", "Age"}, {"id", "Umur"}, {"km", "អាយុ"}},
       Role::kDimension,
       "CL_AGE",
       Format::kText,
       false},
      {"PURPOSE",
       {{"en", "Purpose"}, {"id", "Tujuan"}, {"km", "គោលបំណង"}},
       Role::kDimension,
       "CL_PURPOSE",
       Format::kText,
       false},
      {"DURATION",
       {{"en", "Duration of stay"}, {"id", "Lama tinggal"}, {"km", "រយៈពេលស្នាក់នៅ"}},
       Role::kDimension,
       "CL_DURATION",
       Format::kText,
       false},
      {"PORT",
       {{"en", "Port"}, {"id", "Tempat pemeriksaan"}, {"km", "ច្រក"}},
       Role::kDimension,
       "CL_PORT",
       Format::kText,
       false},
      {"MEASURE",
       {{"en", "Measure"}, {"id", "Ukuran"}, {"km", "រង្វាស់"}},
       Role::kDimension,
       "CL_MEASURE",
       Format::kText,
       false},
      {"TIME_PERIOD",
       {{"en", "Period"}, {"id", "Periode"}, {"km", "រយៈពេល"}},
       Role::kTimeDimension,
       "",
       Format::kTimePeriod,
       false},
      {"OBS_VALUE",
       {{"en", "Value"}, {"id", "Nilai"}, {"km", "តម្លៃ"}},
       Role::kMeasure,
       "",
       Format::kInteger,
       false},
      {"OBS_STATUS",
       {{"en", "Observation status"}},
       Role::kAttribute,
       "CL_OBS_STATUS",
       Format::kText,
       true},
      {"CONF_STATUS",
       {{"en", "Confidentiality status"}},
       Role::kAttribute,
       "CL_CONF_STATUS",
       Format::kText,
       true},
      {"UNIT_MEASURE", {{"en", "Unit"}}, Role::kAttribute, "CL_MEASURE", Format::kText, false},
      {"UNIT_MULT", {{"en", "Unit multiplier"}}, Role::kAttribute, "", Format::kInteger, false},
      {"DECIMALS", {{"en", "Decimals"}}, Role::kAttribute, "", Format::kInteger, false},
      {"COMMENT_OBS", {{"en", "Comment"}}, Role::kAttribute, "", Format::kText, false},
  };
  for (const Component& component : all) {
    if (component.id == id) return component;
  }
  return all.back();  // Not reached: the table below names only these.
}

struct Flow {
  const char* id;
  const char* name;
  const char* dimensions;
};
constexpr Flow kFlows[] = {
    {"MIG_FLOW", "Border crossings",
     "FREQ,REPORTING_AREA,REF_AREA,COUNTERPART_AREA,DIRECTION,CITIZENSHIP,SEX,AGE,PURPOSE,DURATION,"
     "PORT,MEASURE,TIME_PERIOD"},
    {"MIG_RETURN", "Returns",
     "FREQ,REPORTING_AREA,REF_AREA,COUNTERPART_AREA,CITIZENSHIP,SEX,AGE,MEASURE,TIME_PERIOD"},
    {"MIG_VICTIM", "Identified victims of trafficking",
     "FREQ,REPORTING_AREA,REF_AREA,CITIZENSHIP,SEX,AGE,MEASURE,TIME_PERIOD"},
    {"MIG_FRAUD", "Fraudulent documents found",
     "FREQ,REPORTING_AREA,DIRECTION,PORT,MEASURE,TIME_PERIOD"},
    {"MIG_PERMIT", "Permits of stay and work",
     "FREQ,REPORTING_AREA,CITIZENSHIP,SEX,AGE,PURPOSE,DURATION,MEASURE,TIME_PERIOD"},
};
constexpr char kMeasuresAndAttributes[] =
    "OBS_VALUE,OBS_STATUS,CONF_STATUS,UNIT_MEASURE,UNIT_MULT,DECIMALS,COMMENT_OBS";

std::vector<Structure> MakeAll() {
  std::vector<CodeList> lists = CrossDomainLists();
  for (CodeList& list : OwnLists()) lists.push_back(std::move(list));
  lists.push_back(Areas());
  lists.push_back(Ages());
  lists.push_back(Ports());
  std::vector<Structure> structures;
  for (const Flow& flow : kFlows) {
    Structure structure;
    structure.ref = {StructureType::kDataStructure, "IDKH", flow.id, "1.0"};
    structure.names = {{"en", flow.name}};
    for (absl::string_view id :
         absl::StrSplit(absl::StrCat(flow.dimensions, ",", kMeasuresAndAttributes), ',')) {
      structure.components.push_back(ComponentById(id));
    }
    for (const Component& component : structure.components) {
      if (structure.CodesOf(component) != nullptr) continue;
      for (const CodeList& list : lists) {
        if (list.id == component.code_list) structure.code_lists.push_back(list);
      }
    }
    structures.push_back(std::move(structure));
  }
  return structures;
}

}  // namespace

const std::vector<Structure>& IdkhStructures() {
  static const auto& structures = *new std::vector<Structure>(MakeAll());
  return structures;
}

const Structure* FindIdkhStructure(absl::string_view id) {
  for (const Structure& structure : IdkhStructures()) {
    if (structure.ref.id == id) return &structure;
  }
  return nullptr;
}

}  // namespace lintas::sdmx
