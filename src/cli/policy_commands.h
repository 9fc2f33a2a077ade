// SPDX-License-Identifier: Apache-2.0
// The sub-commands of `firebreak policy` that stand in files of their own, policy_NAME.cc.
#pragma once

#include "cli/command.h"

namespace firebreak::cli {

// One line each: void add_policy_prove(CLI::App& group, Run& run);  // prove FILE "STATEMENT"

}  // namespace firebreak::cli
