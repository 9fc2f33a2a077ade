// SPDX-License-Identifier: Apache-2.0
// What may be done with a referral now, by whom. The register decides; a page only does not offer
// what it would refuse.
#include <array>

#include "identity/rights.h"
#include "web/components/components.h"
#include "web/pages/case_view.h"

namespace firebreak::web {
namespace {

using identity::Right;

// Where a referral stands, as far as the offers below ask.
struct Standing {
  std::string state;
  bool permit = false;
  bool held = false;
  bool stopped = false;  // consent was withdrawn since the last submission
  bool recall = false;
  bool has_outcome = false;
  bool own = false;
};

Standing standing_of(const Json& shown, const identity::Actor& actor) {
  const Json& after = shown.at("aftercare");
  const Json& consent = after.at("consent_withdrawn");
  Standing out;
  out.state = shown.value("state", "");
  out.permit = shown.at("terms").is_object() && shown["terms"].value("decision", "") == "permit";
  out.held = !after.at("hold").is_null();
  out.stopped = !consent.is_null() && shown.at("revision") <= consent.at("revision");
  out.recall = !consent.is_null() && consent.at("recall") == "open";
  out.has_outcome = !after.at("outcomes").empty();
  out.own = shown.value("requester", "") == actor.id;
  return out;
}

bool handed(const Standing& s) { return s.state == "handed" || s.state == "closed"; }

struct Offer {
  const char* path;
  const char* text;
  Right right;
  bool (*open)(const Standing&);
};

constexpr std::array<Offer, 12> kOffers = {{
    {"release", "Release", Right::release_referral,
     [](const Standing& s) {
       return !s.held && !s.stopped && !s.own &&
              (s.state == "authorised" || s.state == "failed" ||
               (s.permit && s.state == "submitted"));
     }},
    {"settle", "Settle by evidence", Right::settle_dispatch,
     [](const Standing& s) { return s.state == "in_doubt"; }},
    {"send-again", "Send again", Right::release_referral,
     [](const Standing& s) { return s.state == "in_doubt" && !s.held && !s.stopped && !s.own; }},
    {"recall", "Record the answer to the request to delete it", Right::follow_up,
     [](const Standing& s) { return s.recall; }},
    {"acknowledge", "Record an acknowledgement", Right::follow_up, handed},
    {"outcome", "Record an outcome", Right::follow_up, handed},
    {"asked", "Record that the recipient was asked", Right::follow_up,
     [](const Standing& s) { return s.state == "handed"; }},
    {"close", "Close it", Right::follow_up,
     [](const Standing& s) { return s.state == "handed" && s.has_outcome && !s.recall; }},
    {"hold", "Hold it", Right::hold_referral,
     [](const Standing& s) { return !s.held && s.state != "erased"; }},
    {"end-hold", "End the hold", Right::hold_referral, [](const Standing& s) { return s.held; }},
    {"consent", "Record that consent was withdrawn", Right::hold_referral,
     [](const Standing& s) { return !s.stopped && s.state != "erased"; }},
    {"return", "Send it back to its requester", Right::return_referral,
     [](const Standing& s) {
       return s.state == "submitted" || s.state == "authorised" || s.state == "released" ||
              s.state == "failed";
     }},
}};

}  // namespace

Html case_actions(const Json& shown, const identity::Actor& actor) {
  const Standing standing = standing_of(shown, actor);
  const std::string base = "/desk/" + shown.value("referral", "") + "/";
  Element list("ul");
  list.set("class", "govuk-list govuk-list--spaced");
  bool any = false;
  for (const Offer& offer : kOffers) {
    if (!identity::may(actor, offer.right) || !offer.open(standing)) continue;
    list.add(Element("li").add(link_part(base + offer.path, offer.text)));
    any = true;
  }
  Html out = heading_part("What you can do now");
  out += any ? list.html() : paragraph_part("There is nothing for you to do.");
  return out;
}

}  // namespace firebreak::web
