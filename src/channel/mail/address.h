// SPDX-License-Identifier: Apache-2.0
// The e-mail addresses that may stand in a message or in an SMTP command: a plain, small part of
// what RFC 5322 allows, so that nothing in one can end a header line or a command.
//
//   if (!is_address(from)) return bad_input("…");
#pragma once

#include <string_view>

namespace firebreak::mail {

// True for a dot-atom, "@" and a domain name (RFC 5322 3.4.1, without quoted strings, comments and
// domain literals; RFC 5321 4.5.3.1 lengths), ASCII alone. A Message-ID without its angle brackets
// has the same form (RFC 5322 3.6.4).
bool is_address(std::string_view text);

}  // namespace firebreak::mail
