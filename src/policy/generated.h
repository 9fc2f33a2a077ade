// SPDX-License-Identifier: Apache-2.0
// Draws vocabularies, policies and facts for the property tests: every kind of attribute, nested
// exceptions, nevers, channels, sign-offs, defaults, impossible situations. Small enough that the
// slow evaluator can try every completion.
#pragma once

#include <random>
#include <string>

#include "policy/model.h"

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
};

}  // namespace firebreak::policy::testing
