// SPDX-License-Identifier: Apache-2.0
// firebreak referral hold, end-hold, consent-withdrawn, recall, acknowledge, ask-outcome, outcome,
// close, tasks: what the referral desk records besides release, on a running server.
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/referral_steps.h"

namespace firebreak::cli {
namespace {

// The members of a step's body, as the options fill them.
struct StepOptions {
  ServerOptions server;
  std::string ref;
  std::vector<std::pair<std::string, std::string>> members;
};

struct StepOption {
  const char* option;
  const char* member;
  const char* what;
  bool required = true;
};

constexpr const char* kNote = "A note; sealed with the referral";

void add_one(CLI::App& group, Run& run, const std::string& name, const char* what,
             const std::vector<StepOption>& known) {
  auto options = std::make_shared<StepOptions>();
  CLI::App* command = group.add_subcommand(name, what);
  add_server_options(*command, options->server);
  command->add_option("REF", options->ref, "The referral's reference")->required();
  options->members.reserve(known.size());  // the options below keep references into it
  for (const StepOption& one : known) {
    options->members.emplace_back(one.member, "");
    command->add_option(one.option, options->members.back().second, one.what)
        ->required(one.required);
  }
  on_run(*command, run, [options, name](bool json) {
    Json body = Json::object();
    for (const auto& [member, value] : options->members)
      if (!value.empty()) body[member] = value;
    return take_referral_step(options->server, options->ref, name, body, json);
  });
}

Result<int> list_tasks(const ServerOptions& server, bool json) {
  FB_TRY(ApiClient client, ApiClient::from(server));
  FB_TRY(const Json found, client.get("/v1/tasks"));
  if (json) {
    print_json(found);
    return 0;
  }
  for (const Json& task : found.at("tasks")) {
    std::cout << printable(task.value("referral", "")) << "  " << printable(task.value("task", ""));
    if (task.at("due").is_string())
      std::cout << "  due " << printable(task.at("due").get<std::string>());
    std::cout << '\n';
  }
  const size_t count = found.at("tasks").size();
  std::cout << count << (count == 1 ? " task\n" : " tasks\n");
  if (found.value("more", false)) std::cout << "There are more than are listed here.\n";
  return 0;
}

}  // namespace

void add_referral_aftercare(CLI::App& group, Run& run) {
  add_one(group, run, "hold", "Hold it: nothing is released, handed over or erased",
          {{"--reason", "reason", "safeguarding, complaint, legal_advice, facts_in_doubt or other"},
           {"--note", "note", kNote, false}});
  add_one(group, run, "end-hold", "End a hold", {{"--note", "note", kNote, false}});
  add_one(group, run, "consent-withdrawn", "Record that consent was withdrawn",
          {{"--said-by", "said_by", "subject, solicitor, adviser or other"},
           {"--note", "note", kNote, false}});
  add_one(
      group, run, "recall", "Record the answer when the recipient was asked to delete it",
      {{"--answer", "answer", "deleted, declined or no_reply"}, {"--note", "note", kNote, false}});
  add_one(group, run, "acknowledge", "Record the recipient's acknowledgement",
          {{"--reference", "reference", "The recipient's reference; sealed", false},
           {"--received", "received", "The day it came, YYYY-MM-DD"}});
  add_one(group, run, "ask-outcome", "Record that the recipient was asked what became of it", {});
  add_one(group, run, "outcome", "Record what became of it, and who said so",
          {{"--outcome", "outcome",
            "no_reply, no_action, papers_served, detained, removed, status_granted, other or "
            "unknown"},
           {"--source", "source", "recipient, subject, solicitor or other"},
           {"--learnt", "learnt", "The day you learnt it, YYYY-MM-DD"},
           {"--note", "note", kNote, false}});
  add_one(group, run, "close", "Close it: nothing is asked any more", {});
  auto tasks = std::make_shared<ServerOptions>();
  CLI::App* command = group.add_subcommand("tasks", "What waits for the referral desk");
  add_server_options(*command, *tasks);
  on_run(*command, run, [tasks](bool json) { return list_tasks(*tasks, json); });
}

}  // namespace firebreak::cli
