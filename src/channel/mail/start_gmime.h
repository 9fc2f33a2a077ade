// SPDX-License-Identifier: Apache-2.0
// GMime must be started once, before anything of it is used: whoever composes or reads a message
// calls start_gmime() first. Safe to call from several threads.
#pragma once

#include <gmime/gmime.h>

#include <mutex>

namespace firebreak::mail {

inline void start_gmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

}  // namespace firebreak::mail
