// SPDX-License-Identifier: Apache-2.0
// firebreak policy fmt FILE...       the one canonical form of policy and vocabulary files
#include <sys/stat.h>

#include <iostream>
#include <memory>
#include <vector>

#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "policy/format.h"
#include "policy/lexer.h"

namespace firebreak::cli {
namespace {

struct FormatOptions {
  std::vector<std::string> files;
  bool check = false;
  bool to_stdout = false;
};

int mode_of(const std::string& file) {
  struct stat status{};
  return ::stat(file.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 07777U) : 0644;
}

// The form of one file. Error: bad_input where the file has faults, which are printed as the
// checker words them (with JSON the first is the message); what reading the file fails with.
Result<policy::Formatted> formatted(const std::string& file, bool json) {
  policy::Formatted out = policy::format_file(file);
  if (out.failure) return *out.failure;
  if (out.text) return out;
  const policy::Finding& first = out.findings.front();
  if (json) {
    return bad_input(
        first.message,
        first.file + ":" + std::to_string(first.line) + ":" + std::to_string(first.column),
        "The file is left as it is.");
  }
  for (const policy::Finding& finding : out.findings) std::cerr << printable(text(finding));
  return bad_input("The file is left as it is, because it has faults.", file,
                   "Mend them, then format it.");
}

// Puts the form in the place of what was read. A link stays one: what it leads to is written.
Result<void> write_form(const std::string& file, const policy::Formatted& form) {
  std::error_code failed;
  std::filesystem::path path = std::filesystem::canonical(file, failed);
  if (failed) path = file;
  FB_TRY(const std::string now, read_file(path, policy::kMaxFileBytes));
  if (now != form.before) {
    return Error{ErrorCode::conflict, "The file has changed while it was being formatted.", file,
                 "Format it again."};
  }
  return write_file_durably(path, *form.text, mode_of(file));
}

}  // namespace

void add_policy_fmt(CLI::App& group, Run& run) {
  auto options = std::make_shared<FormatOptions>();
  CLI::App* command = group.add_subcommand(
      "fmt", "Put policy and vocabulary files into their one canonical form; the words stay");
  command->add_option("FILE", options->files, ".policy and .vocabulary files")->required();
  CLI::Option* check = command->add_flag(
      "--check", options->check, "Write nothing; exit with 1 and name the files that differ");
  command
      ->add_flag("--stdout", options->to_stdout, "Write the form to standard output, not the file")
      ->excludes(check);
  on_run(*command, run, [options](bool json) -> Result<int> {
    // All are read before one is written: where one has a fault, all are left as they are.
    std::vector<policy::Formatted> forms;
    for (const std::string& file : options->files) {
      FB_TRY(policy::Formatted form, formatted(file, json));
      forms.push_back(std::move(form));
    }
    bool changed = false;
    Json report = Json::array();
    for (size_t i = 0; i < forms.size(); ++i) {
      const std::string& file = options->files[i];
      const bool differs = *forms[i].text != forms[i].before;
      changed = changed || differs;
      report.push_back({{"file", file}, {"changed", differs}});
      if (options->to_stdout) {
        report.back()["text"] = *forms[i].text;
        if (!json) std::cout << *forms[i].text;
        continue;
      }
      if (!differs) continue;
      if (!options->check) FB_CHECK(write_form(file, forms[i]));
      if (!json) std::cout << file << (options->check ? ": not in canonical form\n" : "\n");
    }
    if (json) print_json(report);
    return options->check && changed ? 1 : 0;
  });
}

}  // namespace firebreak::cli
