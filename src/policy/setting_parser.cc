// SPDX-License-Identifier: Apache-2.0
// Where a policy declares what it leaves to the force.
#include "policy/parser.h"

namespace firebreak::policy {
namespace {

constexpr int32_t kMostSettingNumber = 1000;

bool setting_values(Cursor& cursor, Attribute& out) {
  if (cursor.accept("number")) {
    out.kind = AttributeKind::number;
    const auto low = cursor.number("the least number", 0, kMostSettingNumber);
    if (!low || !cursor.expect("to")) return false;
    const auto high = cursor.number("the greatest number", *low, kMostSettingNumber);
    if (!high) return false;
    out.minimum = *low;
    out.maximum = *high;
    return true;
  }
  if (!cursor.accept({"one", "of"})) return cursor.fail("`one of` or `number`");
  return cursor.list([&] {
    const Token* value = cursor.name("a value");
    if (value == nullptr) return false;
    if (out.value_index(value->text)) {
      cursor.faults().error(value->place, "`" + value->text + "` is listed twice.");
      return false;
    }
    out.values.push_back({value->text, value->text, false});
    return true;
  });
}

bool default_value(Cursor& cursor, const Attribute& setting, int32_t& out) {
  if (!cursor.expect("default")) return false;
  if (setting.kind == AttributeKind::number) {
    const auto value = cursor.number("the default", setting.minimum, setting.maximum);
    if (value) out = *value;
    return value.has_value();
  }
  const Token* name = cursor.name("a value of the setting");
  if (name == nullptr) return false;
  const std::optional<size_t> index = setting.value_index(name->text);
  if (!index) {
    cursor.faults().error(name->place, "`" + setting.name + "` has no value `" + name->text + "`." +
                                           did_you_mean(name->text, value_names(setting)));
    return false;
  }
  out = static_cast<int32_t>(*index);
  return true;
}

}  // namespace

bool parse_setting(Cursor& cursor, Vocabulary& words, const Clauses& clauses, Model& model) {
  DeclaredSetting declared;
  declared.place = cursor.peek().place;
  if (!cursor.expect("setting")) return false;
  const Token* name = cursor.name("a setting");
  if (name == nullptr) return false;
  if (words.find(name->text) != nullptr) {
    cursor.faults().error(name->place,
                          "There is an attribute or a setting `" + name->text + "` already.");
    return false;
  }
  Attribute setting;
  setting.name = name->text;
  setting.first_slot = words.slot_count;
  if (!setting_values(cursor, setting)) return false;
  const Token* text = cursor.text("what the force decides");
  if (text == nullptr) return false;
  setting.question = text->text;
  Setting in_force;
  if (!default_value(cursor, setting, in_force.value)) return false;
  setting.setting = in_force;
  if (!parse_under(cursor, clauses, declared.clauses)) return false;
  declared.attribute = static_cast<uint32_t>(words.attributes.size());
  words.attributes.push_back(std::move(setting));
  ++words.slot_count;
  model.settings.push_back(std::move(declared));
  return true;
}

bool no_such_attribute(Cursor& cursor, const Vocabulary& words, const Token& name) {
  const Token* setting = cursor.declared("setting", name.text);
  if (setting != nullptr && setting->place.offset > name.place.offset) {
    cursor.faults().error(
        name.place, "The setting `" + name.text + "` is declared below, in line " +
                        std::to_string(setting->place.line) + ": move it above what uses it.");
  } else if (setting == nullptr || !cursor.faults().failed()) {
    cursor.faults().error(name.place, "There is no attribute `" + name.text + "`" + not_in(words) +
                                          did_you_mean(name.text, attribute_names(words)));
  }
  return false;
}

std::optional<uint32_t> setting_named(const Vocabulary& words, const std::string& name,
                                      AttributeKind kind) {
  const Attribute* found = words.find(name);
  if (found == nullptr || !found->setting || found->kind != kind) return std::nullopt;
  return static_cast<uint32_t>(found - words.attributes.data());
}

}  // namespace firebreak::policy
