// SPDX-License-Identifier: Apache-2.0
#include "policy/diff_describe.h"

#include <algorithm>

#include "policy/condition_text.h"

namespace firebreak::policy {
namespace {

// What a region costs to read beside its condition, in letters, and what an exception does.
constexpr size_t kRegionLength = 120;
constexpr size_t kExceptionLength = 25;

using DescriptionParts = std::vector<Condition>;

// Two regions that differ in one part each are one region, with either part.
class AlikeMerger {
 public:
  explicit AlikeMerger(const Vocabulary& words) : words_(words) {}

  void merge(std::vector<DescriptionParts>& regions) {
    for (size_t i = 0; i < regions.size(); ++i) {
      for (size_t j = i + 1; j < regions.size();) {
        std::optional<DescriptionParts> both = merged(regions[i], regions[j]);
        if (!both) {
          ++j;
          continue;
        }
        regions[i] = std::move(*both);
        regions.erase(regions.begin() + static_cast<std::ptrdiff_t>(j));
        j = i + 1;
      }
    }
  }

 private:
  static uint32_t first_attribute(const Condition& condition) {
    return condition.parts.empty() ? condition.attribute : first_attribute(condition.parts[0]);
  }
  [[nodiscard]] std::vector<size_t> places_missing_in(const DescriptionParts& a,
                                                      const DescriptionParts& b) const {
    std::vector<size_t> out;
    for (size_t i = 0; i < a.size(); ++i) {
      const std::string text = condition_text(a[i], words_);
      if (std::ranges::none_of(
              b, [&](const Condition& one) { return condition_text(one, words_) == text; })) {
        out.push_back(i);
      }
    }
    return out;
  }

  [[nodiscard]] std::optional<DescriptionParts> merged(const DescriptionParts& a,
                                                       const DescriptionParts& b) const {
    if (a.size() != b.size() || a.size() < 3) return std::nullopt;
    const std::vector<size_t> in_a = places_missing_in(a, b);
    const std::vector<size_t> in_b = places_missing_in(b, a);
    if (in_a.size() != 1 || in_b.size() != 1) return std::nullopt;
    std::vector<Condition> either;
    for (const Condition& part : {a[in_a[0]], b[in_b[0]]}) {
      const bool several = part.kind == Condition::Kind::disjunction;
      const std::vector<Condition> each = several ? part.parts : std::vector{part};
      either.insert(either.end(), each.begin(), each.end());
    }
    std::ranges::stable_sort(either, {}, first_attribute);
    DescriptionParts out = a;
    out[in_a[0]] = group_of(Condition::Kind::disjunction, std::move(either));
    return out;
  }

  const Vocabulary& words_;
};

}  // namespace

DiffDescriber::DiffDescriber(Joint& joint)
    : joint_(joint), diagram_(joint.diagram), all_plain_(joint.diagram.falsehood()) {}

std::optional<std::vector<DiffDescription>> DiffDescriber::describe(NodeId on) {
  const auto found = shortest(on);
  if (!found) return std::nullopt;
  std::vector<DescriptionParts> regions;
  for (const Region& region : *found) {
    regions.push_back(condition_parts(region_condition(region, joint_.space, joint_.words)));
  }
  AlikeMerger(joint_.words).merge(regions);
  std::vector<std::pair<Count, DiffDescription>> counted;
  for (DescriptionParts& parts : regions) {
    DiffDescription one = complete(std::move(parts));
    Count situations = count_true(diagram_, joint_.space, one.node);
    counted.emplace_back(std::move(situations), std::move(one));
  }
  if (diagram_.exhausted()) return std::nullopt;
  std::ranges::stable_sort(counted, std::greater{}, [](const auto& one) { return one.first; });
  std::vector<DiffDescription> out;
  out.reserve(counted.size());
  for (auto& [situations, one] : counted) out.push_back(std::move(one));
  keep(on, out);
  return out;
}

// With exceptions or without, whichever there is less to read of.
std::optional<std::vector<Region>> DiffDescriber::shortest(NodeId on) {
  const NodeId off = diagram_.all_of(joint_.possible, diagram_.negation(on));
  const RegionLength one = [this](const Region& region) { return length(region); };
  auto alone = describe_by_regions(diagram_, joint_.space, on, off, one);
  if (plain_.empty() || !alone || alone->size() == 1) return alone;
  const NodeId outside = diagram_.all_of(off, diagram_.negation(all_plain_));
  auto beside = describe_by_regions(diagram_, joint_.space, on, outside, one);
  if (!beside) return alone;
  const auto all = [&](const std::vector<Region>& regions) {
    size_t out = 0;
    for (const Region& region : regions) out += length(region);
    return out;
  };
  return all(*beside) < all(*alone) ? beside : alone;
}

size_t DiffDescriber::length(const Region& region) {
  const Condition condition = region_condition(region, joint_.space, joint_.words);
  return kRegionLength + condition_text(condition, joint_.words).size() +
         kExceptionLength * met_by(region_node(diagram_, region)).size();
}

DiffDescription DiffDescriber::complete(std::vector<Condition> parts) {
  DiffDescription out;
  out.parts = std::move(parts);
  std::vector<Condition> all = out.parts;
  const NodeId wide = compiled(group_of(Condition::Kind::conjunction, out.parts));
  for (const Plain* plain : met_by(wide)) {
    out.except.push_back(plain->place);
    all.push_back(negation_of(plain->condition));
  }
  out.condition = group_of(Condition::Kind::conjunction, std::move(all));
  out.node = diagram_.all_of(compiled(out.condition), joint_.possible);
  return out;
}

std::vector<const DiffDescriber::Plain*> DiffDescriber::met_by(NodeId node) {
  std::vector<const Plain*> out;
  for (const Plain& plain : plain_) {
    if (diagram_.all_of(node, plain.node) != diagram_.falsehood()) out.push_back(&plain);
  }
  return out;
}

NodeId DiffDescriber::compiled(const Condition& condition) {
  const bool everywhere = condition.kind == Condition::Kind::conjunction && condition.parts.empty();
  return everywhere ? diagram_.truth()
                    : compile_condition(diagram_, joint_.space, joint_.words, condition);
}

// All of a group or nothing: a part of it, left out, would leave its other situations in.
void DiffDescriber::keep(NodeId on, const std::vector<DiffDescription>& made) {
  const bool plain =
      std::ranges::all_of(made, [](const DiffDescription& one) { return one.except.empty(); });
  for (const DiffDescription& one : made) {
    if (plain) plain_.push_back({one.node, made_, one.condition});
    ++made_;
  }
  if (plain) all_plain_ = diagram_.any_of(all_plain_, on);
}

}  // namespace firebreak::policy
