// SPDX-License-Identifier: Apache-2.0
#include "policy/condition_text.h"

#include <algorithm>
#include <map>
#include <set>

namespace firebreak::policy {

Condition negation_of(Condition inner) {
  Condition out;
  out.kind = Condition::Kind::negation;
  out.parts.push_back(std::move(inner));
  return out;
}

Condition group_of(Condition::Kind kind, std::vector<Condition> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Condition out;
  out.kind = kind;
  out.parts = std::move(parts);
  return out;
}

namespace {

std::string operand_names(const Condition& test, const Attribute& attribute) {
  std::string out;
  for (const int32_t value : test.operands) {
    out += (out.empty() ? "" : ", ") + attribute.values[static_cast<size_t>(value)].name;
  }
  return out;
}

std::string number_text(Test test, int32_t with) {
  const std::string number = std::to_string(with);
  if (test == Test::at_least) return " at least " + number;
  if (test == Test::at_most) return " at most " + number;
  if (test == Test::above) return " above " + number;
  return (test == Test::below ? " below " : " is ") + number;
}

std::string test_text(const Condition& test, const Vocabulary& words, bool negated) {
  const Attribute& attribute = words.attributes[test.attribute];
  const std::string any_of = test.operands.size() > 1 ? "any of " : "";
  switch (test.test) {
    case Test::is_any:
      if (attribute.kind == AttributeKind::yes_no && test.operands == std::vector<int32_t>{1}) {
        return (negated ? "not " : "") + attribute.name;
      }
      return attribute.name + (negated ? " is not " : " is ") + any_of +
             operand_names(test, attribute);
    case Test::empty:
      return attribute.name + (negated ? " is not empty" : " is empty");
    default:
      break;
  }
  std::string out = (negated ? "not " : "") + attribute.name;
  if (test.test == Test::only) return out + " only " + operand_names(test, attribute);
  if (test.test >= Test::at_least) return out + number_text(test.test, test.operands[0]);
  out += " includes ";
  out += test.test == Test::includes_any    ? any_of
         : test.test == Test::includes_none ? "none of "
                                            : "all of ";
  return out + operand_names(test, attribute);
}

Condition test_of(Test test, uint32_t attribute, std::vector<int32_t> operands) {
  Condition out;
  out.test = test;
  out.attribute = attribute;
  out.operands = std::move(operands);
  return out;
}

// Ranges of numbers, each as one condition.
Condition ranges(const Literal& literal, const Level& level) {
  std::vector<Condition> out;
  for (size_t i = 0; i < literal.values.size(); ++i) {
    if (!literal.values[i]) continue;
    const size_t first = i;
    while (i + 1 < literal.values.size() && literal.values[i + 1]) ++i;
    const bool to_end = i + 1 == level.bands.size();
    const int32_t low = level.bands[first];
    const int32_t high = to_end ? level.maximum : level.bands[i + 1] - 1;
    std::vector<Condition> both;
    if (low == high) {
      both.push_back(test_of(Test::equals, level.attribute, {low}));
    } else {
      if (first > 0) both.push_back(test_of(Test::at_least, level.attribute, {low}));
      if (!to_end) both.push_back(test_of(Test::at_most, level.attribute, {high}));
    }
    out.push_back(group_of(Condition::Kind::conjunction, std::move(both)));
  }
  return group_of(Condition::Kind::disjunction, std::move(out));
}

// One of the values, or none of the others, whichever names fewer.
Condition values_of(const Literal& literal, const Level& level, AttributeKind kind) {
  if (!level.bands.empty()) return ranges(literal, level);
  std::vector<int32_t> named;
  std::vector<int32_t> others;
  for (size_t i = 0; i < literal.values.size(); ++i) {
    (literal.values[i] ? named : others).push_back(static_cast<int32_t>(i));
  }
  if (kind == AttributeKind::yes_no && literal.values[0]) {
    return negation_of(test_of(Test::is_any, level.attribute, {1}));
  }
  if (others.size() >= named.size()) return test_of(Test::is_any, level.attribute, named);
  return negation_of(test_of(Test::is_any, level.attribute, others));
}

using Members = std::vector<int32_t>;

// What the parts of a region say of one set: members it has, members it lacks, lists of which it
// has one, and lists of which it has one unless it lacks all of the others listed with it.
struct SetParts {
  Members has;
  Members lacks;
  std::vector<Members> any;
  std::map<Members, Members> any_unless;
};

class RegionWriter {
 public:
  RegionWriter(const Space& space, const Vocabulary& words) : space_(space), words_(words) {}

