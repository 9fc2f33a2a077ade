// SPDX-License-Identifier: Apache-2.0
// Policies of named shapes and of any number of rules, over 30 attributes, for the tests and the
// bench of how compiling grows. The same shape and number give the same text everywhere.
//
//   for (const char* shape : kGrowing) …            // shapes that stay small
//   std::string text = GrowthText(shape, 1000).policy();
//   Policy::parse("p.policy", text, "growth-1.vocabulary", growth_vocabulary());
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace firebreak::policy::testing {

// table       each rule for one recipient, action and purpose, with further facts
// nested      rules for one recipient and action, with exceptions of exceptions
// teams       each rule for one team; those of a team overlap freely and answer alike
// nevers      each for one recipient; those of a recipient overlap freely
// scattered   rules of three facts that lie far apart in the vocabulary, answering alike
// mixed       in a hundred 5 nevers, 20 nested, 20 of teams, the rest of the table
inline constexpr std::array kGrowing = {"table", "nested", "teams", "nevers", "scattered", "mixed"};
// pairs       each rule pairs a member of one set with a member of another: exponential in any
//             order that keeps the members of a set together
// free        rules of facts at random, overlapping freely, that answer differently
// products    rules of three numbers each, whose bands multiply
inline constexpr std::array kBlowingUp = {"pairs", "free", "products"};

inline constexpr size_t kGrowthChoices = 12;  // one of 4 to 12 values
inline constexpr size_t kGrowthSets = 6;      // any of 4 to 8 members
inline constexpr size_t kGrowthFlags = 4;     // yes/no
inline constexpr size_t kGrowthNumbers = 2;   // 0 to 100
inline constexpr size_t kGrowthWide = 32;     // members of two large sets

inline constexpr size_t kGrowthFacts = kGrowthChoices + kGrowthSets + kGrowthFlags + kGrowthNumbers;

inline size_t growth_values(size_t choice) { return 4 + choice % 9; }
inline size_t growth_members(size_t set) { return 4 + set % 5; }

inline std::string growth_vocabulary() {
  const auto words = [](const char* stem, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      const std::string name = stem + std::to_string(i);
      out.append("  ").append(name).append(" \"").append(name).append("\"\n");
    }
    return out;
  };
  const auto attribute = [](const char* stem, size_t i, const char* kind) {
    return "attribute " + (stem + std::to_string(i)) + " " + kind + " question \"?\"\n";
  };
  std::string out = "vocabulary growth version 1\n";
  out += "attribute recipient one of question \"?\"\n" + words("r", 8);
  out += "attribute action one of question \"?\"\n" + words("a", 6);
  out += "attribute purpose one of question \"?\"\n" + words("p", 12);
  out += "attribute team one of question \"?\"\n" + words("t", 12);
  for (size_t i = 0; i < kGrowthChoices; ++i) {
    out += attribute("choice", i, "one of") + words("v", growth_values(i));
  }
  for (size_t i = 0; i < kGrowthSets; ++i) {
    out += attribute("set", i, "any of") + words("m", growth_members(i));
  }
  for (size_t i = 0; i < 2; ++i) out += attribute("wide", i, "any of") + words("m", kGrowthWide);
  for (size_t i = 0; i < kGrowthFlags; ++i) out += attribute("flag", i, "yes/no");
  for (size_t i = 0; i < kGrowthNumbers; ++i) out += attribute("number", i, "number 0 to 100");
  return out + "ranks low, mid, high\nfields f0 text, f1 text\nbodies b0\nreasons w0\n";
}

class GrowthText {
 public:
  GrowthText(std::string_view shape, size_t rules) : shape_(shape), rules_(rules) {}

  std::string policy() {
    out_ =
        "policy p version 1\n  uses vocabulary growth 1\n  default refuse \"nothing\" under C0\n"
        "clause C0 \"zero\" basis known\nclause C1 \"one\" basis known\n";
    while (made_ < rules_) section(shape_ == "mixed" ? mixed() : shape_);
    return std::move(out_);
  }

