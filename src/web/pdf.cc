// SPDX-License-Identifier: Apache-2.0
#include "web/pdf.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace firebreak::web {
namespace {

constexpr const char* kProgram = "/usr/bin/weasyprint";
constexpr std::chrono::seconds kLongest{60};
constexpr size_t kLargest = size_t{64} << 20;
constexpr int kNoIsolation = 125;

Error no_pdf(const std::string& why) {
  return {ErrorCode::unavailable,
          "The PDF cannot be made: " + why,
          {},
          "Print the page from the browser instead."};
}

// A file that is in memory alone.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("firebreak", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (file_ >= 0) ::close(file_);
  }

  [[nodiscard]] int number() const { return file_; }

  bool write(const std::string& bytes) const {
    size_t done = 0;
    while (file_ >= 0 && done < bytes.size()) {
      const ssize_t wrote = ::write(file_, bytes.data() + done, bytes.size() - done);
      if (wrote <= 0) return false;
      done += static_cast<size_t>(wrote);
    }
    return file_ >= 0 && ::lseek(file_, 0, SEEK_SET) == 0;
  }

  [[nodiscard]] std::string read() const {
    const off_t size = ::lseek(file_, 0, SEEK_END);
    if (size <= 0 || static_cast<size_t>(size) > kLargest) return {};
    std::string bytes(static_cast<size_t>(size), '\0');
    const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), 0);
    return got == size ? bytes : std::string();
  }

 private:
  int file_;
};

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become_weasyprint(int input, int output) {
  const bool alone = ::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
  if (!alone) ::_exit(kNoIsolation);
  const rlimit processor{60, 60};
  ::setrlimit(RLIMIT_CPU, &processor);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  const bool ready = ::dup2(input, 0) == 0 && ::dup2(output, 1) == 1 && ::dup2(nowhere, 2) == 2;
  ::close_range(3, ~0U, 0);
  if (ready) {
    ::execl(kProgram, kProgram, "--quiet", "--encoding", "utf-8", "--base-url", "about:blank",
            "--pdf-variant", "pdf/ua-1", "-", "-", nullptr);
  }
  ::_exit(127);
}

// How it ended; nothing when it had to be stopped.
int wait_for_end(pid_t child) {
  const auto end = std::chrono::steady_clock::now() + kLongest;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Result<std::string> make_pdf(const std::string& html) {
  if (::access(kProgram, X_OK) != 0) return no_pdf("Debian's package weasyprint is not installed.");
  const MemoryFile input;
  const MemoryFile output;
  if (!input.write(html) || output.number() < 0) return no_pdf("there is no memory for it.");
  const pid_t child = ::fork();
  if (child < 0) return no_pdf("no process can be started.");
  if (child == 0) become_weasyprint(input.number(), output.number());
  const int ended = wait_for_end(child);
  if (ended == kNoIsolation) {
    return no_pdf("this system does not let a process be kept from the network (user namespaces).");
  }
  std::string pdf = ended == 0 ? output.read() : std::string();
  if (!pdf.starts_with("%PDF-")) return no_pdf("WeasyPrint failed.");
  return pdf;
}

}  // namespace firebreak::web
