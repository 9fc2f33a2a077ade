// SPDX-License-Identifier: Apache-2.0
// The situations that a policy can tell apart, as levels of a diagram: one level for each one_of
// and yes/no, one for each member of an any_of, and numbers cut into bands at the constants that
// the policy compares them with. Attributes that the policy never looks at have no level.
//
//   Space space(vocabulary, uses_of(model, vocabulary), choose_order(model, vocabulary));
//   std::optional<uint32_t> level = space.level_of(slot);
//   space.value_at(*level, facts[slot]);                 // which child to follow
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <set>
#include <vector>

#include "policy/diagram.h"
#include "policy/model.h"

namespace firebreak::policy {

using Count = boost::multiprecision::cpp_int;

struct Level {
  uint32_t slot = 0;
  uint32_t attribute = 0;
  uint32_t size = 0;
  // Of a number: the least number of each band, ascending. Empty for the others.
  std::vector<int32_t> bands;
  int32_t maximum = 0;  // of a number
};

// The slots in the order of their levels; those of one attribute stand together.
using FactOrder = std::vector<uint32_t>;

// How often a policy looks at each attribute, and where it cuts numbers.
struct FactUses {
  std::vector<size_t> count;
  std::vector<std::set<int32_t>> cuts;  // the first number of each further band
};
FactUses uses_of(const Model& model, const VocabularyModel& vocabulary);

class Space {
 public:
  // `order` holds the slots of every attribute that is used, and no others.
  Space(const VocabularyModel& vocabulary, const FactUses& uses, const FactOrder& order);
  // The situations that either of two policies over `words` can tell apart, whichever is first.
  // Attributes beyond those of `words`, the settings of a policy, are left out.
  Space(const Vocabulary& words, const Space& one, const Space& other);

  [[nodiscard]] const std::vector<Level>& levels() const { return levels_; }
  [[nodiscard]] std::optional<uint32_t> level_of(size_t slot) const;
  [[nodiscard]] std::vector<uint32_t> sizes() const;
  // The child for a value of the slot that is not missing.
  [[nodiscard]] uint32_t value_at(uint32_t level, int32_t raw) const;
  // A value of the slot for a child, the least of a band.
  [[nodiscard]] int32_t raw_at(uint32_t level, uint32_t value) const;
  // How many values of the slot a child stands for.
  [[nodiscard]] uint32_t width(uint32_t level, uint32_t value) const;
  // How many combinations there are of the facts without a level.
  [[nodiscard]] Count unseen() const { return unseen_; }

 private:
  // Of a slot of the attribute; a number's bands begin at its minimum and at the cuts.
  void add_level(const Attribute& attribute, uint32_t index, size_t slot,
                 const std::set<int32_t>& cuts);

  std::vector<Level> levels_;
  std::vector<uint32_t> level_of_;  // by slot
  Count unseen_ = 1;
};

// The condition as a diagram.
NodeId compile_condition(Diagram& diagram, const Space& space, const Vocabulary& words,
                         const Condition& condition);

// How many situations of the space, each fact counted, `node` is true of.
Count count_true(const Diagram& diagram, const Space& space, NodeId node);

}  // namespace firebreak::policy
