// SPDX-License-Identifier: Apache-2.0
// Asks a policy one question, and then one question many times over:
//
//   embed psni-service-instruction '{"action": "share", "recipient": "support_service"}'
//   embed my-folder/my.policy '{"role": ["victim"]}'
#include <iostream>
#include <map>
#include <string>

#include "policy/policy.h"

using firebreak::Error;
using firebreak::Json;
using firebreak::policy::Attribute;
using firebreak::policy::Facts;
using firebreak::policy::Policy;

namespace {

int failed(const Error& error) {
  std::cerr << error.text() << '\n';  // what is wrong, where, and what to do
  return 2;
}

// The same facts for every action and every recipient: how often each answer is given. evaluate()
// allocates nothing and takes well under a microsecond, so this is how to replay a register.
void count_answers(const Policy& policy, Facts facts) {
  const Attribute* action = policy.vocabulary().find("action");
  const Attribute* recipient = policy.vocabulary().find("recipient");
  if (action == nullptr || recipient == nullptr) return;  // another vocabulary
  std::map<std::string, int> counts;
  for (size_t i = 0; i < action->values.size(); ++i) {
    for (size_t j = 0; j < recipient->values.size(); ++j) {
      facts.set(action->first_slot, static_cast<int32_t>(i));
      facts.set(recipient->first_slot, static_cast<int32_t>(j));
      const auto outcome = policy.evaluate(facts);
      ++counts[outcome == firebreak::policy::kUndecided ? "a fact is missing"
                                                        : name(policy.outcome(outcome).decision)];
    }
  }
  for (const auto& [answer, count] : counts) std::cout << count << " x " << answer << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: embed POLICY FACTS_AS_JSON\n";
    return 2;
  }
  // A policy of one's own, or one of those that come with Firebreak.
  std::string path = argv[1];
  if (path.find('/') == std::string::npos) path = POLICIES "/" + path + ".policy";
  const auto policy = Policy::load(path);
  if (!policy) return failed(policy.error());

  const auto json = firebreak::parse_json(argv[2]);
  if (!json) return failed(json.error());
  // `live`: somebody asks now, so a fact that must not be asked for is refused.
  const auto facts = (*policy)->read_facts(*json, {.live = true});
  if (!facts) return failed(facts.error());

  // The whole answer, also when facts are missing: what is decided, why, under which clauses.
  std::cout << answer(**policy, (*policy)->decide(*facts)).dump(2) << "\n\n";
  count_answers(**policy, *facts);
  return 0;
}
