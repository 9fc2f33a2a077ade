// SPDX-License-Identifier: Apache-2.0
// Any bytes as a list of offence codes, alone and after a sound beginning: either faults or a list
// that finds every code it holds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/offences.h"

namespace {

void try_list(const std::string& text) {
  using firebreak::policy::OffenceList;
  std::vector<firebreak::policy::Finding> faults;
  const std::optional<OffenceList> list = OffenceList::read("l.offences", text, faults);
  if (list.has_value() != faults.empty()) std::abort();
  if (!list) return;
  for (const firebreak::policy::Offence& one : list->all()) {
    if (one.reason.empty() || !list->find(one.code)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try_list(bytes);
  try_list("offences sample version 1\ntitle \"Sample\"\nother \"Why\"\n001/00-02\n" + bytes);
  return 0;
}
