// SPDX-License-Identifier: Apache-2.0
// The bodies of OpenID AuthZEN's Authorization API 1.0, sections 5 and 6, read in Firebreak's terms
// (docs/api.md). Nothing is asked or recorded here.
//
//   {"subject": {"type": "person" | "service", "id": "..."},              who asks
//    "action": {"name": "share"},                                         the fact `action`
//    "resource": {"type": "person_in_occurrence", "id": "OCC-1/PER-2",    pseudonymous; not kept
//                 "properties": {facts}},
//    "context": {"facts": {facts}, "district": "...", "referral": "ref_...",
//                "approval": {"id": "apr_..."}, "supported_obligations": ["custom"]}}
//
// Facts are strict: an unknown name is refused, a fact given twice must agree. What else stands in
// the objects is ignored, as the standard asks (section 10.1.1).
//
//   FB_TRY(Evaluation evaluation, read_evaluation(body));
//   FB_TRY(Batch batch, read_evaluations(body));
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::web {

struct Evaluation {
  std::string subject_type;
  std::string subject_id;
  std::string resource_id;
  Json facts;            // `action` among them
  std::string district;  // empty: none given
  std::string referral;  // empty: none named
  std::string approval;  // the id of context.approval; empty: none presented
  // The types of obligation that the caller can fulfil; nothing: it did not say.
  std::optional<std::vector<std::string>> can_fulfil;
  Json asked;  // subject, resource, action, facts and district: what a denial is bound to
};

// Error: bad_input naming the member in `where` ("subject.type").
Result<Evaluation> read_evaluation(const Json& body);

enum class Semantic { execute_all, deny_on_first_deny, permit_on_first_permit };

struct Batch {
  Semantic semantic = Semantic::execute_all;
  // One for each item, defaults merged in; empty: the body is a single evaluation (section 6.1).
  std::vector<Result<Evaluation>> items;
};

// More items than this are refused, so that one call cannot fill the recorder's queue.
inline constexpr size_t kMaxItems = 100;

// A wrong item is an error in its place; a payload that is wrong as a whole is an error
// (bad_input).
Result<Batch> read_evaluations(const Json& body);

}  // namespace firebreak::web
