// SPDX-License-Identifier: Apache-2.0
// firebreak phone export     a running server's telephone numbers, as `phone screen --list` reads
// them
#include <iostream>
#include <memory>

#include "channel/phone/listed_numbers.h"
#include "cli/destination.h"
#include "cli/phone.h"
#include "register/destination.h"

namespace firebreak::cli {
namespace {

// Errors: those of the server, and of ListedNumbers::make: what is exported can be screened with.
Result<std::vector<phone::ListedNumber>> numbers_of(const ServerOptions& server) {
  FB_TRY(const Json found, destinations_of(server));
  std::vector<phone::ListedNumber> numbers;
  for (const Json& one : found) {
    const record::Destination destination = record::destination_of(one.value("id", ""), one);
    for (const std::string& number : destination.telephones)
      numbers.push_back({number, destination.id, destination.closed()});
  }
  if (const auto made = phone::ListedNumbers::make(numbers); !made) return made.error();
  return numbers;
}

Result<int> export_numbers(const ServerOptions& server, bool json) {
  FB_TRY(const auto numbers, numbers_of(server));
  Json out = Json::array();
  if (!json) std::cout << "number,destination,closed\n";
  for (const phone::ListedNumber& one : numbers) {
    out.push_back({{"number", one.e164}, {"destination", one.destination}, {"closed", one.closed}});
    if (!json)
      std::cout << one.e164 << ',' << one.destination << ',' << (one.closed ? "yes" : "no") << '\n';
  }
  if (json) print_json({{"numbers", out}});
  return 0;
}

}  // namespace

void add_phone_export(CLI::App& group, Run& run) {
  auto server = std::make_shared<ServerOptions>();
  CLI::App* command = group.add_subcommand(
      "export", "Print a running server's telephone numbers, as `phone screen --list` reads them");
  add_server_options(*command, *server);
  on_run(*command, run, [server](bool json) { return export_numbers(*server, json); });
}

}  // namespace firebreak::cli
