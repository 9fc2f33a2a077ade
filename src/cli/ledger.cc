// SPDX-License-Identifier: Apache-2.0
// firebreak ledger verify        proves that nothing in a data folder was changed
// firebreak ledger checkpoint    prints the newest signed checkpoint
// Both work on files alone, also while a server runs on them, and need no secret key.
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/command.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "register/data_folder.h"
#include "register/verify.h"

namespace firebreak::cli {
namespace {

Result<record::FolderPaths> folder_at(const std::filesystem::path& data) {
  if (!record::is_data_folder(data)) {
    return Error{ErrorCode::not_found, "This is not a data folder of Firebreak.", data.string(),
                 "Give the folder with --data."};
  }
  return record::FolderPaths{data};
}

void add_verify(CLI::App& group, Run& run) {
  auto data = std::make_shared<std::filesystem::path>();
  CLI::App* command =
      group.add_subcommand("verify", "Verify every entry, document, root, sign-off and checkpoint");
  add_data_option(*command, *data);
  on_run(*command, run, [data](bool json) -> Result<int> {
    FB_TRY(const record::FolderPaths paths, folder_at(*data));
    const record::VerifyReport report = record::verify(paths.root);
    if (json) {
      print_json(report.json());
      return report.ok() ? 0 : 1;
    }
    for (const record::VerifyFinding& finding : report.findings)
      std::cout << printable(finding.text()) << '\n';
    std::cout << report.entries << " entries, " << report.documents << " documents, "
              << report.referrals << " referrals, " << report.sign_offs << " sign-offs\n";
    if (report.ok()) {
      std::cout << "root " << report.root << '\n'
                << (report.checkpoint
                        ? "signed checkpoint of " + std::to_string(*report.checkpoint) + " entries"
                        : std::string("no checkpoint published yet"))
                << "\nThe record verifies.\n";
    } else {
      std::cout << "THE RECORD DOES NOT VERIFY: " << report.findings.size()
                << " finding(s) above.\n";
    }
    return report.ok() ? 0 : 1;
  });
}

void add_checkpoint(CLI::App& group, Run& run) {
  auto data = std::make_shared<std::filesystem::path>();
  CLI::App* command =
      group.add_subcommand("checkpoint", "Print the newest signed checkpoint (a C2SP signed note)");
  add_data_option(*command, *data);
  on_run(*command, run, [data](bool json) -> Result<int> {
    FB_TRY(const record::FolderPaths paths, folder_at(*data));
    FB_TRY(const std::string key, read_file(paths.ledger_public(), 4096));
    auto note = read_file(paths.ledger() / "checkpoint", size_t{1} << 16);
    if (!note) {
      return Error{ErrorCode::not_found, "No checkpoint is published yet.", data->string(),
                   "The server publishes one on its clock."};
    }
    const std::string vkey = key.substr(0, key.find('\n'));
    FB_TRY(const ledger::Verifier verifier, ledger::Verifier::parse(vkey));
    FB_TRY(const ledger::Checkpoint checkpoint,
           ledger::open_checkpoint(*note, verifier.name(), {&verifier, 1}));
    if (json) {
      print_json({{"origin", checkpoint.origin},
                  {"size", checkpoint.size},
                  {"root", show_digest(checkpoint.root)},
                  {"key", vkey},
                  {"note", *note}});
    } else {
      std::cout << *note;
    }
    return 0;
  });
}

}  // namespace

void add_ledger(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("ledger", "Verify the record, from files alone");
  group->require_subcommand(1);
  add_verify(*group, run);
  add_checkpoint(*group, run);
}

}  // namespace firebreak::cli
