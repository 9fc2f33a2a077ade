// SPDX-License-Identifier: Apache-2.0
// A destination: one recipient outside the force, registered by two persons, with every way in
// which it can be reached. Referrals go to its address and nowhere else; the mail gateway and the
// telephones refuse every other way to a destination that is closed.
//
//   Destination desk{.id = "immigration-desk", .recipient = "immigration_enforcement",
//                    .address = "referrals@enforcement.example", .label = "National desk",
//                    .domains = {"enforcement.example"}, .telephones = {"+443069990123"}};
//   if (desk.takes_referrals(today)) ...
//
// As JSON, in the ledger and the API, under its id; members that are empty are left out:
//   {"recipient":WORD, "address":ADDRESS, "label":LINE, "purposes":[LINE,…],
//    "addresses":[ADDRESS,…], "domains":[DOMAIN,…], "telephones":["+"DIGITS,…],
//    "from":DAY, "until":DAY}
// "address" and "label" are always there: an address that is "" takes no referral.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

struct Destination {
  std::string id;
  std::string recipient;  // a word of the vocabulary
  std::string address;    // where referrals go; empty: none may
  std::string label;
  std::vector<std::string> purposes = {};   // what it is for, for people
  std::vector<std::string> addresses = {};  // other addresses that reach it
  std::vector<std::string> domains = {};    // lower case, ASCII (RFC 5890 A-labels); below them too
  std::vector<std::string> telephones = {};  // E.164, "+" and 7 to 15 digits
  std::optional<Day> from = std::nullopt;    // referrals may go there from this day
  std::optional<Day> until = std::nullopt;   // the last such day

  // Whether it is an enforcement recipient: reached by a released referral alone. Days make no
  // difference, so that nothing opens because a day passed.
  [[nodiscard]] bool closed() const { return recipient == "immigration_enforcement"; }
  [[nodiscard]] bool in_effect(Day day) const {
    return (!from || *from <= day) && (!until || day <= *until);
  }
  [[nodiscard]] bool takes_referrals(Day day) const { return !address.empty() && in_effect(day); }
};

Json destination_json(const Destination& destination);
// Of what destination_json made. Throws nlohmann's errors for anything else.
Destination destination_of(const std::string& id, const Json& value);

// What is wrong with a destination, by its members ("address", "is a plain e-mail address.").
std::vector<std::pair<const char*, std::string>> wrong_members(const Destination& destination);

// Whether the destination is one that may be registered. Error: bad_input naming the member.
Result<void> check_destination(const Destination& destination);

}  // namespace firebreak::record
