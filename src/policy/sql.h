// SPDX-License-Identifier: Apache-2.0
// A policy as SQL: one expression over columns for each part of its answer, NULL standing for a
// missing fact, equal to Policy::decide on every row. So history is replayed inside a warehouse.
//
//   FB_TRY(const std::string text, sql_expression(*policy, SqlDialect::duckdb,
//   AnswerColumn::rule)); for (const SqlFact& fact : sql_facts(*policy)) …     // the columns it
//   reads: fact.column
//
// A one_of is a text column of the attribute's name, a yes_no a boolean, a number an integer; an
// any_of is a boolean column for each member, ATTRIBUTE_MEMBER. The expression is a chain of array
// look-ups (answer_tables.h), each holding the one before as its index: as long as the tables, and
// no part of it stands twice.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/answer_tables.h"
#include "policy/policy.h"

namespace firebreak::policy {

enum class SqlDialect { duckdb, postgres, spark, clickhouse };
inline constexpr std::array kSqlDialects = {
    std::pair("duckdb", SqlDialect::duckdb), std::pair("postgres", SqlDialect::postgres),
    std::pair("spark", SqlDialect::spark), std::pair("clickhouse", SqlDialect::clickhouse)};

// The parts of the answer by the names that their columns have, in the order of `all`.
inline constexpr std::array kAnswerColumns = {
    std::pair("decision", AnswerColumn::decision),     std::pair("covered", AnswerColumn::covered),
    std::pair("discretion", AnswerColumn::discretion), std::pair("rank", AnswerColumn::rank),
    std::pair("signers", AnswerColumn::signers),       std::pair("rule", AnswerColumn::rule),
    std::pair("clauses", AnswerColumn::clauses)};

// A column that the policy's expressions read.
struct SqlFact {
  std::string column;
  std::string type;                 // text, boolean, integer
  std::vector<std::string> values;  // of a text
  size_t slot = 0;                  // in Facts
};

// Those on which some answer depends, in the vocabulary's order. The expressions read no other, so
// that a warehouse need not have the others.
std::vector<SqlFact> sql_facts(const Policy& policy);

// Errors: bad_input when two facts of the vocabulary come to the same column name, or one is too
// long for the dialect, naming both; too_large, see answer_tables.h.
Result<std::string> sql_expression(const Policy& policy, SqlDialect dialect, AnswerColumn column);

}  // namespace firebreak::policy
