// SPDX-License-Identifier: Apache-2.0
// firebreak init: makes a force's data folder and prints, once, the one-time passwords of its
// people.
#include <iostream>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/policy_files.h"
#include "register/data_folder.h"
#include "register/register.h"

namespace firebreak::cli {
namespace {

struct InitOptions {
  std::filesystem::path data;
  bool no_demo = false;
  std::string force = "Example Police";
  std::string domain = "police.example";
  std::string policy = "psni-service-instruction";
};

Json people_json(const record::NewFolder& made) {
  Json people = Json::array();
  for (const record::AddedPerson& person : made.people) {
    people.push_back({{"name", person.name}, {"id", person.id}, {"password", person.password}});
  }
  return {{"people", people}, {"ledger_key", made.ledger_public_key}};
}

void print_people(const InitOptions& options, const record::NewFolder& made) {
  std::cout << "Made the data folder " << options.data.string() << ".\n\n"
            << (options.no_demo ? "Its administrator, with a one-time password shown only now:\n\n"
                                : "Example people, with one-time passwords shown only now:\n\n");
  for (const record::AddedPerson& person : made.people) {
    std::string name = person.name;
    name.resize(std::max<size_t>(name.size(), 20), ' ');
    std::cout << "  " << name << "  " << person.password << "  "
              << (person.signing_secret ? "signs with people/" + person.name + ".key" : "") << '\n';
  }
  std::cout << "\nThe public key of its ledger, for those who verify:\n\n  "
            << made.ledger_public_key << '\n';
}

}  // namespace

void add_init(CLI::App& program, Run& run) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command = program.add_subcommand("init", "Make a force's data folder");
  add_data_option(*command, options->data);
  command->add_flag("--no-demo", options->no_demo,
                    "No example people: one administrator, and a sealed outbox");
  command->add_option("--force", options->force, "The force's name")->capture_default_str();
  command->add_option("--domain", options->domain, "The force's mail domain")
      ->capture_default_str();
  command->add_option("--policy", options->policy, "The policy to put in force today")
      ->capture_default_str();
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const std::filesystem::path policy, find_policy(options->policy));
    const SystemClock clock;
    SystemRandom random;
    record::InitOptions wanted{
        .folder = options->data, .policies = policy.parent_path(), .demo = !options->no_demo};
    wanted.config = {.force_name = options->force,
                     .domain = options->domain,
                     .policy_file = policy.filename().string(),
                     .demo = !options->no_demo};
    FB_TRY(const record::NewFolder made, record::init_data_folder(wanted, clock, random));
    // The first checkpoint, so that there is something to hold the force to from the first day.
    FB_TRY(const auto reg,
           record::Register::open({.folder = options->data, .renderer = nullptr}, clock, random));
    FB_TRY([[maybe_unused]] const uint64_t size, reg->checkpointer().checkpoint_now());
    if (json) {
      print_json(people_json(made));
    } else {
      print_people(*options, made);
    }
    return 0;
  });
}

}  // namespace firebreak::cli
