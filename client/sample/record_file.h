// The files of each side and their columns. The import (`lintas migration import`) and
// docs/sample.md name the same columns. All constant; any thread.
#ifndef LINTAS_CLIENT_SAMPLE_RECORD_FILE_H_
#define LINTAS_CLIENT_SAMPLE_RECORD_FILE_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace lintas::sample {

enum class RecordFile {
  kTravellers = 0,
  kDocuments,
  kCrossings,
  kStayPermits,
  kWorkPermits,
  kVisas,
  kPresences,
  kOverstays,
};
inline constexpr int kRecordFileCount = 8;

// `travellers` and so on; the file's name without `.csv`.
absl::string_view NameOf(RecordFile file);

// Three letters in source keys, for example `CRO`.
absl::string_view TagOf(RecordFile file);

// The header row.
absl::Span<const absl::string_view> ColumnsOf(RecordFile file);

// Where `column` stands in the rows of `file`; -1 if it has none of that name.
int ColumnIndex(RecordFile file, absl::string_view column);

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_RECORD_FILE_H_
