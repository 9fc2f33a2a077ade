// SPDX-License-Identifier: Apache-2.0
// The referral desk's list: references, states and dates, and nothing about anybody.
#include <array>

#include "web/pages/views.h"

namespace firebreak::web {
namespace {

struct StateWords {
  const char* state;
  const char* heading;
  const char* means;
};

// In the order in which the desk must look at them: what may have gone wrong first.
constexpr std::array<StateWords, 11> kStates = {{
    {"in_doubt", "In doubt",
     "It is not known whether these messages arrived. Look in the mail log, then settle each one. "
     "They "
     "count as disclosed until then, and are not sent again by themselves."},
    {"failed", "Not delivered", "The mail server refused these for good."},
    {"handing", "Being handed to the mail server", ""},
    {"released", "Released, waiting to be sent", ""},
    {"authorised", "Signed off, waiting for release", ""},
    {"submitted", "Submitted, waiting for a decision", ""},
    {"draft", "Drafts", ""},
    {"handed", "Handed to the mail server", ""},
    {"refused", "Refused", ""},
    {"withdrawn", "Withdrawn", ""},
    {"erased", "Erased", "The content has been destroyed; the record of what was done remains."},
}};

std::string when(const Json& referral, const char* member) {
  const auto instant = parse_instant(referral.value(member, ""));
  return instant ? say_time(*instant) : std::string("not known");
}

}  // namespace

Json desk_view(const Json& referrals) {
  Json groups = Json::array();
  for (const StateWords& words : kStates) {
    Json rows = Json::array();
    for (const Json& referral : referrals) {
      if (referral.value("state", "") != words.state) continue;
      rows.push_back({{"REFERENCE", referral.value("referral", "")},
                      {"DRAFTED", when(referral, "created")},
                      {"CHANGED", when(referral, "changed")}});
    }
    if (rows.empty()) continue;
    Json group = {{"STATE", words.heading}, {"COUNT", std::to_string(rows.size())}};
    if (std::string_view(words.state) == "in_doubt") group["URGENT"] = true;
    if (*words.means != '\0') group["MEANS"] = {{"TEXT", words.means}};
    group["REFERRAL"] = std::move(rows);
    groups.push_back(std::move(group));
  }
  Json model = {{"TITLE", "Referrals"}, {"WIDE", true}};
  if (groups.empty()) model["NONE"] = true;
  model["GROUP"] = std::move(groups);
  return model;
}

}  // namespace firebreak::web
