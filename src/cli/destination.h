// SPDX-License-Identifier: Apache-2.0
// What `firebreak change propose` and `firebreak destination add` share.
#pragma once

#include "cli/command.h"

namespace firebreak::cli {

// A sub-command of this name that proposes a destination, or what changes about one.
void add_destination_proposal(CLI::App& group, Run& run, const char* name);
// One that proposes to take a destination away.
void add_destination_end(CLI::App& group, Run& run, const char* name);

}  // namespace firebreak::cli
