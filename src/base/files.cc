// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace firebreak {
namespace {

// Closes a descriptor when it goes out of scope.
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

Error system_error(const std::string& what, const std::filesystem::path& path) {
  const int number = errno;
  const auto code = number == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
  return {code, what + ": " + std::generic_category().message(number) + ".", path.string(), {}};
}

constexpr int kLongestPause = 30'000;  // milliseconds

// Whether something can be read within the pause.
bool more_comes(int fd) {
  pollfd wait{fd, POLLIN, 0};
  const int ready = ::poll(&wait, 1, kLongestPause);
  if (ready == 0) errno = ETIMEDOUT;
  return ready > 0 || errno == EINTR;
}

std::string shown_size(size_t bytes) {
  constexpr size_t kMiB = size_t{1} << 20;
  return bytes % kMiB == 0 ? std::to_string(bytes / kMiB) + " MiB"
                           : std::to_string(bytes) + " bytes";
}

bool write_all(int fd, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(wrote));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, size_t max_bytes) {
  // A pipe into which nobody writes would be waited for without end.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return system_error("The file cannot be opened", path);
  std::string out;
  std::string buffer(size_t{1} << 16, '\0');
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN && more_comes(file.get())) continue;
    if (got < 0 && errno == EISDIR) {
      return bad_input("This is a folder, not a file.", path.string(), "Name a file in it.");
    }
    if (got < 0) return system_error("The file cannot be read", path);
    if (got == 0) return out;
    out.append(buffer, 0, static_cast<size_t>(got));
    if (out.size() > max_bytes) {
      return Error{ErrorCode::too_large,
                   "The file is larger than " + shown_size(max_bytes) + ".",
                   path.string(),
                   {}};
    }
  }
}

Result<void> write_file_durably(const std::filesystem::path& path, std::span<const uint8_t> bytes,
                                int mode) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::string name = (folder / (".new-" + path.filename().string() + "-XXXXXX")).string();
  const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (file.get() < 0) return system_error("A file cannot be made in this folder", folder);
  const bool written = ::fchmod(file.get(), static_cast<mode_t>(mode)) == 0 &&
                       write_all(file.get(), bytes) && ::fsync(file.get()) == 0 &&
                       ::rename(name.c_str(), path.c_str()) == 0;
  if (!written) {
    Error error = system_error("The file cannot be written", path);
    ::unlink(name.c_str());
    return error;
  }
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0)
    return system_error("The folder cannot be synced", folder);
  return {};
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view text,
                                int mode) {
  return write_file_durably(path, as_bytes(text), mode);
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& lock_file) {
  FolderLock lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) return system_error("The lock cannot be opened", lock_file);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::conflict, "Another process has this data folder open.",
                 lock_file.string(), "Stop it first, or use another folder."};
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace firebreak
