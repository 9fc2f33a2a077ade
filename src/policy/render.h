// SPDX-License-Identifier: Apache-2.0
// A policy for people who have never seen code: its text and its rules side by side, what was
// proved, its cases, a decision table and the decision diagram.
//
//   FB_TRY(const Json view, render_view("policies/psni-service-instruction.policy"));
//   std::string markdown = render_markdown(view);      // HTML: web/documents.h
//
// The view is what ui/documents/policy.html shows: texts fill names, true shows a section, an
// object or a list shows it with members of its own. A list that nests (WHEN_PART, OUTLINE_PART)
// comes as its marks in order: open, item, end of the item, close.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "policy/policy.h"

namespace firebreak::policy {

// Errors: those of Policy::load. Cases for other settings than these are left out.
Result<Json> render_view(const std::filesystem::path& path, const Decisions& decided = {});
// Texts of the policy are escaped: none of them is read as Markdown or as HTML.
std::string render_markdown(const Json& view);

}  // namespace firebreak::policy
