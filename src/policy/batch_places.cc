// SPDX-License-Identifier: Apache-2.0
// Loops go over a whole block, whose size the compiler knows and divides into vectors; what decides
// is data, not a branch. Everything below is inlined into find_places_in, once for each kind of
// vectors.
#include "policy/batch_places.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace firebreak::policy {
namespace {

// The widest table whose places, with the last for unknown facts, are bytes. Above, and for a
// number of more bands than it pays to count, rows are taken one by one.
constexpr uint32_t kWidestOfBytes = 255;
constexpr uint32_t kMostCounted = 64;

// Does this for each row of a block. The arrays do not overlap, or are the same: without that
// word g++ makes no vectors at -O2.
template <typename Do>
[[gnu::always_inline]] inline void each_row(const Do& do_row) {
#ifndef __clang__
#pragma GCC ivdep
#endif
  for (size_t i = 0; i < kBlock; ++i) do_row(i);
}

// Of a group: where its facts stand, as far as they are known.
struct PlaceBytes {
  Block<uint8_t> places{};
  Block<uint8_t> unknown{};  // not 0 where one is not known
};

// Adds a lane's share of the places; a value above `top` is not known. The multiplication takes two
// rows at a time, for there is none of bytes: it carries nothing from one to the other, since a
// known value's share is within the table's width.
template <size_t kWidth>
[[gnu::always_inline]] inline void add_lane(const uint8_t* values, uint8_t top, uint16_t stride,
                                            PlaceBytes& out) {
  using Bytes [[gnu::vector_size(kWidth)]] = uint8_t;
  using Pairs [[gnu::vector_size(kWidth)]] = uint16_t;
  const Bytes most = Bytes{} + top;
  for (size_t i = 0; i < kBlock; i += kWidth) {
    Bytes value, places, unknown;
    std::memcpy(&value, values + i, kWidth);
    std::memcpy(&places, out.places.data() + i, kWidth);
    std::memcpy(&unknown, out.unknown.data() + i, kWidth);
    const Bytes known = value < most ? value : most;
    unknown |= value ^ known;
    places = reinterpret_cast<Bytes>(reinterpret_cast<Pairs>(places) +
                                     reinterpret_cast<Pairs>(known) * stride);
    std::memcpy(out.places.data() + i, &places, kWidth);
    std::memcpy(out.unknown.data() + i, &unknown, kWidth);
  }
}

// Values below 255 as they are, all others as 255.
[[gnu::always_inline]] inline void narrow_numbers(const int32_t* numbers, Block<uint8_t>& out) {
  each_row([&](size_t i) {
    const auto value = static_cast<uint32_t>(numbers[i]);
    out[i] = static_cast<uint8_t>(value < UINT8_MAX ? value : UINT8_MAX);
  });
}

// A number's place is its band: how many bands but the first begin at it or below.
template <typename Value>
[[gnu::always_inline]] inline void count_bands(const Value* numbers, std::span<const int32_t> bands,
                                               PlaceBytes& out) {
  // As a column holds it: Column::kMissing, Facts::kMissing.
  constexpr Value kMissing = std::numeric_limits<Value>::min();
  for (const int32_t band : bands.subspan(1)) {
    if (band > std::numeric_limits<Value>::max()) break;
    const auto begin = static_cast<Value>(std::max<int32_t>(band, kMissing));
    each_row([&](size_t i) {
      out.places[i] = static_cast<uint8_t>(out.places[i] + (numbers[i] >= begin ? 1 : 0));
    });
  }
  each_row([&](size_t i) { out.unknown[i] = numbers[i] == kMissing ? 1 : 0; });
}

template <typename Value>
[[gnu::always_inline]] inline void find_different(const Value* values, Value in_force,
                                                  Block<uint8_t>& differs) {
  each_row([&](size_t i) {
    differs[i] = static_cast<uint8_t>(differs[i] | (values[i] != in_force ? 1 : 0));
  });
}

// Where a fact is not known the place is `last`.
[[gnu::always_inline]] inline void finish_places(uint8_t last, PlaceBytes& bytes,
                                                 Block<uint16_t>& out) {
  each_row([&](size_t i) { bytes.places[i] = bytes.unknown[i] != 0 ? last : bytes.places[i]; });
  each_row([&](size_t i) { out[i] = bytes.places[i]; });
}

// Of a group with a single lane.
void find_one_by_one(const BlockOfRows& rows, const Program::Group& group, Block<uint16_t>& out) {
  const Program::Lane& lane = group.lanes[0];
  const Column& column = rows.columns[lane.slot];
  for (size_t i = 0; i < kBlock; ++i) {
    const int32_t value = column.at(rows.first + i);
    const bool known =
        group.bands == 0 ? static_cast<uint32_t>(value) < lane.size : value != Facts::kMissing;
    const uint32_t place =
        group.bands == 0 ? static_cast<uint32_t>(value) : rows.program.band_of(group, value);
    out[i] = static_cast<uint16_t>(known ? place : group.width);
  }
}

[[gnu::always_inline]] inline void find_bands(const BlockOfRows& rows, const Program::Group& group,
                                              PlaceBytes& out) {
  const Column& column = rows.columns[group.lanes[0].slot];
  const std::span bands(rows.program.bands.data() + group.first_band, group.bands);
  if (column.bytes() != nullptr) {
    count_bands(column.bytes() + rows.first, bands, out);
  } else {
    count_bands(column.numbers() + rows.first, bands, out);
  }
}

template <size_t kWidth>
[[gnu::always_inline]] inline void find_lanes(const BlockOfRows& rows, const Program::Group& group,
                                              PlaceBytes& out) {
  for (const Program::Lane& lane : group.lanes) {
    if (lane.stride == 0) break;
    const Column& column = rows.columns[lane.slot];
    const auto top = static_cast<uint8_t>(lane.size - 1);
    if (column.bytes() != nullptr) {
      // Negative values, the missing among them, are the upper half.
      add_lane<kWidth>(reinterpret_cast<const uint8_t*>(column.bytes() + rows.first),
                       std::min<uint8_t>(top, INT8_MAX), lane.stride, out);
    } else {
      Block<uint8_t> narrowed;
      narrow_numbers(column.numbers() + rows.first, narrowed);
      add_lane<kWidth>(narrowed.data(), top, lane.stride, out);
    }
  }
}

template <size_t kWidth>
[[gnu::always_inline]] inline void find_in_group(const BlockOfRows& rows,
                                                 const Program::Group& group,
                                                 Block<uint16_t>& out) {
  for (const Program::Lane& lane : group.lanes) {
    if (rows.columns[lane.slot].given()) continue;
    out.fill(static_cast<uint16_t>(group.width));
    return;
  }
  if (group.width > kWidestOfBytes || group.bands > kMostCounted) {
    find_one_by_one(rows, group, out);
    return;
  }
  PlaceBytes bytes;
  if (group.bands > 0) {
    find_bands(rows, group, bytes);
  } else {
    find_lanes<kWidth>(rows, group, bytes);
  }
  finish_places(static_cast<uint8_t>(group.width), bytes, out);
}

[[gnu::always_inline]] inline void compare_setting(const BlockOfRows& rows,
                                                   const Program::Settled& setting,
                                                   Block<uint8_t>& differs) {
  const Column& column = rows.columns[setting.slot];
  if (!column.given()) return;
  if (column.bytes() == nullptr) {
    find_different(column.numbers() + rows.first, setting.value, differs);
  } else if (setting.value > Column::kMissing && setting.value <= INT8_MAX) {
    find_different(column.bytes() + rows.first, static_cast<int8_t>(setting.value), differs);
  } else {
    differs.fill(1);
  }
}

// With vectors of so many bytes.
template <size_t kWidth>
[[gnu::always_inline]] inline void find_places_in(const BlockOfRows& rows, Places& out) {
  for (size_t group = 0; group < rows.program.groups.size(); ++group) {
    find_in_group<kWidth>(rows, rows.program.groups[group], out.of_group[group]);
  }
  out.differs.fill(0);
  for (const Program::Settled& setting : rows.program.settled)
    compare_setting(rows, setting, out.differs);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void find_places_with_avx2(const BlockOfRows& rows, Places& out) {
  find_places_in<32>(rows, out);
}
#endif

}  // namespace

Vectors best_vectors() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") != 0) return Vectors::avx2;
#endif
  return Vectors::everywhere;
}

void find_places(const BlockOfRows& rows, Places& out, Vectors vectors) {
#ifdef __x86_64__
  if (vectors == Vectors::avx2) {
    find_places_with_avx2(rows, out);
    return;
  }
#endif
  find_places_in<16>(rows, out);
}

}  // namespace firebreak::policy
