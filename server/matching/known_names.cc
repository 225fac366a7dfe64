// Indonesian: @faker-js/faker 10.6.0, locale id_ID (MIT), and common names of public knowledge.
// Khmer: sovanken/kname (MIT), and common names of public knowledge. No person is meant.
#include "server/matching/known_names.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/matching/fold.h"

namespace lintas::matching {
namespace {

constexpr absl::string_view kIndonesian[] = {
    "ABDUL",       "ABDULLAH",     "ABDURRAHMAN", "ABIDIN",      "ABIMANYU",   "ABIPUTRA",
    "ABU",         "ABYASA",       "ADE",         "ADHIARJA",    "ADHITAMA",   "ADIARJA",
    "ADIKA",       "ADIKARA",      "ADINATA",     "ADITYA",      "ADRIANSYAH", "AFIFAH",
    "AGNES",       "AGUNG",        "AGUS",        "AGUSTIAN",    "AGUSTINA",   "AHMAD",
    "AIRLANGGA",   "AISYAH",       "AJENG",       "AJI",         "AJIMAN",     "AJIMAT",
    "AJIMIN",      "AJIONO",       "AKARSANA",    "AKBAR",       "ALAMBANA",   "ALAMSYAH",
    "ALI",         "ALIKA",        "ALMIRA",      "AMALIA",      "AMANTA",     "AMELIA",
    "AMI",         "AMIN",         "AMINAH",      "AMIR",        "AMONG",      "ANA",
    "ANANDA",      "ANANDYA",      "ANASTASIA",   "ANDI",        "ANDIKA",     "ANDINI",
    "ANDRE",       "ANDRI",        "ANDRIANI",    "ANGGABAYA",   "ANGGRAENI",  "ANGGRAINI",
    "ANGGRIAWAN",  "ANGGUN",       "ANI",         "ANITA",       "ANJANI",     "ANOM",
    "ANTONI",      "ANWAR",        "AQILA",       "ARDANA",      "ARDIANTO",   "ARDIYANTI",
    "ARGONO",      "ARI",          "ARIF",        "ARIFAH",      "ARIFIN",     "ARIS",
    "ARIYANTI",    "ARIYANTO",     "ARSIPATRA",   "ARTA",        "ARTANTO",    "ARTAWAN",
    "ARYANI",      "ARYANTI",      "ASEP",        "ASIRWADA",    "ASIRWANDA",  "ASLIJAN",
    "ASMADI",      "ASMAN",        "ASMIANTO",    "ASMUNI",      "ASTRI",      "ASTUTI",
    "ASWANDI",     "ASWANI",       "ATMA",        "ATMAJA",      "AULIA",      "AURELIA",
    "AURORA",      "AYU",          "AZALEA",      "AZIZAH",      "AZZAHRA",    "BACHTIAR",
    "BAGAS",       "BAGASKARA",    "BAGIYA",      "BAGUS",       "BAGYA",      "BAHURAKSA",
    "BAHUWARNA",   "BAHUWIRYA",    "BAJRAGIN",    "BAKDA",       "BAKIADI",    "BAKIANTO",
    "BAKIDIN",     "BAKIJAN",      "BAKIMAN",     "BAKIONO",     "BAKTI",      "BAKTIADI",
    "BAKTIANTO",   "BAKTIONO",     "BALA",        "BALAMANTRI",  "BALANGGA",   "BALAPATI",
    "BALIDIN",     "BALIJAN",      "BAMBANG",     "BANARA",      "BANAWA",     "BANAWI",
    "BANCAR",      "BASUKI",       "BELINDA",     "BELLA",       "BENNY",      "BETANIA",
    "BUDI",        "BUDIARTO",     "BUDIMAN",     "BUDIONO",     "BUDIYANTO",  "CAGAK",
    "CAGER",       "CAHYA",        "CAHYADI",     "CAHYANTO",    "CAHYO",      "CAHYONO",
    "CAKET",       "CAKRABIRAWA",  "CAKRABUANA",  "CAKRAJIYA",   "CAKRAWALA",  "CAKRAWANGSA",
    "CALISTA",     "CANDRA",       "CANDRAKANTA", "CAPA",        "CARAKA",     "CARLA",
    "CARUB",       "CATUR",        "CATURANGGA",  "CAWISADI",    "CAWISONO",   "CAWUK",
    "CAYADI",      "CECEP",        "CEMANI",      "CEMETI",      "CEMPLUNK",   "CENGKAL",
    "CENGKIR",     "CHANDRA",      "CHELSEA",     "CIAOBELLA",   "CICI",       "CINDY",
    "CINTA",       "CINTHIA",      "CITRA",       "CLARA",       "CORNELIA",   "DACIN",
    "DADANG",      "DADAP",        "DADI",        "DAGEL",       "DALIMA",     "DALIMAN",
    "DALIMIN",     "DALIONO",      "DAMANIK",     "DAMAR",       "DAMAYANTI",  "DAMU",
    "DANANG",      "DANI",         "DANISWARA",   "DANU",        "DANUJA",     "DARIATI",
    "DARIJAN",     "DARIMIN",      "DARMAJI",     "DARMAN",      "DARMANA",    "DARMANTO",
    "DARMAWAN",    "DARMAWATI",    "DAROJAT",     "DARSIRAH",    "DARTONO",    "DARU",
    "DARUNA",      "DARWIS",       "DARYANI",     "DASA",        "DEDEN",      "DEDI",
    "DENI",        "DESI",         "DEVI",        "DEWI",        "DIAH",       "DIAN",
    "DIANA",       "DIDIK",        "DIGDAYA",     "DIMAS",       "DIMAZ",      "DINA",
    "DINDA",       "DIPA",         "DIRGANTARA",  "DIRJA",       "DITYA",      "DODI",
    "DODO",        "DONI",         "DONO",        "DRAJAT",      "DWI",        "DYAH",
    "EDI",         "EDISON",       "EDWARD",      "EFFENDI",     "EGA",        "EJA",
    "EKA",         "EKO",          "ELI",         "ELISA",       "ELLA",       "ELLIS",
    "ELMA",        "ELON",         "ELUH",        "ELVIN",       "ELVINA",     "EMAN",
    "EMAS",        "EMBUH",        "EMIL",        "EMIN",        "EMONG",      "EMPLUK",
    "ENDAH",       "ENDANG",       "ENDRA",       "ENDRO",       "ENTENG",     "ERIK",
    "ERNA",        "ERNI",         "ERWIN",       "ESTIAWAN",    "ESTIONO",    "EVA",
    "FABIAN",      "FAISAL",       "FAIZAH",      "FAJAR",       "FARA",       "FARAH",
    "FARESTA",     "FARHUNNISA",   "FARID",       "FARIDA",      "FARIDAH",    "FATHINA",
    "FATHONAH",    "FATIMAH",      "FAUZI",       "FEBI",        "FEBIAN",     "FEBRIANA",
    "FEBRIANTI",   "FEBRINA",      "FEBRIYANTO",  "FERI",        "FERNANDA",   "FIRGANTORO",
    "FIRMAN",      "FIRMANSYAH",   "FITRI",       "FITRIA",      "FITRIANI",   "FUJIATI",
    "GABRIELLA",   "GADA",         "GADANG",      "GADING",      "GADIS",      "GADUH",
    "GAIMAN",      "GALAK",        "GALANG",      "GALAR",       "GALIH",      "GALIONO",
    "GALUH",       "GALUR",        "GAMAN",       "GAMANI",      "GAMANTO",    "GAMBIRA",
    "GAMBLANG",    "GANDA",        "GANDEWA",     "GANDI",       "GANEP",      "GANESHA",
    "GANGSA",      "GANGSAR",      "GANJARAN",    "GANTAR",      "GARA",       "GARAN",
    "GARANG",      "GARDA",        "GASTI",       "GATOT",       "GATRA",      "GAWATI",
    "GEDE",        "GENTA",        "GHALIYATI",   "GHANI",       "GIBRAN",     "GILANG",
    "GILDA",       "GINA",         "GUNARTO",     "GUNAWAN",     "GUNTUR",     "HABIBI",
    "HADI",        "HAFSHAH",      "HAIKAL",      "HAIRYANTO",   "HAKIM",      "HALIM",
    "HALIMA",      "HALIMAH",      "HAMID",       "HAMIDAH",     "HAMIMA",     "HAMZAH",
    "HANA",        "HANAFI",       "HANDAYANI",   "HANDOKO",     "HANI",       "HANIF",
    "HANIFAH",     "HARDANA",      "HARDI",       "HARDIANSYAH", "HARDIYANTI", "HARDIYANTO",
    "HARI",        "HARIMURTI",    "HARINI",      "HARIS",       "HARIYAH",    "HARIYANI",
    "HARIYANTO",   "HARJA",        "HARJASA",     "HARJAYA",     "HARJO",      "HARSANA",
    "HARSANTO",    "HARSAYA",      "HARTAKA",     "HARTANA",     "HARTATI",    "HARTINI",
    "HARTO",       "HARTONO",      "HARYANTI",    "HARYANTO",    "HASAN",      "HASANAH",
    "HASANUDIN",   "HASIM",        "HASNA",       "HASSANAH",    "HASTA",      "HASTUTI",
    "HASYIM",      "HENDRA",       "HENDRI",      "HENDRO",      "HENI",       "HERAWATI",
    "HERI",        "HERLAMBANG",   "HERLINA",     "HERMAN",      "HERMAWAN",   "HERMAWATI",
    "HERNI",       "HERU",         "HERYANTO",    "HESTI",       "HIDAYANTO",  "HIDAYAT",
    "HIDAYATI",    "HILDA",        "HIMAWAN",     "HUMAIRA",     "HUSEIN",     "HUSNA",
    "HUSNI",       "HUTAGALUNG",   "HUTAPEA",     "HUTASOIT",    "IAN",        "IBRAHIM",
    "IBRANI",      "IBUN",         "ICHA",        "IDA",         "IDRIS",      "IFA",
    "IHSAN",       "IKA",          "IKE",         "IKHSAN",      "IKIN",       "ILHAM",
    "ILSA",        "ILYAS",        "IMAM",        "INA",         "INDAH",      "INDIRA",
    "INDRA",       "INDRAWATI",    "INTAN",       "IRA",         "IRAWAN",     "IRAWATI",
    "IRFAN",       "IRFANDI",      "IRIANA",      "IRIANTI",     "IRIANTO",    "IRMA",
    "IRMAWATI",    "IRNANTO",      "IRSAD",       "IRWAN",       "ISKANDAR",   "ISMAIL",
    "ISWAHYUDI",   "IVAN",         "IWAN",        "JABAL",       "JAEMAN",     "JAGA",
    "JAGAPATI",    "JAGARAGA",     "JAIL",        "JAILANI",     "JAIMAN",     "JAIS",
    "JAKA",        "JAMAL",        "JAMALIA",     "JAMALUDIN",   "JAMIL",      "JANE",
    "JANET",       "JANUAR",       "JARWA",       "JARWADI",     "JARWI",      "JASMANI",
    "JASMIN",      "JASWADI",      "JATI",        "JATMIKO",     "JAYA",       "JAYADI",
    "JAYANTI",     "JAYENG",       "JEFRI",       "JELITA",      "JESSICA",    "JINAWI",
    "JINDRA",      "JOHAN",        "JOKO",        "JONO",        "JULI",       "JULIA",
    "JUMADI",      "JUMARI",       "JUMIATI",     "JUMINAH",     "JUNAIDI",    "JUWITA",
    "KACUNG",      "KADEK",        "KADIR",       "KAHYANG",     "KAIRAV",     "KAJEN",
    "KALA",        "KALIM",        "KAMAL",       "KAMARIA",     "KAMBALI",    "KAMIDIN",
    "KAMILA",      "KANDA",        "KANI",        "KANIA",       "KARDI",      "KAREN",
    "KARIMAH",     "KARIMAN",      "KARJA",       "KARMA",       "KARMAN",     "KARNA",
    "KARNO",       "KARSA",        "KARSANA",     "KARTA",       "KARTIKA",    "KARTINI",
    "KARTONO",     "KARYA",        "KASIM",       "KASIRAN",     "KASIYAH",    "KASMAN",
    "KASMINI",     "KASUSRA",      "KAWACA",      "KAWAYA",      "KAYLA",      "KAYUN",
    "KEISHA",      "KEMAL",        "KEMBA",       "KENARI",      "KENES",      "KENZIE",
    "KETUT",       "KEZIA",        "KHADIJAH",    "KHAIRUL",     "KIANDRA",    "KIRANA",
    "KOKO",        "KOMANG",       "KRISTANTO",   "KRISTIANI",   "KUNCARA",    "KUNTHARA",
    "KURNIA",      "KURNIASIH",    "KURNIAWAN",   "KURNIAWATI",  "KUSMAWATI",  "KUSNADI",
    "KUSUMA",      "KUSUMAWATI",   "KUSUMO",      "KUSWANDARI",  "KUSWOYO",    "LABUH",
    "LAILA",       "LAILASARI",    "LAKSANA",     "LAKSITA",     "LAKSMIWATI", "LALA",
    "LALITA",      "LAMAR",        "LANANG",      "LANGGENG",    "LANJAR",     "LANTAR",
    "LARAS",       "LASMANTO",     "LASMONO",     "LASWI",       "LATIF",      "LATIFAH",
    "LATIKA",      "LATUPONO",     "LAZUARDI",    "LEGA",        "LEGAWA",     "LEILANI",
    "LEMBAH",      "LEO",          "LESMANA",     "LESTARI",     "LIDYA",      "LILI",
    "LILIS",       "LIMAN",        "LIMAR",       "LINA",        "LINDA",      "LINTANG",
    "LUH",         "LUHUNG",       "LUIS",        "LUKITA",      "LUKMAN",     "LULUH",
    "LULUT",       "LURHUR",       "LUSI",        "LUTFAN",      "LUTHFI",     "LUWAR",
    "LUWES",       "MADE",         "MAHARANI",    "MAHARDIKA",   "MAHDI",      "MAHENDRA",
    "MAHESA",      "MAHESTRI",     "MAHESWARA",   "MAHESWARI",   "MAHFUD",     "MAHMUD",
    "MAHMUDAH",    "MAIDA",        "MAIMUNAH",    "MAKARA",      "MAKUTA",     "MALA",
    "MALIK",       "MALIKA",       "MAMAN",       "MANAH",       "MANDALA",    "MANDASARI",
    "MANGUNSONG",  "MANSUR",       "MANULLANG",   "MARAS",       "MARBUN",     "MARDHIYAH",
    "MARDIANA",    "MARDIANTO",    "MARGANA",     "MARGONO",     "MARIA",      "MARIADI",
    "MARIANI",     "MARLINA",      "MARPAUNG",    "MARSINI",     "MARSITO",    "MARSONO",
    "MARSUDI",     "MARTAKA",      "MARTANA",     "MARTANI",     "MARTINI",    "MARTONO",
    "MARWATA",     "MARYADI",      "MARYAM",      "MARYANI",     "MARYANTO",   "MARYATI",
    "MASITOH",     "MASRI",        "MAULANA",     "MAYA",        "MAYASARI",   "MEGANTARA",
    "MEGAWATI",    "MELANI",       "MELINDA",     "MICHELLE",    "MILA",       "MIRA",
    "MITRA",       "MUHAMMAD",     "MUHTAR",      "MUJIATI",     "MUJIONO",    "MUJUR",
    "MUKTI",       "MULYA",        "MULYADI",     "MULYANI",     "MULYANTO",   "MULYONO",
    "MUMPUNI",     "MUNI",         "MURNI",       "MURSIDAH",    "MURSIDI",    "MURSININ",
    "MURSITA",     "MURTI",        "MURTINI",     "MUSLIM",      "MUSTIKA",    "MUSTOFA",
    "MUTIA",       "NABABAN",      "NABILA",      "NADA",        "NADIA",      "NADINE",
    "NAINGGOLAN",  "NAJAM",        "NAJIB",       "NAJMUDIN",    "NAJWA",      "NALAR",
    "NAMAGA",      "NANDA",        "NANI",        "NAPITUPULU",  "NARADI",     "NARDI",
    "NARJI",       "NARPATI",      "NASAB",       "NASHIRUDDIN", "NASIM",      "NASRULLAH",
    "NASYIAH",     "NASYIDAH",     "NATALIA",     "NATHANIA",    "NATSIR",     "NAURA",
    "NILAM",       "NIMAS",        "NINGRUM",     "NINGSIH",     "NINIK",      "NIYAGA",
    "NOVA",        "NOVAN",        "NOVI",        "NOVIANA",     "NOVIANTI",   "NOVIANTO",
    "NOVITA",      "NOVITASARI",   "NRIMA",       "NUGRAHA",     "NUGRAHANI",  "NUGROHO",
    "NUNUNG",      "NUR",          "NURAINI",     "NURDIN",      "NURDIYANTI", "NURHASANAH",
    "NURHAYATI",   "NURJANAH",     "NURLAELA",    "NUROHMAN",    "NURUL",      "NURYANTI",
    "NURYANTO",    "NYANA",        "NYOMAN",      "OKTA",        "OKTAVIAN",   "OKTAVIANI",
    "OKTAVIANTO",  "OKTO",         "OKTOVIAN",    "OLGA",        "OLIVA",      "OLIVIA",
    "OMAN",        "OMAR",         "ONI",         "OPAN",        "OPHELIA",    "OPUNG",
    "OSKAR",       "OZY",          "PADMA",       "PADMASARI",   "PADMI",      "PAIMAN",
    "PAINEM",      "PALASTRI",     "PANCA",       "PANDU",       "PANGERAN",   "PANGESTU",
    "PANJI",       "PARAMITA",     "PARDI",       "PARIS",       "PARIYEM",    "PARJO",
    "PARMAN",      "PARMI",        "PARTI",       "PARTO",       "PATRICIA",   "PAULIN",
    "PERDANA",     "PERKASA",      "PERMADI",     "PERMATA",     "PERTIWI",    "PIA",
    "PONIMAN",     "PONIRAH",      "PRABA",       "PRABAWA",     "PRABOWO",    "PRABU",
    "PRADANA",     "PRADIPTA",     "PRAKASA",     "PRAKOSA",     "PRANATA",    "PRANAWA",
    "PRANOWO",     "PRASASTA",     "PRASETYA",    "PRASETYO",    "PRASTUTI",   "PRATAMA",
    "PRATIWI",     "PRAYITNA",     "PRAYOGA",     "PRAYOGO",     "PRIMA",      "PRITA",
    "PRIYANTI",    "PRIYANTO",     "PRIYONO",     "PUDJIASTUTI", "PUJI",       "PUJIONO",
    "PUPUT",       "PURNAMA",      "PURNAWARMAN", "PURNAWATI",   "PURNOMO",    "PURWA",
    "PURWADI",     "PURWANTI",     "PURWANTO",    "PURWATI",     "PUSPA",      "PUSPASARI",
    "PUSPITA",     "PUSPITASARI",  "PUTI",        "PUTRA",       "PUTRI",      "PUTU",
    "QORI",        "QUEEN",        "RACHEL",      "RACHMAWATI",  "RADEN",      "RADIKA",
    "RADIT",       "RADITYA",      "RAFI",        "RAFID",       "RAHARDIAN",  "RAHARJA",
    "RAHAYU",      "RAHIMAH",      "RAHMADI",     "RAHMAN",      "RAHMAT",     "RAHMAWATI",
    "RAHMI",       "RAIHAN",       "RAINA",       "RAISA",       "RAJASA",     "RAJATA",
    "RAMA",        "RAMADAN",      "RAMADHANI",   "RANGGA",      "RASYID",     "RASYIDAH",
    "RATIH",       "RATNA",        "RATNASARI",   "RATNAWATI",   "RAYHAN",     "REKSA",
    "RENDRA",      "RENDY",        "RENI",        "RESPATI",     "RESTU",      "RETNO",
    "REZA",        "RIA",          "RIAN",        "RIANTI",      "RIANTO",     "RIDWAN",
    "RIKA",        "RINA",         "RINI",        "RINTO",       "RIO",        "RISKIYANTO",
    "RITA",        "RIYANTI",      "RIZAL",       "RIZKI",       "ROBI",       "ROHANI",
    "ROHIM",       "ROHIMAH",      "ROHMAH",      "ROHMAN",      "ROKHIM",     "ROKHIMAH",
    "ROMI",        "ROSA",         "ROSALINA",    "ROSIDAH",     "ROSIDI",     "ROSMAN",
    "RUDI",        "RUKMINI",      "RUMINI",      "RUSDI",       "RUSLAN",     "RUSMAN",
    "RUSTAM",      "SAADAT",       "SABAR",       "SABIAN",      "SABRI",      "SABRINA",
    "SADINA",      "SAEFULLAH",    "SAFINA",      "SAFIRA",      "SAFITRI",    "SAIFUDIN",
    "SAIFUL",      "SAKA",         "SAKTI",       "SAKURA",      "SALAHUDIN",  "SALIM",
    "SALIMAH",     "SALMA",        "SALMAN",      "SALSABILA",   "SALSABILLA", "SALWA",
    "SAMIAH",      "SAMINI",       "SAMINO",      "SAMOSIR",     "SAMSUL",     "SANDI",
    "SANTI",       "SANTO",        "SANTOSA",     "SANTOSO",     "SAPTONO",    "SAPUTRA",
    "SAPUTRI",     "SARAGIH",      "SARAH",       "SARASWATI",   "SARDI",      "SARI",
    "SARIMAN",     "SARIYEM",      "SARMINI",     "SARTIKA",     "SARTONO",    "SASHA",
    "SATINEM",     "SATINO",       "SATRIA",      "SATYA",       "SEPTI",      "SETIAWAN",
    "SETIAWATI",   "SETIYANI",     "SETIYANTO",   "SETYA",       "SETYOWATI",  "SHAKILA",
    "SHANIA",      "SHERLY",       "SIDIQ",       "SIHOMBING",   "SIHOTANG",   "SILVIA",
    "SIMANJUNTAK", "SIMBOLON",     "SIMON",       "SINAGA",      "SINTIA",     "SIRAIT",
    "SIREGAR",     "SISKA",        "SITI",        "SITOMPUL",    "SITORUS",    "SITUMORANG",
    "SLAMET",      "SOFYAN",       "SOLEH",       "SOLEHAH",     "SRI",        "SUARTINI",
    "SUBAGYO",     "SUBANDI",      "SUBEKTI",     "SUBROTO",     "SUCI",       "SUCIPTO",
    "SUDARMO",     "SUDARNI",      "SUDARNO",     "SUDARSIH",    "SUDARSONO",  "SUDARTO",
    "SUDIATI",     "SUDIRMAN",     "SUDRAJAT",    "SUGENG",      "SUGIANTO",   "SUGIARTI",
    "SUGIARTO",    "SUGIHARTO",    "SUGIYONO",    "SUHARDI",     "SUHARTI",    "SUHARTO",
    "SUHENDRA",    "SUHERMAN",     "SUJARWO",     "SUJONO",      "SUKARDI",    "SUKARNI",
    "SUKARNO",     "SUKARTI",      "SUKIMAN",     "SUKINEM",     "SUKIRMAN",   "SUKMA",
    "SUKMAWATI",   "SULAIMAN",     "SULARNO",     "SULARTO",     "SULASNO",    "SULASTRI",
    "SULISTYO",    "SULISTYOWATI", "SUMADI",      "SUMANTO",     "SUMANTRI",   "SUMARNI",
    "SUMARNO",     "SUMARTI",      "SUMARYONO",   "SUMIATI",     "SUMINI",     "SUMINTO",
    "SUMITRO",     "SUNARDI",      "SUNARTI",     "SUNARTO",     "SUNARYO",    "SUPARDI",
    "SUPARMAN",    "SUPARMI",      "SUPARMO",     "SUPARNO",     "SUPARTI",    "SUPATMI",
    "SUPATNO",     "SUPENO",       "SUPRAPTI",    "SUPRAPTO",    "SUPRIYADI",  "SUPRIYANTI",
    "SUPRIYANTO",  "SURADI",       "SURATMAN",    "SURATMI",     "SURATNO",    "SURONO",
    "SURTI",       "SURYA",        "SURYADI",     "SURYANA",     "SURYANI",    "SURYANTO",
    "SURYATI",     "SURYATMI",     "SURYO",       "SURYONO",     "SUSANTI",    "SUSANTO",
    "SUTANTO",     "SUTARDI",      "SUTARMAN",    "SUTARMI",     "SUTARNO",    "SUTARTI",
    "SUTARTO",     "SUTARYO",      "SUTEJO",      "SUTIKNO",     "SUTINAH",    "SUTINI",
    "SUTOMO",      "SUTRIMO",      "SUTRISNI",    "SUTRISNO",    "SUWANDI",    "SUWARNI",
    "SUWARNO",     "SUWARTI",      "SUWITO",      "SUYANTI",     "SUYANTO",    "SUYATI",
    "SUYATMI",     "SUYATNO",      "SUYONO",      "SYAHREZA",    "SYAHRINI",   "SYAMSUL",
    "SYARIF",      "SYARIFAH",     "TALIA",       "TAMBA",       "TAMI",       "TAMPUBOLON",
    "TANIA",       "TANTRI",       "TARI",        "TARIHORAN",   "TARMI",      "TARNO",
    "TARSIH",      "TARYONO",      "TASDIK",      "TASLIM",      "TASNIM",     "TASWIR",
    "TATANG",      "TAUFAN",       "TAUFIK",      "TEDDY",       "TEDI",       "TEGUH",
    "THAMRIN",     "TIARA",        "TIMBUL",      "TINA",        "TINI",       "TIRA",
    "TIRTA",       "TIRTAYASA",    "TITI",        "TITIK",       "TITIN",      "TOMI",
    "TONO",        "TRI",          "TRISNO",      "TRIYANI",     "TRIYONO",    "TSABITA",
    "TUGIMAN",     "TUGINO",       "TUKIMAN",     "TUMINI",      "TUMINO",     "TUMIRAH",
    "TUTI",        "UCHITA",       "UDA",         "UJANG",       "ULI",        "ULVA",
    "ULYA",        "UMAR",         "UMAY",        "UMAYA",       "UMI",        "UNGGUL",
    "UNJANI",      "UPIK",         "USADA",       "USAMAH",      "USMAN",      "USYI",
    "UTAMA",       "UTAMI",        "UTOMO",       "UWAIS",       "UYAINAH",    "VANESA",
    "VANIA",       "VANYA",        "VEGA",        "VERA",        "VERO",       "VICKY",
    "VICTORIA",    "VIKTOR",       "VIMAN",       "VINO",        "VINSEN",     "VIOLET",
    "VIRMAN",      "VIVI",         "WACANA",      "WADI",        "WAGE",       "WAGIMAN",
    "WAGINEM",     "WAGINO",       "WAHONO",      "WAHYU",       "WAHYUDI",    "WAHYUDIN",
    "WAHYUNI",     "WAKIMAN",      "WALUYATI",    "WALUYO",      "WANI",       "WARDANA",
    "WARDAYA",     "WARDI",        "WARJI",       "WARNI",       "WARNO",      "WARSA",
    "WARSINI",     "WARSITA",      "WARSITO",     "WARTA",       "WARTINI",    "WARTONO",
    "WASIS",       "WASITA",       "WASKITA",     "WASTUTI",     "WATI",       "WAWAN",
    "WAYAN",       "WIBISONO",     "WIBOWO",      "WICAKSONO",   "WIDARTI",    "WIDARTO",
    "WIDIANTI",    "WIDIANTO",     "WIDIASTUTI",  "WIDODO",      "WIDYA",      "WIDYASTUTI",
    "WIJAYA",      "WIJAYANTI",    "WIJAYANTO",   "WIJAYATI",    "WINARDI",    "WINARNO",
    "WINARSIH",    "WINARTI",      "WINDA",       "WINDARTI",    "WINDI",      "WIRA",
    "WIRANTO",     "WIRDA",        "WISNU",       "WIYONO",      "WULAN",      "WULANDARI",
    "XANANA",      "YAHYA",        "YANCE",       "YANI",        "YANTI",      "YANTO",
    "YANUAR",      "YATI",         "YESSI",       "YOGA",        "YOGI",       "YOLANDA",
    "YONO",        "YOSEF",        "YUDHA",       "YUDHISTIRA",  "YUDI",       "YUDIANTO",
    "YULI",        "YULIA",        "YULIANA",     "YULIANI",     "YULIANTI",   "YULIANTO",
    "YULIARTI",    "YULIASTUTI",   "YULIATI",     "YULIATNO",    "YUNANTO",    "YUNI",
    "YUNIAR",      "YUNIARTI",     "YUNIARTO",    "YUNITA",      "YUNUS",      "YUSRI",
    "YUSRON",      "YUSUF",        "ZAENAB",      "ZAHRA",       "ZAHRAH",     "ZAINAL",
    "ZAINUDDIN",   "ZAINURI",      "ZAKI",        "ZAKIR",       "ZALINDRA",   "ZAMIRA",
    "ZELAYA",      "ZELDA",        "ZIZI",        "ZUBAIDAH",    "ZULAIKA",    "ZULAIKHA",
    "ZULFA",       "ZULFIKAR",     "ZULKARNAIN",  "ZULKIFLI",
};

constexpr absl::string_view kKhmer[] = {
    "ANU",        "API",       "BOPHA",     "BORA",      "BOREY",      "BORIN",    "BOTUM",
    "BUN",        "CHAKRA",    "CHAN",      "CHANDA",    "CHANDARA",   "CHANNA",   "CHANNARY",
    "CHANTHA",    "CHANTHOU",  "CHANTHY",   "CHANTREA",  "CHEA",       "CHENDA",   "CHENG",
    "CHEUNG",     "CHEURN",    "CHHAY",     "CHHEANG",   "CHHENG",     "CHHIM",    "CHHOEUN",
    "CHHORN",     "CHHOUK",    "CHHUM",     "CHHUN",     "CHIVY",      "CHUM",     "CHUON",
    "DARA",       "DAVUTH",    "DAVY",      "DIN",       "DUONG",      "DY",       "EK",
    "ENG",        "HAK",       "HANG",      "HEM",       "HENG",       "HEOUN",    "HIM",
    "HONG",       "HOR",       "HOU",       "HUN",       "HUOT",       "IENG",     "KANG",
    "KEAT",       "KEM",       "KEO",       "KHAT",      "KHEM",       "KHIEV",    "KHIM",
    "KHIN",       "KHOEUN",    "KHUN",      "KIM",       "KOEUN",      "KOLAB",    "KON",
    "KONG",       "KOSAL",     "KOSOMA",    "KOY",       "KRISNA",     "KUCH",     "KUN",
    "KUNTHEA",    "LAKHENA",   "LAY",       "LEAKENA",   "LEAKHENA",   "LEANG",    "LEAP",
    "LENG",       "LIDA",      "LIM",       "LINDA",     "LOEUNG",     "LON",      "LONG",
    "LUCH",       "LY",        "LYDA",      "LYHENG",    "MAKARA",     "MALIS",    "MALY",
    "MAM",        "MANOU",     "MAO",       "MEALEA",    "MEAS",       "MEN",      "MENG",
    "MENGHOUR",   "METTA",     "MOK",       "MOM",       "MONY",       "MONYROTH", "MUTH",
    "NARIN",      "NARITH",    "NAROM",     "NARONG",    "NARY",       "NAVY",     "NEANG",
    "NEARY",      "NGET",      "NGIN",      "NGOUN",     "NHEM",       "NIMOL",    "NITA",
    "NOP",        "NOU",       "NUON",      "OEUR",      "OM",         "OUCH",     "OUDOM",
    "OUK",        "OUM",       "PANHA",     "PANHARITH", "PEN",        "PEOU",     "PHAL",
    "PHALLA",     "PHALLY",    "PHAN",      "PHANNA",    "PHANY",      "PHARY",    "PHEAP",
    "PHEARUM",    "PHIM",      "PHIROM",    "PHIRUM",    "PHOEUN",     "PHOK",     "PHON",
    "PHYRUM",     "PICH",      "PIDOR",     "PISETH",    "PISEY",      "POK",      "POL",
    "POLIN",      "PONLEAK",   "PONLOK",    "POU",       "PRAK",       "PREAP",    "PRUM",
    "PUTH",       "PUTHY",     "RACHANA",   "RADY",      "RAKSMEY",    "RAMY",     "RANGSEY",
    "RATANA",     "RATANAK",   "RATH",      "RATHA",     "RAVUTH",     "RAVY",     "REAKSMEY",
    "REAN",       "RIN",       "RITH",      "RITHY",     "ROS",        "ROTHA",    "SAEN",
    "SAM",        "SAMBATH",   "SAMBO",     "SAMEDY",    "SAMNANG",    "SAMOEUN",  "SAMPHORS",
    "SAMRACH",    "SAMRETH",   "SAMRIN",    "SAN",       "SANITH",     "SAO",      "SAOM",
    "SAR",        "SARATH",    "SARAVUTH",  "SARAVY",    "SARETH",     "SARIN",    "SAVANN",
    "SAVUTH",     "SAVY",      "SEANG",     "SEM",       "SEN",        "SENG",     "SENGHONG",
    "SEREY",      "SEYHA",     "SIDAVY",    "SIDETH",    "SIENG",      "SIM",      "SIN",
    "SINA",       "SINAT",     "SITH",      "SITHA",     "SITHAN",     "SOBON",    "SOCHEAT",
    "SOCHEATA",   "SODA",      "SOK",       "SOKCHEA",   "SOKHA",      "SOKHENA",  "SOKHENG",
    "SOKHOEUN",   "SOKHOM",    "SOKHON",    "SOKLENG",   "SOKLY",      "SOKNA",    "SOKPHEAP",
    "SOKROTH",    "SOKSAN",    "SOKUNTHEA", "SOM",       "SOMALY",     "SOMNANG",  "SONITA",
    "SOPHA",      "SOPHAL",    "SOPHAN",    "SOPHANNA",  "SOPHANNARA", "SOPHANY",  "SOPHAT",
    "SOPHEA",     "SOPHEAK",   "SOPHEAP",   "SOPHEARA",  "SOPHEARY",   "SOPHEAVY", "SOPHOAN",
    "SOPHON",     "SOPHORN",   "SORIYA",    "SORN",      "SOTH",       "SOTHEA",   "SOTHEARA",
    "SOTHEAROTH", "SOTHEAVY",  "SOTHUN",    "SOTHY",     "SOU",        "SOUPHEAP", "SOVANN",
    "SOVANNA",    "SOVANNARA", "SOVANNARY", "SREY",      "SREYLEAK",   "SREYMOM",  "SREYNA",
    "SREYNEANG",  "SREYNICH",  "SREYPOV",   "SROS",      "SRUN",       "SUM",      "SUON",
    "SUOS",       "SVAY",      "TAN",       "TECH",      "TENG",       "TEP",      "THACH",
    "THAVY",      "THEARA",    "THEARITH",  "THEARY",    "THEAVY",     "THIDA",    "THONG",
    "THORN",      "THY",       "TINA",      "TITH",      "TITHYA",     "TOCH",     "TOLA",
    "TOUCH",      "TUM",       "UCH",       "UL",        "UM",         "UNG",      "UY",
    "VAN",        "VANN",      "VANNA",     "VANNAK",    "VANNARY",    "VANNY",    "VANTHA",
    "VEASNA",     "VIBOL",     "VICHEA",    "VICHEKA",   "VICHET",     "VICHETR",  "VICHHEA",
    "VIRAK",      "VIREAK",    "VISAL",     "VISNA",     "VISOTH",     "VONG",     "VUTHA",
    "VUTHY",      "YEM",       "YI",        "YIM",       "YIN",        "YOEUN",    "YOS",
    "YOU",        "YUN",
};

// Shares among persons, rough: what agreeing on them is worth in bits is their negative logarithm.
struct Share {
  absl::string_view word;
  double share;
};
constexpr Share kIndonesianShares[] = {
    {"MUHAMMAD", 0.06}, {"SITI", 0.03},      {"AHMAD", 0.02},    {"SRI", 0.02},
    {"NUR", 0.02},      {"ABDUL", 0.015},    {"AGUS", 0.012},    {"DEWI", 0.012},
    {"PUTRI", 0.012},   {"PUTRA", 0.01},     {"SARI", 0.01},     {"BUDI", 0.008},
    {"DWI", 0.008},     {"TRI", 0.008},      {"EKO", 0.006},     {"ANDI", 0.006},
    {"LESTARI", 0.006}, {"SETIAWAN", 0.006}, {"SANTOSO", 0.005}, {"HIDAYAT", 0.005},
    {"SAPUTRA", 0.006}, {"PRATAMA", 0.006},  {"WAHYU", 0.005},   {"RIZKI", 0.006},
};
constexpr Share kKhmerShares[] = {
    {"SOK", 0.03},    {"CHAN", 0.03},  {"CHEA", 0.025}, {"KIM", 0.02},     {"HENG", 0.02},
    {"SENG", 0.015},  {"LY", 0.015},   {"LIM", 0.012},  {"KEO", 0.012},    {"SREY", 0.015},
    {"SOPHEA", 0.01}, {"SOKHA", 0.01}, {"DARA", 0.01},  {"CHENDA", 0.005}, {"SAMNANG", 0.008},
};
constexpr double kKnownShare = 0.002;
constexpr double kUnknownShare = 0.0004;

class Table {
 public:
  Table(const absl::string_view* begin, const absl::string_view* end, const Share* shares_begin,
        const Share* shares_end, std::string (*key)(absl::string_view))
      : key_(key) {
    for (const auto* word = begin; word != end; ++word) {
      words_.emplace(*word);
      keys_.insert(key_(*word));
      old_keys_.insert(FoldIndonesian(*word));
    }
    for (const auto* share = shares_begin; share != shares_end; ++share) {
      shares_[key_(share->word)] = share->share;
    }
  }
  bool Knows(absl::string_view word) const { return words_.contains(word); }
  bool KnowsKey(absl::string_view key) const { return keys_.contains(key); }
  bool KnowsOldKey(absl::string_view key) const { return old_keys_.contains(key); }
  double ShareOf(absl::string_view word) const {
    const std::string key = key_(word);
    const auto found = shares_.find(key);
    if (found != shares_.end()) return found->second;
    return keys_.contains(key) ? kKnownShare : kUnknownShare;
  }

