// AnyRecord: one record of whichever type of area 1.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANY_RECORD_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANY_RECORD_H_

#include <memory>

#include "lintas/migration_information/v1/any_record.pb.h"
#include "server/records/record_type.h"

namespace lintas::migration_information {

// Puts a record of `type`, which AnyRecord lists, into `any`.
void SetAny(std::unique_ptr<google::protobuf::Message> record, const RecordType& type,
            v1::AnyRecord* any);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANY_RECORD_H_
