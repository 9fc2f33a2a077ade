// SPDX-License-Identifier: Apache-2.0
// policy_rows POLICY_FILE COUNT SEED: rows of facts, many of them missing, and what the engine
// answers to each, as CSV for tests of `firebreak policy sql`. The columns are those that the
// policy's SQL reads, then `expected_` and the name of each part of the answer. NULL is \N.
//
// Rows of mere chance are nearly all refused, so most rows are a case of the policy's file with
// some facts changed and some taken away. One row in fifty holds a value that its fact does not
// have.
#include <charconv>
#include <iostream>
#include <random>

#include "policy/loader.h"
#include "policy/sql.h"

namespace firebreak::policy {
namespace {

constexpr const char* kNull = "\\N";

class Rows {
 public:
  Rows(const Policy& policy, uint64_t seed)
      : policy_(policy), columns_(sql_facts(policy)), random_(seed) {}

  void head() const {
    for (const SqlFact& column : columns_) std::cout << column.column << ',';
    for (size_t i = 0; i < kAnswerColumns.size(); ++i) {
      std::cout << (i == 0 ? "" : ",") << "expected_" << kAnswerColumns[i].first;
    }
    std::cout << '\n';
  }

  void row() {
    const Facts facts = draw();
    const size_t wrong = below(50) == 0 ? below(columns_.size()) : columns_.size();
    bool valid = true;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const bool no_value = i == wrong && columns_[i].type != "boolean";
      valid = valid && !no_value;
      std::cout << (no_value ? no_value_of(columns_[i]) : text(columns_[i], facts)) << ',';
    }
    valid = valid && refuse_impossible(policy_.compiled(), facts).ok();
    std::optional<Decision> decision;
    if (valid) decision = policy_.decide(facts);
    for (size_t i = 0; i < kAnswerColumns.size(); ++i) {
      const auto part = column_of(decision, kAnswerColumns[i].second);
      std::cout << (i == 0 ? "" : ",") << (part ? "\"" + *part + "\"" : kNull);
    }
    std::cout << '\n';
  }

 private:
  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  int32_t value_of(const SqlFact& column) {
    if (column.type == "boolean") return static_cast<int32_t>(below(2));
    if (column.type == "text") return static_cast<int32_t>(below(column.values.size()));
    const Attribute& number = *policy_.vocabulary().find(column.column);
    return std::uniform_int_distribution<int32_t>(number.minimum, number.maximum)(random_);
  }

  Facts draw() {
    const std::vector<Case>& cases = policy_.compiled().model.cases;
    Facts out(policy_.vocabulary());
    const bool from_case = !cases.empty() && below(4) != 0;
    const Facts& base = from_case ? cases[below(cases.size())].facts : out;
    const size_t changed = from_case ? below(20) : 100;
    const size_t missing = below(3) == 0 ? below(100) : below(10);
    for (const SqlFact& column : columns_) {
      int32_t value = base[column.slot];
      if (below(100) < changed) value = value_of(column);
      out.set(column.slot, below(100) < missing ? Facts::kMissing : value);
    }
    return out;
  }

  [[nodiscard]] std::string no_value_of(const SqlFact& column) const {
    if (column.type == "text") return "no_such_value";
    return std::to_string(policy_.vocabulary().find(column.column)->maximum + 1);
  }

  static std::string text(const SqlFact& column, const Facts& facts) {
    const int32_t value = facts[column.slot];
    if (value == Facts::kMissing) return kNull;
    if (column.type == "text") return column.values[static_cast<size_t>(value)];
    if (column.type == "boolean") return value == 0 ? "false" : "true";
    return std::to_string(value);
  }

  const Policy& policy_;
  std::vector<SqlFact> columns_;
  std::mt19937_64 random_;
};

int run(const std::vector<std::string>& arguments) {
  uint64_t count = 0;
  uint64_t seed = 0;
  const auto number = [](const std::string& text, uint64_t& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (arguments.size() != 3 || !number(arguments[1], count) || !number(arguments[2], seed)) {
    std::cerr << "usage: policy_rows POLICY_FILE COUNT SEED\n";
    return 2;
  }
  const auto policy = Policy::load(arguments[0]);
  if (!policy) {
    std::cerr << policy.error().text() << '\n';
    return 2;
  }
  Rows rows(**policy, seed);
  rows.head();
  for (uint64_t i = 0; i < count; ++i) rows.row();
  return std::cout.flush() ? 0 : 1;
}

}  // namespace
}  // namespace firebreak::policy

int main(int argc, char** argv) {
  return firebreak::policy::run(std::vector<std::string>(argv + 1, argv + argc));
}
