// SPDX-License-Identifier: Apache-2.0
// A referral's state in words and in JSON.
#include <algorithm>
#include <array>

#include "register/referral_state.h"

namespace firebreak::record {
namespace {

constexpr std::array<std::string_view, 13> kStateNames = {
    "draft",  "submitted", "authorised", "refused", "withdrawn", "released", "handing",
    "handed", "failed",    "in_doubt",   "erased",  "begun",     "closed"};

Json to_json(const SignOffGiven& given) {
  return {{"person", given.person},
          {"key", given.key},
          {"signature", given.signature},
          {"at", given.at}};
}

Json to_json(const Dispatch& dispatch) {
  return {{"release", dispatch.number},
          {"releaser", dispatch.releaser},
          {"state", dispatch.state},
          {"superseded", dispatch.superseded},
          {"attempts", dispatch.attempts},
          {"changed", dispatch.changed},
          {"disclosed", dispatch.counts_as_disclosed()}};
}

Dispatch read_dispatch(const Json& json) {
  return {json.at("release").get<uint64_t>(),  json.at("releaser").get<std::string>(),
          json.at("state").get<std::string>(), json.at("superseded").get<bool>(),
          json.at("attempts").get<int>(),      json.at("changed").get<std::string>()};
}

// Throws nlohmann's exceptions for what to_json did not write.
ReferralState state_from(const Json& json) {
  ReferralState s;
  s.id = json.at("referral").get<std::string>();
  const auto state = state_named(json.at("state").get<std::string>());
  if (!state) throw std::bad_variant_access();
  s.state = *state;
  s.requester = json.at("requester").get<std::string>();
  s.content = json.at("content_revision").get<uint64_t>();
  s.revision = json.at("revision").get<uint64_t>();
  s.notes = json.at("notes").get<uint64_t>();
  s.destination = json.at("destination").get<std::string>();
  s.facets = json.at("facets");
  s.terms = *read_terms(json.at("terms"));
  s.statement = json.at("statement");
  s.statement_digest = json.at("statement_digest").get<std::string>();
  for (const Json& given : json.at("sign_offs")) {
    s.sign_offs.push_back(
        {given.at("person").get<std::string>(), given.at("key").get<std::string>(),
         given.at("signature").get<std::string>(), given.at("at").get<std::string>()});
  }
  s.acted = json.at("acted").get<std::set<std::string>>();
  for (const Json& dispatch : json.at("dispatches"))
    s.dispatches.push_back(read_dispatch(dispatch));
  s.after = read_aftercare(json.at("aftercare"));
  s.created = json.at("created").get<std::string>();
  s.changed = json.at("changed").get<std::string>();
  s.first_seq = json.at("first_entry").get<uint64_t>();
  s.last_seq = json.at("last_entry").get<uint64_t>();
  s.working = json.value("working", false);
  s.forwarded = json.value("forwarded", false);
  s.urgent = json.value("urgent", false);
  if (json.contains("review")) {
    const Json& review = json.at("review");
    s.review = {review.at("by").get<std::string>(), review.at("finding").get<std::string>(),
                review.at("at").get<std::string>()};
  }
  return s;
}

}  // namespace

std::string_view state_name(State state) { return kStateNames[static_cast<size_t>(state)]; }

std::optional<State> state_named(std::string_view name) {
  const auto* found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<State>(found - kStateNames.begin());
}

std::vector<State> all_states() {
  std::vector<State> states;
  for (size_t i = 0; i < kStateNames.size(); ++i) states.push_back(static_cast<State>(i));
  return states;
}

bool Dispatch::counts_as_disclosed() const {
  return state == "handed" || state == "delivered" || state == "handing" || state == "in_doubt";
}

Json to_json(const Terms& terms) {
  return {{"decision", terms.decision},
          {"rule", terms.rule},
          {"rank", terms.rank.empty() ? Json() : Json(terms.rank)},
          {"count", terms.count},
          {"conditions", terms.conditions},
          {"policy", terms.policy}};
}

Result<Terms> read_terms(const Json& json) {
  try {
    Terms terms;
    terms.decision = json.at("decision").get<std::string>();
    terms.rule = json.at("rule").get<std::string>();
    if (!json.at("rank").is_null()) terms.rank = json.at("rank").get<std::string>();
    terms.count = json.at("count").get<int>();
    terms.conditions = json.at("conditions");
    terms.policy = json.at("policy");
    return terms;
  } catch (const std::exception&) {
    return Error{ErrorCode::corrupt, "The terms of a referral cannot be read.", {}, {}};
  }
}

Json to_json(const ReferralState& s) {
  Json sign_offs = Json::array();
  for (const SignOffGiven& given : s.sign_offs) sign_offs.push_back(to_json(given));
  Json dispatches = Json::array();
  for (const Dispatch& dispatch : s.dispatches) dispatches.push_back(to_json(dispatch));
  Json out = {{"referral", s.id},
              {"state", state_name(s.state)},
              {"requester", s.requester},
              {"content_revision", s.content},
              {"revision", s.revision},
              {"notes", s.notes},
              {"destination", s.destination},
              {"facets", s.facets},
              {"terms", to_json(s.terms)},
              {"statement", s.statement},
              {"statement_digest", s.statement_digest},
              {"sign_offs", std::move(sign_offs)},
              {"acted", s.acted},
              {"dispatches", std::move(dispatches)},
              {"aftercare", to_json(s.after)},
              {"created", s.created},
              {"changed", s.changed},
              {"first_entry", s.first_seq},
              {"last_entry", s.last_seq}};
  // Absent where it is not so, as in the records of versions that did not know it.
  if (s.working) out["working"] = true;
  if (s.forwarded) out["forwarded"] = true;
  if (s.urgent) out["urgent"] = true;
  if (s.review)
    out["review"] = {{"by", s.review->by}, {"finding", s.review->finding}, {"at", s.review->at}};
  return out;
}

bool ReferralState::awaits_review() const {
  const bool signed_off = state == State::authorised || state == State::released ||
                          state == State::failed || may_have_left();
  return urgent && signed_off && !sign_offs.empty() && !review;
}

Result<ReferralState> read_referral_state(const Json& json) {
  try {
    return state_from(json);
  } catch (const std::exception&) {
    return Error{ErrorCode::corrupt, "The stored state of a referral cannot be read.", {}, {}};
  }
}

}  // namespace firebreak::record
