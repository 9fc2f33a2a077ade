// SPDX-License-Identifier: Apache-2.0
#include "register/config_table.h"

#include <algorithm>
#include <utility>

namespace firebreak::record {
namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::string toml_place(const std::string& file, const toml::source_region& source) {
  return file + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column);
}

std::string nearest_word(const std::set<std::string>& known, std::string_view word) {
  return *std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return edit_distance(a, word) < edit_distance(b, word);
  });
}

void Table::text(const char* key, std::string& out, bool required) {
  const auto* value = take(key, required);
  if (value == nullptr) return;
  const auto given = value->value_exact<std::string>();
  if (!given) return fail(*value, key, "is a text in quotes.");
  if (required && given->empty()) return fail(*value, key, "may not be empty.");
  const bool control = std::any_of(given->begin(), given->end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (control) return fail(*value, key, "may not hold control characters.");
  out = *given;
}

std::optional<int64_t> Table::whole_number(const char* key, int64_t least, int64_t most) {
  const auto* value = take(key, false);
  if (value == nullptr) return std::nullopt;
  const auto given = value->value_exact<int64_t>();
  if (given && *given >= least && *given <= most) return given;
  fail(*value, key,
       "is a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  return std::nullopt;
}

void Table::flag(const char* key, bool& out) {
  const auto* value = take(key, false);
  if (value == nullptr) return;
  const auto given = value->value_exact<bool>();
  if (!given) return fail(*value, key, "is true or false.");
  out = *given;
}

void Table::day(const char* key, std::optional<Day>& out) {
  const auto* value = take(key, false);
  if (value == nullptr) return;
  if (const auto date = value->value_exact<toml::date>()) {
    out = Day{std::chrono::year{date->year}, std::chrono::month{date->month},
              std::chrono::day{date->day}};
    return;
  }
  const auto given = parse_day(value->value_or<std::string>(""));
  if (!given) return fail(*value, key, "is a date, YYYY-MM-DD.");
  out = *given;
}

void Table::texts(const char* key, std::vector<std::string>& out) {
  const auto* value = take(key, false);
  if (value == nullptr) return;
  const toml::array* array = value->as_array();
  if (array == nullptr) return fail(*value, key, "is a list of texts.");
  for (const toml::node& item : *array) {
    const auto given = item.value_exact<std::string>();
    if (!given || given->empty()) return fail(item, key, "is a list of texts.");
    out.push_back(*given);
  }
}

void Table::numbers(const char* key, std::vector<int>& out, int64_t least, int64_t most) {
  const auto* value = take(key, false);
  if (value == nullptr) return;
  const toml::array* array = value->as_array();
  out.clear();
  for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto given = array->get(i)->value_exact<int64_t>();
    if (!given || *given < least || *given > most) break;
    out.push_back(static_cast<int>(*given));
  }
  if (out.empty() || array->size() != out.size()) {
    fail(*value, key,
         "is a list of whole numbers from " + std::to_string(least) + " to " +
             std::to_string(most) + ".");
  }
}

void Table::words(const char* key, std::map<std::string, std::string>& out) {
  const auto* value = take(key, false);
  if (value == nullptr) return;
  const toml::table* table = value->as_table();
  if (table == nullptr) return fail(*value, key, "is a table of settings.");
  for (const auto& [name, item] : *table) {
    const auto text = item.value_exact<std::string>();
    const auto number = item.value_exact<int64_t>();
    if (!text && !number) return fail(item, std::string(name.str()), "is a word or a number.");
    out[std::string(name.str())] = text ? *text : std::to_string(*number);
  }
}

void Table::text_lists(const char* key, std::multimap<std::string, std::string>& out) {
  const auto* value = take(key, false);
  if (value == nullptr) return;
  const toml::table* table = value->as_table();
  if (table == nullptr) return fail(*value, key, "is a table of names.");
  for (const auto& [name, item] : *table) {
    const auto one = item.value_exact<std::string>();
    Table given(table, name_ + " " + key, file_, error_);
    std::vector<std::string> texts;
    if (one) {
      texts.push_back(*one);
    } else {
      given.texts(std::string(name.str()).c_str(), texts);
    }
    for (std::string& text : texts) out.emplace(std::string(name.str()), std::move(text));
  }
}

Table Table::inner(const char* key) {
  const toml::node* node = take(key, false);
  if (node != nullptr && node->as_table() == nullptr) fail(*node, key, "is a table of settings.");
  const std::string title = name_.substr(0, name_.size() - 1) + "." + key + "]";
  return {node == nullptr ? nullptr : node->as_table(), title, file_, error_};
}

void Table::fail(const toml::node& at, const std::string& key, const std::string& why) {
  if (!error_) {
    error_ = bad_input("The setting '" + key + "' of " + name_ + " " + why,
                       toml_place(file_, at.source()), "Correct it and start again.");
  }
}

void Table::wrong(const char* key, const std::string& why) {
  if (table_ != nullptr && table_->get(key) != nullptr) fail(*table_->get(key), key, why);
}

void Table::finish() {
  if (table_ == nullptr || error_) return;
  for (const auto& [key, value] : *table_) {
    const std::string word(key.str());
    if (known_.contains(word)) continue;
    error_ = bad_input("There is no setting '" + word + "' in " + name_ + ".",
                       toml_place(file_, value.source()),
                       "Did you mean '" + nearest_word(known_, word) + "'?");
    return;
  }
}

const toml::node* Table::take(const char* key, bool required) {
  known_.insert(key);
  if (error_) return nullptr;
  const toml::node* value = table_ == nullptr ? nullptr : table_->get(key);
  if (value == nullptr && required) {
    error_ = bad_input("The setting '" + std::string(key) + "' of " + name_ + " is missing.",
                       table_ == nullptr ? file_ : toml_place(file_, table_->source()),
                       "Add it and start again.");
  }
  return value;
}

}  // namespace firebreak::record
