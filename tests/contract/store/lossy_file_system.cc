#include "tests/contract/store/lossy_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/types/optional.h"

namespace lintas {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

std::string FolderOf(const std::string& name) {
  return std::filesystem::path(name).parent_path().lexically_normal().string();
}

std::string Normal(const std::string& name) {
  return std::filesystem::path(name).lexically_normal().string();
}

absl::optional<std::string> Content(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return absl::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

class LossyFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  LossyFile(LossyFileSystem* system, std::unique_ptr<rocksdb::FSWritableFile> file,
            std::shared_ptr<LossyFileSystem::Lengths> lengths)
      : FSWritableFileOwnerWrapper(std::move(file)),
        system_(system),
        lengths_(std::move(lengths)) {}

  IOStatus Append(const rocksdb::Slice& bytes, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = system_->Change();
    if (!status.ok()) return status;
    status = target()->Append(bytes, options, debug);
    absl::MutexLock lock(&system_->mutex_);
    if (status.ok()) lengths_->written += bytes.size();
    return status;
  }
  IOStatus Append(const rocksdb::Slice& bytes, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(bytes, options, debug);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = system_->Change();
    if (!status.ok()) return status;
    status = target()->Truncate(size, options, debug);
    absl::MutexLock lock(&system_->mutex_);
    if (status.ok()) lengths_->written = size;
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = system_->Change();
    if (!status.ok()) return status;
    status = target()->Flush(options, debug);
    absl::MutexLock lock(&system_->mutex_);
    if (status.ok()) lengths_->synced = lengths_->written;
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // A hint to begin writing; promises nothing.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  LossyFileSystem* const system_;
  const std::shared_ptr<LossyFileSystem::Lengths> lengths_;
};

class LossyFolder : public rocksdb::FSDirectory {
 public:
  LossyFolder(LossyFileSystem* system, std::string name)
      : system_(system), name_(std::move(name)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    const IOStatus status = system_->Change();
    if (status.ok()) system_->SyncFolder(name_);
    return status;
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  LossyFileSystem* const system_;
  const std::string name_;
};

IOStatus LossyFileSystem::Change() {
  absl::MutexLock lock(&mutex_);
  ++changes_;
  if (cut_at_ != 0 && changes_ >= cut_at_) cut_ = true;
  return cut_ ? IOStatus::IOError("the power is cut") : IOStatus::OK();
}

void LossyFileSystem::CutPowerBefore(int n) {
  absl::MutexLock lock(&mutex_);
  cut_at_ = n == 0 ? 0 : changes_ + n;
}

bool LossyFileSystem::power_is_cut() const {
  absl::MutexLock lock(&mutex_);
  return cut_;
}

int LossyFileSystem::changes() const {
  absl::MutexLock lock(&mutex_);
  return changes_;
}

void LossyFileSystem::SyncFolder(const std::string& folder) {
  absl::MutexLock lock(&mutex_);
  unsynced_.erase(std::remove_if(unsynced_.begin(), unsynced_.end(),
                                 [&](const Unsynced& change) { return change.folder == folder; }),
                  unsynced_.end());
}

std::shared_ptr<LossyFileSystem::Lengths> LossyFileSystem::Track(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Lengths>& lengths = files_[Normal(name)];
  if (lengths == nullptr) lengths = std::make_shared<Lengths>();
  return lengths;
}

void LossyFileSystem::Restore(UnsyncedTail unsynced) {
  absl::MutexLock lock(&mutex_);
  for (const auto& file : files_) {
    const Lengths& lengths = *file.second;
    uint64_t kept = lengths.synced;
    if (unsynced == UnsyncedTail::kKept) kept = lengths.written;
    if (unsynced == UnsyncedTail::kHalfKept) kept += (lengths.written - lengths.synced) / 2;
    // Only what was written counts: a file is longer where space was set aside.
    std::error_code error;
    if (std::filesystem::file_size(file.first, error) > kept && !error) {
      std::filesystem::resize_file(file.first, kept);
    }
  }
  for (auto it = unsynced_.rbegin(); it != unsynced_.rend(); ++it) it->undo();
  files_.clear();
  unsynced_.clear();
  cut_ = false;
  cut_at_ = 0;
}

IOStatus LossyFileSystem::NewWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file,
                                          IODebugContext* debug) {
  IOStatus status = Change();
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  status = target()->NewWritableFile(name, options, &inner, debug);
  if (!status.ok()) return status;
  const auto lengths = std::make_shared<Lengths>();
  {
    absl::MutexLock lock(&mutex_);
    files_[Normal(name)] = lengths;
    unsynced_.push_back({FolderOf(name), [name] { std::filesystem::remove(name); }});
  }
  *file = std::make_unique<LossyFile>(this, std::move(inner), lengths);
  return status;
}

IOStatus LossyFileSystem::ReopenWritableFile(const std::string& name,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             IODebugContext* debug) {
  IOStatus status = Change();
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  status = target()->ReopenWritableFile(name, options, &inner, debug);
  if (status.ok()) *file = std::make_unique<LossyFile>(this, std::move(inner), Track(name));
  return status;
}

IOStatus LossyFileSystem::NewDirectory(const std::string& name, const IOOptions&,
                                       std::unique_ptr<rocksdb::FSDirectory>* folder,
                                       IODebugContext*) {
  std::string normal = Normal(name);
  if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  *folder = std::make_unique<LossyFolder>(this, normal);
  return IOStatus::OK();
}

IOStatus LossyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Change();
  if (!status.ok()) return status;
  const absl::optional<std::string> before = Content(to);
  status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  files_[Normal(to)] = files_[Normal(from)];
  if (files_[Normal(to)] == nullptr) files_.erase(Normal(to));
  files_.erase(Normal(from));
  unsynced_.push_back({FolderOf(to), [from, to, before] {
                         std::error_code error;
                         std::filesystem::rename(to, from, error);
                         if (before) std::ofstream(to, std::ios::binary) << *before;
                       }});
  return status;
}

IOStatus LossyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                   const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Change();
  if (!status.ok()) return status;
  status = target()->LinkFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::shared_ptr<Lengths> lengths = Track(from);
  absl::MutexLock lock(&mutex_);
  files_[Normal(to)] = lengths;
  unsynced_.push_back({FolderOf(to), [to] { std::filesystem::remove(to); }});
  return status;
}

IOStatus LossyFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                     IODebugContext* debug) {
  IOStatus status = Change();
  if (!status.ok()) return status;
  status = target()->DeleteFile(name, options, debug);
  absl::MutexLock lock(&mutex_);
  files_.erase(Normal(name));
  return status;
}

}  // namespace lintas
