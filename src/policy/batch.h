// SPDX-License-Identifier: Apache-2.0
// Decides many rows at once, over columns: for replaying a history that is held in columns, where a
// Facts for each row would cost more than its decision.
//
//   std::vector<Column> columns(policy->vocabulary().slot_count);    // one for each slot of a
//   Facts columns[role->first_slot] = Column(victim);                      // a std::vector<int8_t>
//   columns[age->first_slot] = Column(years);                        // a std::vector<int32_t>
//   std::vector<OutcomeId> outcomes(victim.size());
//   FB_CHECK(evaluate_rows(*policy, columns, outcomes));
//   if (outcomes[0] != kUndecided) policy->outcome(outcomes[0]).decision;
#pragma once

#include <span>

#include "policy/policy.h"

namespace firebreak::policy {

// The values of one slot, row by row, as a Facts holds them. Whoever made the column keeps it.
class Column {
 public:
  static constexpr int8_t kMissing = INT8_MIN;

  // Missing in every row; of a setting: as it is in force.
  Column() = default;
  // A missing fact is Column::kMissing. For slots whose values are all below 128.
  explicit Column(std::span<const int8_t> bytes)
      : bytes_(bytes.data()), size_(bytes.size()), given_(true) {}
  // A missing fact is Facts::kMissing.
  explicit Column(std::span<const int32_t> numbers)
      : numbers_(numbers.data()), size_(numbers.size()), given_(true) {}

  [[nodiscard]] bool given() const { return given_; }
  [[nodiscard]] size_t size() const { return size_; }
  // One of the two is nullptr.
  [[nodiscard]] const int8_t* bytes() const { return bytes_; }
  [[nodiscard]] const int32_t* numbers() const { return numbers_; }
  // As a Facts holds it. Of a given column alone.
  [[nodiscard]] int32_t at(size_t row) const {
    if (bytes_ == nullptr) return numbers_[row];
    return bytes_[row] == kMissing ? Facts::kMissing : bytes_[row];
  }

 private:
  const int8_t* bytes_ = nullptr;
  const int32_t* numbers_ = nullptr;
  size_t size_ = 0;
  bool given_ = false;
};

// For each row what Policy::evaluate gives for its facts: an outcome, or kUndecided where a missing
// fact matters (ask Policy::decide about such a row). `columns` has one for each slot of the
// policy's vocabulary. Like evaluate it takes facts that are each a value of their slot; whether
// they can stand together is not asked.
// Error: bad_input when there are not as many columns as slots, or a column that is given has not
// as many rows as `out`; nothing is written then.
Result<void> evaluate_rows(const Policy& policy, std::span<const Column> columns,
                           std::span<OutcomeId> out);

}  // namespace firebreak::policy
