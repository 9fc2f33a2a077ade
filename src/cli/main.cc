// SPDX-License-Identifier: Apache-2.0
// The firebreak program: one file of this folder for each sub-command.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "cli/command.h"

int main(int argc, char** argv) {
  using namespace firebreak::cli;  // NOLINT(google-build-using-namespace): the program's own
  CLI::App program(
      "Firebreak: the data-sharing firewall between a police force and immigration enforcement",
      "firebreak");
  program.set_version_flag("--version", "firebreak " FIREBREAK_VERSION);
  program.require_subcommand(1);
  Run run;
  add_init(program, run);
  add_serve(program, run);
  add_policy(program, run);
  add_people(program, run);
  add_sign_in(program, run);
  add_referral(program, run);
  add_erasure(program, run);
  add_change(program, run);
  add_destination(program, run);
  add_ledger(program, run);
  add_config(program, run);
  add_phone(program, run);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const bool help = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    program.exit(e);
    return help ? 0 : 2;
  } catch (const std::exception&) {
    // Memory, or a fault of ours: its text might hold what was being worked on.
    std::cerr << "firebreak: something went wrong inside the program; nothing more was done.\n";
    return 8;
  }
  return run.exit_code;
}
