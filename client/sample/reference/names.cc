// Names to compose synthetic persons from. Sources and licences: README.md beside this file.
#include "client/sample/reference/lists.h"

namespace lintas::sample {
namespace {

constexpr absl::string_view kIndonesianFirstMale[] = {
    "Ade", "Dwi", "Eka", "Tri", "Abyasa", "Adhiarja", "Adiarja", "Adika", "Adikara", "Adinata",
    "Aditya", "Agus", "Ajiman", "Ajimat", "Ajimin", "Ajiono", "Akarsana", "Alambana", "Among",
    "Anggabaya", "Anom", "Argono", "Aris", "Arsipatra", "Arta", "Artanto", "Artawan", "Asirwada",
    "Asirwanda", "Aslijan", "Asmadi", "Asman", "Asmianto", "Asmuni", "Aswani", "Atma", "Atmaja",
    "Bagas", "Bagiya", "Bagus", "Bagya", "Bahuraksa", "Bahuwarna", "Bahuwirya", "Bajragin",
    "Bakda", "Bakiadi", "Bakianto", "Bakidin", "Bakijan", "Bakiman", "Bakiono", "Bakti",
    "Baktiadi", "Baktianto", "Baktiono", "Bala", "Balamantri", "Balangga", "Balapati", "Balidin",
    "Balijan", "Bambang", "Banara", "Banawa", "Banawi", "Bancar", "Budi", "Cagak", "Cager",
    "Cahya", "Cahyadi", "Cahyanto", "Cahyo", "Cahyono", "Caket", "Cakrabirawa", "Cakrabuana",
    "Cakrajiya", "Cakrawala", "Cakrawangsa", "Candra", "Candrakanta", "Capa", "Caraka", "Carub",
    "Catur", "Caturangga", "Cawisadi", "Cawisono", "Cawuk", "Cayadi", "Cecep", "Cemani", "Cemeti",
    "Cemplunk", "Cengkal", "Cengkir", "Chandra", "Dacin", "Dadap", "Dadi", "Dagel", "Daliman",
    "Dalimin", "Daliono", "Damar", "Damu", "Danang", "Daniswara", "Danu", "Danuja", "Dariati",
    "Darijan", "Darimin", "Darmaji", "Darman", "Darmana", "Darmanto", "Darsirah", "Dartono",
    "Daru", "Daruna", "Daryani", "Dasa", "Digdaya", "Dimas", "Dimaz", "Dipa", "Dirja", "Dodo",
    "Dono", "Drajat", "Edi", "Edison", "Edward", "Ega", "Eja", "Eko", "Elon", "Eluh", "Elvin",
    "Eman", "Emas", "Embuh", "Emil", "Emin", "Emong", "Empluk", "Endra", "Enteng", "Erik",
    "Estiawan", "Estiono", "Gada", "Gadang", "Gading", "Gaduh", "Gaiman", "Galak", "Galang",
    "Galar", "Galih", "Galiono", "Galuh", "Galur", "Gaman", "Gamani", "Gamanto", "Gambira",
    "Gamblang", "Ganda", "Gandewa", "Gandi", "Ganep", "Gangsa", "Gangsar", "Ganjaran", "Gantar",
    "Gara", "Garan", "Garang", "Garda", "Gatot", "Gatra", "Ghani", "Gibran", "Gilang", "Hadi",
    "Hairyanto", "Halim", "Hamzah", "Hardana", "Hardi", "Hari", "Harimurti", "Harja", "Harjasa",
    "Harjaya", "Harjo", "Harsana", "Harsanto", "Harsaya", "Hartaka", "Hartana", "Harto", "Hasan",
    "Hasim", "Hasta", "Hendra", "Hendri", "Heru", "Heryanto", "Himawan", "Ian", "Ibrahim",
    "Ibrani", "Ibun", "Ihsan", "Ikhsan", "Ikin", "Ilyas", "Imam", "Indra", "Irfan", "Irnanto",
    "Irsad", "Irwan", "Ismail", "Ivan", "Jabal", "Jaeman", "Jaga", "Jagapati", "Jagaraga", "Jail",
    "Jaiman", "Jais", "Jaka", "Jamal", "Jamil", "Jarwa", "Jarwadi", "Jarwi", "Jasmani", "Jaswadi",
    "Jati", "Jatmiko", "Jaya", "Jayadi", "Jayeng", "Jefri", "Jinawi", "Jindra", "Johan", "Joko",
    "Jono", "Jumadi", "Jumari", "Kacung", "Kadir", "Kairav", "Kajen", "Kala", "Kalim", "Kamal",
    "Kambali", "Kamidin", "Kanda", "Kardi", "Kariman", "Karja", "Karma", "Karman", "Karna",
    "Karsa", "Karsana", "Karta", "Karya", "Kasim", "Kasiran", "Kasusra", "Kawaca", "Kawaya",
    "Kayun", "Kemal", "Kemba", "Kenari", "Kenes", "Kenzie", "Koko", "Kuncara", "Kunthara",
    "Kurnia", "Kusuma", "Labuh", "Laksana", "Lamar", "Lanang", "Langgeng", "Lanjar", "Lantar",
    "Lasmanto", "Lasmono", "Laswi", "Latif", "Lega", "Legawa", "Lembah", "Leo", "Liman", "Limar",
    "Luhung", "Luis", "Lukita", "Lukman", "Luluh", "Lulut", "Lurhur", "Lutfan", "Luthfi", "Luwar",
    "Luwes", "Mahdi", "Mahesa", "Mahfud", "Mahmud", "Makara", "Makuta", "Malik", "Maman", "Manah",
    "Maras", "Margana", "Mariadi", "Marsito", "Marsudi", "Martaka", "Martana", "Martani",
    "Marwata", "Maryadi", "Maryanto", "Mitra", "Muhammad", "Mujur", "Mulya", "Mulyanto",
    "Mulyono", "Mumpuni", "Muni", "Mursinin", "Mursita", "Murti", "Mustika", "Mustofa", "Najam",
    "Najib", "Nalar", "Naradi", "Nardi", "Narji", "Nasab", "Nasim", "Nasrullah", "Niyaga",
    "Nrima", "Nugraha", "Nyana", "Nyoman", "Okta", "Okto", "Olga", "Oman", "Omar", "Opan",
    "Opung", "Oskar", "Ozy", "Paiman", "Panca", "Pandu", "Pangeran", "Pangestu", "Panji", "Pardi",
    "Parman", "Perkasa", "Praba", "Prabawa", "Prabowo", "Prabu", "Prakosa", "Pranata", "Pranawa",
    "Prasetya", "Prasetyo", "Prayitna", "Prayoga", "Prayogo", "Prima", "Purwa", "Purwadi",
    "Purwanto", "Putu", "Raden", "Radika", "Radit", "Raditya", "Rafi", "Rafid", "Raharja",
    "Rahman", "Rahmat", "Raihan", "Rama", "Rangga", "Reksa", "Rendy", "Respati", "Reza", "Ridwan",
    "Rizki", "Rosman", "Rudi", "Rusman", "Saadat", "Sabar", "Sabri", "Saiful", "Saka", "Sakti",
    "Salman", "Samsul", "Satya", "Setya", "Sidiq", "Simon", "Slamet", "Soleh", "Surya", "Tasdik",
    "Tasnim", "Taswir", "Taufan", "Taufik", "Teddy", "Tedi", "Teguh", "Timbul", "Tirta",
    "Tirtayasa", "Tomi", "Tugiman", "Uda", "Umar", "Umay", "Umaya", "Unggul", "Upik", "Usman",
    "Utama", "Vega", "Vero", "Viktor", "Viman", "Vino", "Vinsen", "Virman", "Wadi", "Wage",
    "Wahyu", "Wakiman", "Waluyo", "Wardaya", "Wardi", "Warji", "Warsa", "Warsita", "Warta",
    "Wasis", "Wawan", "Wira", "Wisnu", "Xanana", "Yahya", "Yoga", "Yono", "Yosef", "Yusuf",
    "Zaki", "Zakir", "Zulfikar",
};

constexpr absl::string_view kIndonesianFirstFemale[] = {
    "Ade", "Dwi", "Eka", "Tri", "Agnes", "Agustina", "Aisyah", "Ajeng", "Alika", "Almira",
    "Amalia", "Amelia", "Ami", "Ana", "Anastasia", "Anggun", "Ani", "Anita", "Aulia", "Aurora",
    "Ayu", "Azalea", "Belinda", "Bella", "Betania", "Calista", "Carla", "Chelsea", "Ciaobella",
    "Cici", "Cindy", "Cinta", "Cinthia", "Citra", "Clara", "Cornelia", "Dalima", "Devi", "Dewi",
    "Diah", "Dian", "Diana", "Dina", "Dinda", "Ditya", "Dyah", "Eli", "Elisa", "Ella", "Ellis",
    "Elma", "Elvina", "Endah", "Eva", "Faizah", "Fara", "Farah", "Farhunnisa", "Fathonah", "Febi",
    "Febriana", "Febrina", "Fitri", "Fitria", "Fitriani", "Gabriella", "Gadis", "Ganesha",
    "Gasti", "Gawati", "Genta", "Ghaliyati", "Gilda", "Gina", "Hafshah", "Halima", "Hamima",
    "Hana", "Hani", "Hasna", "Hesti", "Hilda", "Humaira", "Icha", "Ida", "Ifa", "Ika", "Ilsa",
    "Ina", "Indah", "Indira", "Intan", "Ira", "Irawati", "Iriana", "Irma", "Jamalia", "Jane",
    "Janet", "Jasmin", "Jelita", "Jessica", "Juli", "Julia", "Kamaria", "Kamila", "Kani", "Kania",
    "Karen", "Karimah", "Kartika", "Kasiyah", "Kayla", "Keisha", "Kezia", "Kiandra", "Kirana",
    "Laila", "Laksita", "Lala", "Lalita", "Laras", "Latika", "Lestari", "Lidya", "Lili", "Linda",
    "Lintang", "Maida", "Maimunah", "Mala", "Malika", "Maria", "Maya", "Melani", "Melinda",
    "Michelle", "Mila", "Mutia", "Nabila", "Nada", "Nadia", "Nadine", "Najwa", "Natalia", "Naura",
    "Nilam", "Nimas", "Nova", "Novi", "Noviana", "Novita", "Nur", "Nurul", "Oliva", "Olivia",
    "Oni", "Ophelia", "Padma", "Padmi", "Paramita", "Paris", "Patricia", "Paulin", "Pia",
    "Pratiwi", "Prita", "Puji", "Puput", "Puspa", "Puspita", "Puti", "Putri", "Qori", "Queen",
    "Rachel", "Rahayu", "Rahmawati", "Rahmi", "Raina", "Raisa", "Ratih", "Ratna", "Restu",
    "Retno", "Ria", "Rika", "Rina", "Rini", "Rita", "Rosa", "Rosalina", "Sabrina", "Sadina",
    "Safina", "Safira", "Sakura", "Salimah", "Salsabila", "Salwa", "Samiah", "Sarah", "Sari",
    "Sartika", "Sasha", "Septi", "Shakila", "Shania", "Sherly", "Silvia", "Sintia", "Siska",
    "Siti", "Suci", "Syahrini", "Talia", "Tami", "Tania", "Tantri", "Tari", "Tiara", "Tina",
    "Tira", "Titi", "Titin", "Tsabita", "Uchita", "Uli", "Ulva", "Ulya", "Umi", "Unjani", "Usyi",
    "Vanesa", "Vania", "Vanya", "Vera", "Vicky", "Victoria", "Violet", "Vivi", "Wani", "Widya",
    "Winda", "Wirda", "Wulan", "Wulandari", "Yance", "Yani", "Yessi", "Yulia", "Yuliana", "Yuni",
    "Yunita", "Zaenab", "Zahra", "Zalindra", "Zamira", "Zelaya", "Zelda", "Zizi", "Zulaikha",
    "Zulfa",
};

constexpr absl::string_view kIndonesianLastMale[] = {
    "Purnama", "Abimanyu", "Abiputra", "Adhitama", "Adriansyah", "Agustian", "Ahmad", "Airlangga",
    "Alamsyah", "Anggriawan", "Antoni", "Ardana", "Ardianto", "Arifin", "Aswandi", "Bagaskara",
    "Budiman", "Budiyanto", "Damanik", "Darmawan", "Darojat", "Dirgantara", "Fabian", "Faresta",
    "Febian", "Firgantoro", "Firmansyah", "Gunarto", "Gunawan", "Habibi", "Haikal", "Hakim",
    "Halim", "Handoko", "Hardiansyah", "Haryanto", "Herlambang", "Hermawan", "Hidayanto",
    "Hidayat", "Himawan", "Hutagalung", "Hutapea", "Hutasoit", "Irawan", "Irfandi", "Iswahyudi",
    "Jailani", "Januar", "Kurniawan", "Kusumo", "Kuswoyo", "Latupono", "Lazuardi", "Lesmana",
    "Mahardika", "Mahendra", "Maheswara", "Mandala", "Mangunsong", "Mansur", "Manullang",
    "Marbun", "Marpaung", "Maryadi", "Maulana", "Megantara", "Mustofa", "Nababan", "Nainggolan",
    "Najmudin", "Nanda", "Napitupulu", "Narpati", "Nashiruddin", "Natsir", "Nugraha", "Nugroho",
    "Oktavian", "Oktovian", "Pangestu", "Perdana", "Permadi", "Prabowo", "Pradana", "Pradipta",
    "Prakasa", "Pranowo", "Prasasta", "Prasetya", "Prasetyo", "Pratama", "Prayoga", "Purnawarman",
    "Purwadi", "Putra", "Rahardian", "Rajasa", "Rajata", "Ramadan", "Rayhan", "Rendra", "Sabian",
    "Saefullah", "Salahudin", "Samosir", "Santoso", "Saptono", "Saputra", "Saragih", "Satria",
    "Setiawan", "Sihombing", "Sihotang", "Simanjuntak", "Simbolon", "Sinaga", "Sirait", "Siregar",
    "Sitompul", "Sitorus", "Situmorang", "Sudrajat", "Supriyanto", "Suryono", "Suwarno",
    "Syahreza", "Tamba", "Tampubolon", "Tarihoran", "Thamrin", "Utama", "Uwais", "Wacana",
    "Wahyudin", "Waluyo", "Wardana", "Wasita", "Waskita", "Wibisono", "Wibowo", "Wicaksono",
    "Widodo", "Wijaya", "Winarno", "Yanuar", "Yudhistira", "Yulianto", "Zulkarnain",
};

constexpr absl::string_view kIndonesianLastFemale[] = {
    "Purnama", "Afifah", "Agustina", "Amanta", "Ananda", "Anandya", "Andini", "Andriani",
    "Anggraini", "Anjani", "Aqila", "Ardiyanti", "Aryani", "Aryanti", "Astuti", "Aurelia",
    "Azizah", "Azzahra", "Damayanti", "Elvina", "Farida", "Fathina", "Febrianti", "Fernanda",
    "Fujiati", "Halimah", "Handayani", "Harini", "Hariyah", "Hartati", "Haryanti", "Hasanah",
    "Hassanah", "Hastuti", "Jelita", "Juwita", "Kahyang", "Kusmawati", "Kusuma", "Kuswandari",
    "Lailasari", "Laksita", "Laksmiwati", "Leilani", "Lestari", "Maharani", "Mahestri",
    "Maheswari", "Mandasari", "Mardhiyah", "Maryati", "Mayasari", "Melani", "Melinda", "Mulyani",
    "Mustika", "Namaga", "Nasyiah", "Nasyidah", "Nathania", "Ningrum", "Novitasari", "Nuraini",
    "Nurdiyanti", "Nurlaela", "Oktaviani", "Padmasari", "Palastri", "Permata", "Pertiwi",
    "Prastuti", "Pratiwi", "Pudjiastuti", "Purnawati", "Purwanti", "Puspasari", "Puspita",
    "Putri", "Rachmawati", "Rahayu", "Rahimah", "Rahmawati", "Ramadhani", "Riyanti", "Safitri",
    "Salma", "Salsabilla", "Saputri", "Saraswati", "Suartini", "Sudiati", "Suryatmi", "Susanti",
    "Usada", "Usamah", "Utami", "Uyainah", "Wahyuni", "Wastuti", "Widiastuti", "Wijayanti",
    "Winarsih", "Wulandari", "Yolanda", "Yulianti", "Yuliarti", "Yuniar", "Zahrah", "Zulaika",
};

constexpr KhmerName kKhmerSurnames[] = {
    {"Ouch", "អ៊ូច"}, {"Yi", "យី"}, {"Um", "អ៊ុំ"}, {"Seng", "សេង"},
    {"Long", "ឡុង"}, {"Heng", "ហេង"}, {"Heoun", "ហឿន"}, {"Ly", "លី"},
    {"Chea", "ជា"}, {"Cheung", "ជឹង"}, {"Hak", "ហាក់"}, {"Chan", "ឆន"},
    {"Bun", "ប៊ុន"}, {"Chan", "ចាន់"}, {"Vann", "វណ្ណ"},
    {"Luch", "លុច"}, {"Thong", "ថោង"}, {"Chhay", "ឆៃ"}, {"Sok", "សុខ"},
    {"Saom", "សោម"}, {"Sokhon", "សុខុន"}, {"Thach", "ថាច់"},
    {"Nuon", "នួន"}, {"Huot", "ហួត"}, {"Sen", "សេន"}, {"Saen", "សែន"},
    {"Van", "វ៉ាន់"}, {"Sum", "ស៊ុំ"}, {"Vong", "វង្ស"},
    {"Kim", "គឹម"},
};

constexpr KhmerName kKhmerGivenMale[] = {
    {"Dara", "ដារា"}, {"Chakra", "ចក្រា"}, {"Rith", "រិទ្ធ"},
    {"Vichhea", "វិជ្ជា"}, {"Borey", "បុរី"}, {"San", "សាន្ត"},
    {"Cheurn", "ជឿន"}, {"Sophea", "សោភា"}, {"Vichetr", "វិចិត្រ"},
    {"Anu", "អនុ"}, {"San", "សាន"}, {"Vibol", "វិបុល"},
    {"Kun", "គុណ"}, {"Api", "អភិ"}, {"Dara", "ដារា"}, {"Sok", "សុខ"},
    {"Sith", "សិទ្ធិ"}, {"Srey", "ស្រី"}, {"Metta", "មេត្តា"},
    {"Channary", "ចន្ទ្នារី"},
};

constexpr KhmerName kKhmerGivenFemale[] = {
    {"Lakhena", "លក្ខិណា"}, {"Sokha", "សុខា"}, {"Manou", "មនោ"},
    {"Kon", "គន់"}, {"Serey", "សិរី"}, {"Chantrea", "ចន្ទ្រា"},
    {"Bopha", "បុប្ផា"}, {"Sophea", "សុភា"}, {"Sreyna", "ស្រីណា"},
    {"Pich", "ពេជ្រ"}, {"San", "សាន"}, {"Vibol", "វិបុល"},
    {"Kun", "គុណ"}, {"Api", "អភិ"}, {"Dara", "ដារា"}, {"Sok", "សុខ"},
    {"Sith", "សិទ្ធិ"}, {"Srey", "ស្រី"}, {"Metta", "មេត្តា"},
    {"Channary", "ចន្ទ្នារី"},
};

}  // namespace

absl::Span<const absl::string_view> IndonesianFirstMale() { return kIndonesianFirstMale; }
absl::Span<const absl::string_view> IndonesianFirstFemale() { return kIndonesianFirstFemale; }
absl::Span<const absl::string_view> IndonesianLastMale() { return kIndonesianLastMale; }
absl::Span<const absl::string_view> IndonesianLastFemale() { return kIndonesianLastFemale; }
absl::Span<const KhmerName> KhmerSurnames() { return kKhmerSurnames; }
absl::Span<const KhmerName> KhmerGivenMale() { return kKhmerGivenMale; }
absl::Span<const KhmerName> KhmerGivenFemale() { return kKhmerGivenFemale; }

}  // namespace lintas::sample
