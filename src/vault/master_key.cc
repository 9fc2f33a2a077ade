// SPDX-License-Identifier: Apache-2.0
// The file of the master key.
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/files.h"
#include "vault/vault.h"

namespace firebreak::vault {
namespace {

constexpr std::string_view kMark = "FBVAULT1";
constexpr size_t kCheck = 4;
constexpr size_t kFileSize = 8 + 32 + kCheck;
using FileBytes = std::array<uint8_t, kFileSize>;

// Zeroes a buffer that held the key, however its function returns.
class Wipe {
 public:
  explicit Wipe(std::span<uint8_t> bytes) : bytes_(bytes) {}
  Wipe(const Wipe&) = delete;
  Wipe& operator=(const Wipe&) = delete;
  ~Wipe() { sodium_memzero(bytes_.data(), bytes_.size()); }

 private:
  std::span<uint8_t> bytes_;
};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error failed(int number, const std::string& what, const std::filesystem::path& path) {
  const auto code = number == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
  return {code, what + ": " + std::generic_category().message(number) + ".", path.string(), {}};
}

Error already_there(const std::filesystem::path& path) {
  return {ErrorCode::conflict, "There is a master key already.", path.string(),
          "It is never written over: without it nothing that was sealed can be read."};
}

Error damaged(const std::filesystem::path& path, const char* message) {
  return {ErrorCode::corrupt, message, path.string(), "Restore the file from its backup."};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0)
    return failed(errno, "The folder cannot be synced", folder);
  return {};
}

Result<void> check_file(int fd, const std::filesystem::path& path) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return failed(errno, "The master key cannot be read", path);
  const auto forbidden = [&](const char* message, const char* action) {
    return Error{ErrorCode::forbidden, message, path.string(), action};
  };
  if (!S_ISREG(status.st_mode))
    return forbidden("The master key is not a regular file.", "Put the key's file in its place.");
  if (status.st_uid != ::geteuid())
    return forbidden("The master key belongs to another user.", "Change its owner (chown).");
  if ((status.st_mode & 0077) != 0)
    return forbidden("Others than its owner may use the master key.", "Run chmod 600 on it.");
  return {};
}

}  // namespace

Result<MasterKey> MasterKey::create(const std::filesystem::path& path, Random& random) {
  MasterKey out;
  random.fill(out.bytes_);
  FileBytes file{};
  const Wipe wipe(file);
  auto end = std::copy(kMark.begin(), kMark.end(), file.begin());
  end = std::copy(out.bytes_.begin(), out.bytes_.end(), end);
  const Digest check = sha256(std::span(file).first(kFileSize - kCheck));
  std::copy_n(check.begin(), kCheck, end);
  // Written beside its place and then linked there: link(2) fails where a key exists, and a crash
  // leaves a whole key or none.
  std::filesystem::path beside = path;
  beside += ".new";
  FB_CHECK(write_file_durably(beside, file, 0600));
  const int linked = ::link(beside.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(beside.c_str());
  if (linked == EEXIST) return already_there(path);
  if (linked != 0) return failed(linked, "The master key cannot be put in place", path);
  FB_CHECK(sync_folder(path.has_parent_path() ? path.parent_path() : "."));
  return out;
}

Result<MasterKey> MasterKey::load(const std::filesystem::path& path) {
  // Not to block when the path names a pipe.
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return failed(errno, "The master key cannot be opened", path);
  FB_CHECK(check_file(fd.get(), path));
  std::array<uint8_t, kFileSize + 1> file{};  // one more, to see that the file ends
  const Wipe wipe(file);
  const ssize_t got = ::read(fd.get(), file.data(), file.size());
  if (got < 0) return failed(errno, "The master key cannot be read", path);
  if (static_cast<size_t>(got) != kFileSize)
    return damaged(path, "The master key's file has a wrong size.");
  if (!std::equal(kMark.begin(), kMark.end(), file.begin()))
    return damaged(path, "This is not a master key's file.");
  const Digest check = sha256(std::span(file).first(kFileSize - kCheck));
  if (!std::equal(check.begin(), check.begin() + kCheck, file.begin() + kFileSize - kCheck))
    return damaged(path, "The master key was changed.");
  MasterKey out;
  std::copy_n(file.begin() + kMark.size(), out.bytes_.size(), out.bytes_.begin());
  return out;
}

}  // namespace firebreak::vault
