// SPDX-License-Identifier: Apache-2.0
// Rows in columns against the same facts one by one, on policies drawn at random.
#include "policy/batch.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "policy/batch_places.h"
#include "policy/generated.h"
#include "policy/sample.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

// Facts as columns, each of bytes or of numbers, or not given where that says the same.
class Table {
 public:
  Table(Draw& draw, const Vocabulary& words, const std::vector<Facts>& rows)
      : bytes_(words.slot_count), numbers_(words.slot_count), columns_(words.slot_count) {
    const Facts none(words);
    for (size_t slot = 0; slot < words.slot_count; ++slot) {
      bool as_none = true;
      bool small = draw.chance(60);
      for (const Facts& row : rows) {
        const int32_t value = row[slot];
        as_none = as_none && value == none[slot];
        small = small && (value == Facts::kMissing || (value > INT8_MIN && value <= INT8_MAX));
        numbers_[slot].push_back(value);
        bytes_[slot].push_back(value == Facts::kMissing ? Column::kMissing
                                                        : static_cast<int8_t>(value));
      }
      if (as_none && draw.chance(80)) continue;
      columns_[slot] = small ? Column(bytes_[slot]) : Column(numbers_[slot]);
    }
  }
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }

 private:
  std::vector<std::vector<int8_t>> bytes_;
  std::vector<std::vector<int32_t>> numbers_;
  std::vector<Column> columns_;
};

// With the vectors that this processor has, and with those of every processor.
void hold_to_single_rows(const Policy& policy, Draw& draw, const std::vector<Facts>& rows) {
  const Table table(draw, policy.vocabulary(), rows);
  std::vector<OutcomeId> out(rows.size());
  for (const Vectors vectors : {Vectors::everywhere, best_vectors()}) {
    RC_ASSERT(evaluate_rows_with(vectors, policy, table.columns(), out).ok());
    for (size_t i = 0; i < rows.size(); ++i) RC_ASSERT(out[i] == policy.evaluate(rows[i]));
  }
}

RC_GTEST_PROP(Batch, RowsAreDecidedAsByThemselves, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(0, 9));
  RC_LOG() << words << text;
  const auto policy = *Policy::parse("p.policy", text, "small-1.vocabulary", words);
  const size_t missing = draw.chance(50) ? 0 : draw.below(40);
  const bool settled = draw.chance(60);
  std::vector<Facts> rows;
  for (size_t i = draw.below(700); i > 0; --i) {
    rows.push_back(settled ? settled_facts(policy->vocabulary(), draw, missing)
                           : draw.facts(policy->vocabulary(), missing));
    if (draw.chance(2)) rows.back().set(draw.below(rows.back().size()), draw.chance(50) ? -1 : 99);
  }
  hold_to_single_rows(*policy, draw, rows);
}

// Attributes of as many values as there may be, and numbers of few bands and of many.
std::string wide_vocabulary(Draw& draw) {
  std::string out = "vocabulary wide version 1\n";
  for (const char* name : {"place", "street"}) {
    out += "attribute " + std::string(name) + " one of question \"?\"\n";
    const size_t values[] = {254, 255, 256, 127 + draw.below(4)};
    for (size_t i = values[draw.below(4)]; i > 0; --i) {
      out += "  v" + std::to_string(i) + " \"?\"\n";
    }
  }
  out += "attribute weekday one of question \"?\"\n";
  for (size_t i = 5; i > 0; --i) out += "  v" + std::to_string(i) + " \"?\"\n";
  return out +
         "attribute warmth number -127 to 127 question \"?\"\n"
         "attribute many number -1000 to 30000 question \"?\"\n"
         "attribute sure yes/no question \"?\"\n"
         "ranks low\nfields f text\nbodies b\nreasons w\n";
}

std::string wide_condition(Draw& draw) {
  switch (draw.below(5)) {
    case 0:
      return "place is v" + std::to_string(1 + draw.below(127));
    case 1:
      return "street is not v" + std::to_string(1 + draw.below(127));
    case 2:
      return "warmth at least " + std::to_string(static_cast<int>(draw.below(255)) - 127);
    case 3:
      return "weekday is v" + std::to_string(1 + draw.below(5));
    default:
      return "many below " + std::to_string(static_cast<int>(300 * draw.below(6)) - 999);
  }
}

