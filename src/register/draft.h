// SPDX-License-Identifier: Apache-2.0
// The content of a referral as its requester gives it. It is sealed as soon as it is read; nothing
// of it stands in an entry but the facets.
//
//   {"destination":"id of force.toml", "occurrence":"OCC-…", "person":"PER-…", "district":"…",
//    "facts":{vocabulary attributes}, "fields":{"name":"…", …}, "reasons":{"history":"…", …},
//    …casework, never sent (casework.h)}
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

struct Draft {
  std::string destination;
  std::string occurrence;  // pseudonymous references of the records system
  std::string person;
  std::string district;
  Json facts;
  std::map<std::string, std::string> fields;
  std::map<std::string, std::string> reasons;
  Json casework = Json::object();  // the members of casework.h that are given
};

// Whether it can be a pseudonymous reference of the records system, such as PER-000456.
bool is_record_reference(std::string_view text);

inline constexpr size_t kMaxDraftText = 10'000;  // bytes of one field or reason

// Reads the shape: known members, texts that are texts and not too long. Every member may be
// missing. Error: bad_input naming the member, never its value.
Result<Draft> read_draft(const Json& body);
// The same for what comes from outside, in which no text may hide or turn round another.
Result<Draft> read_new_draft(const Json& body);
Json to_json(const Draft& draft);

}  // namespace firebreak::record
