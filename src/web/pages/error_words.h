// SPDX-License-Identifier: Apache-2.0
// An error in the words of a page.
//
//   const ErrorWords words = words_for(error);
//   Json paragraphs = error_paragraphs(error, words);   // [{"TEXT": …}, …]
#pragma once

#include "base/json.h"
#include "base/result.h"

namespace firebreak::web {

struct ErrorWords {
  const char* heading;
  const char* then;  // what to do, or what did not happen
};
ErrorWords words_for(const Error& error);

// What an officer must know first; then, for a fault of the service, what its keeper must know.
Json error_paragraphs(const Error& error, const ErrorWords& words);

}  // namespace firebreak::web
