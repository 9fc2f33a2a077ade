// SPDX-License-Identifier: Apache-2.0
// What is asked of a policy besides its own text before it may be put in force: the floor
// (floor.h), and on top of it the assertions that a force makes of every policy.
//
//   Demands demands(force_assertions);
//   load_file(path, source, demands.extension(), settings);   // before the model is compiled
//   demands.sources()[*assertion.demand].name()               // whose assertion it is
#pragma once

#include <deque>
#include <vector>

#include "policy/check.h"
#include "policy/loader.h"
#include "policy/source.h"

namespace firebreak::policy {

class Demands {
 public:
  static constexpr size_t kFloor = 0;  // the floor's index among the sources

  explicit Demands(std::vector<ForceAssertion> own) : own_(std::move(own)) {}

  // Adds them to a model, each assertion with the index of its source in `demand`. It reports a
  // vocabulary that cannot keep the floor, and an assertion of the force that cannot be read. This
  // object must outlive it.
  Extension extension();
  // The floor, then the force's assertions, each a text of its own named after what it says. Empty
  // until the extension has run.
  [[nodiscard]] const std::deque<Source>& sources() const { return sources_; }

 private:
  bool add_own(size_t index, const Vocabulary& words, Model& model, std::vector<Finding>& findings);

  std::vector<ForceAssertion> own_;
  std::deque<Source> sources_;  // findings refer to them, so they do not move
};

}  // namespace firebreak::policy