 private:
  std::string (*key_)(absl::string_view);
  absl::flat_hash_set<std::string> words_;
  absl::flat_hash_set<std::string> keys_, old_keys_;
  absl::flat_hash_map<std::string, double> shares_;
};

template <size_t N, size_t M>
const Table* MakeTable(const absl::string_view (&words)[N], const Share (&shares)[M],
                       std::string (*key)(absl::string_view)) {
  return new Table(words, words + N, shares, shares + M, key);
}

const Table& TableOf(NameCountry country) {
  static const Table& indonesian =
      *MakeTable(kIndonesian, kIndonesianShares, &FoldIndonesianModern);
  static const Table& khmer = *MakeTable(kKhmer, kKhmerShares, &FoldKhmerLatin);
  return country == NameCountry::kCambodia ? khmer : indonesian;
}

}  // namespace

bool IsKnownName(NameCountry country, absl::string_view word) {
  return country != NameCountry::kOther && TableOf(country).Knows(word);
}

bool IsKnownSpelling(NameCountry country, absl::string_view word) {
  if (country == NameCountry::kOther) return false;
  const Table& table = TableOf(country);
  if (country == NameCountry::kCambodia) return table.KnowsKey(FoldKhmerLatin(word));
  return table.KnowsOldKey(FoldIndonesian(word));
}

double DefaultShare(NameCountry country, absl::string_view word) {
  return country == NameCountry::kOther ? kUnknownShare : TableOf(country).ShareOf(word);
}

absl::Span<const absl::string_view> KnownNames(NameCountry country) {
  if (country == NameCountry::kIndonesia) return kIndonesian;
  if (country == NameCountry::kCambodia) return kKhmer;
  return {};
}

}  // namespace lintas::matching
