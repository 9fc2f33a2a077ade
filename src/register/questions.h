// SPDX-License-Identifier: Apache-2.0
// A question: may this be done? Decided under the policy in force today, recorded, and only then
// answered. Only facets are recorded.
//
//   FB_TRY(Question question, questions.read(facts, district));
//   questions.ask(actor, question, [](Result<Json> answer) { ... });   // docs/api.md
#pragma once

#include <optional>
#include <string>

#include "identity/person.h"
#include "register/recorder.h"

namespace firebreak::record {

struct Context;

class Questions {
 public:
  explicit Questions(const Context& context) : context_(context) {}

  // Decides and records; `done` gets the answer when it is on disk, with a "reference" to quote:
  // "Q-000123", the number of its entry, which leads to facets and to nobody. In a gap between
  // policies the answer is a refusal with the rule "no-policy-in-force" and "policy": null. Errors:
  // forbidden; bad_input naming the unknown word (`facts`: docs/api.md; `district`: one of
  // force.toml's, or empty); unavailable.
  void ask(const identity::Actor& actor, const Json& facts, const std::string& district, Done done);

 private:
  const Context& context_;
};

}  // namespace firebreak::record
