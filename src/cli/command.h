// SPDX-License-Identifier: Apache-2.0
// What every sub-command shares: how it is added to the program, how it ends, and what it prints.
//
//   void add_ledger(CLI::App& program, Run& run);        // ledger.cc
//
// A sub-command's callback does its work and sets run.exit_code. Answers go to standard output, one
// JSON value with --json; errors go to standard error as "firebreak: where: what is wrong. What to
// do.", or as a JSON object on standard output with --json.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::cli {

// Exit codes: 0 done; 1 looked at and not good (a check, a verification); others by ErrorCode, as
// base/result.h lists them.
int exit_code(ErrorCode code);

struct Run {
  int exit_code = 0;
};

// Gives `command` the option --json and a callback that runs `work` and reports its error. `work`
// takes whether JSON is wanted and gives the exit code.
void on_run(CLI::App& command, Run& run, std::function<Result<int>(bool json)> work);

// Adds --data DIR; without it the environment's FIREBREAK_DATA, else "data".
void add_data_option(CLI::App& command, std::filesystem::path& data);

// Prints one JSON value, two spaces a level, to standard output.
void print_json(const Json& value);

// Keeps out what a terminal would act on: control characters of stored or received text become "?".
std::string printable(std::string_view text);

// The first line of standard input, without its line end; on a terminal asks with `prompt` and does
// not show what is typed. Error: bad_input when there is none.
Result<std::string> read_secret(const std::string& prompt);

void add_init(CLI::App& program, Run& run);         // init
void add_serve(CLI::App& program, Run& run);        // serve
void add_policy(CLI::App& program, Run& run);       // policy check | decide
void add_people(CLI::App& program, Run& run);       // service add, person add | link | …
void add_sign_in(CLI::App& program, Run& run);      // sign-in
void add_referral(CLI::App& program, Run& run);     // referral submit | show | list | …
void add_erasure(CLI::App& program, Run& run);      // erasure plan | propose | …
void add_change(CLI::App& program, Run& run);       // change propose | approve | …
void add_destination(CLI::App& program, Run& run);  // destination add | list | test
void add_ledger(CLI::App& program, Run& run);       // ledger verify | checkpoint
void add_config(CLI::App& program, Run& run);       // config check
void add_phone(CLI::App& program, Run& run);        // phone screen

}  // namespace firebreak::cli