std::string wide_policy(Draw& draw) {
  std::string out =
      "policy p version 1\n  uses vocabulary wide 1\n  default refuse \"no\" under C0\n"
      "clause C0 \"zero\" basis known\n"
      "setting limit number 0 to 1000 \"?\" default " +
      std::to_string(draw.below(400)) + " under C0\n";
  const auto rule = [&](const std::string& name, const std::string& when) {
    out += "rule " + name + " when " + when + "\n  refuse \"" + name + "\" under C0\n";
  };
  for (size_t i = draw.below(12); i > 0; --i) {
    rule("r" + std::to_string(i), wide_condition(draw) + " and " + wide_condition(draw));
  }
  for (size_t i = draw.chance(50) ? 50 : draw.below(9); i > 0; --i) {
    rule("m" + std::to_string(i), "many at least " + std::to_string(40 * i) + " and many below " +
                                      std::to_string(40 * i + 9));
  }
  if (draw.chance(70)) rule("s", "limit at least " + std::to_string(draw.below(300)));
  return out;
}

RC_GTEST_PROP(Batch, RowsOfManyValuesAreDecidedAsByThemselves, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = wide_vocabulary(draw);
  const std::string text = wide_policy(draw);
  RC_LOG() << text;
  const auto policy = Policy::parse("p.policy", text, "wide-1.vocabulary", words);
  if (!policy) RC_LOG() << policy.error().text();
  RC_ASSERT(policy.ok());
  const bool odd = draw.chance(50);
  const bool low = draw.chance(50);  // then bytes hold them
  const bool settled = draw.chance(60);
  const size_t missing = draw.chance(50) ? 0 : draw.below(40);
  std::vector<Facts> rows;
  for (size_t i = 256 + draw.below(300); i > 0; --i) {
    rows.push_back(settled ? settled_facts((*policy)->vocabulary(), draw, missing)
                           : draw.facts((*policy)->vocabulary(), missing));
    const int32_t values[] = {-1, -128, 127, 128, 254, 255, 256, 257, INT32_MAX, INT32_MIN + 1};
    if (odd) rows.back().set(draw.below(rows.back().size()), values[draw.below(10)]);
    if (!low) continue;
    for (size_t slot = 0; slot < rows.back().size(); ++slot) {
      const int32_t value = rows.back()[slot];
      if (value != Facts::kMissing) rows.back().set(slot, value % 128);
    }
  }
  hold_to_single_rows(**policy, draw, rows);
}

TEST(Batch, ColumnsThatDoNotFitAreRefused) {
  const auto policy = policy_of("rule r when age at least 18 refuse \"x\" under C1\n");
  std::vector<OutcomeId> out(300, 7);
  std::vector<Column> columns(3);
  EXPECT_EQ(evaluate_rows(*policy, columns, out).error().text(),
            "columns: There are 3 columns, and 12 slots in the vocabulary. Give one column for "
            "each slot.");
  columns.resize(policy->vocabulary().slot_count);
  const std::vector<int32_t> ages(299, 20);
  columns[2] = Column(ages);
  EXPECT_EQ(evaluate_rows(*policy, columns, out).error().text(),
            "columns[2]: This column has 299 rows, and there is room for 300 outcomes.");
  EXPECT_EQ(out[0], 7U);
}

TEST(Batch, NothingGivenIsUndecidedInEveryRow) {
  const auto policy = policy_of("rule r when age at least 18 refuse \"x\" under C1\n");
  std::vector<OutcomeId> out(300, 7);
  const std::vector<Column> columns(policy->vocabulary().slot_count);
  ASSERT_TRUE(evaluate_rows(*policy, columns, out).ok());
  EXPECT_EQ(out, std::vector<OutcomeId>(300, kUndecided));
}

}  // namespace
}  // namespace firebreak::policy::testing
