// SPDX-License-Identifier: Apache-2.0
// The kinds of failure as the words that programs read: the member `code` of an API's problem
// document, and of the command line's --json.
//
//   problem["code"] = code_name(error.code);      // "not_found"
#pragma once

#include "base/result.h"

namespace firebreak {

const char* code_name(ErrorCode code);

}  // namespace firebreak
