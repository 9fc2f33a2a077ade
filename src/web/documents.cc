// SPDX-License-Identifier: Apache-2.0
#include "web/documents.h"

#include "web/pages/templates.h"

namespace firebreak::web {

Result<std::string> policy_document(const std::filesystem::path& templates, const Json& view) {
  FB_TRY(const std::unique_ptr<Templates> loaded, Templates::load(templates));
  return loaded->render("policy.html", view);
}

}  // namespace firebreak::web
