// NodeService: status, proofs, audit and the agreement. README.md beside this file.
#ifndef LINTAS_SERVER_AREAS_NODE_AREA_H_
#define LINTAS_SERVER_AREAS_NODE_AREA_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lintas/node/v1/node.pb.h"
#include "server/base/alarms.h"
#include "server/call/call.h"
#include "server/records/writer.h"

namespace lintas::node {

struct Deps {
  Writer* writer = nullptr;
  const Reader* reader = nullptr;
  const Alarms* alarms = nullptr;
  // Keys that may sign the first agreement, from both trust bundles.
  std::vector<AuthorityKey> authorities;
  absl::Time start_time;
  std::string version;
  // What only the link knows.
  std::function<v1::NodeStatus::Link()> link;
  // Holds the line, or lets it go on.
  std::function<void(bool paused)> pause_link;
  std::function<TreeSize()> held_size;
  std::function<std::string()> held_note;
};

std::vector<Method> Methods(const Deps& deps);

}  // namespace lintas::node

#endif  // LINTAS_SERVER_AREAS_NODE_AREA_H_
