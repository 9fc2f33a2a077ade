// SPDX-License-Identifier: Apache-2.0
#include "policy/testing/shapes.h"

#include <algorithm>
#include <string_view>

#include "policy/reference.h"

namespace firebreak::policy::testing {
namespace {

constexpr size_t kChannels = 3;
constexpr size_t kClauses = 3;
constexpr size_t kConditions = 6;

// "c0, c2": one to three of them, each once.
std::string some_of(Dice& dice, const std::string& stem, size_t count) {
  const size_t first = dice.below(count);
  std::string out = stem + std::to_string(first);
  for (size_t i = first + 1; i < count && i < first + 3; ++i) {
    if (dice.chance(40)) out += ", " + stem + std::to_string(i);
  }
  return out;
}

// One attribute of the drawn vocabulary. Values are v0, v1, …, members m0, m1, …
struct ShapedAttribute {
  std::string name;
  char kind = 'o';
  size_t size = 0;  // values, members, or the highest number
};

class PolicyWriter {
 public:
  PolicyWriter(const Shape& shape, uint64_t seed, ShapeSize size)
      : shape_(shape), dice_(seed), rules_(size.rules) {
    const std::string_view kinds = shape.attributes;
    const size_t count = size.attributes == 0 ? kinds.size() : size.attributes;
    for (size_t i = 0; i < count; ++i) {
      const char kind = kinds[i % kinds.size()];
      const size_t of = kind == 'o' || kind == 'p'                  ? shape.values
                        : kind == 's' || kind == 'S' || kind == 'P' ? shape.members
                        : kind == 'n'                               ? shape.highest
                                                                    : 2;
      attributes_.push_back({"a" + std::to_string(i), kind, of});
    }
  }

  ShapedPolicy run() {
    ShapedPolicy out;
    out.vocabulary = vocabulary();
    out.policy = policy();
    out.settings = decided_;
    for (size_t i = 0; i < kConditions; ++i) out.conditions.push_back(condition(shape_.nesting));
    return out;
  }

 private:
  static std::string listed(const std::string& stem, size_t count, bool first_protected = false) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      const std::string name = stem + std::to_string(i);
      out.append("  ").append(name).append(" \"").append(name).append("\"");
      out += i == 0 && first_protected ? " protected\n" : "\n";
    }
    return out;
  }

  static std::string declared(const ShapedAttribute& attribute) {
    const std::string start = "attribute " + attribute.name;
    const std::string asked = " question \"?\"\n";
    switch (attribute.kind) {
      case 'y':
        return start + " yes/no" + asked;
      case 'n':
        return start + " number 0 to " + std::to_string(attribute.size) + asked;
      case 'p':
        return start + " one of protected \"Not asked for.\"\n" + listed("v", attribute.size);
      case 'o':
        return start + " one of" + asked + listed("v", attribute.size);
      default:
        break;
    }
    const char* some = attribute.kind == 'S' ? ", at least one" : "";
    return start + " any of" + some + asked + listed("m", attribute.size, attribute.kind == 'P');
  }

  std::string vocabulary() {
    std::string out = "vocabulary shaped version 1\n";
    out += "attribute channel one of question \"?\"\n" + listed("c", kChannels);
    for (const ShapedAttribute& attribute : attributes_) out += declared(attribute);
    for (size_t i = 0; i < shape_.impossible; ++i) {
      // Narrow enough to leave something possible.
      out += "impossible " + fact_test() + " and " + fact_test() + " and " + fact_test() +
             " because \"Statement " + std::to_string(i) + ".\"\n";
    }
    return out +
           "ranks low, mid, high\nfields f0 text, f1 text, f2 date\nbodies b0, b1, b2\n"
           "reasons w0, w1, w2\n";
  }

  std::string value_test(const std::string& name, const std::string& stem, size_t count) {
    const std::string is = name + (dice_.chance(60) ? " is " : " is not ");
    if (dice_.chance(50)) return is + stem + std::to_string(dice_.below(count));
    return is + "any of " + some_of(dice_, stem, count);
  }

  std::string set_test(const std::string& name, size_t count) {
    constexpr const char* kTests[] = {" includes any of ", " includes all of ",
                                      " includes none of ", " only "};
    const size_t chosen = dice_.below(6);
    if (chosen < 4) return name + kTests[chosen] + some_of(dice_, "m", count);
    if (chosen == 4) return name + (dice_.chance(50) ? " is empty" : " is not empty");
    return name + " includes m" + std::to_string(dice_.below(count));
  }

  std::string number_test(const std::string& name, size_t highest) {
    constexpr const char* kTests[] = {" at least ", " at most ", " above ", " below ", " is "};
    return name + kTests[dice_.below(std::size(kTests))] + std::to_string(dice_.below(highest + 1));
  }

