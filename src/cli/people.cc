// SPDX-License-Identifier: Apache-2.0
// firebreak service add NAME     a bearer token for a records system, a mail gateway, ...
// firebreak person add NAME      a sign-in for a person
// Both act on a data folder that no server has open, and print the secret once.
#include "cli/people.h"

#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/random.h"

namespace firebreak::cli {
namespace {

struct ServiceOptions {
  std::filesystem::path data;
  std::string name;
  std::string kind = "records_system";
};

struct PersonOptions {
  std::filesystem::path data;
  std::string name;
  std::string display_name;
  std::vector<std::string> roles;
  std::string rank;
  std::string rank_from;
  bool signing_key = false;
};

Result<int> add_service(const ServiceOptions& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  FB_TRY(const record::AddedService added,
         reg->directory().add_service(std::nullopt, options.name, options.kind));
  if (json) {
    print_json(
        {{"id", added.id}, {"name", added.name}, {"kind", options.kind}, {"token", added.token}});
  } else {
    std::cout << "Added the service " << printable(added.name) << " (" << added.id
              << "). Its token, shown only now:\n\n  " << added.token << "\n";
  }
  return 0;
}

record::NewPerson new_person(const PersonOptions& options) {
  return {.name = options.name,
          .display_name = options.display_name.empty() ? options.name : options.display_name,
          .roles = options.roles,
          .ranks = {},
          .signing_key = options.signing_key};
}

// A rank is given by two persons: here it is proposed, and gives the change's reference.
Result<std::string> propose_rank(record::Register& reg, const PersonOptions& options, Day today) {
  if (options.rank.empty()) return std::string();
  const std::string from = options.rank_from.empty() ? format_day(today) : options.rank_from;
  FB_TRY(const Json change,
         reg.changes().propose(std::nullopt,
                               {{"type", "rank"},
                                {"person", options.name},
                                {"rank", options.rank},
                                {"from", from},
                                {"reason", "Asked for with `firebreak person add --rank`."}}));
  return change.at("change").get<std::string>();
}

Result<int> add_person(const PersonOptions& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  const record::NewPerson who = new_person(options);
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  FB_TRY(const record::AddedPerson added, reg->directory().add_person(std::nullopt, who));
  std::string key_file;
  if (added.signing_secret) {
    const std::filesystem::path path = reg->paths().people() / (added.name + ".key");
    FB_CHECK(write_file_durably(path, identity::signing_secret_text(*added.signing_secret), 0600));
    key_file = path.string();
  }
  const auto change = propose_rank(*reg, options, london_day(clock.now()));
  if (json) {
    Json out = {{"id", added.id},
                {"name", added.name},
                {"password", added.password},
                {"key_file", key_file}};
    if (change && !change->empty()) out["change"] = *change;
    if (!change) out["rank_not_proposed"] = change.error().text();
    print_json(out);
    return 0;
  }
  std::cout << "Added " << printable(added.name) << " (" << added.id
            << "). One-time password, shown only now:\n\n  " << added.password << "\n";
  if (!key_file.empty())
    std::cout << "\nSigning key, to be handed over and removed here: " << key_file << '\n';
  if (!change) {
    std::cout << "\nThe rank was not proposed. " << change.error().text() << '\n';
  } else if (!change->empty()) {
    std::cout << "\nThe rank is proposed. Two persons must approve it, for example with\n\n"
                 "  firebreak change approve "
              << *change << '\n';
  }
  return 0;
}

}  // namespace

Result<std::unique_ptr<record::Register>> open_folder(const std::filesystem::path& data,
                                                      const Clock& clock, Random& random) {
  if (!record::is_data_folder(data)) {
    return Error{ErrorCode::not_found, "This is not a data folder of Firebreak.", data.string(),
                 "firebreak init --data DIR makes one."};
  }
  auto opened = record::Register::open({.folder = data, .renderer = nullptr}, clock, random);
  if (!opened && opened.error().code == ErrorCode::conflict &&
      opened.error().where.ends_with("lock")) {
    return Error{ErrorCode::conflict, "A server has this data folder open.", data.string(),
                 "Stop it first; what administrators do on its pages needs no stop."};
  }
  return opened;
}

void add_people(CLI::App& program, Run& run) {
  CLI::App* services = program.add_subcommand(
      "service", "Services that ask: records system, mail gateway, phone switch");
  services->require_subcommand(1);
  auto service = std::make_shared<ServiceOptions>();
  CLI::App* add = services->add_subcommand("add", "Add a service; prints its token once");
  add->add_option("NAME", service->name, "The service's name")->required();
  add->add_option("--kind", service->kind, "records_system, mail_gateway, phone_switch or other")
      ->capture_default_str();
  add_data_option(*add, service->data);
  on_run(*add, run, [service](bool json) { return add_service(*service, json); });

  CLI::App* people = program.add_subcommand("person", "People who sign in");
  people->require_subcommand(1);
  auto person = std::make_shared<PersonOptions>();
  CLI::App* another =
      people->add_subcommand("add", "Add a person; prints a one-time password once");
  another->add_option("NAME", person->name, "The sign-in name")->required();
  another->add_option("--display-name", person->display_name, "The name that colleagues see");
  another
      ->add_option("--role", person->roles,
                   "officer, supervisor, referral_desk, chief_officer, …; may be repeated")
      ->required();
  another->add_option("--rank", person->rank,
                      "Proposes this rank, in the vocabulary's words; two persons approve it");
  another->add_option("--rank-from", person->rank_from, "The first day it is held (default: today)")
      ->type_name("DAY");
  another->add_flag("--signing-key", person->signing_key, "Make a key for sign-offs");
  add_data_option(*another, person->data);
  on_run(*another, run, [person](bool json) { return add_person(*person, json); });
  add_person_sign_in(*people, run);
  add_person_rank(*people, run);
}

}  // namespace firebreak::cli
