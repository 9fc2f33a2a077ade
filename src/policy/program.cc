// SPDX-License-Identifier: Apache-2.0
#include "policy/program.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace firebreak::policy {
namespace {

// Wider tables take fewer steps and more memory, which must stay near.
constexpr std::array<uint32_t, 4> kWidths = {64, 16, 4, 1};
// A column of places in a batch (batch.cc) holds 16 bits.
constexpr uint32_t kMostBands = 60'000;

class LayOut {
 public:
  LayOut(const Diagram& diagram, const Space& space, const Vocabulary& words, uint32_t width,
         size_t most)
      : diagram_(diagram), most_(most) {
    for (uint32_t level = 0; level < space.levels().size(); ++level) {
      const Level& at = space.levels()[level];
      const Attribute& attribute = words.attributes[at.attribute];
      if (attribute.setting) {
        out_.settled.push_back({at.slot, attribute.setting->value});
        steps_.push_back({kSettled, space.value_at(level, attribute.setting->value)});
      } else {
        add_to_group(at, width);
      }
    }
  }

  // Nothing when the tables would be too large.
  std::optional<Program> run(NodeId root) {
    const uint32_t group_bits = static_cast<uint32_t>(std::bit_width(out_.groups.size()));
    if (group_bits > 16) return std::nullopt;
    out_.table_bits = 31 - group_bits;
    out_.root = reference(root);
    return too_large() ? std::nullopt : std::optional(std::move(out_));
  }

 private:
  static constexpr uint32_t kSettled = UINT32_MAX;
  // What to do on a level of the diagram: the group and the lane, or the child to follow.
  struct Step {
    uint32_t group = kSettled;
    uint32_t lane_or_child = 0;
  };

  void add_to_group(const Level& level, uint32_t width) {
    const bool number = !level.bands.empty();
    const auto size = static_cast<uint16_t>(std::min(level.size, kMostBands));
    const bool joins = !number && lanes_ > 0 && lanes_ < Program::kLanes &&
                       out_.groups.back().width * level.size <= width;
    if (!joins) {
      out_.groups.emplace_back();
      out_.groups.back().lanes.fill({level.slot, size, 0});
      lanes_ = 0;
    }
    Program::Group& group = out_.groups.back();
    steps_.push_back(
        {static_cast<uint32_t>(out_.groups.size() - 1), static_cast<uint32_t>(lanes_)});
    group.lanes[lanes_] = {level.slot, size, static_cast<uint16_t>(group.width)};
    group.width *= level.size;
    lanes_ = number ? Program::kLanes : lanes_ + 1;
    if (!number) return;
    group.first_band = static_cast<uint32_t>(out_.bands.size());
    group.bands = level.size;
    out_.bands.insert(out_.bands.end(), level.bands.begin(), level.bands.end());
  }

  [[nodiscard]] bool too_large() const {
    return out_.tables.size() > std::min(most_, size_t{1} << out_.table_bits);
  }

  // The node below which no setting is looked at first.
  [[nodiscard]] NodeId settled(NodeId node) const {
    while (!diagram_.is_terminal(node) && steps_[diagram_.level(node)].group == kSettled) {
      node = diagram_.children(node)[steps_[diagram_.level(node)].lane_or_child];
    }
    return node;
  }

  uint32_t reference(NodeId node) {
    node = settled(node);
    if (diagram_.is_terminal(node)) return Program::kPayload | diagram_.payload(node);
    if (too_large()) return Program::kPayload | Program::kLookCloser;
    const uint32_t known = done_.find(node);
    if (known != FlatMap::kNone) return known;
    const uint32_t group = steps_[diagram_.level(node)].group;
    std::vector<uint32_t> table(out_.groups[group].width + 1,
                                Program::kPayload | Program::kLookCloser);
    if (out_.groups[group].bands <= kMostBands) fill(table, group, node, 0, 0);
    const uint32_t out = add(group, table);
    done_.insert(node, out);
    return out;
  }

  // The references of all combinations of the lanes from `lane` on; `first` is what those before it
  // come to.
  void fill(std::vector<uint32_t>& table, uint32_t group, NodeId node, uint32_t lane,
            uint32_t first) {
    node = settled(node);
    const Program::Group& at = out_.groups[group];
    if (lane == Program::kLanes || at.lanes[lane].stride == 0) {
      table[first] = reference(node);
      return;
    }
    const Step here = diagram_.is_terminal(node) ? Step{} : steps_[diagram_.level(node)];
    const bool looks = here.group == group && here.lane_or_child == lane;
    for (uint32_t value = 0; value < at.lanes[lane].size; ++value) {
      fill(table, group, looks ? diagram_.children(node)[value] : node, lane + 1,
           first + value * at.lanes[lane].stride);
    }
  }

  // Where the table stands. One whose references are all the same is left out: with the settings in
  // force the facts of its group make no difference. An equal one is not kept twice.
  uint32_t add(uint32_t group, const std::vector<uint32_t>& table) {
    if (std::all_of(table.begin(), table.end() - 1,
                    [&](uint32_t reference) { return reference == table[0]; })) {
      return table[0];
    }
    uint64_t key = group;
    for (const uint32_t each : table) key = (key ^ each) * 0xFF51AFD7ED558CCDULL ^ (key >> 29U);
    key &= ~uint64_t{1};  // never the one key that FlatMap does not take
    const uint32_t known = tables_.find(key);
    if (known != FlatMap::kNone && out_.group_of(known) == group &&
        std::equal(table.begin(), table.end(), out_.tables.begin() + out_.table_of(known))) {
      return known;
    }
    const auto out = static_cast<uint32_t>(uint64_t{group} << out_.table_bits | out_.tables.size());
    out_.tables.insert(out_.tables.end(), table.begin(), table.end());
    if (known == FlatMap::kNone) tables_.insert(key, out);
    return out;
  }

  const Diagram& diagram_;
  size_t most_;
  Program out_;
  std::vector<Step> steps_;  // by level
  size_t lanes_ = 0;         // used in the last group
  FlatMap done_;             // by node
  FlatMap tables_;           // by what they hold
};

}  // namespace

Program lay_out(const Diagram& diagram, NodeId root, const Space& space, const Vocabulary& words,
                size_t most) {
  for (const uint32_t width : kWidths) {
    std::optional<Program> out = LayOut(diagram, space, words, width, most).run(root);
    if (out) return *std::move(out);
  }
  return {};
}

}  // namespace firebreak::policy
