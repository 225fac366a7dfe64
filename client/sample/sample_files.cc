#include "client/sample/sample_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/sample/bad_row.h"
#include "client/sample/csv_writer.h"
#include "client/sample/paper_trail.h"
#include "server/base/status.h"

namespace lintas::sample {
namespace {

namespace fs = std::filesystem;

constexpr char kMarkFile[] = "SYNTHETIC.txt";
constexpr char kMark[] =
    "SYNTHETIC: everything in this folder was made by lintas-sample. No person, document or "
    "journey\n"
    "in it exists. Every source key begins with SYN-. A production node refuses such data.\n";

constexpr absl::string_view kPersonColumns[] = {"person_id",        "kind",
                                                "reference",        "family_name",
                                                "given_name",       "native_script",
                                                "birth_date",       "sex",
                                                "nationality",      "national_number",
                                                "documents",        "mononym",
                                                "old_spelling",     "overstay",
                                                "visits",           "other_family_name",
                                                "other_given_name", "other_birth_date",
                                                "differences"};
constexpr absl::string_view kLinkColumns[] = {"person_id", "country", "file", "line", "source_key"};
constexpr absl::string_view kBadColumns[] = {"country", "file",  "line", "source_key",
                                             "kind",    "field", "rule", "person_id"};

struct DifferenceName {
  Difference bit;
  absl::string_view name;
};
constexpr DifferenceName kDifferenceNames[] = {{kTypo, "typo"},
                                               {kSwappedDate, "swapped_date"},
                                               {kRespelled, "respelled"},
                                               {kSwappedNames, "swapped_names"},
                                               {kDoubledName, "doubled"},
                                               {kNoFirstName, "no_first_name"},
                                               {kAbbreviation, "abbreviated"}};

std::string DifferencesText(uint32_t bits) {
  std::string text;
  for (const DifferenceName& name : kDifferenceNames) {
    if ((bits & name.bit) != 0) absl::StrAppend(&text, text.empty() ? "" : ";", name.name);
  }
  return text;
}

std::string BirthText(const BirthDate& birth) {
  return absl::StrFormat("%04d-%02d-%02d", birth.year, birth.month, birth.day);
}

std::string PersonId(uint64_t number) { return absl::StrCat("SYN-P-", number); }

// Makes the folders. An existing folder must be empty or hold the mark of an earlier sample.
absl::Status PrepareFolder(const std::string& out) {
  std::error_code error;
  if (fs::exists(out, error) && !fs::exists(fs::path(out) / kMarkFile, error)) {
    if (!fs::is_directory(out, error) || !fs::is_empty(out, error) || error) {
      return absl::InvalidArgumentError(absl::StrCat(out, " holds something that is no sample"));
    }
  }
  for (const char* folder : {"idn", "khm", "truth"}) {
    fs::create_directories(fs::path(out) / folder, error);
    if (error) return absl::UnavailableError(absl::StrCat("cannot make ", out, "/", folder));
  }
  std::ofstream mark(fs::path(out) / kMarkFile, std::ios::binary);
  mark << kMark;
  mark.close();
  if (!mark) return absl::UnavailableError(absl::StrCat("cannot write ", out, "/", kMarkFile));
  return absl::OkStatus();
}

// One CSV file of one side.
struct ExportFile {
  std::unique_ptr<CsvWriter> writer;
  // The last row's key and person, and the last key that belongs to a person before that one.
  std::string last_key;
  uint64_t last_person = 0;
  std::string earlier_key;
};

struct Side {
  std::array<ExportFile, kRecordFileCount> files;
  uint64_t rows = 0;
  uint64_t rows_max = 0;
  // One bad row in every so many; 0 for none.
  double bad_interval = 0;
  uint64_t bad_rows = 0;
  std::array<uint64_t, kBadKindCount> bad_of_kind{};
};

class SampleFiles : public RowSink {
 public:
  explicit SampleFiles(const SampleOptions& options) : bad_max_(options.bad) {
    kinds_ = options.bad_kinds;
    if (kinds_.empty()) {
      for (const BadKindRule& rule : BadKindRules()) kinds_.push_back(rule.kind);
    }
  }

  absl::Status Open(const std::string& out);
  void LimitRows(uint64_t rows_max, double bad_interval);
  void Accept(Country side, RecordFile file, const Person& person, Row* row) override;
  bool IsFull() const;
  // Call after all rows of `person`; counts those that any side took a row of.
  void FinishPerson(const Person& person);
  absl::Status Close();
  const SampleCounts& counts() const { return counts_; }

 private:
  bool TrySpoil(Country country, RecordFile file, const Person& person, Row* row);

