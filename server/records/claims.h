// Claims: what is being written at this moment. Two writers of one source key, record or request id
// would both miss the other's entry, which is found only when it is committed; a claim from the
// look-up to the commit keeps them apart. Thread safe.
#ifndef LINTAS_SERVER_RECORDS_CLAIMS_H_
#define LINTAS_SERVER_RECORDS_CLAIMS_H_

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace lintas {

class Claims {
 public:
  // False if somebody holds `key`.
  bool TryClaim(const std::string& key);
  // Calls `free` (at once, or from Release) when nobody holds `key`; it must try to claim again.
  void WhenFree(const std::string& key, std::function<void()> free);
  void Release(const std::vector<std::string>& keys);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<std::function<void()>>> held_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_CLAIMS_H_
