#include "client/sample/record_file.h"

namespace lintas::sample {
namespace {

constexpr absl::string_view kTravellerColumns[] = {
    "source_key", "family_name", "given_name",      "native_script", "birth_date",
    "sex",        "nationality", "national_number", "place_of_birth"};
constexpr absl::string_view kDocumentColumns[] = {
    "source_key",  "document_code", "document_number", "issuer",         "issue_date",
    "expiry_date", "status",        "family_name",     "given_name",     "native_script",
    "birth_date",  "sex",           "nationality",     "national_number"};
constexpr absl::string_view kCrossingColumns[] = {"source_key",
                                                  "direction",
                                                  "port",
                                                  "crossing_time",
                                                  "outcome",
                                                  "document_code",
                                                  "document_number",
                                                  "document_issuer",
                                                  "family_name",
                                                  "given_name",
                                                  "native_script",
                                                  "birth_date",
                                                  "sex",
                                                  "nationality",
                                                  "national_number",
                                                  "visa_class",
                                                  "permitted_until",
                                                  "carrier",
                                                  "flight",
                                                  "purpose"};
constexpr absl::string_view kStayPermitColumns[] = {
    "source_key",      "permit_number", "permit_class", "list_version",
    "valid_from",      "valid_to",      "status",       "document_number",
    "document_issuer", "family_name",   "given_name",   "native_script",
    "birth_date",      "sex",           "nationality",  "national_number",
    "address",         "host"};
constexpr absl::string_view kWorkPermitColumns[] = {
    "source_key",      "permit_number", "occupation",  "year",
    "status",          "valid_from",    "valid_to",    "document_number",
    "document_issuer", "family_name",   "given_name",  "native_script",
    "birth_date",      "sex",           "nationality", "national_number",
    "employer"};

constexpr absl::string_view kVisaColumns[] = {
    "source_key",  "visa_number",     "visa_class",      "list_version",
    "issue_date",  "valid_from",      "valid_to",        "entries",
    "status",      "document_number", "document_issuer", "family_name",
    "given_name",  "native_script",   "birth_date",      "sex",
    "nationality", "national_number", "sponsor"};
constexpr absl::string_view kPresenceColumns[] = {"source_key",
                                                  "from",
                                                  "registration_number",
                                                  "host_kind",
                                                  "document_number",
                                                  "document_issuer",
                                                  "family_name",
                                                  "given_name",
                                                  "native_script",
                                                  "birth_date",
                                                  "sex",
                                                  "nationality",
                                                  "national_number",
                                                  "address",
                                                  "host"};
constexpr absl::string_view kOverstayColumns[] = {"source_key",
                                                  "permitted_until",
                                                  "departed",
                                                  "days",
                                                  "fine",
                                                  "fine_currency",
                                                  "fine_status",
                                                  "document_number",
                                                  "document_issuer",
                                                  "family_name",
                                                  "given_name",
                                                  "native_script",
                                                  "birth_date",
                                                  "sex",
                                                  "nationality",
                                                  "national_number"};

constexpr absl::string_view kNames[kRecordFileCount] = {"travellers",   "documents",    "crossings",
                                                        "stay_permits", "work_permits", "visas",
                                                        "presences",    "overstays"};
constexpr absl::string_view kTags[kRecordFileCount] = {"TRA", "DOC", "CRO", "STA",
                                                       "WOR", "VIS", "PRE", "OVE"};

}  // namespace

absl::string_view NameOf(RecordFile file) { return kNames[static_cast<int>(file)]; }

absl::string_view TagOf(RecordFile file) { return kTags[static_cast<int>(file)]; }

absl::Span<const absl::string_view> ColumnsOf(RecordFile file) {
  switch (file) {
    case RecordFile::kTravellers:
      return kTravellerColumns;
    case RecordFile::kDocuments:
      return kDocumentColumns;
    case RecordFile::kCrossings:
      return kCrossingColumns;
    case RecordFile::kStayPermits:
      return kStayPermitColumns;
    case RecordFile::kWorkPermits:
      return kWorkPermitColumns;
    case RecordFile::kVisas:
      return kVisaColumns;
    case RecordFile::kPresences:
      return kPresenceColumns;
    case RecordFile::kOverstays:
      break;
  }
  return kOverstayColumns;
}

int ColumnIndex(RecordFile file, absl::string_view column) {
  const absl::Span<const absl::string_view> columns = ColumnsOf(file);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == column) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace lintas::sample
