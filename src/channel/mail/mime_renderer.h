// SPDX-License-Identifier: Apache-2.0
// Composes the e-mail of a referral: the exact bytes that are shown, authorised, digested, signed
// and later sent. A pure function of the content: the same content gives the same bytes, always.
//
//   MimeRenderer renderer;
//   FB_TRY(std::string message, renderer.render(content));
//
// The message (RFC 5322, CRLF, ASCII, lines of at most 998 characters, here 76):
//
//   From, To                the two addresses, without names
//   Date                    of the content, in UTC
//   Subject                 Referral <reference>
//   Message-ID              the content's
//   MIME-Version: 1.0
//   Content-Type: multipart/alternative; boundary="=_firebreak_<reference>"
//
//     Content-Type: text/plain; charset=utf-8       Content-Type: application/json
//     Content-Transfer-Encoding: quoted-printable   Content-Transfer-Encoding: quoted-printable
//                                                   Content-Disposition: inline
//
// and no other header, no attachment, nobody's name but those in the fields.
//
// The text: "Referral <reference>", then for each field an empty line, its name as a heading ("Date
// of birth") and each line of its value indented by two spaces, so that no value can look like
// another field. Every kind of line break becomes one. The JSON part holds the values as they are:
//
//   {"fields":{"<name>":"<value>",…},"format":"firebreak-referral","reference":"ref_…","version":1}
//
// in canonical form (RFC 8785). Quoted-printable leaves "=" only in escapes, so "--=_" never starts
// a line of a part; "From " at the start of a line is escaped too, as mailbox files would change
// it.
#pragma once

#include <string>

#include "register/renderer.h"

namespace firebreak::mail {

class MimeRenderer final : public record::MessageRenderer {
 public:
  // Errors, with the member in `where` and never its value: bad_input for an address, reference or
  // Message-ID that is not plain ASCII, for no fields, a field named twice or not in
  // lower_case_words, and for a value that is not UTF-8 or holds a control character other than tab
  // and line breaks; too_large over 64 fields or 64 KiB in one value.
  [[nodiscard]] Result<std::string> render(const record::MessageContent& content) const override;
};

}  // namespace firebreak::mail
