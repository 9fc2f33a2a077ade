// SPDX-License-Identifier: Apache-2.0
// A difference as one page for people who have never seen code: a picture of where it lies, then
// each group of answers with its regions in the vocabulary's words.
//
//   FB_TRY(const Diff diff, compare(*a, *b));
//   FB_TRY(const Json view, diff_view(diff, *a, *b));       // HTML: web/documents.h
//
// The view is what ui/documents/diff.html shows; render.h says how.
#pragma once

#include "policy/diff.h"

namespace firebreak::policy {

// The difference of just these two policies.
Result<Json> diff_view(const Diff& diff, const Policy& a, const Policy& b);

// For diff_view: the grid as boxes, bars and lines with their places, and the same as rows of a
// table.
Json grid_picture(const DiffGrid& grid, const Vocabulary& words);

}  // namespace firebreak::policy
