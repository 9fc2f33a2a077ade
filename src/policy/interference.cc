// SPDX-License-Identifier: Apache-2.0
#include "policy/interference.h"

namespace firebreak::policy {
namespace {

class Loosens final : public Operation {
 public:
  explicit Loosens(const Policy::Compiled& compiled) : compiled_(compiled) {}
  uint32_t on_terminals(uint32_t before, uint32_t after) override {
    const auto example = [&](uint32_t id) -> const Decision& {
      return compiled_.outcomes[compiled_.class_example[id]].decision;
    };
    return more_permissive(compiled_, example(before), example(after)) ? 1 : 0;
  }

 private:
  const Policy::Compiled& compiled_;
};

}  // namespace

std::vector<Influence> influences(const Policy::Compiled& compiled) {
  std::vector<Influence> out;
  for (uint32_t level = 0; level < compiled.space.levels().size(); ++level) {
    const Level& at = compiled.space.levels()[level];
    const Attribute& attribute = compiled.vocabulary.words.attributes[at.attribute];
    for (uint32_t value = 1; value < at.size; ++value) {
      Influence influence{level, value, at.attribute, std::nullopt};
      if (attribute.kind == AttributeKind::any_of) {
        influence.named = at.slot - attribute.first_slot;
      } else if (attribute.kind != AttributeKind::number) {
        influence.named = value;
      }
      out.push_back(influence);
    }
  }
  return out;
}

bool is_protected(const Policy::Compiled& compiled, const Influence& influence) {
  const Attribute& attribute = compiled.vocabulary.words.attributes[influence.attribute];
  return attribute.protected_reason ||
         (influence.named && attribute.values[*influence.named].is_protected);
}

NodeId comparable(Analysis& analysis, const Influence& influence) {
  Diagram& diagram = analysis.diagram();
  std::vector<bool> here(diagram.size(influence.level), false);
  here[influence.value] = true;
  return analysis.all({diagram.fix(analysis.possible(), influence.level, 0),
                       diagram.fix(analysis.possible(), influence.level, influence.value),
                       diagram.literal(influence.level, here)});
}

NodeId loosened(Analysis& analysis, const Influence& influence) {
  Diagram& diagram = analysis.diagram();
  const NodeId classes = analysis.compiled().classes;
  Loosens loosens(analysis.compiled());
  const NodeId looser = diagram.apply(loosens, diagram.fix(classes, influence.level, 0),
                                      diagram.fix(classes, influence.level, influence.value));
  return analysis.all({looser, comparable(analysis, influence)});
}

Facts without(const Policy::Compiled& compiled, Facts facts, const Influence& influence) {
  facts.set(compiled.space.levels()[influence.level].slot,
            compiled.space.raw_at(influence.level, 0));
  return facts;
}

}  // namespace firebreak::policy
