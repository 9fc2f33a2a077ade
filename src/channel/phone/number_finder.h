// SPDX-License-Identifier: Apache-2.0
// Finds whether a dialled text can be read so that it contains one of many numbers. The numbers
// stand in a tree of digits; the text is gone through once, with every place of the tree that some
// reading of it has reached. Time: the text's length, however many numbers; with letters, which may
// stand for several digits or none, also the number of places reached.
//
//   NumberFinder finder;
//   finder.add("3069990123", 0);
//   finder.find(symbols_of("141 0306 999 0123"));     // 0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "channel/phone/dialled_text.h"

namespace firebreak::phone {

class NumberFinder {
 public:
  // `digits`: ASCII digits, at least one. Of a number that is added twice the first index is kept.
  void add(std::string_view digits, uint32_t index);

  // The index of the number that is complete first; of several complete at once the smallest.
  [[nodiscard]] std::optional<uint32_t> find(std::span<const DialledSymbol> symbols) const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Node {
    std::array<uint32_t, 10> next;
    uint32_t index = kNone;  // of the number that ends here
    Node() { next.fill(kNone); }
  };
  void step(DialledSymbol symbol, const std::vector<uint32_t>& from,
            std::vector<uint32_t>& to) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace firebreak::phone
