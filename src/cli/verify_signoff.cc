// SPDX-License-Identifier: Apache-2.0
// firebreak referral export-signoff REF       what is needed to check a referral's sign-offs
// firebreak referral verify-signoff --file F  checks them from that file alone, on any machine
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/api_client.h"
#include "cli/command.h"
#include "cli/sign_off.h"
#include "register/sign_off_check.h"

namespace firebreak::cli {
namespace {

constexpr size_t kMostExport = size_t{16} << 20;

struct VerifyOptions {
  std::string file;
  std::string key_file;
};

void print_lines(const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  std::cout << title << '\n';
  for (const std::string& line : lines) std::cout << "  * " << printable(line) << '\n';
}

Result<int> verify_signoff(const VerifyOptions& options, bool json) {
  FB_TRY(const std::string text, read_file(options.file, kMostExport));
  std::optional<std::string> key;
  if (!options.key_file.empty()) {
    FB_TRY(const std::string line, read_file(options.key_file, 4096));
    key = line.substr(0, line.find('\n'));
  }
  const record::SignOffReport report = record::check_sign_off(text, key);
  if (json) {
    print_json(report.json());
    return report.ok() ? 0 : 1;
  }
  if (report.ok()) print_lines("Checked, and holds:", report.checked);
  print_lines("What is wrong:", report.findings);
  if (report.ok()) print_lines("It rests on this, which no file can show:", report.rests_on);
  std::cout << (report.ok() ? "The sign-off of " + printable(report.referral) + " verifies.\n"
                            : std::string("THE SIGN-OFF DOES NOT VERIFY.\n"));
  return report.ok() ? 0 : 1;
}

}  // namespace

void add_verify_signoff(CLI::App& group, Run& run) {
  auto ref = std::make_shared<std::string>();
  auto server = std::make_shared<ServerOptions>();
  CLI::App* exported = group.add_subcommand(
      "export-signoff", "Print, as JSON, all that is needed to check a referral's sign-offs");
  exported->add_option("REF", *ref, "The referral's reference")->required();
  add_server_options(*exported, *server);
  on_run(*exported, run, [ref, server](bool) -> Result<int> {
    FB_TRY(const std::string path, path_of(*ref, "signoff-export"));
    FB_TRY(ApiClient client, ApiClient::from(*server));
    FB_TRY(const Json found, client.get(path));
    print_json(found);
    return 0;
  });

  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = group.add_subcommand(
      "verify-signoff", "Check a referral's sign-offs from an exported file, without a server");
  verify->add_option("--file", options->file, "What export-signoff printed")
      ->type_name("FILE")
      ->required();
  verify
      ->add_option("--ledger-key", options->key_file,
                   "The ledger's public key as you know it (default: the one in the file)")
      ->type_name("FILE");
  on_run(*verify, run, [options](bool json) { return verify_signoff(*options, json); });
}

}  // namespace firebreak::cli
