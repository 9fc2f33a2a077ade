// SPDX-License-Identifier: Apache-2.0
#include "web/documents.h"

#include "web/pages/templates.h"

namespace firebreak::web {

namespace {

Result<std::string> document(const std::filesystem::path& templates, const std::string& name,
                             const Json& view) {
  FB_TRY(const std::unique_ptr<Templates> loaded, Templates::load(templates));
  return loaded->render(name, view);
}

}  // namespace

Result<std::string> policy_document(const std::filesystem::path& templates, const Json& view) {
  return document(templates, "policy.html", view);
}

Result<std::string> diff_document(const std::filesystem::path& templates, const Json& view) {
  return document(templates, "diff.html", view);
}

}  // namespace firebreak::web
