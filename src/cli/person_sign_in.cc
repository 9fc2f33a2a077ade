// SPDX-License-Identifier: Apache-2.0
// firebreak person reset-password NAME     a new one-time password, printed once
// firebreak person link NAME --subject S   the person's account at the sign-in provider
// Both act on a data folder that no server has open.
#include <iostream>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/people.h"

namespace firebreak::cli {
namespace {

struct SignInOfPerson {
  std::filesystem::path data;
  std::string name;
  std::string subject;
};

Result<int> reset_password(const SignInOfPerson& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  FB_TRY(const std::string password, reg->directory().reset_password(std::nullopt, options.name));
  if (json) {
    print_json({{"name", options.name}, {"password", password}});
  } else {
    std::cout << "New one-time password of " << printable(options.name) << ", shown only now:\n\n  "
              << password << "\n";
  }
  return 0;
}

Result<int> link(const SignInOfPerson& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  const auto& provider = reg->config().sign_in.oidc;
  if (!provider) {
    return Error{ErrorCode::conflict, "This force has no sign-in provider.", "force.toml",
                 "Write [sign_in.oidc] first (docs/operations.md)."};
  }
  FB_CHECK(reg->directory().link_account(std::nullopt, options.name,
                                         {provider->issuer, options.subject}));
  if (json) {
    print_json({{"name", options.name}, {"issuer", provider->issuer}});
  } else {
    std::cout << printable(options.name) << " signs in through " << provider->issuer << ".\n";
  }
  return 0;
}

}  // namespace

void add_person_sign_in(CLI::App& people, Run& run) {
  auto options = std::make_shared<SignInOfPerson>();
  CLI::App* reset = people.add_subcommand("reset-password",
                                          "A new one-time password for a person; prints it once");
  CLI::App* account =
      people.add_subcommand("link", "Link a person to their account at the sign-in provider");
  for (CLI::App* command : {reset, account}) {
    command->add_option("NAME", options->name, "The sign-in name")->required();
    add_data_option(*command, options->data);
  }
  account
      ->add_option("--subject", options->subject,
                   "What the provider calls them (\"sub\" of their ID token)")
      ->required();
  on_run(*reset, run, [options](bool json) { return reset_password(*options, json); });
  on_run(*account, run, [options](bool json) { return link(*options, json); });
}

}  // namespace firebreak::cli
