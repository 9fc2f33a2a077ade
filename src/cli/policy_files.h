// SPDX-License-Identifier: Apache-2.0
// Where the files that come with Firebreak are: the policies, and the files of the pages. They
// stand beside the source in a clone and under share/firebreak when installed.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace firebreak::cli {

// The folder `name` ("policies", "ui/templates", "build/ui") of this clone or installation, found
// by going up from the program's own place. Error: not_found.
Result<std::filesystem::path> shipped_folder(const std::string& name);

// A policy by its path, or by its name among those that come with Firebreak. Error: not_found,
// naming the nearest there is.
Result<std::filesystem::path> find_policy(const std::string& name);

}  // namespace firebreak::cli
