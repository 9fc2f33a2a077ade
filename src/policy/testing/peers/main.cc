// SPDX-License-Identifier: Apache-2.0
// Answers generated questions in several ways and compares them: what `decide` gives (the diagram),
// the slow evaluator (reference.h) and Z3; and writes the same questions with the policies' SQL,
// for a test that runs them in databases.
//
//   policy_peers shapes
//       the names of the shapes (shapes.h), a line each
//   policy_peers compare SHAPE POLICIES PAIRS FOLDER
//       so many policies of the shape, and so many questions to each: prints the counts as JSON;
//       exits 1 when two answers differ, showing the policy and the facts
//   policy_peers show SHAPE NUMBER QUESTION
//       one question in full, to be asked again by hand
//
// FOLDER receives SHAPE.duckdb and SHAPE.postgres, a statement for each policy on
// a line of its own, and SHAPE.expected, a line of CSV for each question: the policy's number, the
// question's, and what each column must hold, \N for NULL.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "policy/loader.h"
#include "policy/reference.h"
#include "policy/sql.h"
#include "policy/testing/shapes.h"
#include "policy/testing/z3_policy.h"

namespace firebreak::policy::testing {
namespace {

// So that the slow evaluator ends; most questions leave far fewer open.
constexpr size_t kMostCompletions = 256;
constexpr size_t kManyCompletions = 2048;
constexpr const char* kNull = "\\N";

// One policy of a shape, and the questions to it, all told by the two numbers.
class Subject {
 public:
  Subject(const Shape& shape, uint64_t number)
      : shape_(shape),
        seed_((number << 8U) + static_cast<uint64_t>(&shape - kShapes.data())),
        drawn_(draw_policy(shape, seed_, {.rules = 2 + number % 9})),
        policy_(parsed(drawn_)),
        facts_(*policy_, seed_) {}

  [[nodiscard]] const Policy& policy() const { return *policy_; }
  Facts next_facts() {
    const size_t at = asked_++;
    if (at % 4 == 0) return facts_.next(0, 1);
    return facts_.next(at % 4 == 1 ? 15 : 50, at % 16 == 3 ? kManyCompletions : kMostCompletions);
  }

  // Everything that a person needs to ask the same again.
  [[nodiscard]] std::string shown(const Facts& facts) const {
    std::string out = std::string("shape ") + shape_.name + "\n--- " + kShapedVocabulary + "\n" +
                      drawn_.vocabulary + "--- p.policy\n" + drawn_.policy + "--- facts.json\n" +
                      policy_->facts_json(facts).dump() +
                      "\n--- firebreak policy decide p.policy --facts facts.json";
    for (const auto& [name, value] : drawn_.settings) {
      out += " --setting " + name;
      out += "=" + value;
    }
    return out + "\n";
  }

 private:
  static std::shared_ptr<const Policy> parsed(const ShapedPolicy& drawn) {
    auto policy = Policy::parse("p.policy", drawn.policy, kShapedVocabulary, drawn.vocabulary,
                                drawn.settings);
    if (policy) return *policy;
    std::cerr << drawn.vocabulary << drawn.policy << policy.error().text() << '\n';
    std::quick_exit(1);
  }

