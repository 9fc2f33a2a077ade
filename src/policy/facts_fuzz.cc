// SPDX-License-Identifier: Apache-2.0
// Any bytes as facts: what is taken is decided as the slow evaluator decides it, and reads back;
// the fast way from text to answer gives what the slow one gives.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/answerer.h"
#include "policy/compile.h"
#include "policy/reference.h"
#include "policy/sample.h"

namespace {

using namespace firebreak;

// The fast way from text to text gives the same bytes or the same error.
void hold_to_slow_way(const std::shared_ptr<const policy::Policy>& policy, std::string_view text) {
  static policy::Answerer answerer(policy);
  const auto fast = answerer.answer(text);
  const auto slow = policy::answer_text(*policy, text);
  if (fast.ok() != slow.ok()) std::abort();
  if (slow ? *fast != *slow : fast.error().text() != slow.error().text()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto policy =
      *policy::Policy::parse("p.policy",
                             policy::testing::policy_text(
                                 "never n when channel is telephone refuse \"x\" under C1\n"
                                 "rule r when role includes victim refuse \"x\" under C1\n"
                                 "  except e when necessary and age at least 18\n"
                                 "    permit after sign_off by inspector under C2 only by email\n"),
                             "v", policy::testing::kWords);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hold_to_slow_way(policy, text);
  const auto json = parse_json(text);
  if (!json) return 0;
  const auto facts = policy->read_facts(*json);
  if (!facts) return 0;
  const policy::Decision decision = policy->decide(*facts);
  if (decision.decision == policy::Outcome::undetermined && decision.missing.empty()) std::abort();
  const auto slow = policy::reference_decide(policy->compiled().model,
                                             policy->compiled().vocabulary, *facts, 500);
  if (slow && !policy::same_answer(*slow, decision)) std::abort();
  const bool told = decision.decision != policy::Outcome::undetermined;
  if (slow && told && (slow->rules != decision.rules || slow->because != decision.because)) {
    std::abort();
  }
  const auto again = policy->read_facts(policy->facts_json(*facts));
  if (!again || !(*again == *facts)) std::abort();
  return 0;
}
