// SPDX-License-Identifier: Apache-2.0
// firebreak change …: what two persons decide together, on a running server: ranks, destinations,
// offices, settings, policies. One proposes with a reason, another approves.
#include <iostream>
#include <memory>
#include <vector>

#include "base/files.h"
#include "cli/api_client.h"
#include "cli/command.h"

namespace firebreak::cli {
namespace {

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

std::string part_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? printable(found->get<std::string>()) : "";
}

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

Result<std::string> path_of_change(const std::string& id) {
  const bool plain =
      id.starts_with("change_") &&
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!plain)
    return bad_input("This is not the reference of a change.", "CHANGE",
                     "It looks like change_… .");
  return "/v1/changes/" + id;
}

Result<int> list_changes(const ChangeOptions& options, bool json) {
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json found,
         client.get("/v1/changes" +
                    (options.state.empty() ? std::string() : "?state=" + options.state)));
  if (json) {
    print_json(found);
    return 0;
  }
  const Json changes = found.value("changes", Json::array());
  for (const Json& change : changes) print_change(change);
  std::cout << changes.size() << (changes.size() == 1 ? " change\n" : " changes\n");
  return 0;
}

Result<int> step_of_change(const ChangeOptions& options, const char* step, const Json& body,
                           bool json) {
  FB_TRY(const std::string path, path_of_change(options.change));
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json change, *step == '\0' ? client.get(path) : client.post(path + step, body));
  return show_change(change, json);
}

