#include "server/areas/common/update_mask.h"

#include <google/protobuf/util/field_mask_util.h>

#include <memory>
#include <vector>

#include "server/base/check.h"
#include "server/base/error.h"

namespace lintas {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;

namespace {

bool MayBeTaken(const FieldDescriptor& field) {
  return field.name() != "name" && field.name() != "meta";
}

}  // namespace

absl::Status MergeFields(const Message& from, const FieldMask& mask, Message* to) {
  LINTAS_CHECK(from.GetDescriptor() == to->GetDescriptor());
  std::vector<const FieldDescriptor*> fields;
  if (mask.paths().empty()) from.GetReflection()->ListFields(from, &fields);
  for (const std::string& path : mask.paths()) {
    const FieldDescriptor* field = from.GetDescriptor()->FindFieldByName(path);
    if (field == nullptr || !MayBeTaken(*field)) {
      return FieldsError({{"update_mask", "UNKNOWN_FIELD", "top-level fields of the record"}});
    }
    fields.push_back(field);
  }
  FieldMask taken;
  for (const FieldDescriptor* field : fields) {
    if (!MayBeTaken(*field)) continue;
    to->GetReflection()->ClearField(to, field);
    taken.add_paths(field->name());
  }
  if (taken.paths().empty()) return absl::OkStatus();  // An empty mask would take everything.
  const std::unique_ptr<Message> part(from.New());
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(from, taken, {}, part.get());
  to->MergeFrom(*part);
  return absl::OkStatus();
}

}  // namespace lintas