  std::string fact_test() {
    const std::string_view preferred = shape_.tests;
    // A few throws find an attribute of a preferred kind.
    size_t at = dice_.below(attributes_.size() + 1);
    for (int i = 0; i < 8 && !preferred.empty() && dice_.chance(80); ++i) {
      if (at < attributes_.size() && preferred.find(attributes_[at].kind) != preferred.npos) break;
      at = dice_.below(attributes_.size());
    }
    if (at == attributes_.size()) return value_test("channel", "c", kChannels);
    const ShapedAttribute& attribute = attributes_[at];
    switch (attribute.kind) {
      case 'y':
        return dice_.chance(70) ? attribute.name : attribute.name + " is no";
      case 'n':
        return number_test(attribute.name, attribute.size);
      case 'o':
      case 'p':
        return value_test(attribute.name, "v", attribute.size);
      default:
        return set_test(attribute.name, attribute.size);
    }
  }

  std::string test() {
    if (!shape_.settings || dice_.chance(80)) return fact_test();
    return dice_.chance(60) ? value_test("open", "s", 3) : number_test("limit", 4);
  }

  std::string condition(size_t nesting) {
    if (nesting == 0) return test();
    if (dice_.chance(15)) return "not (" + condition(nesting - 1) + ")";
    const size_t parts = 1 + dice_.below(shape_.parts);
    const char* word = dice_.chance(65) ? " and " : " or ";
    std::string out;
    for (size_t i = 0; i < parts; ++i) out += (i == 0 ? "" : word) + condition(nesting - 1);
    return parts == 1 ? out : "(" + out + ")";
  }

  // A combination of values that no other of the first rules has: its digits are the rule's number.
  std::string key(size_t rule) {
    std::string out;
    for (const ShapedAttribute& attribute : attributes_) {
      if (attribute.kind != 'o' && attribute.kind != 'y') continue;
      const size_t digit = rule % attribute.size;
      rule /= attribute.size;
      if (!out.empty()) out += " and ";
      out += attribute.kind == 'y' ? attribute.name + (digit == 1 ? " is yes" : " is no")
                                   : attribute.name + " is v" + std::to_string(digit);
      if (rule == 0) break;
    }
    return out;
  }

  std::string sign_off() {
    std::string out = " after sign_off by ";
    const bool by_setting = shape_.settings && dice_.chance(60);
    if (dice_.chance(40)) out += by_setting && dice_.chance(70) ? "how_many of " : "2 of ";
    constexpr const char* kRanks[] = {"low", "mid", "high"};
    return out + (by_setting && dice_.chance(70) ? "who" : kRanks[dice_.below(3)]);
  }

  // What may follow the clauses: `more` is of permits alone.
  std::string bounds(bool more) {
    std::string out;
    if (more && dice_.chance(50)) out += " only by " + some_of(dice_, "c", kChannels);
    if (more && dice_.chance(40)) out += " disclose only " + some_of(dice_, "f", 3);
    if (more && dice_.chance(30)) out += " with reasons " + some_of(dice_, "w", 3);
    if (dice_.chance(30)) out += " report to " + some_of(dice_, "b", 3);
    if (dice_.chance(40)) out += " notify " + some_of(dice_, "b", 3);
    return out;
  }

  std::string under() { return " under C" + std::to_string(dice_.below(kClauses)); }

  std::string outcome() {
    if (dice_.chance(25)) return "refuse \"No.\"" + under() + (shape_.bound ? bounds(false) : "");
    std::string out = dice_.chance(20) ? "permit at discretion" : "permit";
    const bool signed_off = dice_.chance(50);
    if (signed_off) out += sign_off();
    out += under();
    if (!shape_.bound) return out;
    if (signed_off && dice_.chance(40)) {
      out += dice_.chance(50) ? " expires after 48 hours" : " expires after 2 days";
    }
    return out + bounds(true);
  }

  std::string rule(const std::string& keyword, const std::string& name, const std::string& when,
                   size_t depth) {
    const std::string indent(depth * 2, ' ');
    std::string out =
        indent + keyword + " " + name + "\n" + indent + "  when " + when + "\n" + indent + "  ";
    if (keyword == "never") {
      return out + "refuse \"Never.\"" + under() + (shape_.bound ? bounds(false) : "") + "\n";
    }
    out += pool_[dice_.below(pool_.size())] + "\n";
    for (size_t i = 0; i < 2 && depth < shape_.depth; ++i) {
      if (!dice_.chance(shape_.excepts)) continue;
      out += rule("except", name + (i == 0 ? "a" : "b"), condition(shape_.nesting), depth + 1);
    }
    return out;
  }

