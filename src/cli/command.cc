// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <utility>

#include "base/code_name.h"

namespace firebreak::cli {
namespace {

int report(const Error& error, bool json) {
  if (json) {
    print_json({{"error", code_name(error.code)},
                {"message", error.message},
                {"where", error.where},
                {"action", error.action}});
  } else {
    std::cerr << "firebreak: " << printable(error.text()) << '\n';
  }
  return exit_code(error.code);
}

// Turns the terminal's echo off for as long as it lives.
class NoEcho {
 public:
  NoEcho() : changed_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool changed_;
};

}  // namespace

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input:
    case ErrorCode::too_large:
      return 2;
    case ErrorCode::unauthorised:
    case ErrorCode::forbidden:
      return 3;
    case ErrorCode::not_found:
      return 4;
    case ErrorCode::conflict:
      return 5;
    case ErrorCode::too_many:
    case ErrorCode::unavailable:
      return 6;
    case ErrorCode::corrupt:
      return 7;
    case ErrorCode::internal:
      break;
  }
  return 8;
}

void on_run(CLI::App& command, Run& run, std::function<Result<int>(bool json)> work) {
  auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "Print JSON");
  command.callback([json, &run, work = std::move(work)] {
    const Result<int> result = work(*json);
    run.exit_code = result ? *result : report(result.error(), *json);
  });
}

void add_data_option(CLI::App& command, std::filesystem::path& data) {
  data = "data";
  command.add_option("--data", data, "The force's data folder")
      ->type_name("DIR")
      ->envname("FIREBREAK_DATA")
      ->capture_default_str();
}

void print_json(const Json& value) {
  std::cout << value.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

std::string printable(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\r') continue;  // messages end their lines with CR LF
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f ? '?' : c;
  }
  return out;
}

Result<std::string> read_secret(const std::string& prompt) {
  std::string line;
  if (isatty(STDIN_FILENO) == 1) {
    std::cerr << prompt << ": " << std::flush;
    const NoEcho silent;
    std::getline(std::cin, line);
    std::cerr << '\n';
  } else {
    std::getline(std::cin, line);
  }
  if (line.empty()) {
    return bad_input("Nothing was given for: " + prompt + ".", {},
                     "Type it, or give it on standard input.");
  }
  return line;
}

}  // namespace firebreak::cli
