// SPDX-License-Identifier: Apache-2.0
// The tables against the diagram that they were made from, on policies drawn at random.
#include "policy/program.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "policy/generated.h"

namespace firebreak::policy::testing {
namespace {

std::shared_ptr<const Policy> drawn_policy(Draw& draw, size_t rules) {
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(rules);
  RC_LOG() << words << text;
  auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", words);
  RC_ASSERT(policy.ok());
  return *policy;
}

uint32_t slow(const Policy::Compiled& compiled, const Facts& facts) {
  return careful_walk(compiled.diagram, compiled.answers, compiled.space,
                      [&](uint32_t slot) { return facts[slot]; });
}

// What the tables say of the facts is what the diagram says, or what it says of every completion.
void hold_to_diagram(const Program& program, const Policy::Compiled& compiled, const Facts& facts) {
  const uint32_t quick = program.walk(facts.data());
  const uint32_t careful = slow(compiled, facts);
  if (facts.complete()) RC_ASSERT(quick == careful);
  if (quick == Program::kLookCloser || quick == careful) return;
  RC_ASSERT(careful == kUndecided);
  const auto all = completions(compiled.vocabulary.words, facts, size_t{1} << 16U);
  for (const Facts& one : *all) RC_ASSERT(slow(compiled, one) == quick);
}

RC_GTEST_PROP(Program, TablesAndDiagramAgree, (uint64_t seed)) {
  Draw draw(seed);
  const auto policy = drawn_policy(draw, *rc::gen::inRange<size_t>(0, 9));
  const Policy::Compiled& compiled = policy->compiled();
  for (const size_t missing : {0U, 0U, 0U, 5U, 5U, 20U, 60U}) {
    hold_to_diagram(compiled.program, compiled, settled_facts(policy->vocabulary(), draw, missing));
  }
}

// Whatever room there is, the tables are right; without room everything is for the diagram.
RC_GTEST_PROP(Program, NarrowTablesAgreeToo, (uint64_t seed)) {
  Draw draw(seed);
  const auto policy = drawn_policy(draw, *rc::gen::inRange<size_t>(3, 9));
  const Policy::Compiled& compiled = policy->compiled();
  const Vocabulary& words = policy->vocabulary();
  size_t room = compiled.program.tables.size();
  while (room > 0) {
    room -= 1 + room / 4;
    const Program narrow = lay_out(compiled.diagram, compiled.answers, compiled.space, words, room);
    RC_ASSERT(narrow.tables.size() <= room);
    for (int i = 0; i < 5; ++i) {
      const Facts facts = settled_facts(words, draw, 0);
      const uint32_t quick = narrow.walk(facts.data());
      RC_ASSERT(quick == slow(compiled, facts) ||
                (narrow.groups.empty() && quick == Program::kLookCloser));
    }
  }
}

// Facts that differ from a setting in force, or hold no value of their slot, are for the diagram.
RC_GTEST_PROP(Program, WhatTheTablesDoNotHoldIsNotGuessed, (uint64_t seed)) {
  Draw draw(seed);
  const auto policy = drawn_policy(draw, *rc::gen::inRange<size_t>(1, 9));
  const Policy::Compiled& compiled = policy->compiled();
  for (int i = 0; i < 20; ++i) {
    Facts facts = draw.facts(policy->vocabulary(), 5);
    if (draw.chance(30)) {
      const int32_t odd[] = {-1, 9, 300, INT32_MAX, INT32_MIN + 1};
      facts.set(draw.below(facts.size()), odd[draw.below(5)]);
    }
    const uint32_t careful = slow(compiled, facts);
    const OutcomeId id = policy->evaluate(facts);
    if (careful != kUndecided) RC_ASSERT(id == careful);
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
