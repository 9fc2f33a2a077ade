// SPDX-License-Identifier: Apache-2.0
// What the commands about people share: the folder that they act on.
//
//   FB_TRY(const auto reg, open_folder(options.data, clock, random));
#pragma once

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "register/register.h"

namespace firebreak::cli {

// Opens a data folder for one change; nothing can be submitted there. Errors: not_found, conflict
// (a server has it open).
Result<std::unique_ptr<record::Register>> open_folder(const std::filesystem::path& data,
                                                      const Clock& clock, Random& random);

// Adds `firebreak person reset-password` and `firebreak person link`.
void add_person_sign_in(CLI::App& people, Run& run);

// Adds `firebreak person list`, `firebreak person suspend` and `firebreak person rank`.
void add_person_rank(CLI::App& people, Run& run);

}  // namespace firebreak::cli
