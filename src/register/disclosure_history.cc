// SPDX-License-Identifier: Apache-2.0
#include "register/disclosure_history.h"

#include <algorithm>
#include <map>

#include "register/event.h"
#include "register/sealing.h"

namespace firebreak::record {
namespace {

Fetch fetch_committed(const Context& context) {
  return [&context](std::string_view kind, std::string_view id, std::optional<uint64_t> revision) {
    return context.reader->document(kind, id, revision);
  };
}

// The policy with this digest, when it is still among those that are loaded.
std::shared_ptr<const policy::Policy> policy_with(const Context& context, const Json& named) {
  for (const PolicyInForce& period : context.policies().periods()) {
    if (policy_json(*period.policy) == named) return period.policy;
  }
  return nullptr;
}

Json fields_of(const Draft& draft, const policy::Policy* policy) {
  Json out = Json::array();
  const auto add = [&](const std::string& name, const std::string& label) {
    const auto found = draft.fields.find(name);
    if (found == draft.fields.end() || found->second.empty()) return;
    out.push_back({{"name", name}, {"label", label}, {"value", found->second}});
  };
  if (policy != nullptr) {
    for (const policy::Field& field : policy->vocabulary().fields) add(field.name, field.label);
  } else {
    for (const auto& [name, value] : draft.fields) add(name, name);
  }
  return out;
}

Json reasons_of(const Draft& draft, const policy::Policy* policy) {
  Json out = Json::array();
  for (const auto& [name, text] : draft.reasons) {
    const policy::Word* word = policy == nullptr ? nullptr : policy->vocabulary().find_reason(name);
    out.push_back(
        {{"name", name}, {"label", word == nullptr ? name : word->label}, {"text", text}});
  }
  return out;
}

Json clauses_of(const Draft& draft, const policy::Policy* policy) {
  if (policy == nullptr) return Json::array();
  const auto facts = policy->read_facts(draft.facts, {.live = true});
  if (!facts) return Json::array();
  return policy::answer(*policy, policy->decide(*facts)).at("clauses");
}

// What the entries say of each release: which content it sent under which terms, and when it left.
struct Sent {
  uint64_t content = 0;
  Json terms;
  std::string at;
};

std::map<uint64_t, Sent> sent_of(const std::vector<Json>& history) {
  std::map<uint64_t, Sent> out;
  Sent submitted;
  for (const Json& entry : history) {
    const auto event_kind = entry.value("kind", "");
    if (event_kind == kind::kSubmitted)
      submitted = {entry.at("content").get<uint64_t>(), entry.at("terms"), {}};
    if (event_kind == kind::kReleased) out[entry.at("release").get<uint64_t>()] = submitted;
    if (event_kind == kind::kHanding)
      out[entry.at("release").get<uint64_t>()].at = entry.value("at", "");
  }
  return out;
}

Json destination_of(const Context& context, const ReferralState& state) {
  const Destination* known = context.config().destination(state.destination);
  Json out = {{"id", state.destination}, {"label", state.destination}, {"address", ""}};
  if (known != nullptr) out["label"] = known->label;
  if (state.statement.is_object()) {
    out["address"] = state.statement.value("address", "");
  } else if (known != nullptr) {
    out["address"] = known->address;
  }
  return out;
}

Json steps_of(const std::vector<Json>& history) {
  Json out = Json::array();
  for (const Json& entry : history) {
    if (entry.value("kind", "") == kind::kViewed) continue;
    out.push_back({{"at", entry.value("at", "")}, {"kind", entry.value("kind", "")}});
  }
  return out;
}

}  // namespace

Result<bool> is_about(const Context& context, const ReferralState& state,
                      const std::string& person) {
  const Fetch fetch = fetch_committed(context);
  const auto vault = ReferralVault::open(context.vault, state.id, fetch);
  if (!vault && vault.error().code == ErrorCode::conflict) return false;
  if (!vault) return vault.error();
  for (uint64_t content = state.content; content > 0; --content) {
    FB_TRY(const OpenedDraft opened, vault->draft(fetch, content));
    if (opened.draft.person == person) return true;
  }
  return false;
}

Result<Json> disclosure_history(const Context& context, const ReferralState& state) {
  const Fetch fetch = fetch_committed(context);
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch));
  FB_TRY(const OpenedDraft present, vault.draft(fetch, state.content));
  FB_TRY(const std::vector<Json> history, context.reader->history(state));
  const auto policy = policy_with(context, state.terms.policy);
  Json disclosures = Json::array();
  const auto sent = sent_of(history);
  for (const Dispatch& dispatch : state.dispatches) {
    const auto found = sent.find(dispatch.number);
    if (!dispatch.counts_as_disclosed() || found == sent.end()) continue;
    const Json& terms = found->second.terms;
    const auto then = policy_with(context, terms.at("policy"));
    FB_TRY(const OpenedDraft content, vault.draft(fetch, found->second.content));
    disclosures.push_back({{"release", dispatch.number},
                           {"at", found->second.at},
                           {"state", dispatch.state},
                           {"rule", terms.at("rule")},
                           {"policy", terms.at("policy")},
                           {"clauses", clauses_of(content.draft, then.get())},
                           {"fields", fields_of(content.draft, then.get())}});
  }
  const bool none = disclosures.empty();
  return Json{{"referral", state.id},
              {"state", state_name(state.state)},
              {"created", state.created},
              {"occurrence", present.draft.occurrence},
              {"destination", destination_of(context, state)},
              {"facets", state.facets},
              {"reasons", reasons_of(present.draft, policy.get())},
              {"disclosures", std::move(disclosures)},
              {"undisclosed", none ? fields_of(present.draft, policy.get()) : Json::array()},
              {"steps", steps_of(history)},
              {"aftercare", to_json(state).at("aftercare")}};
}

}  // namespace firebreak::record
