// SPDX-License-Identifier: Apache-2.0
// What batch.cc computes for a block of rows before they walk: where their facts stand in the
// tables of each group of a program (program.h).
//
//   Places places(program);
//   find_places({program, columns, first}, places, best_vectors());
//   program.tables[program.table_of(reference) + places.of_group[group][row]];
//
// Places are computed for all rows and groups, also those that a row does not come to: in vectors
// of bytes that costs less than asking. On x86-64 the same code is compiled twice, for what every
// processor has and for AVX2.
#pragma once

#include <array>
#include <vector>

#include "policy/batch.h"
#include "policy/program.h"

namespace firebreak::policy {

constexpr size_t kBlock = 256;
template <typename T>
using Block = std::array<T, kBlock>;

enum class Vectors { everywhere, avx2 };
// AVX2 where this processor has it.
Vectors best_vectors();

// The rows from `first` on, kBlock of them.
struct BlockOfRows {
  const Program& program;
  std::span<const Column> columns;
  size_t first;
};

struct Places {
  explicit Places(const Program& program) : of_group(program.groups.size()) {}

  // At the end of the table, where kLookCloser stands, for a row with an unknown fact in the group.
  std::vector<Block<uint16_t>> of_group;
  Block<uint8_t> differs;  // not 0 in a row with a setting that is not as in force
};
// `vectors` must be what this processor has.
void find_places(const BlockOfRows& rows, Places& out, Vectors vectors);

// evaluate_rows() with these vectors, for tests: it takes the best by itself.
Result<void> evaluate_rows_with(Vectors vectors, const Policy& policy,
                                std::span<const Column> columns, std::span<OutcomeId> out);

}  // namespace firebreak::policy
