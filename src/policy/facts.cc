// SPDX-License-Identifier: Apache-2.0
// Facts from JSON and back.
#include <algorithm>

#include "policy/loader.h"
#include "policy/parser.h"
#include "policy/question.h"

namespace firebreak::policy {
namespace {

// What somebody wrote, short enough for a message. Facts are words of the vocabulary, so a wrong
// one is shown only as far as a word could go.
std::string shown(const std::string& text) {
  constexpr size_t kMost = 40;
  std::string out = text.substr(0, kMost);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
  return "`" + out + (text.size() > kMost ? "…`" : "`");
}

class FactsReader {
 public:
  FactsReader(const Vocabulary& words, ReadOptions options)
      : words_(words), options_(options), out_(words) {}

  Result<Facts> run(const Json& object) {
    if (!object.is_object()) {
      return bad_input("The facts must be an object with a member for each fact.", "facts");
    }
    for (const auto& [name, value] : object.items()) {
      const Attribute* attribute = words_.find(name);
      if (attribute == nullptr) {
        return bad_input("There is no attribute " + shown(name) + "." +
                             did_you_mean(name, attribute_names(words_)),
                         "facts");
      }
      FB_CHECK(read(*attribute, value));
    }
    return std::move(out_);
  }

 private:
  static Error fault(const Attribute& attribute, std::string message) {
    return bad_input(std::move(message), "facts." + attribute.name);
  }

  Result<void> read(const Attribute& attribute, const Json& value) {
    if (attribute.setting) {
      return fault(attribute, "`" + attribute.name +
                                  "` is a setting: the force decides it, not the question.");
    }
    if (options_.live && attribute.protected_reason) {
      return fault(attribute,
                   "`" + attribute.name + "` is not taken here. " + *attribute.protected_reason);
    }
    if (value.is_null()) {
      return fault(attribute,
                   "`" + attribute.name + "` has no value; leave out what is not known.");
    }
    switch (attribute.kind) {
      case AttributeKind::one_of:
        return read_one(attribute, value);
      case AttributeKind::yes_no:
        return read_yes_no(attribute, value);
      case AttributeKind::number:
        return read_number(attribute, value);
      case AttributeKind::any_of:
        return value.is_object() ? read_members(attribute, value) : read_set(attribute, value);
    }
    return {};
  }

  Result<size_t> value_index(const Attribute& attribute, const std::string& text) {
    const std::optional<size_t> index = attribute.value_index(text);
    if (index) return *index;
    return fault(attribute, "`" + attribute.name + "` has no value " + shown(text) + "." +
                                did_you_mean(text, value_names(attribute)));
  }

  Result<void> read_one(const Attribute& attribute, const Json& value) {
    if (!value.is_string()) {
      return fault(attribute, "`" + attribute.name + "` takes one of its values, as a text.");
    }
    FB_TRY(const size_t index, value_index(attribute, value.get_ref<const std::string&>()));
    out_.set(attribute.first_slot, static_cast<int32_t>(index));
    return {};
  }

  Result<void> read_yes_no(const Attribute& attribute, const Json& value) {
    if (value.is_boolean()) {
      out_.set(attribute.first_slot, value.get<bool>() ? 1 : 0);
      return {};
    }
    if (!value.is_string()) {
      return fault(attribute, "`" + attribute.name + "` takes true or false, \"yes\" or \"no\".");
    }
    return read_one(attribute, value);
  }

  Result<void> read_number(const Attribute& attribute, const Json& value) {
    const std::string range = "a whole number from " + std::to_string(attribute.minimum) + " to " +
                              std::to_string(attribute.maximum);
    const bool fits = value.is_number_integer() &&
                      (!value.is_number_unsigned() || value.get<uint64_t>() <= INT32_MAX) &&
                      value.get<int64_t>() >= attribute.minimum &&
                      value.get<int64_t>() <= attribute.maximum;
    if (!fits) return fault(attribute, "`" + attribute.name + "` takes " + range + ".");
    out_.set(attribute.first_slot, static_cast<int32_t>(value.get<int64_t>()));
    return {};
  }

