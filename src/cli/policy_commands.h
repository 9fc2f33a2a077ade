// SPDX-License-Identifier: Apache-2.0
// The sub-commands of `firebreak policy` that stand in files of their own, policy_NAME.cc.
#pragma once

#include "cli/command.h"

namespace firebreak::cli {

void add_policy_prove(CLI::App& group, Run& run);    // prove FILE "STATEMENT"...
void add_policy_cover(CLI::App& group, Run& run);    // cover FILE
void add_policy_sql(CLI::App& group, Run& run);      // sql POLICY --dialect D
void add_policy_fmt(CLI::App& group, Run& run);      // fmt FILE...
void add_policy_render(CLI::App& group, Run& run);   // render POLICY
void add_policy_explain(CLI::App& group, Run& run);  // explain POLICY
void add_policy_ask(CLI::App& group, Run& run);      // ask POLICY
void add_policy_diff(CLI::App& group, Run& run);     // diff A B
void add_policy_lsp(CLI::App& group, Run& run);      // lsp
void add_policy_offence(CLI::App& group, Run& run);  // offence CODE...

}  // namespace firebreak::cli
