// SPDX-License-Identifier: Apache-2.0
#include "cli/proposal.h"

#include <iostream>

#include "base/files.h"

namespace firebreak::cli {
namespace {

std::string part_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? printable(found->get<std::string>()) : "";
}

Result<int> propose_change(const ChangeOptions& options, bool json) {
  Json body = options.request;
  body["reason"] = options.reason;
  // Of a destination what is empty is taken away; elsewhere it is not said.
  const bool says_empty = body["type"] == "destination";
  for (auto member = body.begin(); member != body.end();)
    member = !says_empty && *member == "" ? body.erase(member) : std::next(member);
  if (!options.file.empty()) {
    FB_TRY(body["text"], read_file(options.file, size_t{256} << 10));
  }
  for (const std::string& setting : options.settings) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos)
      return bad_input("A setting is NAME=VALUE.", "--setting", "Write it like signers=2.");
    body["settings"][setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json change, client.post("/v1/changes", body));
  return show_change(change, json);
}

}  // namespace

void print_change(const Json& change) {
  std::cout << part_of(change, "change") << "  " << part_of(change, "state") << '\n';
  for (const Json& line : change.value("says", Json::array()))
    std::cout << "  " << printable(line.get<std::string>()) << '\n';
  std::cout << "  Proposed by " << part_of(change, "proposer_name") << ": "
            << part_of(change, "reason") << '\n';
  const std::string effective = part_of(change, "effective");
  if (part_of(change, "state") == "approved")
    std::cout << "  Takes effect at " << effective << ", or at the next checkpoint after it.\n";
  if (part_of(change, "state") == "proposed")
    std::cout << "  Waits for another person: firebreak change approve "
              << part_of(change, "change") << '\n';
  if (!part_of(change, "answer").empty())
    std::cout << "  Not taken: " << part_of(change, "answer") << '\n';
}

int show_change(const Json& change, bool json) {
  if (json) {
    print_json(change);
  } else {
    print_change(change);
  }
  return 0;
}

CLI::Option* add_member(CLI::App& command, const SharedChange& options, const std::string& name,
                        const char* member, const char* what) {
  return command.add_option_function<std::string>(
      name, [options, member](const std::string& value) { options->request[member] = value; },
      what);
}

void add_list(CLI::App& command, const SharedChange& options, const std::string& name,
              const char* member, const std::string& what) {
  command.add_option_function<std::vector<std::string>>(
      name,
      [options, member](const std::vector<std::string>& values) {
        options->request[member] = values;
      },
      what + "; may be given again");
}

Proposal add_proposal(CLI::App& group, Run& run, const char* name, const char* type,
                      const char* what) {
  auto options = std::make_shared<ChangeOptions>();
  CLI::App* command = group.add_subcommand(name, what);
  add_server_options(*command, options->server);
  options->request["type"] = type;
  command->add_option("--reason", options->reason, "Why; the Board reads it")->required();
  on_run(*command, run, [options](bool json) { return propose_change(*options, json); });
  return {command, options};
}

}  // namespace firebreak::cli
