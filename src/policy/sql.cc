// SPDX-License-Identifier: Apache-2.0
#include "policy/sql.h"

#include <algorithm>
#include <map>

namespace firebreak::policy {
namespace {

// PostgreSQL cuts a longer name without a word, so that two could become one.
constexpr size_t kLongestPostgresName = 63;

// The column of a slot.
std::string column_name(const Attribute& attribute, size_t slot) {
  if (attribute.kind != AttributeKind::any_of) return attribute.name;
  return attribute.name + "_" + attribute.values[slot - attribute.first_slot].name;
}

std::string fact_name(const Attribute& attribute, size_t slot) {
  if (attribute.kind != AttributeKind::any_of) return "`" + attribute.name + "`";
  return "`" + attribute.name + "` includes `" +
         attribute.values[slot - attribute.first_slot].name + "`";
}

Error one_column_twice(const Vocabulary& words, const std::string& column, const std::string& first,
                       const std::string& second) {
  return bad_input("Two facts of the vocabulary come to the column `" + column + "`: " + first +
                       " and " + second + ".",
                   words.id + " " + words.version,
                   "Rename one of them in a new version of the vocabulary.");
}

Error column_too_long(const Vocabulary& words, const std::string& column, const std::string& fact) {
  return bad_input("The column `" + column + "` of " + fact + " is longer than PostgreSQL's " +
                       std::to_string(kLongestPostgresName) + " letters.",
                   words.id + " " + words.version, "Use another dialect or shorter names.");
}

Result<void> check_columns(const Vocabulary& words, SqlDialect dialect) {
  std::map<std::string, std::string> known;
  for (const Attribute& attribute : words.attributes) {
    if (attribute.setting) continue;
    for (size_t i = 0; i < attribute.slots(); ++i) {
      const size_t slot = attribute.first_slot + i;
      const std::string column = column_name(attribute, slot);
      const std::string fact = fact_name(attribute, slot);
      const auto [at, fresh] = known.emplace(column, fact);
      if (!fresh) return one_column_twice(words, column, at->second, fact);
      if (dialect == SqlDialect::postgres && column.size() > kLongestPostgresName) {
        return column_too_long(words, column, fact);
      }
    }
  }
  return {};
}

class SqlWriter {
 public:
  SqlWriter(const Policy::Compiled& compiled, SqlDialect dialect, AnswerColumn column)
      : compiled_(compiled), dialect_(dialect), column_(column) {}

  std::string write(const AnswerTables& tables) const {
    // Each table holds the place in the next table at which its codes begin, so that a look-up is
    // one addition; codes and arrays count from 1.
    std::string index;
    for (size_t i = 0; i < tables.steps.size(); ++i) {
      const AnswerTables::Step& step = tables.steps[i];
      index += (i == 0 ? "" : " + ") + code(step.level);
      const bool last = i + 1 == tables.steps.size();
      std::vector<std::string> numbers;
      numbers.reserve(step.next.size());
      for (const uint32_t state : step.next) {
        numbers.push_back(std::to_string(last ? state + 1 : state * tables.steps[i + 1].codes));
      }
      index = look_up(array(numbers, "INTEGER"), index);
    }
    std::vector<std::string> results;
    results.reserve(tables.results.size());
    for (const auto& result : tables.results) results.push_back(literal(result));
    return look_up(result_array(results), tables.steps.empty() ? "1" : index);
  }

 private:
  [[nodiscard]] std::string quoted(const std::string& name) const {
    const bool standard = dialect_ == SqlDialect::duckdb || dialect_ == SqlDialect::postgres;
    return standard ? "\"" + name + "\"" : "`" + name + "`";
  }

  // The code of the level's fact, from 1. Never NULL.
  [[nodiscard]] std::string code(uint32_t level_index) const {
    const Level& level = compiled_.space.levels()[level_index];
    const Attribute& attribute = compiled_.vocabulary.words.attributes[level.attribute];
    const std::string name = quoted(column_name(attribute, level.slot));
    const std::string missing = std::to_string(level.size + 1);
    if (!has_code_for_no_value(compiled_, level_index)) {
      return "CASE WHEN " + name + " THEN 2 WHEN " + name + " IS NULL THEN " + missing +
             " ELSE 1 END\n";
    }
    const std::string no_value = std::to_string(level.size + 2);
    std::string out = "CASE WHEN " + name + " IS NULL THEN " + missing;
    if (attribute.kind == AttributeKind::number) {
      out += " WHEN " + name + " < " + std::to_string(level.bands.front()) + " OR " + name + " > " +
             std::to_string(level.maximum) + " THEN " + no_value;
      for (size_t i = 1; i < level.bands.size(); ++i) {
        out +=
            " WHEN " + name + " < " + std::to_string(level.bands[i]) + " THEN " + std::to_string(i);
      }
      return out + " ELSE " + std::to_string(level.size) + " END\n";
    }
    for (size_t i = 0; i < attribute.values.size(); ++i) {
      out +=
          " WHEN " + name + " = '" + attribute.values[i].name + "' THEN " + std::to_string(i + 1);
    }
    return out + " ELSE " + no_value + " END\n";
  }

