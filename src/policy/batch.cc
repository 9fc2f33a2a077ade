// SPDX-License-Identifier: Apache-2.0
// Rows are taken in blocks. For each group of the program (program.h) the places in its tables are
// computed for the whole block, which the compiler turns into vector instructions. Then all rows of
// the block take one step, those that have not ended the next, and so on: the steps of different
// rows do not wait for each other, and nothing hangs on a branch that would be guessed wrongly.
#include "policy/batch.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "policy/compile.h"

namespace firebreak::policy {
namespace {

constexpr size_t kBlock = 256;
template <typename T>
using Block = std::array<T, kBlock>;

// Marks a place of which some value is not known. Places themselves are far below.
constexpr uint16_t kUnknown = 0x8000;

// Adds a lane's share of the places. For vectors to be made of it the number of rows is fixed, and
// nothing overlaps.
template <typename Value>
void add_lane(const Value* __restrict values, const Program::Lane& lane,
              Block<uint16_t>& __restrict places) {
  using Bits = std::make_unsigned_t<Value>;
  // Negative values, the missing among them, are the upper half.
  constexpr uint32_t kHalf = uint32_t{1} << (8 * sizeof(Value) - 1);
  const auto limit = static_cast<Bits>(std::min<uint32_t>(lane.size, kHalf));
  const uint16_t by = lane.stride;
  for (size_t i = 0; i < kBlock; ++i) {
    const auto value = static_cast<Bits>(values[i]);
    const auto share = static_cast<uint16_t>(static_cast<uint16_t>(value) * by);
    const auto known = static_cast<uint16_t>(value < limit ? 0xFFFF : 0);
    places[i] = static_cast<uint16_t>((places[i] + (share & known)) | (kUnknown & ~known));
  }
}

// Where a value is not known the place is `last`.
void send_unknown(uint16_t last, Block<uint16_t>& places) {
  for (size_t i = 0; i < kBlock; ++i) {
    places[i] = (places[i] & kUnknown) != 0 ? last : places[i];
  }
}

class Rows {
 public:
  Rows(const Policy& policy, std::span<const Column> columns)
      : compiled_(policy.compiled()),
        program_(compiled_.program),
        columns_(columns),
        otherwise_(policy.vocabulary()),
        row_(otherwise_),
        places_(program_.groups.size()) {}

  // One row by itself.
  OutcomeId row(size_t at) {
    for (uint32_t slot = 0; slot < row_.size(); ++slot) row_.set(slot, fact(slot, at));
    return policy::walk(compiled_, row_.data());
  }

  // The rows from `first` on, kBlock of them.
  void block(size_t first, OutcomeId* out) {
    for (size_t group = 0; group < program_.groups.size(); ++group) {
      find_places(program_.groups[group], first, places_[group]);
    }
    walk(first);
    for (size_t i = 0; i < kBlock; ++i) {
      const uint32_t payload = at_[i] & ~Program::kPayload;
      out[i] = payload == Program::kLookCloser ? look_closer(first + i) : payload;
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

  // Where the facts stand in the group's tables; at the end, with kLookCloser, where one is
  // unknown.
  void find_places(const Program::Group& group, size_t first, Block<uint16_t>& places) {
    const auto last = static_cast<uint16_t>(group.width);
    if (group.bands > 0) {
      for (size_t i = 0; i < kBlock; ++i) {
        const int32_t number = fact(group.lanes[0].slot, first + i);
        places[i] = number == Facts::kMissing
                        ? last
                        : static_cast<uint16_t>(program_.band_of(group, number));
      }
      return;
    }
    places.fill(0);
    for (const Program::Lane& lane : group.lanes) {
      if (lane.stride == 0) break;
      const Column& column = columns_[lane.slot];
      if (!column.given()) {
        places.fill(kUnknown);
      } else if (column.bytes() != nullptr) {
        add_lane(column.bytes() + first, lane, places);
      } else {
        add_lane(column.numbers() + first, lane, places);
      }
    }
    send_unknown(last, places);
  }

  void walk(size_t first) {
    at_.fill(program_.root);
    for (const Program::Settled& setting : program_.settled) {
      if (!columns_[setting.slot].given()) continue;
      for (size_t i = 0; i < kBlock; ++i) {
        if (fact(setting.slot, first + i) != setting.value) {
          at_[i] = Program::kPayload | Program::kLookCloser;
        }
      }
    }
    step_until_ended();
  }

  void step_until_ended() {
    // In locals, because what is written below could be any of them for all the compiler knows.
    const uint32_t* const tables = program_.tables.data();
    const uint32_t bits = program_.table_bits;
    const uint32_t table_of = (uint32_t{1} << bits) - 1;
    const Block<uint16_t>* const places = places_.data();
    size_t open = 0;  // rows that have not ended, first in open_
    for (size_t i = 0; i < kBlock; ++i) {
      open_[open] = static_cast<uint16_t>(i);
      open += 1 - (at_[i] >> 31U);
    }
    while (open > 0) {
      size_t still = 0;
      for (size_t i = 0; i < open; ++i) {
        const uint16_t row = open_[i];
        const uint32_t from = at_[row];
        const uint32_t to = tables[(from & table_of) + places[from >> bits][row]];
        at_[row] = to;
        open_[still] = row;
        still += 1 - (to >> 31U);
      }
      open = still;
    }
  }

  const Policy::Compiled& compiled_;
  const Program& program_;
  std::span<const Column> columns_;
  Facts otherwise_;  // of slots whose column is not given
  Facts row_;
  std::vector<Block<uint16_t>> places_;  // by group
  Block<uint32_t> at_{};
  Block<uint16_t> open_{};
};

}  // namespace

Result<void> evaluate_rows(const Policy& policy, std::span<const Column> columns,
                           std::span<OutcomeId> out) {
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
  Rows rows(policy, columns);
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
