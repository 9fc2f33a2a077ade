// SPDX-License-Identifier: Apache-2.0
// firebreak config check        reads a data folder's force.toml as a start of the server would
// Works on files alone, also while a server runs on them; nothing is changed.
#include "register/config.h"

#include <iostream>
#include <memory>
#include <optional>

#include "base/files.h"
#include "cli/command.h"
#include "register/data_folder.h"

namespace firebreak::cli {
namespace {

// What is wrong with the configuration, or nothing. Errors: those of reading the file.
Result<std::optional<Error>> config_fault(const record::FolderPaths& paths) {
  FB_TRY(const std::string text, read_file(paths.config()));
  const auto config = record::read_config(text, paths.config().string());
  if (!config) return std::optional(config.error());
  std::error_code failed;
  for (const record::PolicyPeriod& period : config->policies) {
    for (const std::string& file : {period.file, period.offences}) {
      if (file.empty() || std::filesystem::is_regular_file(paths.policies() / file, failed))
        continue;
      return std::optional(
          Error{ErrorCode::bad_input, "[[policy]] names the file " + file + ", which is not there.",
                paths.config().string(),
                "Put it into " + paths.policies().string() + ", or name another."});
    }
  }
  return std::optional<Error>();
}

void add_config_check(CLI::App& group, Run& run) {
  auto data = std::make_shared<std::filesystem::path>();
  CLI::App* command = group.add_subcommand(
      "check", "Say what is wrong in force.toml, where, and what to do; 1 when something is");
  add_data_option(*command, *data);
  on_run(*command, run, [data](bool json) -> Result<int> {
    const record::FolderPaths paths{*data};
    FB_TRY(const std::optional<Error> fault, config_fault(paths));
    if (json) {
      Json out = {{"ok", !fault}, {"file", paths.config().string()}};
      if (fault)
        out["finding"] = {
            {"where", fault->where}, {"message", fault->message}, {"action", fault->action}};
      print_json(out);
    } else if (fault) {
      std::cout << printable(fault->where) << ": " << printable(fault->message) << ' '
                << printable(fault->action) << '\n';
    } else {
      std::cout << paths.config().string()
                << ": nothing is wrong. What two persons changed since stands in the record and "
                   "goes before it.\n";
    }
    return fault ? 1 : 0;
  });
}

}  // namespace

void add_config(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("config", "The force's configuration, force.toml");
  group->require_subcommand(1);
  add_config_check(*group, run);
}

}  // namespace firebreak::cli
