// SPDX-License-Identifier: Apache-2.0
// The sub-commands of `firebreak phone`, a file for each.
#pragma once

#include "cli/command.h"

namespace firebreak::cli {

void add_phone_export(CLI::App& group, Run& run);  // phone_export.cc

}  // namespace firebreak::cli
