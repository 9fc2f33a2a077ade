// SPDX-License-Identifier: Apache-2.0
// A value that threads read while another replaces it: each reader sees one whole value. Earlier
// values stay, because readers hold references into them: for what changes a few times a year.
//
//   Live<Config> config(first);
//   const Destination* desk = config().destination("immigration-desk");   // from any thread
//   config.replace(std::move(next));
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace firebreak::record {

template <typename Value>
class Live {
 public:
  explicit Live(Value first) : state_(std::make_unique<State>()) { replace(std::move(first)); }

  // Valid as long as this object.
  [[nodiscard]] const Value& operator()() const { return *state_->now.load(); }

  void replace(Value next) {
    const std::scoped_lock lock(state_->mutex);
    state_->all.push_back(std::make_unique<const Value>(std::move(next)));
    state_->now.store(state_->all.back().get());
  }

 private:
  struct State {
    std::mutex mutex;
    std::vector<std::unique_ptr<const Value>> all;
    std::atomic<const Value*> now{nullptr};
  };
  std::unique_ptr<State> state_;
};

}  // namespace firebreak::record
