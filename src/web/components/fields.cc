// SPDX-License-Identifier: Apache-2.0
#include "web/components/fields.h"

#include "web/components/components.h"
#include "web/components/options.h"

namespace firebreak::web::components {

Element form_group(const Json& options) {
  const std::string kind = given(options, "errorMessage")
                               ? "govuk-form-group govuk-form-group--error"
                               : "govuk-form-group";
  const Json& group = member(options, "formGroup");
  return Element("div").set("class", classes(kind, group)).set_all(member(group, "attributes"));
}

Html hint_and_error(const Json& options, const std::string& id, std::string& described_by) {
  Html both;
  if (given(options, "hint")) {
    Json made = copy_of(member(options, "hint"));
    made["id"] = id + "-hint";
    describe(described_by, id + "-hint");
    both += hint(made);
  }
  if (given(options, "errorMessage")) {
    Json made = copy_of(member(options, "errorMessage"));
    made["id"] = id + "-error";
    describe(described_by, id + "-error");
    both += error_message(made);
  }
  return both;
}

Html field_label(const Json& options, const std::string& id) {
  Json made = member(options, "label");
  if (!made.is_object()) return {};
  made["for"] = id;
  return label(made);
}

std::string field_id(const Json& options) {
  return words_or(options, "id", words(options, "name"));
}

}  // namespace firebreak::web::components
