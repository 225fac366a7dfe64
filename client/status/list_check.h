// A list of people through CheckStatus: a file in, a file out, in constant memory. What was written
// and where it stands are kept together, so that the same command goes on after a break and the
// file out has each row once.
//
//   L1  State is saved after the rows that it speaks of are in the file out; on resume the file is
//       cut back to the state's length.
//   L2  The whole list is asked about one day: the first page's, also over a break.
//   L3  Each row of the list is a row of the file out, with its own columns and ours behind them.
#ifndef LINTAS_CLIENT_STATUS_LIST_CHECK_H_
#define LINTAS_CLIENT_STATUS_LIST_CHECK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "client/client.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"

namespace lintas::client {

struct ListCheckOptions {
  std::string path;
  // Empty: `<path>.status.csv`.
  std::string out_path;
  // `YYYY-MM-DD`; empty: the node's today.
  std::string at_date;
  // Field to column (list_rows.h).
  std::map<std::string, std::string> columns;
  // Of the caller: another node or case is another check.
  std::string profile;
  // Where states are kept.
  std::string state_folder;
  // Lines of a page; the node takes 500.
  int page_lines = 100;
};

struct ListCheckReport {
  uint64_t rows = 0;
  uint64_t invalid = 0;
  uint64_t screen_first = 0;
  uint64_t resumed_after = 0;
  std::string at_date;
  std::string out_path;
  // `axis|host|value` to lines, each line once; gaps under `gap||…`.
  std::map<std::string, uint64_t> tally;
  // Read so far, and all that there is.
  uint64_t bytes = 0, bytes_total = 0;
};

// `progress` is told after each page and once before the first if it goes on after a break.
// kInvalidArgument for the file as a whole; the node's errors as they are, what was done is kept.
absl::StatusOr<ListCheckReport> CheckList(
    const ListCheckOptions& options, const Client& client,
    const std::function<void(const ListCheckReport&)>& progress);

// `khm IRREGULAR_BY_OVERSTAY since 2026-02-09 (says khm); …` of the axes of one kind.
std::string AxisText(const google::protobuf::RepeatedPtrField<migrant_status::v1::AxisStatus>& axes,
                     migrant_status::v1::AxisStatus::Axis kind);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATUS_LIST_CHECK_H_
