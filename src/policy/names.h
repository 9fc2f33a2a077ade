// SPDX-License-Identifier: Apache-2.0
// A list of names to be looked up fast: by the eight bytes at each end and the length, which tell
// the names of a vocabulary apart nearly always.
//
//   Names names;
//   names.add("email");                    // is 0
//   names.find("telephone");               // Names::kNone when it is not there
#pragma once

#include <cstring>
#include <string_view>
#include <vector>

#include "policy/flat_map.h"

namespace firebreak::policy {

class Names {
 public:
  static constexpr uint32_t kNone = FlatMap::kNone;

  // Gives the name the next number. It must outlive this, and not be there yet.
  void add(std::string_view name) {
    const auto number = static_cast<uint32_t>(names_.size());
    names_.push_back(name);
    next_.push_back(kNone);
    const uint32_t first = first_.find(key(name));
    if (first == kNone) {
      first_.insert(key(name), number);
    } else {
      next_[number] = next_[first];
      next_[first] = number;
    }
  }

  [[nodiscard]] uint32_t find(std::string_view name) const {
    uint32_t at = first_.find(key(name));
    while (at != kNone && names_[at] != name) at = next_[at];
    return at;
  }

 private:
  static uint64_t key(std::string_view name) {
    uint64_t first = 0;
    uint64_t last = 0;
    if (name.size() >= sizeof first) {
      std::memcpy(&first, name.data(), sizeof first);
      std::memcpy(&last, name.data() + name.size() - sizeof last, sizeof last);
    } else {
      for (const char c : name) first = first << 8U | static_cast<uint8_t>(c);
    }
    // One bit less: FlatMap does not take the key of all ones.
    return (first ^ (last << 29U | last >> 35U) ^ name.size() * 0x9E3779B97F4A7C15ULL) >> 1U;
  }

  std::vector<std::string_view> names_;
  std::vector<uint32_t> next_;  // with the same key
  FlatMap first_;
};

}  // namespace firebreak::policy
