// SPDX-License-Identifier: Apache-2.0
// firebreak destination add | list | test: the recipients outside the force, each with every way in
// which it is reached, on a running server.
#include "cli/destination.h"

#include <iostream>
#include <memory>

#include "channel/mail/listed_addresses.h"
#include "cli/api_client.h"
#include "cli/proposal.h"

namespace firebreak::cli {
namespace {

struct DestinationOptions {
  ServerOptions server;
  std::vector<std::string> addresses;
};

using SharedDestinations = std::shared_ptr<DestinationOptions>;

void print_list(const char* what, const Json& destination, const char* member) {
  const Json values = destination.value(member, Json::array());
  for (const Json& value : values)
    std::cout << "  " << what << printable(value.get<std::string>()) << '\n';
}

void print_destination(const Json& one) {
  const auto text = [&one](const char* name) { return printable(one.value(name, "")); };
  std::cout << text("id") << "  " << text("label") << '\n'
            << "  Recipient:      " << text("recipient")
            << (one.value("closed", false) ? ", closed: reached by a released referral alone\n"
                                           : "\n")
            << "  Referrals to:   "
            << (text("address").empty() ? "nowhere: it takes none" : text("address")) << '\n';
  if (one.contains("from") || one.contains("until")) {
    std::cout << "  Takes them      " << (one.contains("from") ? "from " + text("from") + " " : "")
              << (one.contains("until") ? "until " + text("until") : "") << '\n';
  }
  print_list("For:            ", one, "purposes");
  print_list("Other address:  ", one, "addresses");
  print_list("Domain:         ", one, "domains");
  print_list("Telephone:      ", one, "telephones");
}

Result<int> list_destinations(const DestinationOptions& options, bool json) {
  FB_TRY(const Json found, destinations_of(options.server));
  if (json) {
    print_json({{"destinations", found}});
    return 0;
  }
  for (const Json& one : found) print_destination(one);
  std::cout << found.size() << (found.size() == 1 ? " destination\n" : " destinations\n");
  return 0;
}

// The server's list as the gateway would hold it.
Result<mail::ListedAddresses> listed_by(const ServerOptions& server) {
  FB_TRY(const Json found, destinations_of(server));
  std::vector<record::Destination> all;
  for (const Json& one : found) all.push_back(record::destination_of(one.value("id", ""), one));
  mail::ListedAddresses listed(all);
  if (listed.closes_nothing()) {
    return Error{ErrorCode::conflict,
                 "No destination is closed, so nothing would be blocked.",
                 {},
                 "Register the enforcement recipients: firebreak destination add."};
  }
  return listed;
}

Result<int> test_addresses(const DestinationOptions& options, bool json) {
  FB_TRY(const mail::ListedAddresses listed, listed_by(options.server));
  Json out = Json::array();
  for (const std::string& address : options.addresses) {
    const auto found = listed.find(address);
    const std::string what = !found ? "not_listed" : found->closed ? "closed" : "open";
    out.push_back({{"address", address}, {"listed", what}});
    if (found) out.back()["destination"] = found->destination;
    if (json) continue;
    std::cout << printable(address) << ": ";
    if (!found) std::cout << "not listed; ordinary mail\n";
    if (found && found->closed)
      std::cout << "closed (" << found->destination << "): refused without a release\n";
    if (found && !found->closed) std::cout << "open (" << found->destination << ")\n";
  }
  if (json) print_json({{"addresses", out}});
  return 0;
}

}  // namespace

Result<Json> destinations_of(const ServerOptions& server) {
  FB_TRY(ApiClient client, ApiClient::from(server));
  FB_TRY(Json found, client.get("/v1/destinations"));
  if (found.is_object() && found.value("destinations", Json()).is_array())
    return found["destinations"];
  return bad_input("The server's answer is no list of destinations.", server.server,
                   "Use a server of this version.");
}

void add_destination_proposal(CLI::App& group, Run& run, const char* name) {
  const auto [to, named] = add_proposal(
      group, run, name, "destination",
      "Propose a destination, or what changes about one; what is not named stays as it is");
  add_member(*to, named, "ID", "id", "Its short name")->required();
  add_member(*to, named, "--recipient", "recipient", "A recipient of the vocabulary");
  add_member(*to, named, "--address", "address", "The e-mail address that referrals go to");
  add_member(*to, named, "--label", "label", "What people read");
  add_list(*to, named, "--purpose", "purposes", "What it is for");
  add_list(*to, named, "--other-address", "addresses", "Another address that reaches it");
  add_list(*to, named, "--domain", "domains", "A domain whose every address reaches it");
  add_list(*to, named, "--telephone", "telephones", "A number, such as +443069990123");
  add_member(*to, named, "--from", "from", "The first day on which referrals may go there");
  add_member(*to, named, "--until", "until", "The last such day");
}

void add_destination_end(CLI::App& group, Run& run, const char* name) {
  const auto [end, ended] =
      add_proposal(group, run, name, "end_destination", "Propose to take a destination away");
  add_member(*end, ended, "ID", "id", "Its short name")->required();
}

void add_destination(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand(
      "destination", "The recipients outside the force, and every way in which each is reached");
  group->require_subcommand(1);
  add_destination_proposal(*group, run, "add");
  auto lists = std::make_shared<DestinationOptions>();
  CLI::App* list = group->add_subcommand("list", "List them");
  add_server_options(*list, lists->server);
  on_run(*list, run, [lists](bool json) { return list_destinations(*lists, json); });
  auto tests = std::make_shared<DestinationOptions>();
  CLI::App* test =
      group->add_subcommand("test",
                            "Say which destination an e-mail address reaches, and whether "
                            "the mail gateway would refuse it");
  add_server_options(*test, tests->server);
  test->add_option("ADDRESS", tests->addresses, "Addresses, spelled in any way")->required();
  on_run(*test, run, [tests](bool json) { return test_addresses(*tests, json); });
}

}  // namespace firebreak::cli
