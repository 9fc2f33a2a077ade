// SPDX-License-Identifier: Apache-2.0
// Files that must be there after a crash, or not at all.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace firebreak {

// The whole file. Of a pipe what is written into it, when that begins and goes on without a pause
// of 30 seconds. Errors: not_found, bad_input (a folder), too_large (over max_bytes), unavailable.
Result<std::string> read_file(const std::filesystem::path& path,
                              size_t max_bytes = size_t{64} << 20);

// Writes a new file beside `path`, syncs it, renames it over `path` and syncs the folder: after a
// crash the old content or the new is there, whole. `mode` is as for chmod(2). Errors: unavailable,
// with the system's reason; then nothing at `path` has changed.
Result<void> write_file_durably(const std::filesystem::path& path, std::span<const uint8_t> bytes,
                                int mode = 0644);
Result<void> write_file_durably(const std::filesystem::path& path, std::string_view text,
                                int mode = 0644);

// Holds an exclusive lock on a file for as long as it lives, so that one process alone writes a
// data folder. The lock ends with the process, however that ends.
class FolderLock {
 public:
  // Error: conflict when another process holds it.
  static Result<FolderLock> take(const std::filesystem::path& lock_file);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace firebreak