  // A list is the whole set.
  Result<void> read_set(const Attribute& attribute, const Json& list) {
    if (!list.is_array()) {
      return fault(attribute, "`" + attribute.name +
                                  "` takes a list of its values, or an object of values to true or "
                                  "false.");
    }
    for (size_t i = 0; i < attribute.slots(); ++i) out_.set(attribute.first_slot + i, 0);
    for (const Json& member : list) {
      if (!member.is_string()) {
        return fault(attribute, "`" + attribute.name + "` takes a list of texts.");
      }
      FB_TRY(const size_t index, value_index(attribute, member.get_ref<const std::string&>()));
      if (out_[attribute.first_slot + index] == 1) {
        return fault(attribute, "`" + attribute.name + "` names " +
                                    shown(attribute.values[index].name) + " twice.");
      }
      out_.set(attribute.first_slot + index, 1);
    }
    return {};
  }

  // Members one by one; those not named are missing.
  Result<void> read_members(const Attribute& attribute, const Json& members) {
    for (const auto& [name, value] : members.items()) {
      FB_TRY(const size_t index, value_index(attribute, name));
      const bool yes = value == true || value == "yes";
      if (!yes && value != false && value != "no") {
        return fault(attribute, "`" + attribute.name + "." + attribute.values[index].name +
                                    "` takes true or false, \"yes\" or \"no\".");
      }
      out_.set(attribute.first_slot + index, yes ? 1 : 0);
    }
    return {};
  }

  const Vocabulary& words_;
  ReadOptions options_;
  Facts out_;
};

}  // namespace

Facts::Facts(const Vocabulary& vocabulary) : slots_(vocabulary.slot_count, kMissing) {
  for (const Attribute& attribute : vocabulary.attributes) {
    if (attribute.setting) slots_[attribute.first_slot] = attribute.setting->value;
  }
}

bool Facts::complete() const {
  return std::find(slots_.begin(), slots_.end(), kMissing) == slots_.end();
}

bool Facts::has(const Attribute& attribute) const {
  for (size_t i = 0; i < attribute.slots(); ++i) {
    if (slots_[attribute.first_slot + i] == kMissing) return false;
  }
  return true;
}

Result<void> refuse_impossible(const Policy::Compiled& compiled, const Facts& facts) {
  const Vocabulary& words = compiled.vocabulary.words;
  for (const Attribute& attribute : words.attributes) {
    if (!attribute.at_least_one) continue;
    bool empty = true;
    for (size_t i = 0; i < attribute.slots(); ++i) empty &= facts[attribute.first_slot + i] == 0;
    if (empty) {
      return bad_input(
          "`" + attribute.name + "` is never empty; leave it out when it is not known.",
          "facts." + attribute.name);
    }
  }
  if (can_be(compiled, compiled.diagram, compiled.possible, facts, true)) return {};
  std::string reasons;
  for (size_t i = 0; i < compiled.impossible.size(); ++i) {
    if (can_be(compiled, compiled.diagram, compiled.impossible[i], facts, false)) continue;
    reasons += " " + compiled.vocabulary.impossible[i].because;
  }
  if (reasons.empty()) {
    for (const Impossible& impossible : compiled.vocabulary.impossible) {
      reasons += " " + impossible.because;
    }
  }
  return bad_input("These facts cannot stand together." + reasons, "facts");
}

Result<Facts> Policy::read_facts(const Json& object, ReadOptions options) const {
  FB_TRY(Facts facts, FactsReader(vocabulary(), options).run(object));
  FB_CHECK(refuse_impossible(*compiled_, facts));
  return facts;
}

Json Policy::facts_json(const Facts& facts) const {
  Json out = Json::object();
  if (facts.size() != vocabulary().slot_count) return out;
  for (const Attribute& attribute : vocabulary().attributes) {
    if (attribute.setting) continue;
    const int32_t value = facts[attribute.first_slot];
    if (attribute.kind == AttributeKind::any_of) {
      const bool whole = facts.has(attribute);
      Json set = whole ? Json::array() : Json::object();
      for (size_t i = 0; i < attribute.values.size(); ++i) {
        const int32_t member = facts[attribute.first_slot + i];
        if (whole && member == 1) set.push_back(attribute.values[i].name);
        if (!whole && member != Facts::kMissing) set[attribute.values[i].name] = member == 1;
      }
      if (whole || !set.empty()) out[attribute.name] = std::move(set);
    } else if (value == Facts::kMissing) {
      continue;
    } else if (attribute.kind == AttributeKind::one_of) {
      out[attribute.name] = attribute.values[static_cast<size_t>(value)].name;
    } else if (attribute.kind == AttributeKind::yes_no) {
      out[attribute.name] = value == 1;
    } else {
      out[attribute.name] = value;
    }
  }
  return out;
}

}  // namespace firebreak::policy