  [[nodiscard]] static std::string list(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : ",") + item;
    return out;
  }

  // Whole numbers. A text that is cast is one constant, where a list is as many as it has items.
  [[nodiscard]] std::string array(const std::vector<std::string>& numbers, const char* type) const {
    switch (dialect_) {
      case SqlDialect::duckdb:
        return std::string("('[") + list(numbers) + "]'::" + type + "[])";
      case SqlDialect::postgres:
        return std::string("('{") + list(numbers) + "}'::" + type + "[])";
      case SqlDialect::spark:
        return "array(" + list(numbers) + ")";
      case SqlDialect::clickhouse:
        break;
    }
    return "[" + list(numbers) + "]";
  }

  // Texts, booleans or numbers, with NULLs; the cast gives the type where all are NULL.
  [[nodiscard]] std::string result_array(const std::vector<std::string>& items) const {
    const bool boolean = column_ == AnswerColumn::covered || column_ == AnswerColumn::discretion;
    const bool number = column_ == AnswerColumn::signers;
    const auto type = [&](const char* text, const char* truth, const char* whole) {
      return std::string(boolean ? truth : number ? whole : text);
    };
    switch (dialect_) {
      case SqlDialect::duckdb:
        return "(CAST([" + list(items) + "] AS " + type("VARCHAR", "BOOLEAN", "INTEGER") + "[]))";
      case SqlDialect::postgres:
        return "(CAST(ARRAY[" + list(items) + "] AS " + type("text", "boolean", "integer") + "[]))";
      case SqlDialect::spark:
        return "CAST(array(" + list(items) + ") AS array<" + type("string", "boolean", "int") +
               ">)";
      case SqlDialect::clickhouse:
        break;
    }
    return "CAST([" + list(items) + "] AS Array(Nullable(" + type("String", "Bool", "Int32") +
           ")))";
  }

  [[nodiscard]] std::string look_up(const std::string& array, const std::string& index) const {
    if (dialect_ == SqlDialect::spark) return "element_at(" + array + ", " + index + ")";
    return array + "[" + index + "]";
  }

  // Names of the languages hold no quotation marks.
  [[nodiscard]] std::string literal(const std::optional<std::string>& result) const {
    if (!result) return "NULL";
    const bool bare = column_ == AnswerColumn::covered || column_ == AnswerColumn::discretion ||
                      column_ == AnswerColumn::signers;
    return bare ? *result : "'" + *result + "'";
  }

  const Policy::Compiled& compiled_;
  SqlDialect dialect_;
  AnswerColumn column_;
};

const char* type_of(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::one_of:
      return "text";
    case AttributeKind::number:
      return "integer";
    default:
      return "boolean";
  }
}

}  // namespace

std::vector<SqlFact> sql_facts(const Policy& policy) {
  const Policy::Compiled& compiled = policy.compiled();
  const std::vector<bool> read = levels_read(compiled);
  std::vector<SqlFact> out;
  for (const Attribute& attribute : policy.vocabulary().attributes) {
    for (size_t i = 0; i < attribute.slots(); ++i) {
      const size_t slot = attribute.first_slot + i;
      const std::optional<uint32_t> level = compiled.space.level_of(slot);
      if (!level || !read[*level]) continue;
      SqlFact fact{column_name(attribute, slot), type_of(attribute.kind), {}, slot};
      if (attribute.kind == AttributeKind::one_of) {
        for (const Value& value : attribute.values) fact.values.push_back(value.name);
      }
      out.push_back(std::move(fact));
    }
  }
  return out;
}

Result<std::string> sql_expression(const Policy& policy, SqlDialect dialect, AnswerColumn column) {
  FB_CHECK(check_columns(policy.vocabulary(), dialect));
  FB_TRY(const AnswerTables tables, answer_tables(policy.compiled(), column));
  return SqlWriter(policy.compiled(), dialect, column).write(tables);
}

}  // namespace firebreak::policy
