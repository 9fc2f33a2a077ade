// SPDX-License-Identifier: Apache-2.0
// Publication cut off at every system call that changes the disk, and made to fail at each. The
// calls are caught by functions of the same names in this program, which the linker prefers.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "base/files.h"
#include "ledger/check.h"
#include "ledger/test_support.h"

namespace {

enum class Mode { pass, count, die, fail, watch };
Mode mode = Mode::pass;
int calls = 0;
int chosen = 0;

// For Mode::watch: what would be lost if the power failed now, and what the rules forbid.
std::set<std::string> unsynced;
std::vector<std::string> wrong;

bool refused() {
  if (mode == Mode::pass || ++calls != chosen) return false;
  if (mode == Mode::die) _exit(9);
  errno = ENOSPC;
  return mode == Mode::fail;
}

std::string path_of(int fd) {
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).string();
}

std::string parent_of(const char* path) {
  return std::filesystem::canonical(std::filesystem::absolute(path).parent_path()).string();
}

}  // namespace

extern "C" {
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the C library's are reserved

int fsync(int fd) {
  if (refused()) return -1;
  if (mode == Mode::watch) unsynced.erase(path_of(fd));
  return 0;  // no test waits for the disk: that the calls are made in order is what is tested
}

int mkdir(const char* path, mode_t permissions) noexcept {
  if (refused()) return -1;
  const int made = static_cast<int>(syscall(SYS_mkdir, path, permissions));
  if (mode == Mode::watch && made == 0) unsynced.insert(parent_of(path));
  return made;
}

int rename(const char* from, const char* to) noexcept {
  if (refused()) return -1;
  if (mode == Mode::watch) {
    const std::string target = std::filesystem::absolute(to).filename().string();
    if (unsynced.contains(std::filesystem::canonical(from).string()))
      wrong.push_back(std::string(to) + " was put in place before its content was on disk");
    unsynced.erase(std::filesystem::canonical(from).string());
    if (target == "checkpoint" && !unsynced.empty())
      wrong.push_back("the checkpoint was put in place before " + *unsynced.begin());
    unsynced.insert(parent_of(to));
  }
  return static_cast<int>(syscall(SYS_rename, from, to));
}

int mkostemp(char* name, int flags) {
  if (refused()) return -1;
  const int fd = mkostemps(name, 0, flags);
  if (mode == Mode::watch && fd >= 0) unsynced.insert(path_of(fd));
  return fd;
}

// NOLINTEND(readability-inconsistent-declaration-parameter-name)
}

namespace firebreak::ledger {
namespace {

constexpr uint64_t kBefore = 500;
constexpr uint64_t kAfter = 800;

Result<void> publish(const std::filesystem::path& folder, uint64_t size) {
  const Signer signer = test_signer();
  FB_TRY(Publisher publisher, Publisher::open(folder, kOrigin, signer.verifier()));
  return publisher.publish(test_checkpoint(size), test_records(), signer);
}

CheckReport check(const std::filesystem::path& folder) {
  const std::vector<Verifier> keys = {test_signer().verifier()};
  return check_published(folder, kOrigin, keys, Expected{kAfter, test_records()});
}

int count_calls() {
  const TempFolder folder;
  publish_sizes(folder.path(), {kBefore});
  mode = Mode::count;
  calls = 0;
  chosen = -1;
  EXPECT_TRUE(publish(folder.path(), kAfter).ok());
  mode = Mode::pass;
  return calls;
}

// Runs one publication in a child that ends at the chosen call, as if it had been killed there.
void publish_and_die(const std::filesystem::path& folder, int at) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    mode = Mode::die;
    calls = 0;
    chosen = at;
    _exit(publish(folder, kAfter).ok() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 9) << at;
}

TEST(Durability, KilledAtAnyCallItLeavesAValidLogAndGoesOn) {
  const int all = count_calls();
  ASSERT_GT(all, 30);
  for (int at = 1; at <= all; ++at) {
    const TempFolder folder;
    publish_sizes(folder.path(), {kBefore});
    publish_and_die(folder.path(), at);
    CheckReport report = check(folder.path());
    ASSERT_TRUE(report.ok()) << at << ": " << report.findings[0].text();
    ASSERT_TRUE(report.checkpoint->size == kBefore || report.checkpoint->size == kAfter);
    ASSERT_TRUE(publish(folder.path(), kAfter).ok()) << at;
    report = check(folder.path());
    ASSERT_TRUE(report.ok()) << at << ": " << report.findings[0].text();
    ASSERT_EQ(report.checkpoint->size, kAfter);
  }
}

TEST(Durability, AFailingCallIsAnErrorAndLeavesAValidLog) {
  const int all = count_calls();
  for (int at = 1; at <= all; ++at) {
    const TempFolder folder;
    publish_sizes(folder.path(), {kBefore});
    mode = Mode::fail;
    calls = 0;
    chosen = at;
    const auto published = publish(folder.path(), kAfter);
    mode = Mode::pass;
    ASSERT_FALSE(published.ok()) << at;
    EXPECT_EQ(published.error().code, ErrorCode::unavailable) << published.error().text();
    const CheckReport report = check(folder.path());
    ASSERT_TRUE(report.ok()) << at << ": " << report.findings[0].text();
    ASSERT_TRUE(publish(folder.path(), kAfter).ok()) << at;
  }
}

// What a loss of power could undo must be on disk before the checkpoint that needs it.
TEST(Durability, EverythingIsOnDiskBeforeTheCheckpoint) {
  const TempFolder folder;
  mode = Mode::watch;
  unsynced.clear();
  wrong.clear();
  EXPECT_TRUE(publish(folder.path(), kBefore).ok());
  EXPECT_TRUE(publish(folder.path(), kAfter).ok());
  EXPECT_TRUE(publish(folder.path(), 70'000).ok());
  mode = Mode::pass;
  EXPECT_TRUE(wrong.empty()) << wrong.front();
  EXPECT_TRUE(unsynced.empty()) << *unsynced.begin();
}

}  // namespace
}  // namespace firebreak::ledger
