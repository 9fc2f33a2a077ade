// SPDX-License-Identifier: Apache-2.0
// What is asked of a policy as formulas.
#include <utility>

#include "policy/testing/z3_policy.h"

namespace firebreak::policy::testing {

z3::expr Z3Policy::breaks(const Assertion& assertion) const {
  const auto decided = [&](Outcome outcome) {
    return parts_[0] == number(static_cast<int64_t>(outcome));
  };
  if (assertion.kind == Assertion::Kind::always_permit) return !decided(Outcome::permit);
  z3::expr allowed = !decided(Outcome::refuse);
  if (assertion.kind == Assertion::Kind::always_refuse || !assertion.unless_rank) return allowed;
  return allowed && !(decided(Outcome::sign_off) &&
                      parts_[3] >= number(static_cast<int64_t>(*assertion.unless_rank)) &&
                      parts_[4] >= number(assertion.unless_count));
}

z3::expr Z3Policy::equal(const Facts& facts) const {
  z3::expr out = context_.bool_val(true);
  for (size_t slot = 0; slot < slots_.size(); ++slot) {
    if (facts[slot] != Facts::kMissing) out = out && value_is(slot, facts[slot]);
  }
  return out;
}

z3::expr Z3Policy::literal(const z3::expr& formula) {
  const z3::expr out = context_.bool_const(("name." + std::to_string(names_++)).c_str());
  solver_.add(out == formula);
  return out;
}

z3::expr Z3Policy::value_literal(size_t slot, int32_t value) {
  if (slots_[slot].is_bool()) return value_is(slot, value);
  const std::pair key(slot, value);
  const auto found = value_literals_.find(key);
  if (found != value_literals_.end()) return found->second;
  return value_literals_.emplace(key, literal(value_is(slot, value))).first->second;
}

z3::expr_vector Z3Policy::known(const Facts& facts) {
  z3::expr_vector out(context_);
  for (size_t slot = 0; slot < slots_.size(); ++slot) {
    if (facts[slot] != Facts::kMissing) out.push_back(value_literal(slot, facts[slot]));
  }
  return out;
}

bool Z3Policy::check(const z3::expr_vector& assumed) {
  const z3::check_result result = solver_.check(assumed);
  if (result == z3::unknown) throw z3::exception("Z3 gave up");
  return result == z3::sat;
}

bool Z3Policy::can_be(const z3::expr& formula) {
  z3::expr_vector assumed(context_);
  assumed.push_back(literal(possible_ && formula));
  return check(assumed);
}

z3::expr Z3Policy::differs(const AnswerParts& parts) const {
  z3::expr out = context_.bool_val(false);
  for (size_t i = 0; i < parts.size(); ++i) {
    const z3::expr same = parts_[i].is_bool() ? (parts[i] == 1 ? parts_[i] : !parts_[i])
                                              : parts_[i] == number(parts[i]);
    out = out || !same;
  }
  return out;
}

AnswerParts Z3Policy::read(const z3::model& model) const {
  AnswerParts out;
  for (const z3::expr& part : parts_) {
    const z3::expr value = model.eval(part, true);
    out.push_back(part.is_bool() ? static_cast<int64_t>(value.is_true())
                                 : value.get_numeral_int64());
  }
  return out;
}

Z3Verdict Z3Policy::decide(const Facts& facts) {
  Z3Verdict out;
  z3::expr_vector assumed = known(facts);
  assumed.push_back(possible_);
  out.valid = check(assumed);
  if (!out.valid) return out;
  out.parts = read(solver_.get_model());
  // What cannot be may settle on a refusal, but never on a permit.
  if (out.parts[0] != static_cast<int64_t>(Outcome::refuse)) assumed.pop_back();
  assumed.push_back(literal(differs(out.parts)));
  out.undetermined = check(assumed);
  return out;
}

std::vector<uint32_t> Z3Policy::rules_that_answer(const Facts& facts) {
  std::vector<uint32_t> out;
  if (!check(known(facts))) return out;
  const z3::model model = solver_.get_model();
  for (uint32_t i = 0; i < answers_.size(); ++i) {
    if (model.eval(answers_[i], true).is_true()) out.push_back(i);
  }
  return out;
}

bool Z3Policy::count_below(const std::vector<size_t>& slots_in, size_t at, const z3::expr& named,
                           z3::expr_vector& assumed, size_t& questions, uint64_t& out) {
  if (questions < 2) return false;
  questions -= 2;
  const auto is = [&](const z3::expr& literal) {
    assumed.push_back(literal);
    const bool found = check(assumed);
    assumed.pop_back();
    return found;
  };
  if (!is(named)) return true;
  const auto range = [&](size_t slot) {
    const Attribute& attribute = words_.attributes[attribute_of_[slot]];
    if (slots_[slot].is_bool()) return std::pair(0, 1);
    if (attribute.kind == AttributeKind::number) {
      return std::pair(attribute.minimum, attribute.maximum);
    }
    return std::pair(0, static_cast<int32_t>(attribute.values.size()) - 1);
  };
  if (!is(!named)) {
    uint64_t all = 1;
    for (size_t i = at; i < slots_in.size(); ++i) {
      const auto [low, high] = range(slots_in[i]);
      all *= static_cast<uint64_t>(high - low) + 1;
    }
    out += all;
    return true;
  }
  const auto [low, high] = range(slots_in[at]);
  for (int32_t value = low; value <= high; ++value) {
    assumed.push_back(value_literal(slots_in[at], value));
    const bool counted = count_below(slots_in, at + 1, named, assumed, questions, out);
    assumed.pop_back();
    if (!counted) return false;
  }
  return true;
}

std::optional<uint64_t> Z3Policy::count(const z3::expr& formula, const std::vector<size_t>& slots,
                                        size_t most) {
  uint64_t out = 0;
  z3::expr_vector assumed(context_);
  const z3::expr named = literal(possible_ && formula);
  if (!count_below(slots, 0, named, assumed, most, out)) return std::nullopt;
  return out;
}

}  // namespace firebreak::policy::testing
