// SPDX-License-Identifier: Apache-2.0
// firebreak sign-in NAME: makes a session on a server and keeps its token in a file for the other
// commands. The password is asked for, or read from a file.
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/api_client.h"
#include "cli/command.h"

namespace firebreak::cli {
namespace {

struct SignInOptions {
  ServerOptions server;
  std::string name;
  std::string password_file;
  std::string new_password_file;
};

Result<std::string> secret(const std::string& file, const std::string& prompt) {
  if (file.empty()) return read_secret(prompt);
  FB_TRY(const std::string text, read_file(file, 4096));
  return text.substr(0, text.find('\n'));
}

// Signs in, changing a one-time password on the way; gives the token.
Result<std::string> open_session(const SignInOptions& options) {
  FB_TRY(ApiClient client, ApiClient::without_token(options.server.server));
  FB_TRY(const std::string password, secret(options.password_file, "Password of " + options.name));
  FB_TRY(const Json session,
         client.post("/v1/session", {{"name", options.name}, {"password", password}}));
  const std::string token = session.value("token", "");
  if (!session.value("must_change_password", false)) return token;
  client.use_token(token);
  FB_TRY(const std::string next,
         secret(options.new_password_file, "This password works once. New password"));
  FB_TRY(const Json changed, client.post("/v1/password", {{"old", password}, {"new", next}}));
  return changed.value("token", "");  // the old session ended with the old password
}

}  // namespace

void add_sign_in(CLI::App& program, Run& run) {
  auto options = std::make_shared<SignInOptions>();
  CLI::App* command =
      program.add_subcommand("sign-in", "Sign in on a server; keeps the session in the token file");
  command->add_option("NAME", options->name, "Your sign-in name")->required();
  add_server_options(*command, options->server);
  command->add_option("--password-file", options->password_file, "Read the password from a file")
      ->type_name("FILE");
  command
      ->add_option("--new-password-file", options->new_password_file,
                   "Read from a file the password that replaces a one-time password")
      ->type_name("FILE");
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const std::string token, open_session(*options));
    FB_CHECK(write_file_durably(options->server.token_file, token + "\n", 0600));
    if (json) {
      print_json({{"name", options->name}, {"token_file", options->server.token_file}});
    } else {
      std::cout << "Signed in as " << printable(options->name) << "; the session is in "
                << options->server.token_file << ".\n";
    }
    return 0;
  });
}

}  // namespace firebreak::cli
