// SPDX-License-Identifier: Apache-2.0
#include "policy/diagram.h"

#include <gtest/gtest.h>

#include <array>

namespace firebreak::policy::testing {
namespace {

constexpr uint32_t kWide = 100;

std::vector<bool> multiples_of(uint32_t step) {
  std::vector<bool> out(kWide);
  for (uint32_t i = 0; i < kWide; i += step) out[i] = true;
  return out;
}

uint32_t value_of(const Diagram& diagram, NodeId node, const std::array<uint32_t, 3>& values) {
  while (!diagram.is_terminal(node)) {
    node = diagram.children(node)[values[diagram.level(node)]];
  }
  return diagram.payload(node);
}

// Few nodes with many branches each: what is copied must not be cut short.
TEST(Diagram, CompactedIsTheSameFunction) {
  Diagram diagram({kWide, kWide, kWide}, 10'000);
  NodeId both = diagram.all_of(
      diagram.literal(0, multiples_of(2)),
      diagram.any_of(diagram.literal(1, multiples_of(3)), diagram.literal(2, multiples_of(7))));
  NodeId one = diagram.literal(2, multiples_of(5));
  ASSERT_FALSE(diagram.exhausted());
  const NodeId both_before = both;
  const NodeId one_before = one;
  const Diagram small = diagram.compacted(std::array<NodeId*, 2>{&both, &one});
  EXPECT_FALSE(small.exhausted());
  EXPECT_LE(small.node_count(), diagram.node_count());
  for (uint32_t i = 0; i < kWide; ++i) {
    for (uint32_t j = 0; j < kWide; ++j) {
      const std::array<uint32_t, 3> at = {i, j, (i * 31 + j) % kWide};
      ASSERT_EQ(value_of(small, both, at), value_of(diagram, both_before, at));
      ASSERT_EQ(value_of(small, one, at), value_of(diagram, one_before, at));
    }
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
