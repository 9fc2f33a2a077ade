// SPDX-License-Identifier: Apache-2.0
// The register's answer in the terms of AuthZEN's Authorization API 1.0 (docs/api.md), and the
// metadata of section 9. Functions of their arguments alone.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "policy/vocabulary.h"

namespace firebreak::web {

// Whether these facts are about data reaching an enforcement recipient, by the vocabulary's own
// mark. A recipient that is not given, or a vocabulary that is not known (null: no policy in
// force), may be one.
bool needs_referral(const policy::Vocabulary* vocabulary, const Json& facts);

// AuthZEN's decision from the register's answer (docs/api.md): true for `permit` alone and,
// where a referral is needed, only with one that is released; otherwise false with the obligation
// to use one. The whole answer stands in `context`.
Json authzen_decision(Json answer, bool needs_referral, bool referral_released);
// A bad item of a batch: false, with `context.error`.
Json authzen_error(const Error& error);

// The metadata document (section 9); `base` is the URL of this site without a path.
Json authzen_metadata(const std::string& base);

}  // namespace firebreak::web