  Condition write(const Region& region) {
    for (const Alternatives& any : region) sort(any);
    for (auto& [attribute, set] : sets_) write_set(attribute, set);
    std::stable_sort(parts_.begin(), parts_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Condition> out;
    out.reserve(parts_.size());
    for (auto& [attribute, part] : parts_) out.push_back(std::move(part));
    return group_of(Condition::Kind::conjunction, std::move(out));
  }

 private:
  [[nodiscard]] const Attribute& attribute_of(const Literal& one) const {
    return words_.attributes[space_.levels()[one.level].attribute];
  }
  [[nodiscard]] int32_t member_of(const Literal& one) const {
    return static_cast<int32_t>(space_.levels()[one.level].slot - attribute_of(one).first_slot);
  }

  // Parts that speak of one set alone wait for the others of that set.
  void sort(const Alternatives& any) {
    const Level& level = space_.levels()[any.front().level];
    const bool one_set = attribute_of(any.front()).kind == AttributeKind::any_of &&
                         std::ranges::all_of(any, [&](const Literal& one) {
                           return space_.levels()[one.level].attribute == level.attribute;
                         });
    Members has;
    Members lacks;
    for (const Literal& one : any) (one.values[1] ? has : lacks).push_back(member_of(one));
    if (!one_set || (any.size() > 1 && lacks.size() > 1)) {
      auto [first, part] = write_any(any);
      parts_.emplace_back(first, std::move(part));
      return;
    }
    SetParts& set = sets_[level.attribute];
    std::sort(has.begin(), has.end());
    if (any.size() == 1) {
      (has.empty() ? set.lacks : set.has).push_back(has.empty() ? lacks[0] : has[0]);
    } else if (lacks.empty()) {
      set.any.push_back(std::move(has));
    } else {
      set.any_unless[std::move(has)].push_back(lacks[0]);
    }
  }

  void write_set(uint32_t attribute, SetParts& set) {
    const size_t all = words_.attributes[attribute].values.size();
    std::sort(set.has.begin(), set.has.end());
    std::sort(set.lacks.begin(), set.lacks.end());
    const auto add = [&](Condition part) { parts_.emplace_back(attribute, std::move(part)); };
    for (auto& [any, unless] : set.any_unless) {
      std::sort(unless.begin(), unless.end());
      add(one_of_unless(attribute, any, unless, set.lacks));
    }
    const bool one_any = set.any.size() == 1 && set.has.empty();
    if (one_any && set.any[0].size() + set.lacks.size() == all && disjoint(set.any[0], set.lacks)) {
      if (set.lacks.empty()) return add(negation_of(test_of(Test::empty, attribute, {})));
      return add(test_of(Test::only, attribute, set.any[0]));
    }
    if (set.has.size() == 1) add(test_of(Test::includes_any, attribute, set.has));
    if (set.has.size() > 1) add(test_of(Test::includes_all, attribute, set.has));
    for (const Members& any : set.any) add(test_of(Test::includes_any, attribute, any));
    if (set.lacks.size() == all) return add(test_of(Test::empty, attribute, {}));
    if (!set.lacks.empty()) add(test_of(Test::includes_none, attribute, set.lacks));
  }
  // One of `any`, or none of `unless`. Where there are no other members but those that the set
  // lacks, that is: not `unless` alone.
  [[nodiscard]] Condition one_of_unless(uint32_t attribute, const Members& any,
                                        const Members& unless, const Members& lacks) const {
    std::set<int32_t> named(any.begin(), any.end());
    named.insert(unless.begin(), unless.end());
    named.insert(lacks.begin(), lacks.end());
    if (named.size() == words_.attributes[attribute].values.size()) {
      return negation_of(test_of(Test::only, attribute, unless));
    }
    return group_of(Condition::Kind::disjunction,
                    {test_of(Test::includes_any, attribute, any),
                     test_of(Test::includes_none, attribute, unless)});
  }
  static bool disjoint(const Members& a, const Members& b) {
    return std::ranges::none_of(
        a, [&](int32_t one) { return std::binary_search(b.begin(), b.end(), one); });
  }

  // The alternatives, and the first attribute among them.
  std::pair<uint32_t, Condition> write_any(const Alternatives& any) {
    std::map<uint32_t, std::pair<Members, Members>> sets;  // has one of these, lacks one of these
    std::vector<std::pair<uint32_t, Condition>> parts;
    for (const Literal& one : any) {
      const Level& level = space_.levels()[one.level];
      if (attribute_of(one).kind == AttributeKind::any_of) {
        auto& [has, lacks] = sets[level.attribute];
        (one.values[1] ? has : lacks).push_back(member_of(one));
      } else {
        parts.emplace_back(level.attribute, values_of(one, level, attribute_of(one).kind));
      }
    }
    for (auto& [attribute, members] : sets) {
      auto& [has, lacks] = members;
      std::sort(has.begin(), has.end());
      std::sort(lacks.begin(), lacks.end());
      if (!has.empty()) parts.emplace_back(attribute, test_of(Test::includes_any, attribute, has));
      if (lacks.size() == 1) {
        parts.emplace_back(attribute, test_of(Test::includes_none, attribute, lacks));
      } else if (!lacks.empty()) {
        parts.emplace_back(attribute, negation_of(test_of(Test::includes_all, attribute, lacks)));
      }
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const uint32_t first = parts.front().first;
    std::vector<Condition> out;
    out.reserve(parts.size());
    for (auto& [attribute, part] : parts) out.push_back(std::move(part));
    return {first, group_of(Condition::Kind::disjunction, std::move(out))};
  }

  const Space& space_;
  const Vocabulary& words_;
  std::map<uint32_t, SetParts> sets_;
  std::vector<std::pair<uint32_t, Condition>> parts_;
};

}  // namespace

std::string condition_text(const Condition& condition, const Vocabulary& words) {
  if (condition.kind == Condition::Kind::test) return test_text(condition, words, false);
  if (condition.kind == Condition::Kind::negation) {
    const Condition& inner = condition.parts[0];
    if (inner.kind == Condition::Kind::test) return test_text(inner, words, true);
    return "not (" + condition_text(inner, words) + ")";
  }
  if (condition.parts.empty()) return "anything at all";
  const bool conjunction = condition.kind == Condition::Kind::conjunction;
  std::string out;
  for (const Condition& part : condition.parts) {
    if (!out.empty()) out += conjunction ? " and " : " or ";
    out += conjunction ? part_text(part, words) : condition_text(part, words);
  }
  return out;
}

std::string part_text(const Condition& part, const Vocabulary& words) {
  const std::string text = condition_text(part, words);
  return part.kind == Condition::Kind::disjunction ? "(" + text + ")" : text;
}

std::vector<Condition> condition_parts(const Condition& condition) {
  if (condition.kind == Condition::Kind::conjunction) return condition.parts;
  return {condition};
}

std::optional<Condition> opposite_of(const Condition& test, const Vocabulary& words) {
  if (test.kind == Condition::Kind::negation) {
    const Condition& inner = test.parts[0];
    return inner.kind == Condition::Kind::test ? std::optional(inner) : std::nullopt;
  }
  if (test.kind != Condition::Kind::test) return std::nullopt;
  if (test.test == Test::includes_any) {
    return test_of(Test::includes_none, test.attribute, test.operands);
  }
  if (test.test == Test::includes_none) {
    return test_of(Test::includes_any, test.attribute, test.operands);
  }
  if (test.test != Test::is_any) return std::nullopt;
  const Attribute& attribute = words.attributes[test.attribute];
  std::vector<int32_t> others;
  for (int32_t i = 0; i < static_cast<int32_t>(attribute.values.size()); ++i) {
    if (std::ranges::find(test.operands, i) == test.operands.end()) others.push_back(i);
  }
  const bool yes = attribute.kind == AttributeKind::yes_no;
  if (yes || others.size() > test.operands.size()) return negation_of(test);
  return test_of(Test::is_any, test.attribute, others);
}

Condition region_condition(const Region& region, const Space& space, const Vocabulary& words) {
  if (!region.empty()) return RegionWriter(space, words).write(region);
  Condition everywhere;
  everywhere.kind = Condition::Kind::conjunction;
  return everywhere;
}

}  // namespace firebreak::policy
