// SPDX-License-Identifier: Apache-2.0
#include "policy/vocabulary.h"

#include <algorithm>

namespace firebreak::policy {
namespace {

template <typename Items>
const typename Items::value_type* find_named(const Items& items, std::string_view name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::optional<size_t> Attribute::value_index(std::string_view value) const {
  const Value* found = find_named(values, value);
  if (found == nullptr) return std::nullopt;
  return static_cast<size_t>(found - values.data());
}

const Attribute* Vocabulary::find(std::string_view attribute) const {
  return find_named(attributes, attribute);
}
const Field* Vocabulary::find_field(std::string_view name) const {
  return find_named(fields, name);
}
const Word* Vocabulary::find_body(std::string_view name) const { return find_named(bodies, name); }
const Word* Vocabulary::find_reason(std::string_view name) const {
  return find_named(reasons, name);
}

std::optional<size_t> Vocabulary::rank_index(std::string_view rank) const {
  const Word* found = find_named(ranks, rank);
  if (found == nullptr) return std::nullopt;
  return static_cast<size_t>(found - ranks.data());
}

bool Vocabulary::is_enforcement(std::string_view recipient) const {
  return std::find(enforcement.begin(), enforcement.end(), recipient) != enforcement.end();
}

}  // namespace firebreak::policy
