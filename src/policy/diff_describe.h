// SPDX-License-Identifier: Apache-2.0
// Describes the groups of a difference one after the other, each by the conditions of its regions;
// a group may leave out what the ones before it describe.
//
//   DiffDescriber describer(joint);
//   auto small = describer.describe(few);     // "action is share and …"
//   auto large = describer.describe(many);    // "recipient is police, except" the first of them
//
// What a description holds exactly is its `node`, made from the condition that is shown.
#pragma once

#include <optional>
#include <vector>

#include "policy/joint.h"
#include "policy/region.h"

namespace firebreak::policy {

struct DiffDescription {
  std::vector<Condition> parts;  // joined by `and`; none: everywhere
  std::vector<size_t> except;    // descriptions, counted from 0 as they were made, taken out of it
  Condition condition;           // the parts and the exceptions
  NodeId node = 0;               // the possible situations in which it holds
};

class DiffDescriber {
 public:
  explicit DiffDescriber(Joint& joint);

  // The descriptions together hold at least `on`, and the caller proves that they hold nothing
  // else. The largest first. Nothing when the diagram has no room to work in.
  std::optional<std::vector<DiffDescription>> describe(NodeId on);

 private:
  // What others may leave out: it leaves out nothing itself, so that nobody has to follow a chain.
  struct Plain {
    NodeId node;
    size_t place;
    Condition condition;
  };

  std::optional<std::vector<Region>> shortest(NodeId on);
  size_t length(const Region& region);
  DiffDescription complete(std::vector<Condition> parts);
  std::vector<const Plain*> met_by(NodeId node);
  NodeId compiled(const Condition& condition);
  void keep(NodeId on, const std::vector<DiffDescription>& made);

  Joint& joint_;
  Diagram& diagram_;
  std::vector<Plain> plain_;
  NodeId all_plain_;
  size_t made_ = 0;
};

}  // namespace firebreak::policy
