// SPDX-License-Identifier: Apache-2.0
// firebreak erasure plan, propose, approve, decline: retention and erasure by two persons, on a
// running server.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/api_client.h"
#include "cli/command.h"

namespace firebreak::cli {
namespace {

struct ErasureOptions {
  ServerOptions server;
  std::string because = "retention";
  std::vector<std::string> referrals;
  std::string proposal;
};

std::string item_text(const Json& object, const char* name) {
  const Json value = object.value(name, Json());
  return value.is_string() ? printable(value.get<std::string>()) : value.dump();
}

void print_item(const Json& item) {
  const Json& gone = item.at("destroys");
  std::cout << "    " << item_text(item, "referral") << "  " << item_text(item, "state") << "  "
            << item_text(gone, "keys") << " key, " << item_text(gone, "drafts") << " drafts, "
            << item_text(gone, "messages") << " messages, " << item_text(gone, "notes") << " notes";
  const std::string blocked = item_text(item, "blocked");
  std::cout << (blocked.empty() ? "" : "  kept: " + blocked) << '\n';
}

void print_plan(const Json& plan) {
  std::cout << "Due after " << item_text(plan, "years") << " years: " << plan.at("due").size()
            << ". Each would lose its key and everything that is sealed under it:\n";
  for (const Json& item : plan.at("due")) print_item(item);
  std::cout << "Stays: every entry of the ledger, every figure, and that it was erased.\n";
  for (const Json& item : plan.at("blocked")) {
    std::cout << "Kept though old enough: " << item_text(item, "referral") << "  "
              << item_text(item, "because") << '\n';
  }
  for (const Json& proposal : plan.at("proposals")) {
    if (proposal.at("state") != "open") continue;
    std::cout << "Proposed: " << item_text(proposal, "proposal") << "  "
              << item_text(proposal, "because") << "  by " << item_text(proposal, "proposer")
              << '\n';
    for (const Json& item : proposal.at("referrals")) print_item(item);
  }
}

Result<int> show_plan(const ErasureOptions& options, bool json) {
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json plan, client.get("/v1/erasures"));
  if (json) {
    print_json(plan);
  } else {
    print_plan(plan);
  }
  return 0;
}

Result<int> propose(const ErasureOptions& options, bool json) {
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json made, client.post("/v1/erasures", {{"because", options.because},
                                                       {"referrals", options.referrals}}));
  if (json) {
    print_json(made);
  } else {
    std::cout << item_text(made, "proposal") << ": " << made.at("referrals").size()
              << " proposed. Nothing is destroyed until another person approves it.\n";
  }
  return 0;
}

Result<int> decide(const ErasureOptions& options, const std::string& how, bool json) {
  if (options.proposal.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") !=
      std::string::npos) {
    return bad_input("This is not the name of a proposal.", "PROPOSAL",
                     "It looks like erasure_… .");
  }
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json done,
         client.post("/v1/erasures/" + options.proposal + "/" + how, Json::object()));
  if (json) {
    print_json(done);
  } else if (how == "decline") {
    std::cout << "Declined. Nothing was destroyed.\n";
  } else {
    std::cout << "Erased: " << done.at("erased").size() << ". Kept: " << done.at("kept").size()
              << ".\n";
  }
  return 0;
}

}  // namespace

void add_erasure(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("erasure", "Retention and erasure, by two persons");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* what) {
    auto options = std::make_shared<ErasureOptions>();
    CLI::App* command = group->add_subcommand(name, what);
    add_server_options(*command, options->server);
    return std::pair{command, options};
  };
  const auto plan = add("plan", "What is due and what exactly would be destroyed (a dry run)");
  on_run(*plan.first, run,
         [options = plan.second](bool json) { return show_plan(*options, json); });
  const auto made = add("propose", "Propose an erasure, for another person to approve");
  made.first->add_option("REF", made.second->referrals,
                         "Referrals; none with retention: all that are due");
  made.first->add_option("--because", made.second->because,
                         "retention (default), subject_request, unlawful or court_order");
  on_run(*made.first, run, [options = made.second](bool json) { return propose(*options, json); });
  for (const auto& [name, what] : {std::pair{"approve", "Destroy what another person proposed"},
                                   std::pair{"decline", "End a proposal; nothing is destroyed"}}) {
    const auto one = add(name, what);
    one.first->add_option("PROPOSAL", one.second->proposal, "erasure_…")->required();
    on_run(*one.first, run, [options = one.second, how = std::string(name)](bool json) {
      return decide(*options, how, json);
    });
  }
}

}  // namespace firebreak::cli
