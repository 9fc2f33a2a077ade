// SPDX-License-Identifier: Apache-2.0
// Rows are taken in blocks. Where their facts stand in the tables of the program is found for the
// whole block first (batch_places.h). Then all rows of the block take one step, those that have not
// ended the next, and so on: the steps of different rows do not wait for each other, and nothing
// hangs on a branch that would be guessed wrongly.
#include "policy/batch.h"

#include <algorithm>

#include "policy/batch_places.h"
#include "policy/compile.h"

namespace firebreak::policy {
namespace {

class Rows {
 public:
  Rows(const Policy& policy, std::span<const Column> columns, Vectors vectors)
      : compiled_(policy.compiled()),
        program_(compiled_.program),
        columns_(columns),
        vectors_(vectors),
        otherwise_(policy.vocabulary()),
        row_(otherwise_),
        places_(program_) {}

  // One row by itself.
  OutcomeId row(size_t at) {
    for (uint32_t slot = 0; slot < row_.size(); ++slot) row_.set(slot, fact(slot, at));
    return policy::walk(compiled_, row_.data());
  }

  // The rows from `first` on, kBlock of them.
  void block(size_t first, OutcomeId* out) {
    find_places({program_, columns_, first}, places_, vectors_);
    walk();
    uint32_t closer = 0;
    for (size_t i = 0; i < kBlock; ++i) {
      at_[i] = places_.differs[i] != 0 ? Program::kLookCloser : at_[i] & ~Program::kPayload;
      closer |= at_[i] == Program::kLookCloser ? 1 : 0;
    }
    std::copy(at_.begin(), at_.end(), out);
    for (size_t i = 0; closer != 0 && i < kBlock; ++i) {
      if (at_[i] == Program::kLookCloser) out[i] = look_closer(first + i);
    }
  }

 private:
  // What the tables do not hold.
  [[nodiscard]] OutcomeId look_closer(size_t row) const {
    return careful_walk(compiled_.diagram, compiled_.answers, compiled_.space,
                        [&](uint32_t slot) { return fact(slot, row); });
  }
  [[nodiscard]] int32_t fact(uint32_t slot, size_t row) const {
    return columns_[slot].given() ? columns_[slot].at(row) : otherwise_[slot];
  }

  void walk() {
    if ((program_.root & Program::kPayload) != 0) {
      at_.fill(program_.root);
      return;
    }
    size_t open = first_step();
    while (open > 0) open = step(open);
  }

  // All rows begin with the same table. How many have not ended; they stand first in open_.
  size_t first_step() {
    const uint32_t* const table = program_.tables.data() + program_.table_of(program_.root);
    const Block<uint16_t>& places = places_.of_group[program_.group_of(program_.root)];
    size_t open = 0;
    for (size_t i = 0; i < kBlock; ++i) {
      const uint32_t to = table[places[i]];
      at_[i] = to;
      open_[open] = static_cast<uint16_t>(i);
      open += 1 - (to >> 31U);
    }
    return open;
  }

  // The next step of the first `open` rows in open_, and how many have not ended then.
  size_t step(size_t open) {
    // In locals, because what is written below could be any of them for all the compiler knows.
    const uint32_t* const tables = program_.tables.data();
    const uint32_t bits = program_.table_bits;
    const uint32_t table_of = (uint32_t{1} << bits) - 1;
    const Block<uint16_t>* const places = places_.of_group.data();
    size_t still = 0;
    for (size_t i = 0; i < open; ++i) {
      const uint16_t row = open_[i];
      const uint32_t from = at_[row];
      const uint32_t to = tables[(from & table_of) + places[from >> bits][row]];
      at_[row] = to;
      open_[still] = row;
      still += 1 - (to >> 31U);
    }
    return still;
  }

  const Policy::Compiled& compiled_;
  const Program& program_;
  std::span<const Column> columns_;
  Vectors vectors_;
  Facts otherwise_;  // of slots whose column is not given
  Facts row_;
  Places places_;
  Block<uint32_t> at_{};  // by row: the reference that it has come to
  Block<uint16_t> open_{};
};

}  // namespace

Result<void> evaluate_rows(const Policy& policy, std::span<const Column> columns,
                           std::span<OutcomeId> out) {
  return evaluate_rows_with(best_vectors(), policy, columns, out);
}

Result<void> evaluate_rows_with(Vectors vectors, const Policy& policy,
                                std::span<const Column> columns, std::span<OutcomeId> out) {
  const size_t slots = policy.vocabulary().slot_count;
  if (columns.size() != slots) {
    return bad_input("There are " + std::to_string(columns.size()) + " columns, and " +
                         std::to_string(slots) + " slots in the vocabulary.",
                     "columns", "Give one column for each slot.");
  }
  for (size_t slot = 0; slot < slots; ++slot) {
    if (!columns[slot].given() || columns[slot].size() == out.size()) continue;
    return bad_input("This column has " + std::to_string(columns[slot].size()) +
                         " rows, and there is room for " + std::to_string(out.size()) +
                         " outcomes.",
                     "columns[" + std::to_string(slot) + "]");
  }
  Rows rows(policy, columns, vectors);
  if (out.size() < kBlock) {
    for (size_t i = 0; i < out.size(); ++i) out[i] = rows.row(i);
    return {};
  }
  // The last block may begin within the one before it.
  for (size_t done = 0; done < out.size(); done += kBlock) {
    const size_t first = std::min(done, out.size() - kBlock);
    rows.block(first, out.data() + first);
  }
  return {};
}

}  // namespace firebreak::policy
