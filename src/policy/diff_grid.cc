// SPDX-License-Identifier: Apache-2.0
#include "policy/diff_grid.h"

#include <algorithm>

namespace firebreak::policy {
namespace {

constexpr size_t kMostGridValues = 16;  // of one attribute; with more nobody can read the grid

class GridMaker {
 public:
  GridMaker(Joint& joint, const DiffKindNodes& kinds) : joint_(joint), kinds_(kinds) {}

  std::optional<DiffGrid> run() {
    const auto chosen = attributes();
    if (!chosen) return std::nullopt;
    const auto [rows, columns] = *chosen;
    DiffGrid out{{rows, columns}, {}};
    for (uint32_t row = 0; row < size(rows); ++row) {
      std::vector<DiffCounts>& cells = out.cells.emplace_back();
      for (uint32_t column = 0; column < size(columns); ++column) {
        const NodeId cell = joint_.diagram.all_of(value(rows, row), value(columns, column));
        cells.push_back(counts_of(joint_, kinds_, cell));
      }
    }
    if (joint_.diagram.exhausted()) return std::nullopt;
    return out;
  }

 private:
  [[nodiscard]] size_t size(uint32_t attribute) const {
    return joint_.words.attributes[attribute].values.size();
  }
  // Whether a policy looks at it and it has one of a few values.
  [[nodiscard]] bool fit(uint32_t attribute) const {
    const Attribute& at = joint_.words.attributes[attribute];
    const bool one_value = at.kind == AttributeKind::one_of || at.kind == AttributeKind::yes_no;
    return one_value && size(attribute) <= kMostGridValues &&
           joint_.space.level_of(at.first_slot).has_value();
  }
  NodeId value(uint32_t attribute, uint32_t index) {
    std::vector<bool> marked(size(attribute), false);
    marked[index] = true;
    return joint_.diagram.literal(
        *joint_.space.level_of(joint_.words.attributes[attribute].first_slot), marked);
  }

  // Rows and columns.
  std::optional<std::pair<uint32_t, uint32_t>> attributes() {
    std::vector<uint32_t> all;
    std::optional<uint32_t> action;
    std::optional<uint32_t> recipient;
    for (uint32_t i = 0; i < joint_.words.attributes.size(); ++i) {
      if (!fit(i)) continue;
      all.push_back(i);
      if (joint_.words.attributes[i].name == "action") action = i;
      if (joint_.words.attributes[i].name == "recipient") recipient = i;
    }
    if (action && recipient) return std::pair(*action, *recipient);
    if (all.size() < 2) return std::nullopt;
    std::vector<std::pair<Count, uint32_t>> weighed;
    weighed.reserve(all.size());
    for (const uint32_t i : all) weighed.emplace_back(dependence(i), i);
    std::ranges::stable_sort(weighed, std::greater<>(), [](const auto& one) { return one.first; });
    return std::pair(weighed[0].second, weighed[1].second);
  }

  // How far the share of differing situations under each value is from the share in all, summed
  // over the situations, times a number that is the same for every attribute.
  Count dependence(uint32_t attribute) {
    const DiffCounts all = counts_of(joint_, kinds_, joint_.possible);
    Count out = 0;
    for (uint32_t i = 0; i < size(attribute); ++i) {
      const DiffCounts here = counts_of(joint_, kinds_, value(attribute, i));
      const Count off = here.differing() * all.situations - all.differing() * here.situations;
      out += off < 0 ? Count(-off) : off;
    }
    return out;
  }

  Joint& joint_;
  const DiffKindNodes& kinds_;
};

}  // namespace

DiffCounts counts_of(Joint& joint, const DiffKindNodes& kinds, NodeId inside) {
  const auto count = [&](NodeId node) {
    return count_true(joint.diagram, joint.space, joint.diagram.all_of(node, inside));
  };
  return {count(joint.possible), count(kinds.stricter), count(kinds.looser),
          count(kinds.otherwise)};
}

std::optional<DiffGrid> diff_grid(Joint& joint, const DiffKindNodes& kinds) {
  return GridMaker(joint, kinds).run();
}

}  // namespace firebreak::policy