  std::string settings() {
    const auto decide = [&](const char* name, const std::string& value) {
      if (dice_.chance(50)) decided_.emplace(name, value);
    };
    decide("open", "s" + std::to_string(dice_.below(3)));
    decide("who", dice_.chance(50) ? "high" : "mid");
    decide("how_many", std::to_string(1 + dice_.below(3)));
    decide("limit", std::to_string(dice_.below(5)));
    return "setting open one of s0, s1, s2 \"?\" default s1 under C0\n"
           "setting who one of high, mid \"?\" default high under C1\n"
           "setting how_many number 1 to 3 \"?\" default 1 under C1\n"
           "setting limit number 0 to 4 \"?\" default 2 under C2\n";
  }

  std::string policy() {
    std::string out = "policy p version 1\n  uses vocabulary shaped 1\n";
    out += shape_.silent ? "  default not_covered \"The text is silent.\"\n"
                         : "  default refuse \"Nothing allows it.\" under C0\n";
    for (size_t i = 0; i < kClauses; ++i) {
      const std::string number = std::to_string(i);
      out.append("clause C").append(number).append(" \"Clause ").append(number);
      out += ".\" basis known\n";
    }
    if (shape_.settings) out += settings();
    for (size_t i = 0; i < shape_.outcomes; ++i) pool_.push_back(outcome());
    for (size_t i = 0; i < rules_; ++i) {
      const bool never = dice_.chance(shape_.nevers);
      std::string when = condition(shape_.nesting);
      // Nevers are narrow, so that something stands below them.
      if (never) when += " and " + test() + " and " + test();
      if (shape_.keyed && !never)
        when = dice_.chance(30) ? key(i).append(" and ").append(when) : key(i);
      out += rule(never ? "never" : "rule", "r" + std::to_string(i), when, 0);
    }
    return out;
  }

  const Shape& shape_;
  Dice dice_;
  size_t rules_;
  std::vector<ShapedAttribute> attributes_;
  std::vector<std::string> pool_;  // of outcomes
  SettingValues decided_;
};

size_t values_of(const Attribute& attribute) {
  if (attribute.kind == AttributeKind::any_of) return 2;
  if (attribute.kind != AttributeKind::number) return attribute.values.size();
  return static_cast<size_t>(attribute.maximum - attribute.minimum) + 1;
}

}  // namespace

ShapedPolicy draw_policy(const Shape& shape, uint64_t seed, ShapeSize size) {
  return PolicyWriter(shape, seed, size).run();
}

Facts FactsDraw::complete() {
  const Vocabulary& words = policy_.vocabulary();
  Facts out(words);
  for (const Attribute& attribute : words.attributes) {
    if (attribute.setting) continue;
    bool any = false;
    for (size_t i = 0; i < attribute.slots(); ++i) {
      const size_t value = dice_.below(values_of(attribute));
      any |= value != 0;
      out.set(attribute.first_slot + i, attribute.minimum + static_cast<int32_t>(value));
    }
    // Where no rule looks, SQL has no column to see that a set is empty that must not be.
    const bool seen = policy_.compiled().space.level_of(attribute.first_slot).has_value();
    if (attribute.at_least_one && !any && !seen) out.set(attribute.first_slot, 1);
  }
  return out;
}

Facts FactsDraw::aimed() {
  const Model& model = policy_.compiled().model;
  Facts out = complete();
  if (model.rules.empty() || dice_.chance(30)) return out;
  const auto target = static_cast<uint32_t>(dice_.below(model.rules.size()));
  const auto reaches = [&](const Facts& facts) {
    std::optional<uint32_t> rule = target;
    while (rule && holds(model.rules[*rule].when, policy_.vocabulary(), facts)) {
      rule = model.rules[*rule].parent;
    }
    return !rule;
  };
  for (int i = 0; i < 40 && !reaches(out); ++i) out = complete();
  return out;
}

Facts FactsDraw::next(size_t missing_percent, size_t most_completions) {
  Facts out = aimed();
  size_t completions = 1;
  const std::vector<Attribute>& attributes = policy_.vocabulary().attributes;
  // From a random place on, so that each fact has its turn when few completions are wanted.
  const size_t start = dice_.below(attributes.size());
  for (size_t i = 0; i < attributes.size(); ++i) {
    const Attribute& attribute = attributes[(start + i) % attributes.size()];
    const bool whole = dice_.chance(50);  // members of a set are missing together or singly
    const bool here = dice_.chance(missing_percent);
    if (attribute.setting) continue;
    for (size_t member = 0; member < attribute.slots(); ++member) {
      const bool taken = whole ? here : dice_.chance(missing_percent);
      if (!taken || completions * values_of(attribute) > most_completions) continue;
      completions *= values_of(attribute);
      out.set(attribute.first_slot + member, Facts::kMissing);
    }
  }
  return out;
}

}  // namespace firebreak::policy::testing
