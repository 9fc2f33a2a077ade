// SPDX-License-Identifier: Apache-2.0
// What the commands that deal with destinations share.
#pragma once

#include "cli/api_client.h"
#include "cli/command.h"

namespace firebreak::cli {

// A running server's destinations, as GET /v1/destinations gives them. Errors: the server's;
// bad_input when it answers with what is no list of destinations.
Result<Json> destinations_of(const ServerOptions& server);

// A sub-command of this name that proposes a destination, or what changes about one.
void add_destination_proposal(CLI::App& group, Run& run, const char* name);
// One that proposes to take a destination away.
void add_destination_end(CLI::App& group, Run& run, const char* name);

}  // namespace firebreak::cli
