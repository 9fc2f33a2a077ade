// SPDX-License-Identifier: Apache-2.0
#include "cli/referral_view.h"

#include <iostream>

#include "cli/command.h"

namespace firebreak::cli {
namespace {

std::string text_at(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) return {};
  const Json& value = object[name];
  if (value.is_string()) return printable(value.get<std::string>());
  return value.is_null() ? std::string() : value.dump();
}

void print_member(const Json& object, const char* name, const char* label) {
  const std::string text = text_at(object, name);
  if (!text.empty()) std::cout << "  " << label << ": " << text << '\n';
}

}  // namespace

void show_referral(const Json& referral, bool json) {
  if (json) {
    print_json(referral);
    return;
  }
  std::cout << text_at(referral, "referral") << "  " << text_at(referral, "state") << '\n';
  const Json terms = referral.value("terms", Json::object());
  print_member(terms, "decision", "decision");
  print_member(terms, "rule", "rule");
  print_member(referral, "destination", "to");
  print_member(referral, "statement_digest", "to sign");
  if (referral.contains("history") && referral["history"].is_array()) {
    for (const Json& step : referral["history"]) {
      std::cout << "  " << text_at(step, "at") << "  entry " << text_at(step, "seq") << "  "
                << text_at(step, "kind") << "  " << text_at(step, "actor") << '\n';
    }
  }
  if (referral.contains("content") && referral["content"].is_object()) {
    std::cout << "\n" << text_at(referral["content"], "message") << '\n';
  }
}

void show_list(const Json& found, bool json) {
  if (json) {
    print_json(found);
    return;
  }
  const Json referrals = found.value("referrals", Json::array());
  for (const Json& one : referrals) {
    std::cout << text_at(one, "referral") << "  " << text_at(one, "state") << "  "
              << text_at(one, "destination") << '\n';
  }
  std::cout << referrals.size() << (referrals.size() == 1 ? " referral\n" : " referrals\n");
}

}  // namespace firebreak::cli
