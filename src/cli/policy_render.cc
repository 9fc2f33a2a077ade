// SPDX-License-Identifier: Apache-2.0
// firebreak policy render POLICY     the policy as one page, or as Markdown, for people
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/render.h"
#include "web/documents.h"

namespace firebreak::cli {
namespace {

struct RenderOptions {
  PolicyOptions policy;
  std::string format = "html";
  std::string output;
};

Result<std::string> rendered(const RenderOptions& options, const Json& view) {
  if (options.format == "markdown") return policy::render_markdown(view);
  FB_TRY(const std::filesystem::path templates, shipped_folder("ui/documents"));
  return web::policy_document(templates, view);
}

}  // namespace

void add_policy_render(CLI::App& group, Run& run) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* command = group.add_subcommand(
      "render",
      "The policy as one page for people: text and rules side by side, tables, a picture");
  add_policy_options(*command, options->policy);
  command->add_option("--format", options->format, "html or markdown")
      ->check(CLI::IsMember({"html", "markdown"}));
  command->add_option("--output", options->output, "The file to write; else standard output");
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const ChosenPolicy chosen, choose_policy(options->policy));
    FB_TRY(const Json view, policy::render_view(chosen.path, chosen.decided));
    FB_TRY(const std::string text, rendered(*options, view));
    if (!options->output.empty()) FB_CHECK(write_file_durably(options->output, text));
    if (json) {
      Json out = {{"policy", view.at("POLICY_ID")},
                  {"version", view.at("POLICY_VERSION")},
                  {"digest", view.at("POLICY_DIGEST")},
                  {"format", options->format}};
      out[options->output.empty() ? "text" : "file"] =
          options->output.empty() ? text : options->output;
      print_json(out);
    } else if (options->output.empty()) {
      std::cout << text;
    } else {
      std::cout << options->output << '\n';
    }
    return 0;
  });
}

}  // namespace firebreak::cli
