// What a CorrectX request changes of a record (AIP 134 and 161). Pure; any thread.
#ifndef LINTAS_SERVER_AREAS_COMMON_UPDATE_MASK_H_
#define LINTAS_SERVER_AREAS_COMMON_UPDATE_MASK_H_

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace lintas {

// Takes the fields of `from` that `mask` names, or every filled one if it names none, into `to`:
// whole fields, so that a list is replaced and not added to, and a field that is named but not
// filled is emptied. `name` and `meta` are never taken. Both are of one type. kInvalidArgument
// (FieldViolation on `update_mask`) if a path is no top-level field that may be taken.
absl::Status MergeFields(const google::protobuf::Message& from,
                         const google::protobuf::FieldMask& mask, google::protobuf::Message* to);

}  // namespace lintas

#endif  // LINTAS_SERVER_AREAS_COMMON_UPDATE_MASK_H_
