// SPDX-License-Identifier: Apache-2.0
// JSON from outside, read strictly, and JSON to be hashed, written canonically.
//
//   FB_TRY(Json body, parse_json(text, {.max_bytes = 1 << 20}));
//   std::string bytes = canonical_json(entry);   // RFC 8785
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firebreak {

using Json = nlohmann::json;

struct JsonLimits {
  size_t max_bytes = size_t{1} << 20;
  int max_depth = 32;
};

// Takes one JSON value (RFC 8259) in UTF-8 and nothing after it. Refuses invalid UTF-8, a member
// given twice, and what is over the limits. Memory is bounded by a small multiple of max_bytes.
// Errors: bad_input (with the line, column and byte at which reading stopped in `where`),
// too_large.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// The same for CBOR (RFC 8949) whose maps name their members by texts. A byte string becomes a
// binary value; a tag is refused. Texts are not checked to be UTF-8. Errors: bad_input, too_large.
Result<Json> parse_cbor(std::span<const uint8_t> bytes, const JsonLimits& limits);

// RFC 8785 (JSON Canonicalization Scheme): members sorted by their UTF-16 code units, no white
// space. Numbers must be integers of at most 2^53 - 1 in size: the records that are hashed hold no
// others, and so need no shortest-float printing. Anything else is a fault of the caller and throws
// std::invalid_argument, as invalid UTF-8 does.
std::string canonical_json(const Json& value);

}  // namespace firebreak
