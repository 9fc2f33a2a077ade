// SPDX-License-Identifier: Apache-2.0
// A diagram once more, laid out to be walked fast: one look-up for several facts at a time. A
// decision is then a few dependent loads, however many rules the policy has.
//
//   const Program program = lay_out(diagram, root, space, words);
//   uint32_t payload = program.walk(facts.data());
//   if (payload == Program::kLookCloser) payload = careful_walk(diagram, root, space,
//   facts.data());
//
// Levels that follow each other form groups: up to kLanes facts with few values each, or one
// number. A node that is entered from outside its group is a table with a reference for each
// combination of the group's facts. Settings stand at the value in force and take no step. What the
// tables do not hold (a missing fact, a value that its slot does not have, a setting that differs)
// is for careful_walk; so is the whole of a diagram that is too large for tables.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "policy/space.h"

namespace firebreak::policy {

struct Program {
  static constexpr size_t kLanes = 6;
  // A reference: the payload with this bit, or a group and where its table begins.
  static constexpr uint32_t kPayload = uint32_t{1} << 31U;
  static constexpr uint32_t kLookCloser = kPayload - 1;

  struct Lane {
    uint32_t slot;
    uint16_t size;    // how many values it has; of a number see Group::bands
    uint16_t stride;  // between the places of two values; 0 of a lane that is not used
  };
  struct alignas(64) Group {
    std::array<Lane, kLanes> lanes;  // those not used repeat the first
    uint32_t width = 1;              // of a table, but for its last reference, which is kLookCloser
    uint32_t first_band = 0;
    uint32_t bands = 0;  // of a number, whose table has one reference for each band
  };
  // A setting with the value it has in force.
  struct Settled {
    uint32_t slot;
    int32_t value;
  };

  std::vector<Group> groups;
  std::vector<uint32_t> tables;
  std::vector<int32_t> bands;  // as Level::bands, of one number after another
  std::vector<Settled> settled;
  uint32_t root = kPayload | kLookCloser;
  uint32_t table_bits = 0;  // of a reference, its place in `tables`; the group stands above

  // The payload for facts by slot, or kLookCloser.
  [[nodiscard]] uint32_t walk(const int32_t* facts) const {
    for (const Settled& setting : settled) {
      if (facts[setting.slot] != setting.value) return kLookCloser;
    }
    uint32_t at = root;
    while ((at & kPayload) == 0) {
      const Group& group = groups[group_of(at)];
      const uint32_t child = group.bands == 0 ? place(group, facts) : band(group, facts);
      if (child == kUnknown) return kLookCloser;
      at = tables[table_of(at) + child];
    }
    return at & ~kPayload;
  }

  [[nodiscard]] uint32_t group_of(uint32_t reference) const { return reference >> table_bits; }
  [[nodiscard]] uint32_t table_of(uint32_t reference) const {
    return reference & ((uint32_t{1} << table_bits) - 1);
  }
  // Of a number that is not missing: its band. Without branches, which would be guessed wrongly.
  [[nodiscard]] uint32_t band_of(const Group& group, int32_t number) const {
    const int32_t* const first = bands.data() + group.first_band;
    const int32_t* at = first;
    for (uint32_t left = group.bands; left > 1;) {
      const uint32_t half = left / 2;
      at += at[half] <= number ? half : 0;
      left -= half;
    }
    return static_cast<uint32_t>(at - first);
  }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;

  static uint32_t place(const Group& group, const int32_t* facts) {
    return place(group, facts, std::make_index_sequence<kLanes>());
  }
  // Not as a loop, so that the loads of the lanes do not wait for each other.
  template <size_t... kLane>
  static uint32_t place(const Group& group, const int32_t* facts,
                        std::index_sequence<kLane...> /*lanes*/) {
    const std::array<uint32_t, kLanes> value = {
        static_cast<uint32_t>(facts[group.lanes[kLane].slot])...};
    const bool known = (true && ... && (value[kLane] < group.lanes[kLane].size));
    return known ? (0U + ... + (value[kLane] * group.lanes[kLane].stride)) : kUnknown;
  }
  [[nodiscard]] uint32_t band(const Group& group, const int32_t* facts) const {
    const int32_t number = facts[group.lanes[0].slot];
    return number == Facts::kMissing ? kUnknown : band_of(group, number);
  }
};

// References of one program: 16 MB. Beyond, tables are made narrower, and then not at all.
constexpr size_t kMostReferences = size_t{1} << 22U;

// The tables of the diagram below `root`, with the settings of `words` at their values in force.
// `most` is how many references they may hold.
Program lay_out(const Diagram& diagram, NodeId root, const Space& space, const Vocabulary& words,
                size_t most = kMostReferences);

// Walks the diagram itself, as it stands: `fact` gives the value of a slot. kUndecided when a fact
// that it looks at is missing or no value of its slot.
template <typename Fact>
uint32_t careful_walk(const Diagram& diagram, NodeId root, const Space& space, const Fact& fact) {
  NodeId node = root;
  while (!diagram.is_terminal(node)) {
    const uint32_t level = diagram.level(node);
    const Level& at = space.levels()[level];
    const int32_t raw = fact(at.slot);
    const bool known =
        at.bands.empty() ? static_cast<uint32_t>(raw) < at.size : raw != Facts::kMissing;
    if (!known) return kUndecided;
    node = diagram.children(node)[space.value_at(level, raw)];
  }
  return diagram.payload(node);
}

}  // namespace firebreak::policy
