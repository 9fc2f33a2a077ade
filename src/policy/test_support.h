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

// Thirty-two rules, each for one member of a set: each subset of them answers somewhere.
struct FreeRules {
  std::string words = "vocabulary small version 1\nattribute s any of question \"?\"\n";
  std::string rules;
};
inline FreeRules free_rules() {
  FreeRules out;
  for (int i = 0; i < 32; ++i) {
    const std::string n = std::to_string(i);
    out.words.append("  m").append(n).append(" \"M\"\n");
    out.rules.append("rule r").append(n).append(" when s includes m").append(n);
    out.rules += " permit under C1\n";
  }
  return out;
}

// Whether the tests may take longer, for more cases.
inline bool long_run() {
  return std::getenv("FIREBREAK_LONG") != nullptr;  // NOLINT(concurrency-mt-unsafe): none sets it
}

inline std::filesystem::path packs() {
  return std::filesystem::path(FIREBREAK_SOURCE_DIR) / "policies";
}

}  // namespace firebreak::policy::testing
