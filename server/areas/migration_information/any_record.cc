#include "server/areas/migration_information/any_record.h"

#include "server/base/check.h"

namespace lintas::migration_information {

void SetAny(std::unique_ptr<google::protobuf::Message> record, const RecordType& type,
            v1::AnyRecord* any) {
  const auto* field = v1::AnyRecord::descriptor()->FindFieldByName(type.code());
  LINTAS_CHECK(field != nullptr);
  any->GetReflection()->SetAllocatedMessage(any, record.release(), field);
}

}  // namespace lintas::migration_information
