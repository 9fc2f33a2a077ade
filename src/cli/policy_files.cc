// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_files.h"

#include <algorithm>
#include <system_error>
#include <vector>

namespace firebreak::cli {
namespace fs = std::filesystem;

Result<fs::path> shipped_folder(const std::string& name) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (fs::path at = program.parent_path(); !at.empty() && at != at.root_path();
       at = at.parent_path()) {
    for (const fs::path& folder :
         {at / name, at / "share" / "firebreak" / fs::path(name).filename()}) {
      if (fs::is_directory(folder, ignored)) return folder;
    }
  }
  return Error{ErrorCode::not_found,
               "The folder " + name + " of this installation is missing.",
               {},
               "Build again with ./run, or install the package again."};
}

Result<fs::path> find_policy(const std::string& name) {
  std::error_code ignored;
  if (fs::is_regular_file(name, ignored)) return fs::path(name);
  // The name of a file that lies at hand, without its ending, is the likeliest slip.
  const std::string at_hand =
      fs::is_regular_file(name + ".policy", ignored) ? "Give the file: " + name + ".policy." : "";
  const bool plain = name.find('/') == std::string::npos && !name.ends_with(".policy");
  std::vector<std::string> known;
  if (plain) {
    const Result<fs::path> folder = shipped_folder("policies");
    if (!folder && at_hand.empty()) return folder.error();
    const fs::path shipped = folder ? *folder / (name + ".policy") : fs::path();
    if (fs::is_regular_file(shipped, ignored)) return shipped;
    for (const auto& entry : fs::directory_iterator(folder ? *folder : "", ignored)) {
      if (entry.path().extension() == ".policy") known.push_back(entry.path().stem().string());
    }
  }
  std::sort(known.begin(), known.end());
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  return Error{ErrorCode::not_found, "There is no policy of this name.", name,
               !at_hand.empty() ? at_hand
               : list.empty()   ? "Give the path of a .policy file."
                                : "These come with Firebreak: " + list + "."};
}

}  // namespace firebreak::cli
