// SPDX-License-Identifier: Apache-2.0
// What the files of `firebreak referral …` share, and how the second of them adds its sub-commands.
#pragma once

#include <string>

#include "cli/api_client.h"
#include "cli/command.h"

namespace firebreak::cli {

// The API's path of a referral's step (empty: of the referral). Error: bad_input.
Result<std::string> referral_path(const std::string& ref, const std::string& step);

// Takes a step and shows what the referral has become. Gives the exit code.
Result<int> take_referral_step(const ServerOptions& server, const std::string& ref,
                               const std::string& step, const Json& body, bool json);

// hold, end-hold, consent-withdrawn, recall, acknowledge, ask-outcome, outcome, close, tasks.
void add_referral_aftercare(CLI::App& group, Run& run);

}  // namespace firebreak::cli
