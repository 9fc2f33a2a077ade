// SPDX-License-Identifier: Apache-2.0
// Rows in columns against the same facts one by one, on policies drawn at random.
#include "policy/batch.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

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
  const Table table(draw, policy->vocabulary(), rows);
  std::vector<OutcomeId> out(rows.size());
  RC_ASSERT(evaluate_rows(*policy, table.columns(), out).ok());
  for (size_t i = 0; i < rows.size(); ++i) RC_ASSERT(out[i] == policy->evaluate(rows[i]));
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
