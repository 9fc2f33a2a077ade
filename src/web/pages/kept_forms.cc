// SPDX-License-Identifier: Apache-2.0
#include "web/pages/kept_forms.h"

#include <utility>

namespace firebreak::web {

bool KeptForms::keep(std::string_view token, KeptForm form) {
  size_t bytes = form.path.size();
  for (const Header& member : form.members) bytes += member.name.size() + member.value.size();
  if (bytes > kMaxBytes) return false;
  kept_.keep(token, std::move(form));
  return true;
}

std::optional<KeptForm> KeptForms::hand_over(std::string_view old_token,
                                             const std::string& person_id,
                                             std::string_view new_token) {
  auto form = kept_.take(old_token);
  if (!form || form->person_id != person_id) return std::nullopt;
  kept_.keep(new_token, *form);
  return form;
}

}  // namespace firebreak::web
