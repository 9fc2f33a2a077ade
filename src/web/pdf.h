// SPDX-License-Identifier: Apache-2.0
// A PDF of a document of ours, by WeasyPrint (Debian's package) in a process of its own: it gets
// the HTML and gives the PDF, has no network, and is stopped after a minute. Nothing of either
// touches a disk.
//
//   FB_TRY(const std::string pdf, make_pdf(html));      // blocks: on a pool for such work
#pragma once

#include <string>

#include "base/result.h"

namespace firebreak::web {

// Tagged, with the document's language and title (PDF/UA-1). Error: unavailable when WeasyPrint is
// not installed, cannot be kept from the network, or fails.
Result<std::string> make_pdf(const std::string& html);

}  // namespace firebreak::web