  const Shape& shape_;
  uint64_t seed_;
  ShapedPolicy drawn_;
  std::shared_ptr<const Policy> policy_;
  FactsDraw facts_;
  size_t asked_ = 0;
};

// What the engine answers to a question put as JSON; nothing when it refuses the facts.
std::optional<Decision> engine_answer(const Policy& policy, const Facts& facts) {
  const auto read = policy.read_facts(policy.facts_json(facts));
  if (!read) return std::nullopt;
  return policy.decide(*read);
}

// The slow evaluator's.
std::optional<Decision> slow_answer(const Policy::Compiled& compiled, const Facts& facts) {
  const auto all = completions(compiled.vocabulary.words, facts, kManyCompletions);
  const bool can_be = std::any_of(all->begin(), all->end(), [&](const Facts& one) {
    return possible(compiled.vocabulary, one);
  });
  if (!can_be) return std::nullopt;
  return reference_decide(compiled.model, compiled.vocabulary, facts, kManyCompletions);
}

// Whole answers, in which only the order of `missing` may differ, and the words about them.
bool equal_answers(const Policy& policy, std::optional<Decision> a, std::optional<Decision> b) {
  if (!a || !b) return a.has_value() == b.has_value();
  for (Decision* each : {&*a, &*b}) {
    std::sort(each->missing.begin(), each->missing.end());
    if (each->decision == Outcome::undetermined) each->because.clear();
  }
  return answer(policy, *a) == answer(policy, *b);
}

bool equal_to_z3(const Policy::Compiled& compiled, const std::optional<Decision>& answer,
                 const Facts& facts, Z3Policy& z3) {
  const Z3Verdict verdict = z3.decide(facts);
  if (!answer || !verdict.valid) return answer.has_value() == verdict.valid;
  if (answer->decision == Outcome::undetermined) return verdict.undetermined;
  if (verdict.undetermined) return false;
  if (verdict.parts != parts_of(compiled.vocabulary.words, *answer)) return false;
  if (!facts.complete()) return true;
  std::vector<std::string> rules;
  for (const uint32_t rule : z3.rules_that_answer(facts)) {
    rules.push_back(rule_name(compiled.model, rule));
  }
  return std::is_permutation(rules.begin(), rules.end(), answer->rules.begin(),
                             answer->rules.end());
}

struct Counts {
  size_t policies = 0;
  size_t too_large = 0;  // policies that SQL refuses; not compared
  size_t pairs = 0;
  size_t with_missing = 0;
  size_t undetermined = 0;
  size_t permitted = 0;  // also after a sign-off
  size_t conflicts = 0;
  size_t invalid = 0;

  void add(const Policy& policy, const Facts& facts, const std::optional<Decision>& answer) {
    ++pairs;
    with_missing += !facts.complete();
    invalid += !answer;
    undetermined += answer && answer->decision == Outcome::undetermined;
    permitted += answer && (answer->decision == Outcome::permit || answer->sign_off);
    const OutcomeId id = policy.evaluate(facts);
    conflicts += id != kUndecided && policy.compiled().outcomes[id].conflict;
  }
  [[nodiscard]] Json json() const {
    return {{"policies", policies},
            {"too_large", too_large},
            {"pairs", pairs},
            {"with_missing", with_missing},
            {"undetermined", undetermined},
            {"permitted", permitted},
            {"conflicts", conflicts},
            {"invalid", invalid}};
  }
};

// The questions of one shape for a database.
class SqlFiles {
 public:
  SqlFiles(const std::filesystem::path& folder, const char* shape)
      : duckdb_(folder / (std::string(shape) + ".duckdb")),
        postgres_(folder / (std::string(shape) + ".postgres")),
        expected_(folder / (std::string(shape) + ".expected")) {}

  void add(const Policy& policy, uint64_t number, const std::vector<Facts>& asked,
           const std::vector<std::optional<Decision>>& answers) {
    const std::vector<SqlFact> columns = sql_facts(policy);
    std::string from = " FROM (SELECT question";
    std::string names = "question";
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::string source = "f" + std::to_string(i);
      from += ", CAST(" + source + " AS " + columns[i].type + ") AS \"" + columns[i].column + "\"";
      names += ", " + source;
    }
    from += " FROM (VALUES ";
    for (size_t i = 0; i < asked.size(); ++i) {
      from += (i == 0 ? "(" : ", (") + std::to_string(i);
      for (const SqlFact& column : columns) from += ", " + literal(column, asked[i][column.slot]);
      from += ")";
      expected_ << number << ',' << i << expected(policy, answers[i]) << '\n';
    }
    from += ") AS given(" + names + ")) AS facts ORDER BY question";
    write(duckdb_, policy, SqlDialect::duckdb, from);
    write(postgres_, policy, SqlDialect::postgres, from);
  }

  [[nodiscard]] bool written() {
    return duckdb_.flush().good() && postgres_.flush().good() && expected_.flush().good();
  }

 private:
  static std::string literal(const SqlFact& column, int32_t value) {
    if (value == Facts::kMissing) return "NULL";
    if (column.type == "text") return "'" + column.values[static_cast<size_t>(value)] + "'";
    if (column.type == "boolean") return value == 1 ? "'true'" : "'false'";
    return "'" + std::to_string(value) + "'";
  }