  uint64_t bad_max_;
  std::vector<BadKind> kinds_;
  std::array<Side, kCountryCount> sides_;
  std::unique_ptr<CsvWriter> persons_;
  std::unique_ptr<CsvWriter> links_;
  std::unique_ptr<CsvWriter> bad_;
  Row truth_;
  bool person_seen_ = false;
  SampleCounts counts_;
};

absl::Status SampleFiles::Open(const std::string& out) {
  for (int c = 0; c < kCountryCount; ++c) {
    const std::string folder =
        absl::StrCat(out, "/", absl::AsciiStrToLower(CodeOf(static_cast<Country>(c))), "/");
    for (int f = 0; f < kRecordFileCount; ++f) {
      const auto file = static_cast<RecordFile>(f);
      ASSIGN_OR_RETURN(
          sides_[size_t(c)].files[size_t(f)].writer,
          CsvWriter::Open(absl::StrCat(folder, NameOf(file), ".csv"), ColumnsOf(file)));
    }
  }
  ASSIGN_OR_RETURN(persons_,
                   CsvWriter::Open(absl::StrCat(out, "/truth/persons.csv"), kPersonColumns));
  ASSIGN_OR_RETURN(links_, CsvWriter::Open(absl::StrCat(out, "/truth/links.csv"), kLinkColumns));
  ASSIGN_OR_RETURN(bad_, CsvWriter::Open(absl::StrCat(out, "/truth/bad_rows.csv"), kBadColumns));
  return absl::OkStatus();
}

void SampleFiles::LimitRows(uint64_t rows_max, double bad_interval) {
  for (Side& side : sides_) {
    side.rows_max = rows_max;
    side.bad_interval = bad_interval;
  }
}

bool SampleFiles::IsFull() const {
  for (const Side& side : sides_) {
    if (side.rows < side.rows_max) return false;
  }
  return true;
}

void SampleFiles::Accept(Country country, RecordFile file, const Person& person, Row* row) {
  Side& side = sides_[static_cast<size_t>(country)];
  if (side.rows >= side.rows_max) return;
  ++side.rows;
  person_seen_ = true;
  ExportFile& target = side.files[static_cast<size_t>(file)];
  const uint64_t line = target.writer->next_line();
  (*row)[0].assign("SYN-");
  absl::StrAppend(&(*row)[0], CodeOf(country), "-", TagOf(file), "-",
                  absl::Dec(line - 1, absl::kZeroPad8));
  if (target.last_person != person.number && !target.last_key.empty()) {
    target.earlier_key = target.last_key;
  }
  const double next_bad = (static_cast<double>(side.bad_rows) + 0.5) * side.bad_interval;
  const bool due =
      side.bad_interval > 0 && side.bad_rows<bad_max_&& static_cast<double>(side.rows)> next_bad;
  if (!due || !TrySpoil(country, file, person, row)) {
    target.last_person = person.number;
    target.last_key = (*row)[0];
    truth_.Clear();
    truth_.Add(PersonId(person.number));
    truth_.Add(CodeOf(country));
    truth_.Add(NameOf(file));
    truth_.Add(absl::StrCat(line));
    truth_.Add((*row)[0]);
    links_->Write(truth_);
  }
  target.writer->Write(*row);
  ++counts_.rows[static_cast<size_t>(country)][static_cast<size_t>(file)];
}

bool SampleFiles::TrySpoil(Country country, RecordFile file, const Person& person, Row* row) {
  Side& side = sides_[static_cast<size_t>(country)];
  ExportFile& target = side.files[static_cast<size_t>(file)];
  // The kind that was planted least, of those that this row can take; in turn where equal.
  std::vector<BadKind> order = kinds_;
  std::stable_sort(order.begin(), order.end(), [&side](BadKind a, BadKind b) {
    return side.bad_of_kind[static_cast<size_t>(a)] < side.bad_of_kind[static_cast<size_t>(b)];
  });
  for (BadKind kind : order) {
    uint64_t& planted = side.bad_of_kind[static_cast<size_t>(kind)];
    const SpoiltField spoilt = Spoil(kind, file, target.earlier_key, planted, row);
    if (spoilt.field.empty()) continue;
    ++planted;
    ++side.bad_rows;
    ++counts_.bad_rows[static_cast<size_t>(country)];
    const BadKindRule& rule = RuleOf(kind);
    truth_.Clear();
    truth_.Add(CodeOf(country));
    truth_.Add(NameOf(file));
    truth_.Add(absl::StrCat(target.writer->next_line()));
    truth_.Add((*row)[0]);
    truth_.Add(rule.name);
    truth_.Add(spoilt.field);
    truth_.Add(rule.rule);
    truth_.Add(PersonId(person.number));
    bad_->Write(truth_);
    return true;
  }
  return false;
}

void SampleFiles::FinishPerson(const Person& person) {
  if (!person_seen_) return;
  person_seen_ = false;
  ++counts_.persons;
  ++counts_.persons_of_kind[static_cast<size_t>(person.kind)];
  if (person.kind == PersonKind::kIndonesianVisitor) counts_.visits += uint64_t(person.visits);
  truth_.Clear();
  truth_.Add(PersonId(person.number));
  truth_.Add(NameOf(person.kind));
  truth_.Add(CodeOf(person.reference));
  truth_.Add(person.name.family);
  truth_.Add(person.name.given);
  truth_.Add(person.name.native);
  truth_.Add(BirthText(person.birth));
  truth_.Add(person.sex);
  truth_.Add(person.nationality);
  truth_.Add(person.national_number);
  std::string documents;
  for (int i = 0; i < person.passport_count; ++i) {
    absl::StrAppend(&documents, i == 0 ? "" : ";", person.passports[size_t(i)].number);
  }
  if (person.IsDoubleNational()) absl::StrAppend(&documents, ";", person.second_passport.number);
  truth_.Add(documents);
  truth_.Add(person.mononym ? "1" : "0");
  truth_.Add(person.old_spelling ? "1" : "0");
  truth_.Add(person.overstay ? "1" : "0");
  truth_.Add(absl::StrCat(person.visits));
  truth_.Add(person.other_name.family);
  truth_.Add(person.other_name.given);
  truth_.Add(BirthText(person.other_birth));
  truth_.Add(DifferencesText(person.differences));
  persons_->Write(truth_);
}

absl::Status SampleFiles::Close() {
  absl::Status status;
  for (Side& side : sides_) {
    for (ExportFile& file : side.files) status.Update(file.writer->Close());
  }
  status.Update(persons_->Close());
  status.Update(links_->Close());
  status.Update(bad_->Close());
  return status;
}

}  // namespace

uint64_t SampleCounts::RowsOf(Country side) const {
  uint64_t sum = 0;
  for (uint64_t count : rows[static_cast<size_t>(side)]) sum += count;
  return sum;
}

absl::StatusOr<SampleCounts> WriteSample(const SampleOptions& options) {
  RETURN_IF_ERROR(PrepareFolder(options.out));
  const Population population(options);
  SampleFiles files(options);
  RETURN_IF_ERROR(files.Open(options.out));
  uint64_t persons_max = UINT64_MAX;
  uint64_t rows_max = options.rows;
  // A side has more than two rows a person, so that all bad rows find room.
  double rows_expected = static_cast<double>(options.rows);
  if (options.scale > 0) {
    rows_max = UINT64_MAX;
    persons_max =
        static_cast<uint64_t>(std::llround(options.scale * population.PersonsAtScaleOne()));
    rows_expected = static_cast<double>(persons_max) * 2;
  }
  files.LimitRows(rows_max,
                  options.bad == 0 ? 0 : rows_expected / static_cast<double>(options.bad));
  PaperTrail trail(options, &files);
  Person person;
  for (uint64_t number = 0; number < persons_max && !files.IsFull(); ++number) {
    population.Make(number, &person);
    trail.Write(person);
    files.FinishPerson(person);
  }
  RETURN_IF_ERROR(files.Close());
  return files.counts();
}

std::string CountsText(const SampleCounts& counts) {
  std::string text = absl::StrFormat("%-24s %10s %10s\n", "rows (SYNTHETIC)", "idn", "khm");
  for (int f = 0; f < kRecordFileCount; ++f) {
    absl::StrAppendFormat(&text, "%-24s %10d %10d\n", NameOf(static_cast<RecordFile>(f)),
                          counts.rows[0][size_t(f)], counts.rows[1][size_t(f)]);
  }
  absl::StrAppendFormat(&text, "%-24s %10d %10d\n", "all", counts.RowsOf(Country::kIndonesia),
                        counts.RowsOf(Country::kCambodia));
  absl::StrAppendFormat(&text, "%-24s %10d %10d\n", "of them bad", counts.bad_rows[0],
                        counts.bad_rows[1]);
  absl::StrAppendFormat(&text, "\n%-24s %10d\n", "persons", counts.persons);
  for (int k = 0; k < kPersonKindCount; ++k) {
    absl::StrAppendFormat(&text, "  %-22s %10d\n", NameOf(static_cast<PersonKind>(k)),
                          counts.persons_of_kind[size_t(k)]);
  }
  absl::StrAppendFormat(&text, "%-24s %10d\n", "visits to Cambodia", counts.visits);
  return text;
}

}  // namespace lintas::sample
