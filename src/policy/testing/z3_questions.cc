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
  const z3::expr allowed = !decided(Outcome::refuse);
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

bool Z3Policy::check(const z3::expr& formula) {
  solver_.push();
  solver_.add(formula);
  const z3::check_result result = solver_.check();
  solver_.pop();
  if (result == z3::unknown) throw z3::exception("Z3 gave up");
  return result == z3::sat;
}

bool Z3Policy::can_be(const z3::expr& formula) { return check(possible_ && formula); }

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
  solver_.push();
  solver_.add(equal(facts));
  solver_.push();
  solver_.add(possible_);
  out.valid = solver_.check() == z3::sat;
  if (out.valid) out.parts = read(solver_.get_model());
  solver_.pop();
  if (out.valid) {
    const z3::expr other = differs(out.parts);
    // What cannot be may settle on a refusal, but never on a permit.
    const bool refused = out.parts[0] == static_cast<int64_t>(Outcome::refuse);
    out.undetermined = check(refused ? possible_ && other : other);
  }
  solver_.pop();
  return out;
}

std::vector<uint32_t> Z3Policy::rules_that_answer(const Facts& facts) {
  std::vector<uint32_t> out;
  solver_.push();
  solver_.add(equal(facts));
  if (solver_.check() == z3::sat) {
    const z3::model model = solver_.get_model();
    for (uint32_t i = 0; i < answers_.size(); ++i) {
      if (model.eval(answers_[i], true).is_true()) out.push_back(i);
    }
  }
  solver_.pop();
  return out;
}

bool Z3Policy::count_below(const std::vector<size_t>& slots, size_t at, const z3::expr& formula,
                           size_t& questions, uint64_t& out) {
  if (questions < 2) return false;
  questions -= 2;
  if (!check(formula)) return true;
  const auto range = [&](size_t slot) {
    const Attribute& attribute = words_.attributes[attribute_of_[slot]];
    if (slots_[slot].is_bool()) return std::pair(0, 1);
    if (attribute.kind == AttributeKind::number) {
      return std::pair(attribute.minimum, attribute.maximum);
    }
    return std::pair(0, static_cast<int32_t>(attribute.values.size()) - 1);
  };
  if (!check(!formula)) {
    uint64_t all = 1;
    for (size_t i = at; i < slots.size(); ++i) {
      const auto [low, high] = range(slots[i]);
      all *= static_cast<uint64_t>(high - low) + 1;
    }
    out += all;
    return true;
  }
  const auto [low, high] = range(slots[at]);
  for (int32_t value = low; value <= high; ++value) {
    solver_.push();
    solver_.add(value_is(slots[at], value));
    const bool counted = count_below(slots, at + 1, formula, questions, out);
    solver_.pop();
    if (!counted) return false;
  }
  return true;
}

std::optional<uint64_t> Z3Policy::count(const z3::expr& formula, const std::vector<size_t>& slots,
                                        size_t most) {
  uint64_t out = 0;
  if (!count_below(slots, 0, possible_ && formula, most, out)) return std::nullopt;
  return out;
}

}  // namespace firebreak::policy::testing
