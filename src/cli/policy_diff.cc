// SPDX-License-Identifier: Apache-2.0
// firebreak policy diff A B     every region in which two policies answer differently
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/diff.h"
#include "policy/diff_page.h"
#include "policy/policy.h"
#include "web/documents.h"

namespace firebreak::cli {
namespace {

struct DiffOptions {
  PolicyOptions a{.name = {}, .as_of = {}, .settings = {}, .setting_option = "--setting-a"};
  PolicyOptions b{.name = {}, .as_of = {}, .settings = {}, .setting_option = "--setting-b"};
  bool witnesses = false;
  std::string format = "text";
  std::string output;
};

Result<int> run_diff(const DiffOptions& options, bool json) {
  FB_TRY(const auto a, load_policy(options.a));
  FB_TRY(const auto b, load_policy(options.b));
  FB_TRY(const policy::Diff diff, policy::compare(*a, *b));
  std::string text;
  if (options.format == "html") {
    FB_TRY(const Json view, policy::diff_view(diff, *a, *b));
    FB_TRY(const std::filesystem::path templates, shipped_folder("ui/documents"));
    FB_TRY(text, web::diff_document(templates, view));
  } else if (!json || !options.output.empty()) {
    text = policy::text(diff, {options.witnesses});
  }
  if (!options.output.empty()) FB_CHECK(write_file_durably(options.output, text));
  if (json) {
    Json out = policy::diff_json(diff);
    if (!options.output.empty()) {
      out["file"] = options.output;
    } else if (!text.empty()) {
      out["text"] = text;
    }
    print_json(out);
  } else {
    std::cout << (options.output.empty() ? text : options.output + "\n");
  }
  return diff.groups.empty() ? 0 : 1;
}

}  // namespace

void add_policy_diff(CLI::App& group, Run& run) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = group.add_subcommand(
      "diff", "Show where two policies answer differently, all of it: as text or as one page");
  command
      ->add_option("A", options->a.name,
                   "A policy file, the name of one in policies/, or a force.toml")
      ->required();
  command->add_option("B", options->b.name, "The policy to compare it with")->required();
  add_setting_option(*command, options->a.settings, options->a.setting_option);
  add_setting_option(*command, options->b.settings, options->b.setting_option);
  command->add_flag("--witnesses", options->witnesses,
                    "In the text, add a situation for each region, as a case of either policy");
  command->add_option("--format", options->format, "text, or html: a page with a picture")
      ->check(CLI::IsMember({"text", "html"}));
  command->add_option("--output", options->output, "The file to write; else standard output");
  command->footer("Exit code 0: the policies answer the same everywhere; 1: they do not.");
  on_run(*command, run, [options](bool json) { return run_diff(*options, json); });
}

}  // namespace firebreak::cli
