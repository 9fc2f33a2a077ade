// SPDX-License-Identifier: Apache-2.0
// Any bytes as a recipient's address: read or not, never beyond memory; and a closed domain after
// them, as the last mailbox of a list, is found.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "channel/mail/listed_addresses.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer names it
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using firebreak::mail::ListedAddresses;
  static const ListedAddresses listed({{.id = "desk",
                                        .recipient = "immigration_enforcement",
                                        .address = "desk@enforcement.example",
                                        .label = "Desk"}});
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)listed.find(text);
  const auto found = listed.find(text + "),<desk@enforcement.example>");
  if (!found || !found->closed) std::abort();
  return 0;
}
