// SPDX-License-Identifier: Apache-2.0
// firebreak policy sql POLICY --dialect D     the policy as one SQL expression, to replay history
// with
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/sql.h"

namespace firebreak::cli {
namespace {

struct SqlOptions {
  PolicyOptions policy;
  std::string dialect;
  std::string column = "decision";
  std::string output;
};

template <typename Names>
std::vector<std::string> sql_names(const Names& names) {
  std::vector<std::string> out;
  out.reserve(names.size());
  for (const auto& [name, value] : names) out.emplace_back(name);
  return out;
}

// The chosen columns' expressions, by name, in order.
using SqlExpressions = std::vector<std::pair<std::string, std::string>>;
Result<SqlExpressions> expressions_of(const policy::Policy& policy, const SqlOptions& options) {
  auto dialect = policy::SqlDialect::duckdb;
  for (const auto& [name, value] : policy::kSqlDialects) {
    if (name == options.dialect) dialect = value;
  }
  SqlExpressions out;
  for (const auto& [name, column] : policy::kAnswerColumns) {
    if (options.column != "all" && options.column != name) continue;
    FB_TRY(std::string text, policy::sql_expression(policy, dialect, column));
    out.emplace_back(name, std::move(text));
  }
  return out;
}

std::string sql_text(const policy::Policy& policy, const SqlOptions& options,
                     const SqlExpressions& expressions) {
  std::string out =
      "/* " + policy.id() + " version " + policy.version() + ", " + policy.digest() + " */\n";
  if (options.column != "all") return out + expressions.front().second + "\n";
  // A SELECT list. None of the names is reserved after AS in any of the dialects.
  for (const auto& [name, text] : expressions) {
    out += text + " AS ";
    out += name + (name == expressions.back().first ? "\n" : ",\n");
  }
  return out;
}

Json sql_json(const policy::Policy& policy, const SqlOptions& options,
              const SqlExpressions& expressions) {
  Json columns = Json::array();
  for (const policy::SqlFact& fact : policy::sql_facts(policy)) {
    Json column = {{"name", fact.column}, {"type", fact.type}};
    if (!fact.values.empty()) column["values"] = fact.values;
    columns.push_back(std::move(column));
  }
  Json texts = Json::object();
  for (const auto& [name, text] : expressions) texts[name] = text;
  return {
      {"policy", {{"id", policy.id()}, {"version", policy.version()}, {"digest", policy.digest()}}},
      {"dialect", options.dialect},
      {"columns", std::move(columns)},
      {"expressions", std::move(texts)}};
}

Result<int> run_sql(const SqlOptions& options, bool json) {
  FB_TRY(const auto policy, load_policy(options.policy));
  FB_TRY(const SqlExpressions expressions, expressions_of(*policy, options));
  if (options.output.empty() && !json) {
    std::cout << sql_text(*policy, options, expressions);
    return 0;
  }
  if (!options.output.empty()) {
    FB_CHECK(write_file_durably(options.output, sql_text(*policy, options, expressions)));
  }
  if (json) print_json(sql_json(*policy, options, expressions));
  return 0;
}

}  // namespace

void add_policy_sql(CLI::App& group, Run& run) {
  auto options = std::make_shared<SqlOptions>();
  CLI::App* command = group.add_subcommand(
      "sql", "Write the policy as one SQL expression over columns, NULL for a missing fact");
  add_policy_options(*command, options->policy);
  command->add_option("--dialect", options->dialect, "Whose SQL")
      ->required()
      ->check(CLI::IsMember(sql_names(policy::kSqlDialects)));
  std::vector<std::string> columns = sql_names(policy::kAnswerColumns);
  columns.emplace_back("all");
  command
      ->add_option("--column", options->column,
                   "The part of the answer; `all` writes a SELECT list of every part")
      ->check(CLI::IsMember(columns))
      ->capture_default_str();
  command->add_option("--output", options->output, "Write to this file")->type_name("FILE");
  on_run(*command, run, [options](bool json) { return run_sql(*options, json); });
}

}  // namespace firebreak::cli
