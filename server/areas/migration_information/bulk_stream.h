// SubmitRecords: the bidirectional stream of a bulk import over records/bulk.h.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_BULK_STREAM_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_BULK_STREAM_H_

#include <memory>

#include "server/areas/migration_information/area.h"

namespace lintas::migration_information {

constexpr int kRowsPerMessageMax = 1000;

std::unique_ptr<StreamHandler> OpenBulkStream(const Deps& deps, const Call& call,
                                              StreamWriter write);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_BULK_STREAM_H_
