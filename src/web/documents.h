// SPDX-License-Identifier: Apache-2.0
// Documents that stand alone: one HTML file with its style, no script and nothing from elsewhere.
//
//   FB_TRY(const Json view, policy::render_view(path));
//   FB_TRY(const std::string html, policy_document(template_folder, view));   // ui/documents
#pragma once

#include <filesystem>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::web {

// The page of a policy, from policy::render_view. `templates` is ui/documents. Errors: those of
// Templates::load and render.
Result<std::string> policy_document(const std::filesystem::path& templates, const Json& view);

// The page of a difference, from policy::diff_view; the same otherwise.
Result<std::string> diff_document(const std::filesystem::path& templates, const Json& view);

}  // namespace firebreak::web
