// SPDX-License-Identifier: Apache-2.0
// firebreak change …: what two persons decide together, on a running server: ranks, destinations,
// offices, settings, policies. One proposes with a reason, another approves.
#include <iostream>
#include <memory>
#include <vector>

#include "cli/api_client.h"
#include "cli/command.h"
#include "cli/destination.h"
#include "cli/proposal.h"

namespace firebreak::cli {
namespace {

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
  add_destination_proposal(*propose, run, "destination");
  add_destination_end(*propose, run, "end-destination");
  add_office_proposals(*propose, run);
  add_setting_proposal(*propose, run);
  add_policy_proposal(*propose, run);
  add_proposal(*propose, run, "force-toml", "force_toml",
               "Propose what the server's force.toml says and is not in force");
  add_steps(*group, run);
}

}  // namespace firebreak::cli
