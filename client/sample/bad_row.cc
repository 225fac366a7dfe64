#include "client/sample/bad_row.h"

namespace lintas::sample {
namespace {

constexpr BadKindRule kRules[kBadKindCount] = {
    {BadKind::kWrongCountry, "wrong_country", "NOT_A_STATE_CODE",
     "a State code that ICAO Doc 9303-3 does not have"},
    {BadKind::kImpossibleDate, "impossible_date", "BAD_PARTIAL_DATE",
     "a birth date that no calendar has"},
    {BadKind::kMissingDocumentNumber, "missing_document_number", "REQUIRED", "no document number"},
    {BadKind::kDateAfterDeparture, "date_after_departure", "EXPIRES_BEFORE",
     "a last day before the first, on a document or permit"},
    {BadKind::kUnknownPort, "unknown_port", "UNKNOWN_PORT",
     "a port that is neither a UN/LOCODE nor a listed border post"},
    {BadKind::kDuplicateSourceKey, "duplicate_source_key", "DUPLICATE_SOURCE_KEY",
     "the source key of another person's row"},
    {BadKind::kTooLongField, "too_long_field", "TOO_LONG", "a given name of 300 bytes"},
    {BadKind::kBadSex, "bad_sex", "UNKNOWN_VALUE", "a sex that is not M, F, X or empty"},
    {BadKind::kInvalidUtf8, "invalid_utf8", "NOT_UTF8", "bytes that are not UTF-8"},
};

constexpr absl::string_view kWrongCountries[] = {"INA", "KAM", "D<<", "ZZY"};
constexpr absl::string_view kImpossibleDates[] = {"1990-02-30", "1985-13-01", "1979-04-31"};
constexpr absl::string_view kUnknownPorts[] = {"KHZZ9", "IDXX", "PHNOM PENH"};
constexpr absl::string_view kBadSexes[] = {"Q", "LAKI-LAKI", "1"};

SpoiltField Put(BadKind kind, RecordFile file, absl::string_view column, absl::string_view value,
                Row* row) {
  const int index = ColumnIndex(file, column);
  if (index < 0) return {kind, ""};
  (*row)[static_cast<size_t>(index)] = std::string(value);
  return {kind, column};
}

// Puts the last day before the first where a row has both and the area compares them
// (server/areas/migration_information/checks.h): not at crossings.
SpoiltField ReverseDates(RecordFile file, Row* row) {
  const absl::string_view column = file == RecordFile::kDocuments ? "expiry_date" : "valid_to";
  return Put(BadKind::kDateAfterDeparture, file, column, "1999-12-31", row);
}

}  // namespace

absl::Span<const BadKindRule> BadKindRules() { return kRules; }

const BadKindRule& RuleOf(BadKind kind) { return kRules[static_cast<int>(kind)]; }

SpoiltField Spoil(BadKind kind, RecordFile file, const std::string& other_key, uint64_t turn,
                  Row* row) {
  switch (kind) {
    case BadKind::kWrongCountry:
      return Put(kind, file, "nationality", kWrongCountries[turn % 4], row);
    case BadKind::kImpossibleDate:
      return Put(kind, file, "birth_date", kImpossibleDates[turn % 3], row);
    case BadKind::kMissingDocumentNumber:
      return Put(kind, file, "document_number", "", row);
    case BadKind::kDateAfterDeparture:
      return ReverseDates(file, row);
    case BadKind::kUnknownPort:
      return Put(kind, file, "port", kUnknownPorts[turn % 3], row);
    case BadKind::kDuplicateSourceKey:
      if (other_key.empty()) return {kind, ""};
      return Put(kind, file, "source_key", other_key, row);
    case BadKind::kTooLongField:
      return Put(kind, file, "given_name", std::string(300, 'A'), row);
    case BadKind::kBadSex:
      return Put(kind, file, "sex", kBadSexes[turn % 3], row);
    case BadKind::kInvalidUtf8:
      break;
  }
  // 0xC3 opens a sequence of two bytes that `(` cannot end (RFC 3629 section 3).
  return Put(kind, file, "given_name", "SYN\xC3(TIC", row);
}

}  // namespace lintas::sample