 private:
  // The same on every machine, which the distributions of the standard library are not.
  size_t below(size_t n) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return state_ % n;
  }

  [[nodiscard]] std::string_view mixed() const {
    const size_t part = made_ * 100 / rules_;
    return part < 5 ? "nevers" : part < 25 ? "nested" : part < 45 ? "teams" : "table";
  }

  void section(std::string_view shape) {
    if (shape == "table") table();
    if (shape == "nested") nested();
    if (shape == "teams") team();
    if (shape == "nevers") never();
    if (shape == "scattered") scattered();
    if (shape == "pairs") pair();
    if (shape == "free") rule("rule", free_facts(2 + below(5)), 0);
    if (shape == "products") product();
  }

  void rule(const std::string& keyword, const std::string& when, size_t depth) {
    const std::string indent(2 * depth, ' ');
    out_ += indent + keyword + " n" + std::to_string(made_) + " when " + when + "\n" + indent +
            "  " + outcome(keyword == "never") + "\n";
    ++made_;
  }

  // By the number of the rule, so that rules of one group may have the same.
  [[nodiscard]] std::string outcome(bool never) const {
    constexpr std::array kOutcomes = {
        "permit under C1", "refuse \"no\" under C0", "permit after sign_off by mid under C1",
        "permit disclose only f0 under C1", "permit after sign_off by high under C1"};
    return kOutcomes[never ? 1 : group_ % kOutcomes.size()];
  }

  // Tables, exceptions and teams are for recipients of their own, so that they do not meet.
  void table() {
    group_ = made_;
    const size_t cell = made_;
    rule("rule",
         key("recipient is r", cell % 4) + key(" and action is a", cell / 4 % 6) +
             key(" and purpose is p", cell / 24 % 12) + key(" and team is t", cell / 288 % 12) +
             " and " + near_facts(cell % 4, 1 + below(2)),
         0);
  }

  void nested() {
    const size_t cell = made_ / 4;
    group_ = cell;
    rule("rule",
         key("recipient is r", 4 + cell % 3) + key(" and action is a", cell / 3 % 6) +
             key(" and purpose is p", cell / 18 % 12) + key(" and team is t", cell / 216 % 12),
         0);
    for (size_t depth = 1; depth < 4 && made_ < rules_; ++depth) {
      ++group_;
      rule("except", near_facts(4 + cell % 3, 2), depth);
    }
  }

  void team() {
    group_ = made_ % 12;
    rule("rule",
         key("recipient is r7 and team is t", group_) + " and " + narrow_facts(2 * group_, 1, 4),
         0);
  }
  static std::string key(const std::string& text, size_t value) {
    return text + std::to_string(value);
  }

  void never() {
    const size_t cell = made_ % 8;
    rule("never", "recipient is r" + std::to_string(cell) + " and " + narrow_facts(2 * cell, 1, 3),
         0);
  }

  void scattered() {
    group_ = 1;
    rule("rule", narrow_facts(made_, 9, 3), 0);
  }

  void pair() {
    group_ = 1;
    const std::string member = " includes m" + std::to_string(made_ % kGrowthWide);
    const std::string again = " and choice0 is v" + std::to_string(made_ / kGrowthWide % 4);
    rule("rule", "wide0" + member + " and wide1" + member + (rules_ > kGrowthWide ? again : ""), 0);
  }

  void product() {
    group_ = below(5);
    std::string when;
    for (size_t i = 0; i < kGrowthNumbers; ++i) {
      const size_t from = below(95);
      when += key(key("number", i) + " at least ", from) + " and ";
      when += key(key("number", i) + " at most ", from + 1 + below(5)) + " and ";
    }
    rule("rule", when + free_facts(2), 0);
  }

  // Facts that a group of rules cares for: four attributes of the thirty.
  std::string near_facts(size_t group, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      out += (i == 0 ? "" : " and ") + any_fact(2 * group + below(4));
    }
    return out;
  }
  std::string free_facts(size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i)
      out += (i == 0 ? "" : " and ") + any_fact(below(kGrowthFacts));
    return out;
  }

  // Of attributes so far apart, from one on; few situations have them all.
  std::string narrow_facts(size_t first, size_t apart, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      out += (i == 0 ? "" : " and ") + narrow_fact(first + apart * i);
    }
    return out;
  }
  std::string narrow_fact(size_t attribute) {
    attribute %= kGrowthFacts;
    const size_t set = attribute - kGrowthChoices;  // wraps below
    if (attribute < kGrowthChoices) {
      return "choice" + std::to_string(attribute) + " is v" +
             std::to_string(below(growth_values(attribute)));
    }
    if (set >= kGrowthSets) return any_fact(attribute);
    const auto member = [&] { return "m" + std::to_string(below(growth_members(set))); };
    return "set" + std::to_string(set) + " includes all of " + member() + ", " + member();
  }

  // A test of one attribute, the four keys aside; they are counted round.
  std::string any_fact(size_t attribute) {
    attribute %= kGrowthFacts;
    if (attribute < kGrowthChoices) return choice_fact(attribute);
    attribute -= kGrowthChoices;
    if (attribute < kGrowthSets) return set_fact(attribute);
    attribute -= kGrowthSets;
    if (attribute < kGrowthFlags) {
      return "flag" + std::to_string(attribute) + (below(2) == 0 ? "" : " is no");
    }
    const std::string name = "number" + std::to_string(attribute - kGrowthFlags);
    return name + (below(2) == 0 ? " at least " : " below ") + std::to_string(10 * (1 + below(9)));
  }
  std::string choice_fact(size_t i) {
    const auto value = [&] { return "v" + std::to_string(below(growth_values(i))); };
    const std::string name = "choice" + std::to_string(i);
    if (below(3) == 0) return name + " is any of " + value() + ", " + value();
    return name + (below(4) == 0 ? " is not " : " is ") + value();
  }
  std::string set_fact(size_t i) {
    const auto member = [&] { return "m" + std::to_string(below(growth_members(i))); };
    constexpr std::array kTests = {" includes ", " includes any of ", " includes none of ",
                                   " only "};
    const size_t test = below(kTests.size());
    const std::string out = "set" + std::to_string(i) + kTests[test] + member();
    return test == 0 ? out : out + ", " + member();
  }

  std::string_view shape_;
  size_t rules_;
  size_t made_ = 0;
  size_t group_ = 0;
  uint64_t state_ = 20'261'122;
  std::string out_;
};

}  // namespace firebreak::policy::testing