  // From the answer as everybody reads it.
  static std::string expected(const Policy& policy, const std::optional<Decision>& decision) {
    const std::string null = std::string(",") + kNull;
    const std::string nothing = null + null + null + null + null + null;
    if (!decision) return ",invalid" + nothing;
    const Json whole = answer(policy, *decision);
    if (whole["decision"] == "undetermined") return ",undetermined" + nothing;
    std::string out = "," + whole["decision"].get<std::string>() + "," + whole["covered"].dump() +
                      "," + whole["discretion"].dump();
    const Json& signing = whole["sign_off"];
    out += signing.is_null()
               ? null + null
               : "," + signing["rank"].get<std::string>() + "," + signing["count"].dump();
    out += "," + whole["rule"].get<std::string>() + ",\"";
    for (const Json& clause : whole["clauses"]) {
      out += (out.back() == '"' ? "" : ", ") + clause["id"].get<std::string>();
    }
    return out + "\"";
  }

  static void write(std::ofstream& out, const Policy& policy, SqlDialect dialect,
                    const std::string& from) {
    out << "SELECT question";
    for (const auto& [name, column] : kAnswerColumns) {
      auto text = sql_expression(policy, dialect, column);
      if (!text) {
        std::cerr << text.error().text() << '\n';
        std::quick_exit(1);
      }
      std::replace(text->begin(), text->end(), '\n', ' ');
      out << ", CAST(" << *text << " AS text) AS " << name;
    }
    out << from << '\n';
  }

  std::ofstream duckdb_;
  std::ofstream postgres_;
  std::ofstream expected_;
};

int compare(const Shape& shape, size_t policies, size_t pairs,
            const std::filesystem::path& folder) {
  SqlFiles sql(folder, shape.name);
  Counts counts;
  for (uint64_t number = 0; counts.policies < policies; ++number) {
    Subject subject(shape, number);
    const Policy& policy = subject.policy();
    const Policy::Compiled& compiled = policy.compiled();
    if (!sql_expression(policy, SqlDialect::duckdb, AnswerColumn::clauses)) {
      ++counts.too_large;
      continue;
    }
    Z3Policy z3(compiled.model, compiled.vocabulary);
    std::vector<Facts> asked;
    std::vector<std::optional<Decision>> answers;
    for (size_t i = 0; i < pairs; ++i) {
      asked.push_back(subject.next_facts());
      const Facts& facts = asked.back();
      answers.push_back(engine_answer(policy, facts));
      const bool slow = equal_answers(policy, answers.back(), slow_answer(compiled, facts));
      const bool solver = equal_to_z3(compiled, answers.back(), facts, z3);
      counts.add(policy, facts, answers.back());
      if (slow && solver) continue;
      std::cerr << subject.shown(facts) << "--- the diagram's answer is not that of "
                << (slow     ? "Z3"
                    : solver ? "the slow evaluator"
                             : "the slow evaluator and of Z3")
                << " (policy " << number << ", question " << i << ")\n"
                << (answers.back() ? answer(policy, *answers.back()).dump() : "invalid") << '\n';
      return 1;
    }
    ++counts.policies;
    sql.add(policy, number, asked, answers);
  }
  std::cout << counts.json().dump() << '\n';
  return sql.written() ? 0 : 1;
}

int show(const Shape& shape, uint64_t number, size_t question) {
  Subject subject(shape, number);
  for (size_t i = 0; i < question; ++i) subject.next_facts();
  const Facts facts = subject.next_facts();
  std::cout << subject.shown(facts);
  const auto given = engine_answer(subject.policy(), facts);
  std::cout << (given ? answer(subject.policy(), *given).dump() : "invalid") << '\n';
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "shapes") {
    for (const Shape& shape : kShapes) std::cout << shape.name << '\n';
    return 0;
  }
  const auto number = [&](size_t at) {
    uint64_t out = 0;
    const std::string& text = arguments[at];
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  };
  const auto* shape = std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& each) {
    return arguments.size() > 1 && each.name == arguments[1];
  });
  if (shape != kShapes.end() && command == "compare" && arguments.size() == 5) {
    return compare(*shape, number(2), number(3), arguments[4]);
  }
  if (shape != kShapes.end() && command == "show" && arguments.size() == 4) {
    return show(*shape, number(2), number(3));
  }
  std::cerr << "usage: policy_peers shapes\n"
               "       policy_peers compare SHAPE POLICIES PAIRS FOLDER\n"
               "       policy_peers show SHAPE NUMBER QUESTION\n";
  return 2;
}

}  // namespace
}  // namespace firebreak::policy::testing

int main(int argc, char** argv) {
  return firebreak::policy::testing::run(std::vector<std::string>(argv + 1, argv + argc));
}
