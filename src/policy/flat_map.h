// SPDX-License-Identifier: Apache-2.0
// A hash map from 64-bit keys to 32-bit values in one array, for the diagram's caches, where
// std::unordered_map costs several times as much. The key of all ones is not taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace firebreak::policy {

class FlatMap {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The value, or kNone.
  [[nodiscard]] uint32_t find(uint64_t key) const {
    if (slots_.empty()) return kNone;
    for (size_t at = mix(key) & mask();; at = (at + 1) & mask()) {
      if (slots_[at].key == key) return slots_[at].value;
      if (slots_[at].key == kFree) return kNone;
    }
  }
  // The key must not be there yet.
  void insert(uint64_t key, uint32_t value) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    place(key, value);
    ++used_;
  }
  [[nodiscard]] size_t size() const { return used_; }

 private:
  static constexpr uint64_t kFree = UINT64_MAX;
  struct Slot {
    uint64_t key = kFree;
    uint32_t value = 0;
  };

  // The finaliser of MurmurHash3: neighbouring keys go far apart.
  static uint64_t mix(uint64_t key) {
    key ^= key >> 33U;
    key *= 0xFF51AFD7ED558CCDULL;
    key ^= key >> 33U;
    key *= 0xC4CEB9FE1A85EC53ULL;
    return key ^ (key >> 33U);
  }
  [[nodiscard]] size_t mask() const { return slots_.size() - 1; }
  void place(uint64_t key, uint32_t value) {
    size_t at = mix(key) & mask();
    while (slots_[at].key != kFree) at = (at + 1) & mask();
    slots_[at] = {key, value};
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.key != kFree) place(slot.key, slot.value);
    }
  }

  std::vector<Slot> slots_;
  size_t used_ = 0;
};

}  // namespace firebreak::policy
