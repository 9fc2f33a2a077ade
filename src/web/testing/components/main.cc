// SPDX-License-Identifier: Apache-2.0
// Reads lines {"component": "button", "options": {…}} from standard input, and writes for each one
// line: its HTML as a JSON string. With "trusted": true in a line, options that are HTML by their
// name (html, titleHtml, slots) are taken for HTML of our own. For
// tests/browser/components.test.mjs.
#include <iostream>
#include <map>
#include <string>

#include "web/components/components.h"

namespace {

using firebreak::Json;
namespace components = firebreak::web::components;

const std::map<std::string, firebreak::web::Html (*)(const Json&)> all_components = {
    {"back-link", components::back_link},
    {"breadcrumbs", components::breadcrumbs},
    {"button", components::button},
    {"character-count", components::character_count},
    {"checkboxes", components::checkboxes},
    {"date-input", components::date_input},
    {"details", components::details},
    {"error-message", components::error_message},
    {"error-summary", components::error_summary},
    {"exit-this-page", components::exit_this_page},
    {"fieldset", components::fieldset},
    {"generic-header", components::generic_header},
    {"hint", components::hint},
    {"input", components::input},
    {"inset-text", components::inset_text},
    {"label", components::label},
    {"notification-banner", components::notification_banner},
    {"pagination", components::pagination},
    {"panel", components::panel},
    {"password-input", components::password_input},
    {"phase-banner", components::phase_banner},
    {"radios", components::radios},
    {"select", components::select},
    {"service-navigation", components::service_navigation},
    {"skip-link", components::skip_link},
    {"summary-list", components::summary_list},
    {"table", components::table},
    {"tabs", components::tabs},
    {"tag", components::tag},
    {"task-list", components::task_list},
    {"textarea", components::textarea},
    {"warning-text", components::warning_text},
};

bool html_by_name(const std::string& name) { return name == "html" || name.ends_with("Html"); }

// What Html::json() makes, of any text: the forging that the product has no way to.
void trust(Json& options, bool in_slots = false) {
  if (!options.is_structured()) return;
  for (auto& each : options.items()) {
    const std::string& name = each.key();
    Json& value = each.value();
    if (value.is_string() && options.is_object() &&
        (html_by_name(name) || (in_slots && name != "align"))) {
      const std::string text = value;
      value = Json::binary({text.begin(), text.end()},
                           firebreak::web::Html().json().get_binary().subtype());
    } else {
      trust(value, in_slots || name == "slots");
    }
  }
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    Json asked = Json::parse(line);
    if (asked.value("trusted", false)) trust(asked.at("options"));
    const auto component = all_components.find(asked.at("component").get<std::string>());
    if (component == all_components.end()) {
      std::cerr << "no such component: " << asked.at("component") << "\n";
      return 2;
    }
    const std::string html = component->second(asked.at("options")).markup();
    std::cout << Json(html).dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  }
  return 0;
}
