// SPDX-License-Identifier: Apache-2.0
#include "web/pages/form.h"

namespace firebreak::web {

std::string Form::value(std::string_view name) const {
  for (const Header& member : members_)
    if (member.name == name) return member.value;
  return {};
}

std::vector<std::string> Form::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const Header& member : members_)
    if (member.name == name) found.push_back(member.value);
  return found;
}

void FormErrors::add(std::string id, std::string message) {
  errors_.emplace_back(std::move(id), std::move(message));
}

Json FormErrors::of(std::string_view id) const {
  for (const auto& [field, message] : errors_)
    if (field == id) return {{"text", message}};
  return nullptr;
}

void FormErrors::put_in(Json& model) const {
  if (!any()) return;
  model["HAS_ERRORS"] = true;
  Json& shown = model["ERRORS"] = Json::array();
  for (const auto& [field, message] : errors_) {
    if (field.empty()) {
      shown.push_back({{"MESSAGE", message}, {"NO_PLACE", true}});
    } else {
      shown.push_back({{"MESSAGE", message}, {"PLACE", {{"ID", field}}}});
    }
  }
}

std::string sentence(const Error& error) {
  return error.action.empty() ? error.message : error.message + " " + error.action;
}

}  // namespace firebreak::web
