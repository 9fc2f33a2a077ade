// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder: short ways to read a policy over sample.h and to ask it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "base/files.h"
#include "policy/check.h"
#include "policy/compile.h"
#include "policy/loader.h"
#include "policy/policy.h"
#include "policy/sample.h"

namespace firebreak::policy::testing {

inline std::shared_ptr<const Policy> policy_of(const std::string& rules,
                                               const std::string& words = kWords) {
  auto policy = Policy::parse("p.policy", policy_text(rules), "small-1.vocabulary", words);
  if (!policy) {
    ADD_FAILURE() << policy.error().text();
    std::abort();
  }
  return *policy;
}

inline Facts facts_of(const Policy& policy, const std::string& json) {
  auto facts = policy.read_facts(*parse_json(json));
  if (!facts) {
    ADD_FAILURE() << facts.error().text();
    return Facts(policy.vocabulary());
  }
  return *facts;
}

inline Decision ask(const Policy& policy, const std::string& json) {
  return policy.decide(facts_of(policy, json));
}

constexpr Day kToday{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};

inline Report report_of(const std::string& rules, const std::string& header = {}) {
  return check_texts("p.policy", policy_text(rules, header), "small-1.vocabulary", kWords, kToday);
}

// All findings as text, without the line of numbers.
inline std::string findings_of(const Report& report) {
  std::string out;
  for (const Finding& finding : report.findings) out += text(finding);
  return out;
}

// The policy once more, its outcomes told apart by kind alone.
inline std::shared_ptr<const Policy> by_kind(const Policy& policy) {
  const Policy::Compiled& compiled = policy.compiled();
  auto out = compile(compiled.model, compiled.vocabulary, compiled.digest, 0);
  return out ? Policy::of(*std::move(out)) : nullptr;
}

inline std::filesystem::path packs() {
  return std::filesystem::path(FIREBREAK_SOURCE_DIR) / "policies";
}

}  // namespace firebreak::policy::testing
