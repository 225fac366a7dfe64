// LossyFileSystem: files that forget at a power cut what was not synced (P31).
//
// It writes through to the real folder but never syncs it: a sync only notes how much of the file a
// power cut would leave. After the cut every change fails; once the store is closed, Restore()
// makes the folder what the disk would hold: each file cut to its synced length (or, by the fault
// drawn, with a part or all of what came after), files and links whose folder was not synced gone,
// renames whose folder was not synced undone. Deletes are taken as durable at once, the harder case
// for a store that deletes too early.
#ifndef LINTAS_TESTS_CONTRACT_STORE_LOSSY_FILE_SYSTEM_H_
#define LINTAS_TESTS_CONTRACT_STORE_LOSSY_FILE_SYSTEM_H_

#include <rocksdb/file_system.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace lintas {

enum class UnsyncedTail { kLost, kHalfKept, kKept };

// May be called from several threads at once.
class LossyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  LossyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "LossyFileSystem"; }

  // The power goes before the `n`-th change from now (1 is the next); 0: never.
  void CutPowerBefore(int n);
  bool power_is_cut() const;
  // Changes so far: creates, appends, syncs, renames, links, deletes.
  int changes() const;
  // Call with no file open. Brings the power back.
  void Restore(UnsyncedTail unsynced);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  friend class LossyFile;
  friend class LossyFolder;
  // Shared by all names of one file.
  struct Lengths {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  struct Unsynced {
    std::string folder;
    std::function<void()> undo;
  };

  // Counts a change; an error once the power is cut.
  rocksdb::IOStatus Change();
  void SyncFolder(const std::string& folder);
  std::shared_ptr<Lengths> Track(const std::string& name);

  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Lengths>> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<Unsynced> unsynced_ ABSL_GUARDED_BY(mutex_);
  int changes_ ABSL_GUARDED_BY(mutex_) = 0;
  int cut_at_ ABSL_GUARDED_BY(mutex_) = 0;
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_CONTRACT_STORE_LOSSY_FILE_SYSTEM_H_
