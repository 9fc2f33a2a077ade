// SPDX-License-Identifier: Apache-2.0
#include "channel/phone/number_finder.h"

#include <algorithm>

namespace firebreak::phone {

void NumberFinder::add(std::string_view digits, uint32_t index) {
  uint32_t node = 0;
  for (const char c : digits) {
    const auto digit = static_cast<size_t>(c - '0');
    if (nodes_[node].next.at(digit) == kNone) {
      nodes_[node].next.at(digit) = static_cast<uint32_t>(nodes_.size());
      nodes_.emplace_back();
    }
    node = nodes_[node].next.at(digit);
  }
  nodes_[node].index = std::min(nodes_[node].index, index);
}

// The places reached from `from` by one more character. The root is always reached: a number may
// begin anywhere.
void NumberFinder::step(DialledSymbol symbol, const std::vector<uint32_t>& from,
                        std::vector<uint32_t>& to) const {
  to.assign(1, 0);
  for (const uint32_t node : from) {
    if (symbol.may_be_dropped && node != 0) to.push_back(node);
    for (unsigned digit = 0; digit < 10; ++digit) {
      const bool may_be = ((symbol.digits >> digit) & 1U) != 0;
      if (may_be && nodes_[node].next.at(digit) != kNone) {
        to.push_back(nodes_[node].next.at(digit));
      }
    }
  }
  // Only where a character can be read in several ways is a place reached twice.
  if (!symbol.may_be_dropped) return;
  std::ranges::sort(to);
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

std::optional<uint32_t> NumberFinder::find(std::span<const DialledSymbol> symbols) const {
  std::vector<uint32_t> reached{0};
  std::vector<uint32_t> next;
  for (const DialledSymbol symbol : symbols) {
    if (symbol.digits == 0) continue;
    step(symbol, reached, next);
    reached.swap(next);
    uint32_t found = kNone;
    for (const uint32_t node : reached) found = std::min(found, nodes_[node].index);
    if (found != kNone) return found;
  }
  return std::nullopt;
}

}  // namespace firebreak::phone
