// SPDX-License-Identifier: Apache-2.0
// One table of force.toml: takes its settings one by one, and at the end knows the unknown ones.
//
//   Table table(root["web"].as_table(), "[web]", "force.toml", error);
//   table.text("listen", config.web.listen);
//   table.finish();                       // error: "There is no setting 'lisen' in [web]. Did
//   you..."
//
// The first error is kept, with its place and what to do; after it everything is skipped.
#pragma once

#include <toml++/toml.h>

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace firebreak::record {

// "file:line:column".
std::string toml_place(const std::string& file, const toml::source_region& source);

// The word of `known` that looks most like `word`; `known` is not empty.
std::string nearest_word(const std::set<std::string>& known, std::string_view word);

class Table {
 public:
  // `table` is null when the file does not have it.
  Table(const toml::table* table, std::string name, std::string file, std::optional<Error>& error)
      : table_(table), name_(std::move(name)), file_(std::move(file)), error_(error) {}

  [[nodiscard]] bool given() const { return table_ != nullptr; }

  void text(const char* key, std::string& out, bool required = false);
  template <typename Number>
  void number(const char* key, Number& out, int64_t least, int64_t most) {
    if (const auto given = whole_number(key, least, most)) out = Number(*given);
  }
  void flag(const char* key, bool& out);
  // A date, written as a text or as TOML's own date.
  void day(const char* key, std::optional<Day>& out);
  void texts(const char* key, std::vector<std::string>& out);
  // Whole numbers, at least one.
  void numbers(const char* key, std::vector<int>& out, int64_t least, int64_t most);
  // A table of words and numbers, each as its text; empty when there is none.
  void words(const char* key, std::map<std::string, std::string>& out);
  // A table of names, each with a text or a list of texts.
  void text_lists(const char* key, std::multimap<std::string, std::string>& out);
  // The table within this one.
  Table inner(const char* key);

  void fail(const toml::node& at, const std::string& key, const std::string& why);
  // About a setting that was read, whose value turned out wrong.
  void wrong(const char* key, const std::string& why);
  // Finds what no call above asked for.
  void finish();

 private:
  const toml::node* take(const char* key, bool required);
  std::optional<int64_t> whole_number(const char* key, int64_t least, int64_t most);

  const toml::table* table_;
  std::string name_;
  std::string file_;
  std::optional<Error>& error_;
  std::set<std::string> known_;
};

}  // namespace firebreak::record
