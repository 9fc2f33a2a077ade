// SPDX-License-Identifier: Apache-2.0
#include "web/body.h"

#include <algorithm>

namespace firebreak::web {

Result<Json> read_object(const Request& request, std::initializer_list<std::string_view> members) {
  FB_TRY(Json body, request.json());
  if (!body.is_object()) return bad_input("The body is not a JSON object.");
  for (const auto& [name, value] : body.items()) {
    if (std::find(members.begin(), members.end(), name) != members.end()) continue;
    std::string known;
    for (const auto member : members) known.append(known.empty() ? "" : ", ").append(member);
    return bad_input("This member is not known here.", name.substr(0, 64),
                     known.empty() ? "Send no member." : "Known are: " + known + ".");
  }
  return body;
}

Result<Json> read_optional_object(const Request& request,
                                  std::initializer_list<std::string_view> members) {
  if (request.body.empty()) return Json(Json::object());
  return read_object(request, members);
}

Result<std::string> text_of(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return bad_input("This member is missing.", member);
  if (!found->is_string()) return bad_input("This member is not a string.", member);
  if (found->get_ref<const std::string&>().empty())
    return bad_input("This member is empty.", member);
  return found->get<std::string>();
}

Result<std::string> optional_text_of(const Json& object, const char* member) {
  const auto found = object.find(member);
  const bool none =
      found == object.end() || (found->is_string() && found->get_ref<const std::string&>().empty());
  if (none) return std::string{};
  return text_of(object, member);
}

}  // namespace firebreak::web
