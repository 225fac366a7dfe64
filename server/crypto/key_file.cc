#include "server/crypto/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/status.h"

namespace lintas {
namespace {

constexpr char kNodeKeysTitle[] = "lintas node keys v1";
constexpr char kSealTitle[] = "lintas seal key v1";
constexpr char kAuthorityTitle[] = "lintas authority key v1";
constexpr size_t kSealKeySize = 32;

absl::Status FileError(absl::string_view what, const std::string& path) {
  const int error = errno;
  const std::string text = absl::StrCat(what, " ", path, ": ", strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == EEXIST) return absl::AlreadyExistsError(text);
  return absl::UnavailableError(text);
}

// An open file that is closed at the end of its scope.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status WriteAll(int fd, absl::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t count = write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FileError("cannot write", path);
    content.remove_prefix(static_cast<size_t>(count));
  }
  if (fsync(fd) != 0) return FileError("cannot sync", path);
  return absl::OkStatus();
}

// The path of a synced temporary file beside `path`.
absl::StatusOr<std::string> WriteTemporary(const std::string& path, absl::string_view content,
                                           FileAccess access) {
  std::string temporary = path + ".XXXXXX";
  OpenFile file(mkstemp(&temporary[0]));  // Mode 0600.
  if (file.fd() < 0) return FileError("cannot create a file beside", path);
  absl::Status status = WriteAll(file.fd(), content, path);
  if (status.ok() && access == FileAccess::kPublic && fchmod(file.fd(), 0644) != 0) {
    status = FileError("cannot set the mode of", path);
  }
  if (!status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  return temporary;
}

void SyncFolder(const std::string& path) {
  OpenFile folder(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd() >= 0) fsync(folder.fd());
}

// The lines `<word> <base64>` under the title. kInvalidArgument if the file is anything else.
absl::StatusOr<std::map<std::string, Secret>> ReadSecrets(const std::string& path,
                                                          absl::string_view title) {
  ASSIGN_OR_RETURN(const std::string text, ReadKeyFile(path));
  const Secret wiped(text);
  const absl::Status refused =
      absl::InvalidArgumentError(absl::StrCat(path, " is not a file of kind `", title, "`"));
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() < 2 || lines.front() != title || !lines.back().empty()) return refused;
  std::map<std::string, Secret> secrets;
  for (size_t i = 1; i + 1 < lines.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> line =
        absl::StrSplit(lines[i], absl::MaxSplits(' ', 1));
    std::string bytes;
    if (!absl::Base64Unescape(line.second, &bytes)) return refused;
    if (!secrets.emplace(std::string(line.first), Secret(std::move(bytes))).second) return refused;
  }
  return secrets;
}

std::string SecretLine(absl::string_view word, const Secret& secret) {
  return absl::StrCat(word, " ", absl::Base64Escape(secret.Bytes(SecretAccess::ForKeyFile())),
                      "\n");
}

}  // namespace

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0) return FileError("cannot read", path);
  std::string content;
  char block[16384];
  while (true) {
    const ssize_t count = read(file.fd(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FileError("cannot read", path);
    if (count == 0) return content;
    content.append(block, static_cast<size_t>(count));
    if (content.size() > kKeyFileBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is longer than 4 MiB"));
    }
  }
}

absl::Status WriteOnce(const std::string& path, absl::string_view content, FileAccess access) {
  ASSIGN_OR_RETURN(const std::string temporary, WriteTemporary(path, content, access));
  // link() fails if the name is taken, which rename() would not.
  const int result = link(temporary.c_str(), path.c_str());
  const absl::Status status =
      result == 0 ? absl::OkStatus() : FileError("will not overwrite or cannot create", path);
  unlink(temporary.c_str());
  SyncFolder(path);
  return status;
}

absl::Status Replace(const std::string& path, absl::string_view content, FileAccess access) {
  ASSIGN_OR_RETURN(const std::string temporary, WriteTemporary(path, content, access));
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const absl::Status status = FileError("cannot replace", path);
    unlink(temporary.c_str());
    return status;
  }
  SyncFolder(path);
  return absl::OkStatus();
}

NodeKeys GenerateNodeKeys(Random& random) {
  NodeKeys keys;
  keys.log = SigningKey::Generate(random);
  keys.held = SigningKey::Generate(random);
  keys.consistent = SigningKey::Generate(random);
  keys.question = SigningKey::Generate(random);
  return keys;
}

Secret FormatNodeKeys(const NodeKeys& keys) {
  return Secret(absl::StrCat(kNodeKeysTitle, "\n", SecretLine("log", keys.log.seed()),
                             SecretLine("held", keys.held.seed()),
                             SecretLine("consistent", keys.consistent.seed()),
                             SecretLine("question", keys.question.seed())));
}

absl::StatusOr<NodeKeys> ReadNodeKeys(const std::string& path) {
  ASSIGN_OR_RETURN(auto secrets, ReadSecrets(path, kNodeKeysTitle));
  if (secrets.size() != 4) {
    return absl::InvalidArgumentError(absl::StrCat(path, " does not hold exactly four keys"));
  }
  NodeKeys keys;
  const std::pair<const char*, SigningKey*> wanted[] = {{"log", &keys.log},
                                                        {"held", &keys.held},
                                                        {"consistent", &keys.consistent},
                                                        {"question", &keys.question}};
  for (const auto& [word, key] : wanted) {
    auto found = secrets.find(word);
    if (found == secrets.end()) {
      return absl::InvalidArgumentError(absl::StrCat(path, " lacks the key `", word, "`"));
    }
    ASSIGN_OR_RETURN(*key, SigningKey::FromSeed(found->second));
    for (const auto& [other, secret] : secrets) {
      if (other != word && secret.Equals(found->second)) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, " holds one key for two uses, `", word, "` and `", other, "`"));
      }
    }
  }
  return keys;
}

Secret FormatSealKey(const Secret& key) {
  return Secret(absl::StrCat(kSealTitle, "\n", SecretLine("seal", key)));
}

absl::StatusOr<Secret> ReadSealKey(const std::string& path) {
  ASSIGN_OR_RETURN(auto secrets, ReadSecrets(path, kSealTitle));
  auto found = secrets.find("seal");
  if (secrets.size() != 1 || found == secrets.end() || found->second.size() != kSealKeySize) {
    return absl::InvalidArgumentError(absl::StrCat(path, " does not hold one key of 32 bytes"));
  }
  return found->second;
}

Secret FormatAuthorityKey(const SigningKey& key) {
  return Secret(absl::StrCat(kAuthorityTitle, "\n", SecretLine("authority", key.seed())));
}

absl::StatusOr<SigningKey> ReadAuthorityKey(const std::string& path) {
  ASSIGN_OR_RETURN(auto secrets, ReadSecrets(path, kAuthorityTitle));
  auto found = secrets.find("authority");
  if (secrets.size() != 1 || found == secrets.end()) {
    return absl::InvalidArgumentError(absl::StrCat(path, " does not hold one authority key"));
  }
  return SigningKey::FromSeed(found->second);
}

}  // namespace lintas
