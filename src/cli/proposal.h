// SPDX-License-Identifier: Apache-2.0
// How the command line proposes a change of two persons to a running server: the sub-commands of
// `firebreak change propose` and `firebreak destination add`.
//
//   const auto [office, named] = add_proposal(group, run, "office", "office", "Add an office");
//   add_member(*office, named, "NAME", "name", "What people choose")->required();
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/api_client.h"
#include "cli/command.h"

namespace firebreak::cli {

struct ChangeOptions {
  ServerOptions server;
  std::string change;
  std::string state;
  std::string reason;
  std::string file;  // of a policy's text
  std::vector<std::string> settings;
  std::string value;
  Json request = Json::object();
};

using SharedChange = std::shared_ptr<ChangeOptions>;

struct Proposal {
  CLI::App* command;
  SharedChange options;
};

// A sub-command `name` that proposes a change of this type, with --reason.
Proposal add_proposal(CLI::App& group, Run& run, const char* name, const char* type,
                      const char* what);
// A member of what is proposed, as an option or (without dashes) as a word of the command.
CLI::Option* add_member(CLI::App& command, const SharedChange& options, const std::string& name,
                        const char* member, const char* what);
// A member that is a list: the option is given once for each.
void add_list(CLI::App& command, const SharedChange& options, const std::string& name,
              const char* member, const std::string& what);

// Prints a change, as a person reads it.
void print_change(const Json& change);
// The same, or its JSON; gives the exit code.
int show_change(const Json& change, bool json);

}  // namespace firebreak::cli
