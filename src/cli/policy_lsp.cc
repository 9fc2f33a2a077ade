// SPDX-License-Identifier: Apache-2.0
// firebreak policy lsp     the language server of policies, for editors
//
// One thread reads standard input, answers and writes; the checker runs beside it, one policy at a
// time, and reports through a pipe that stands with standard input in one poll().
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <future>
#include <iostream>

#include "base/clock.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "policy/check.h"
#include "policy/lsp/server.h"

namespace firebreak::cli {
namespace {

constexpr size_t kMostReadAtOnce = size_t{1} << 20;

class LspLoop {
 public:
  LspLoop()
      : server_([](const std::filesystem::path& path) {
          return read_file(path, policy::kMaxFileBytes);
        }) {}
  ~LspLoop() {
    if (checking_.valid()) checking_.wait();  // it writes to the pipe
    for (const int end : pipe_) {
      if (end >= 0) close(end);
    }
  }
  LspLoop(const LspLoop&) = delete;
  LspLoop& operator=(const LspLoop&) = delete;

  Result<int> run() {
    if (pipe2(pipe_.data(), O_CLOEXEC) != 0) {
      return Error{ErrorCode::unavailable, "No pipe can be opened.", {}, {}};
    }
    while (true) {
      const bool more = wait();
      for (const Json& message : server_.work()) send(message);
      if (server_.ended()) return server_.exit_code();
      if (!more || !std::cout) return 1;  // the client is gone and has not said `exit`
      if (std::optional<policy::lsp::CheckJob> job = server_.next_check()) start(*std::move(job));
    }
  }

 private:
  // Until there is something to read, and reads it; false when nothing more will come.
  bool wait() {
    std::array<pollfd, 2> from{{{STDIN_FILENO, POLLIN, 0}, {pipe_[0], POLLIN, 0}}};
    if (poll(from.data(), from.size(), -1) < 0) return errno == EINTR;
    if (from[1].revents != 0) finish();
    return from[0].revents == 0 || read_input();
  }

  // What has come, up to a limit: the last of many changes is the one that matters.
  bool read_input() {
    std::array<char, 65536> bytes{};
    pollfd input{STDIN_FILENO, POLLIN, 0};
    for (size_t taken = 0; taken < kMostReadAtOnce;) {
      const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      taken += static_cast<size_t>(count);
      frames_.feed({bytes.data(), static_cast<size_t>(count)});
      while (const std::optional<policy::lsp::Frame> frame = frames_.next()) server_.take(*frame);
      if (frames_.broken()) {
        std::cerr << "firebreak: standard input: this is not the language server protocol.\n";
        return false;
      }
      if (poll(&input, 1, 0) <= 0) return true;
    }
    return true;
  }

  void start(policy::lsp::CheckJob job) {
    checking_ = std::async(std::launch::async, [job = std::move(job), done = pipe_[1]]() mutable {
      policy::Report report =
          policy::check_texts(job.uri, job.policy_text, job.vocabulary_name, job.vocabulary_text,
                              london_day(SystemClock().now()));
      job.findings = std::move(report.findings);
      const char byte = 0;
      while (write(done, &byte, 1) < 0 && errno == EINTR) {
      }
      return std::move(job);
    });
  }

  void finish() {
    char byte = 0;
    if (read(pipe_[0], &byte, 1) == 1) server_.checked(checking_.get());
  }

  static void send(const Json& message) {
    // A vocabulary on the disk may hold bytes that are not UTF-8.
    std::cout << policy::lsp::framed(message.dump(-1, ' ', false, Json::error_handler_t::replace))
              << std::flush;
  }

  policy::lsp::Server server_;
  policy::lsp::Frames frames_;
  std::array<int, 2> pipe_{-1, -1};
  std::future<policy::lsp::CheckJob> checking_;
};

}  // namespace

void add_policy_lsp(CLI::App& group, Run& run) {
  CLI::App* command = group.add_subcommand(
      "lsp", "The language server for editors: protocol messages on standard input and output");
  // Clients say it; there is no other way to speak.
  command->add_flag("--stdio")->description(
      "Speak on standard input and output, as it does anyway");
  on_run(*command, run, [](bool /*json*/) { return LspLoop().run(); });
}

}  // namespace firebreak::cli
