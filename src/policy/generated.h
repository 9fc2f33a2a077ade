// SPDX-License-Identifier: Apache-2.0
// Draws vocabularies, policies and facts for the property tests: every kind of attribute, nested
// exceptions, nevers, channels, sign-offs, defaults, impossible situations. Small enough that the
// slow evaluator can try every completion.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "policy/compile.h"
#include "policy/reference.h"

namespace firebreak::policy::testing {

class Draw {
 public:
  explicit Draw(uint64_t seed) : random_(seed) {}

  // From 0 to n - 1.
  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  bool chance(size_t percent) { return below(100) < percent; }

  std::string vocabulary();
  // Over the vocabulary drawn last. `rules` bounds how many there are at the top.
  std::string policy(size_t rules);
  std::string condition(int depth);
  // Each attribute is missing with this chance; members of sets are also missing singly.
  Facts facts(const Vocabulary& words, size_t missing_percent);

 private:
  std::string test();
  std::string list(const char* stem, size_t of);
  std::string outcome(bool never);
  std::string rule(const std::string& keyword, const std::string& name, int depth);

  std::mt19937_64 random_;
  size_t kinds_ = 2;   // values of `kind`
  size_t topics_ = 2;  // members of `topic`
  size_t channels_ = 2;
  bool settings_ = false;  // whether the policy at hand declares them
};

// Facts for an answer: the settings are as they are in force.
inline Facts settled_facts(const Vocabulary& words, Draw& draw, size_t missing_percent) {
  Facts out = draw.facts(words, missing_percent);
  for (const Attribute& attribute : words.attributes) {
    if (attribute.setting) out.set(attribute.first_slot, attribute.setting->value);
  }
  return out;
}

// Every possible situation, also of the settings that make a difference; nothing when there are
// more than `most`.
inline std::optional<std::vector<Facts>> situations_of(const Policy::Compiled& compiled,
                                                       size_t most) {
  const Vocabulary& words = compiled.vocabulary.words;
  Facts open(words);
  for (const Attribute& attribute : words.attributes) {
    if (compiled.space.level_of(attribute.first_slot)) {
      open.set(attribute.first_slot, Facts::kMissing);
    }
  }
  std::optional<std::vector<Facts>> out = completions(words, open, most);
  if (out)
    std::erase_if(*out, [&](const Facts& one) { return !possible(compiled.vocabulary, one); });
  return out;
}

}  // namespace firebreak::policy::testing
