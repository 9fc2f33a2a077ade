// SPDX-License-Identifier: Apache-2.0
#include "register/questions.h"

#include <utility>

#include "identity/rights.h"
#include "register/context.h"
#include "register/event.h"
#include "register/facets.h"

namespace firebreak::record {
namespace {

struct Prepared {
  Json answer;
  Json event;
};

Result<Prepared> prepare(const Context& context, const identity::Actor& actor, const Json& facts,
                         const std::string& district) {
  FB_CHECK(check_district(context.config(), district));
  const Day today = london_day(context.clock.now());
  Prepared out;
  Json canonical = Json::object();
  const auto policy = context.policies().on(today);
  if (policy) {
    FB_TRY(const policy::Facts known, (*policy)->read_facts(facts, {.live = true}));
    canonical = (*policy)->facts_json(known);
    out.answer = policy::answer(**policy, (*policy)->decide(known));
  } else {
    out.answer = policy::no_policy_answer(policy.error().message);
  }
  out.event = facets_of(canonical, district);
  out.event["kind"] = kind::kQuestionDecided;
  out.event["day"] = format_day(today);
  out.event["decision"] = out.answer.at("decision");
  out.event["rule"] = out.answer.at("rule");
  out.event["asked_by"] = actor.service ? "service" : "person";
  if (!actor.through.empty()) out.event["through"] = actor.through;
  out.event["policy"] = policy ? policy_json(**policy) : Json();
  return out;
}

// "Q-000123": the entry's number, which leads to facets and to nobody.
std::string question_reference(uint64_t seq) {
  std::string digits = std::to_string(seq);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return "Q-" + digits;
}

}  // namespace

void Questions::ask(const identity::Actor& actor, const Json& facts, const std::string& district,
                    Done done) {
  if (!identity::may(actor, identity::Right::ask_question)) {
    done(refusal_error(actor.must_change_password ? Refusal::password_change_due
                                                  : Refusal::no_right));
    return;
  }
  auto prepared = prepare(context_, actor, facts, district);
  if (!prepared) {
    done(prepared.error());
    return;
  }
  context_.recorder->submit(
      [event = std::move(prepared->event),
       answer = std::move(prepared->answer)](Transaction& tx) mutable -> Result<Json> {
        FB_TRY(const uint64_t seq, tx.append(std::move(event)));
        answer["reference"] = question_reference(seq);
        return std::move(answer);
      },
      std::move(done));
}

}  // namespace firebreak::record
