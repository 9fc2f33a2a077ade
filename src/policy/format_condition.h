// SPDX-License-Identifier: Apache-2.0
// For format.h: puts a condition on lines. A line ends before an `and` or an `or` where what
// follows it does not fit, and goes on below the condition's first word, or behind its parenthesis.
#pragma once

#include "policy/format_writer.h"

namespace firebreak::policy {

// Puts the condition that begins at pieces[at], and gives the piece after it. Its first word is put
// where the writer stands; further lines begin at `align`.
size_t format_condition(const std::vector<Piece>& pieces, size_t at, size_t align,
                        FormatWriter& out);

}  // namespace firebreak::policy
