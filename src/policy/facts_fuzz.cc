// SPDX-License-Identifier: Apache-2.0
// Any bytes as facts: what is taken is decided as the slow evaluator decides it, and reads back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/compile.h"
#include "policy/reference.h"
#include "policy/sample.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firebreak;
  static const auto policy =
      *policy::Policy::parse("p.policy",
                             policy::testing::policy_text(
                                 "never n when channel is telephone refuse \"x\" under C1\n"
                                 "rule r when role includes victim refuse \"x\" under C1\n"
                                 "  except e when necessary and age at least 18\n"
                                 "    permit after sign_off by inspector under C2 only by email\n"),
                             "v", policy::testing::kWords);
  const auto json = parse_json({reinterpret_cast<const char*>(data), size});
  if (!json) return 0;
  const auto facts = policy->read_facts(*json);
  if (!facts) return 0;
  const policy::Decision decision = policy->decide(*facts);
  if (decision.decision == policy::Outcome::undetermined && decision.missing.empty()) std::abort();
  const auto slow = policy::reference_decide(policy->compiled().model,
                                             policy->compiled().vocabulary, *facts, 500);
  if (slow && !policy::same_answer(*slow, decision)) std::abort();
  if (slow && (slow->rules != decision.rules || slow->because != decision.because)) std::abort();
  const auto again = policy->read_facts(policy->facts_json(*facts));
  if (!again || !(*again == *facts)) std::abort();
  return 0;
}
