// SPDX-License-Identifier: Apache-2.0
#include "policy/diff_share.h"

#include "policy/wording.h"

namespace firebreak::policy {

std::string grouped(const Count& count) { return grouped_digits(count.str()); }

std::string share(const Count& part, const Count& whole) {
  if (part == 0 || part == whole) return part == 0 ? "0%" : "100%";
  const Count tenths = (part * 2000 + whole) / (whole * 2);
  if (tenths == 0) return "under 0.1%";
  if (tenths >= 1000) return "over 99.9%";
  return Count(tenths / 10).str() + "." + Count(tenths % 10).str() + "%";
}

}  // namespace firebreak::policy
