// SPDX-License-Identifier: Apache-2.0
// What the recipient of a referral reads, out of the message's own bytes: the page shows it to
// those who decide, so that nobody has to read quoted-printable at night.
//
//   message_text(message)     // "Referral ref_…\n\nName\n  Example Person 1\n…"
#pragma once

#include <string>

namespace firebreak::mail {

// The decoded text part of a message that MimeRenderer made, with LF. Anything else comes back as
// it is, whole: what cannot be decoded is never hidden.
std::string message_text(const std::string& message);

}  // namespace firebreak::mail
