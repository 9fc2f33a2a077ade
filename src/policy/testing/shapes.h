// SPDX-License-Identifier: Apache-2.0
// Policies of named shapes, drawn at random: what the ways to answer are compared on, and what the
// compiler's growth is measured on. The same shape, seed and size always give the same texts.
//
//   for (const Shape& shape : kShapes) {
//     const ShapedPolicy drawn = draw_policy(shape, seed, {.rules = 10});
//     auto policy = Policy::parse("p.policy", drawn.policy, kShapedVocabulary, drawn.vocabulary,
//                                 drawn.settings);
//     FactsDraw facts(**policy, seed);
//     facts.next(30, 1000);            // 30 % missing, at most 1000 completions
//
// For tests and benchmarks alone; the product does not hold it.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "policy/compile.h"

namespace firebreak::policy::testing {

// What the policies of a shape have in common. Percentages are chances.
struct Shape {
  const char* name;
  // The kinds of the attributes after `channel`, in turn: o one of, y yes/no, s any of, S any of
  // with at least one, n number, p a protected one of, P any of with a protected member.
  const char* attributes = "oysn";
  size_t values = 3;       // of a one of
  size_t members = 3;      // of an any of
  size_t highest = 9;      // of a number
  size_t impossible = 0;   // statements of the vocabulary
  bool settings = false;   // ranks, counts, words and numbers that the force decides
  bool silent = false;     // default not_covered
  bool keyed = false;      // each rule at another combination of the first attributes
  size_t nevers = 10;      // percent of the rules
  size_t depth = 1;        // how deep exceptions nest
  size_t excepts = 30;     // percent, for each of two exceptions below a rule
  size_t outcomes = 4;     // different ones in the policy, besides those of nevers
  bool bound = false;      // outcomes have conditions
  size_t parts = 2;        // tests joined in one condition, at most
  size_t nesting = 1;      // how deep conditions nest
  const char* tests = "";  // kinds of attributes that most tests are of; empty: any
};

inline constexpr std::array kShapes = {
    Shape{.name = "flat-table", .attributes = "ooyso", .keyed = true, .excepts = 0},
    Shape{.name = "nested-exceptions", .depth = 5, .excepts = 75},
    Shape{.name = "sibling-exceptions", .depth = 2, .excepts = 95, .outcomes = 2},
    Shape{.name = "same-outcome", .outcomes = 1},
    Shape{.name = "nevers-over-exceptions", .nevers = 45, .depth = 2, .excepts = 60, .bound = true},
    Shape{.name = "sets", .attributes = "sSos", .tests = "sS"},
    Shape{.name = "bands", .attributes = "nonny", .highest = 60, .parts = 3, .tests = "n"},
    Shape{.name = "settings", .settings = true, .excepts = 50},
    Shape{.name = "conditions", .keyed = true, .outcomes = 8, .bound = true},
    Shape{.name = "not-covered", .silent = true, .outcomes = 3},
    Shape{.name = "impossible", .attributes = "oSysn", .impossible = 4, .outcomes = 3},
    Shape{.name = "conflicts", .excepts = 50, .outcomes = 12, .bound = true, .parts = 1},
    Shape{.name = "protected", .attributes = "pPoy", .tests = "pP"},
    Shape{.name = "wide-one-of", .attributes = "oyo", .values = 40, .parts = 3, .tests = "o"},
    Shape{.name = "deep-conditions", .attributes = "oyosn", .parts = 3, .nesting = 4},
    Shape{.name = "everything",
          .attributes = "oSynpP",
          .impossible = 2,
          .settings = true,
          .depth = 3,
          .excepts = 40,
          .outcomes = 3,
          .bound = true,
          .nesting = 2},
};

struct ShapeSize {
  size_t rules = 8;       // nevers and rules; their exceptions are more
  size_t attributes = 0;  // besides `channel` and settings; 0: one for each letter of the shape
};

inline constexpr const char* kShapedVocabulary = "shaped-1.vocabulary";
struct ShapedPolicy {
  std::string vocabulary;
  std::string policy;
  SettingValues settings;               // some of the policy's, as a force decided them
  std::vector<std::string> conditions;  // some more, to ask about
};
ShapedPolicy draw_policy(const Shape& shape, uint64_t seed, ShapeSize size = {});

// Random numbers that are the same everywhere.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}
  // From 0 to n - 1.
  size_t below(size_t n) { return static_cast<size_t>(random_() % n); }
  bool chance(size_t percent) { return below(100) < percent; }

 private:
  std::mt19937_64 random_;
};

// Facts to ask a policy about; the settings are as they are in force. Many are aimed: a rule is
// chosen, and facts are drawn until its condition, and those that it is an exception to, hold.
class FactsDraw {
 public:
  FactsDraw(const Policy& policy, uint64_t seed) : policy_(policy), dice_(seed) {}
  // Each fact is missing with the chance given, as long as there are no more completions than that.
  Facts next(size_t missing_percent, size_t most_completions);

 private:
  Facts aimed();
  Facts complete();

  const Policy& policy_;
  Dice dice_;
};

}  // namespace firebreak::policy::testing
