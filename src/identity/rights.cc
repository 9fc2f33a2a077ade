// SPDX-License-Identifier: Apache-2.0
#include "identity/rights.h"

#include <algorithm>
#include <array>
#include <string>

namespace firebreak::identity {
namespace {

constexpr std::array<std::string_view, kRightCount> kNames = {
    "ask_question",     "draft_referral",  "return_referral",  "authorise_referral",
    "release_referral", "settle_dispatch", "view_referrals",   "list_referrals",
    "check_ledger",     "manage_people",   "forward_referral", "hold_referral",
    "follow_up",        "search_subject",  "propose_erasure",  "approve_erasure",
    "change_force",     "change_policy",   "decide_change",    "view_notices",
    "review_urgent",    "see_destinations"};

struct Row {
  std::string_view role;
  std::string_view rights;  // one letter for each right, in the order of the enumeration
};

// The whole table. Nobody both asks for and signs off by role alone; an administrator, who could
// give themself any role, sees no content; a service asks questions and sees destinations, for the
// gateways.
//                            ask draft return authorise release settle view list ledger people
//                            forward hold follow-up search propose approve
//                            change_force change_policy decide notices review see_destinations
constexpr std::array<Row, 9> kTable = {{
    {"officer", "xx--------------------"},
    {"supervisor", "xxx---xx--xx----------"},
    {"referral_desk", "x-x-xxxx---xx--------x"},
    {"chief_officer", "x-xx--xx---x---x---xx-"},
    {"data_protection_officer", "x-----xxx--x-xxx---xxx"},
    {"policy_owner", "x------xx--------xxx-x"},
    {"board_member", "--------x----------x-x"},
    {"administrator", "-------xxx------x-xx-x"},
    {"service", "x--------------------x"},
}};

}  // namespace

std::string_view right_name(Right right) { return kNames[static_cast<size_t>(right)]; }

std::optional<Right> right_named(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Right>(found - kNames.begin());
}

bool may(const Actor& actor, Right right) {
  if (actor.must_change_password) return false;
  if (!actor.through.empty() && right != Right::ask_question) return false;
  return std::any_of(kTable.begin(), kTable.end(), [&](const Row& row) {
    return row.rights[static_cast<size_t>(right)] == 'x' &&
           actor.service == (row.role == "service") &&
           std::find(actor.roles.begin(), actor.roles.end(), row.role) != actor.roles.end();
  });
}

std::vector<Right> rights_of(const Actor& actor) {
  std::vector<Right> out;
  for (int i = 0; i < kRightCount; ++i) {
    if (may(actor, static_cast<Right>(i))) out.push_back(static_cast<Right>(i));
  }
  return out;
}

}  // namespace firebreak::identity