Result<int> propose_change(const ChangeOptions& options, bool json) {
  Json body = options.request;
  body["reason"] = options.reason;
  for (auto member = body.begin(); member != body.end();)
    member = *member == "" ? body.erase(member) : std::next(member);
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

// A member of what is proposed, as an option or (without dashes) as a word of the command.
CLI::Option* add_member(CLI::App& command, const SharedChange& options, const std::string& name,
                        const char* member, const char* what) {
  return command.add_option_function<std::string>(
      name, [options, member](const std::string& value) { options->request[member] = value; },
      what);
}

struct Proposal {
  CLI::App* command;
  SharedChange options;
};

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

void add_rank_proposals(CLI::App& group, Run& run) {
  const auto [rank, given] = add_proposal(group, run, "rank", "rank", "Give a person a rank");
  add_member(*rank, given, "PERSON", "person", "The sign-in name")->required();
  add_member(*rank, given, "RANK", "rank", "The rank, in the vocabulary's words")->required();
  add_member(*rank, given, "--from", "from", "The first day, YYYY-MM-DD")->required();
  add_member(*rank, given, "--until", "until", "The last day; else without end");
  rank->add_flag_callback(
      "--deputising", [shared = given] { shared->request["deputising"] = true; },
      "In the place of somebody who is away");
  const auto [end, ended] = add_proposal(group, run, "end-rank", "end_rank", "End a rank");
  add_member(*end, ended, "PERSON", "person", "The sign-in name")->required();
  add_member(*end, ended, "RANK", "rank", "The rank")->required();
  add_member(*end, ended, "--until", "until", "The last day it is held")->required();
}

void add_destination_proposals(CLI::App& group, Run& run) {
  const auto [to, named] = add_proposal(group, run, "destination", "destination",
                                        "Add a destination, or change its address");
  add_member(*to, named, "ID", "id", "Its short name")->required();
  add_member(*to, named, "--recipient", "recipient", "A recipient of the vocabulary")->required();
  add_member(*to, named, "--address", "address", "The e-mail address")->required();
  add_member(*to, named, "--label", "label", "What people read");
  const auto [end, ended] =
      add_proposal(group, run, "end-destination", "end_destination", "Take a destination away");
  add_member(*end, ended, "ID", "id", "Its short name")->required();
}

void add_office_proposals(CLI::App& group, Run& run) {
  const auto [office, named] =
      add_proposal(group, run, "office", "office", "Add an office, or give one another name");
  add_member(*office, named, "NAME", "name", "What people choose")->required();
  add_member(*office, named, "--instead-of", "instead_of", "The office that it replaces");
  const auto [end, ended] =
      add_proposal(group, run, "end-office", "end_office", "Take an office away");
  add_member(*end, ended, "NAME", "name", "The office, as the list has it")->required();
}

void add_setting_proposal(CLI::App& group, Run& run) {
  const auto [setting, options] =
      add_proposal(group, run, "setting", "setting", "Change a setting that matters");
  add_member(*setting, options, "NAME", "name",
             "changes.delay_hours, referrals.erase_refused_days, …")
      ->required();
  setting
      ->add_option_function<std::string>(
          "VALUE",
          [shared = options](const std::string& value) {
            const auto read = parse_json(value);
            const bool plain = read && !read->is_object() && !read->is_null();
            shared->request["value"] = plain ? *read : Json(value);
          },
          "A whole number, true or false, a word, or a list in JSON")
      ->required();
}

void add_policy_proposal(CLI::App& group, Run& run) {
  const auto [policy, options] =
      add_proposal(group, run, "policy", "policy", "Put a policy in force from a day");
  policy->add_option("FILE", options->file, "The policy's text")->type_name("FILE")->required();
  add_member(*policy, options, "--from", "from", "The first day, from tomorrow on")->required();
  add_member(*policy, options, "--until", "until", "The last day; else the text's, or none");
  add_member(*policy, options, "--offences", "offences", "A .offences file in policies/");
  policy->add_option("--setting", options->settings,
                     "What the force decides, NAME=VALUE; may be repeated");
}

void add_steps(CLI::App& group, Run& run) {
  const auto add = [&](const char* name, const char* what) {
    auto options = std::make_shared<ChangeOptions>();
    CLI::App* command = group.add_subcommand(name, what);
    add_server_options(*command, options->server);
    command->add_option("CHANGE", options->change, "The change's reference")->required();
    return Proposal{command, options};
  };
  const auto [show, shown] = add("show", "Show a change");
  on_run(*show, run,
         [options = shown](bool json) { return step_of_change(*options, "", {}, json); });
  const auto [approve, approved] = add("approve", "Approve what another person proposed");
  on_run(*approve, run, [options = approved](bool json) {
    return step_of_change(*options, "/approve", Json::object(), json);
  });
  const auto [refuse, refused] = add("refuse", "Refuse it, until it takes effect");
  refuse->add_option("--reason", refused->reason, "Why not; the Board reads it")->required();
  on_run(*refuse, run, [options = refused](bool json) {
    return step_of_change(*options, "/refuse", {{"reason", options->reason}}, json);
  });
  const auto [withdraw, withdrawn] = add("withdraw", "Withdraw your own, until it takes effect");
  on_run(*withdraw, run, [options = withdrawn](bool json) {
    return step_of_change(*options, "/withdraw", Json::object(), json);
  });
}

}  // namespace

void add_change(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand(
      "change", "What two persons decide: ranks, destinations, offices, settings, policies");
  group->require_subcommand(1);
  auto lists = std::make_shared<ChangeOptions>();
  CLI::App* list = group->add_subcommand("list", "List changes, newest first");
  add_server_options(*list, lists->server);
  list->add_option("--state", lists->state, "Only these")
      ->check(CLI::IsMember({"proposed", "approved", "took_effect", "refused", "withdrawn"}));
  on_run(*list, run, [lists](bool json) { return list_changes(*lists, json); });
  CLI::App* propose = group->add_subcommand("propose", "Propose a change; another approves it");
  propose->require_subcommand(1);
  add_rank_proposals(*propose, run);
  add_destination_proposals(*propose, run);
  add_office_proposals(*propose, run);
  add_setting_proposal(*propose, run);
  add_policy_proposal(*propose, run);
  add_proposal(*propose, run, "force-toml", "force_toml",
               "Propose what the server's force.toml says and is not in force");
  add_steps(*group, run);
}

}  // namespace firebreak::cli
