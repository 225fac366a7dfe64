// Rows that an import must not take as they are, and what it is expected to say of each.
#ifndef LINTAS_CLIENT_SAMPLE_BAD_ROW_H_
#define LINTAS_CLIENT_SAMPLE_BAD_ROW_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/sample/csv_writer.h"
#include "client/sample/record_file.h"

namespace lintas::sample {

enum class BadKind {
  kWrongCountry = 0,
  kImpossibleDate,
  kMissingDocumentNumber,
  kDateAfterDeparture,
  kUnknownPort,
  kDuplicateSourceKey,
  kTooLongField,
  kBadSex,
  kInvalidUtf8,
};
inline constexpr int kBadKindCount = 9;

// What a kind is called, and the rule that an import names when it refuses such a row.
struct BadKindRule {
  BadKind kind;
  absl::string_view name;
  absl::string_view rule;
  absl::string_view meaning;
};
absl::Span<const BadKindRule> BadKindRules();
const BadKindRule& RuleOf(BadKind kind);

// What was spoilt.
struct SpoiltField {
  BadKind kind;
  // The column's name; empty if this row cannot be spoilt in this way (then it is unchanged).
  absl::string_view field;
};

// Spoils one field of `row`, a good row of `file`. `other_key` is the source key of an earlier row
// of the file that is about another person; empty if there is none. `turn` picks among variants.
SpoiltField Spoil(BadKind kind, RecordFile file, const std::string& other_key, uint64_t turn,
                  Row* row);

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_BAD_ROW_H_
