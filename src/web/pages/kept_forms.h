// SPDX-License-Identifier: Apache-2.0
// Forms that were sent after their session had ended by itself: what was typed is kept for a
// quarter of an hour, in memory, for the person whose session it was and in the browser that it was
// typed in, and comes back when that person signs in there.
//
//   kept.keep(old_token, {person_id, "/referrals/ref_x", true, members});
//   if (auto form = kept.hand_over(old_token, person_id, new_token)) ...go to form->path...
//   if (auto form = kept.look(new_token)) ...fill the form in..., kept.take(new_token);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"
#include "web/one_time.h"

namespace firebreak::web {

struct KeptForm {
  std::string person_id;
  std::string path;             // where it was sent
  bool has_page = false;        // whether a page can be opened there
  std::vector<Header> members;  // without its token
};

// Safe to call from several threads.
class KeptForms {
 public:
  static constexpr std::chrono::minutes kLife{15};
  static constexpr size_t kMost = 500;
  static constexpr size_t kMaxBytes = size_t{64} << 10;  // of one form; a larger one is not kept

  explicit KeptForms(const Clock& clock) : kept_(clock, kLife, kMost) {}

  // False when it is too large. The browser shows `token`, that of the session which ended.
  bool keep(std::string_view token, KeptForm form);
  // Somebody signed in, in the browser that shows `old_token`. What that browser's last person had
  // typed goes on to this one's new session if they are the same, and otherwise goes for good.
  std::optional<KeptForm> hand_over(std::string_view old_token, const std::string& person_id,
                                    std::string_view new_token);
  // The session's kept form.
  [[nodiscard]] std::optional<KeptForm> look(std::string_view token) const {
    return kept_.look(token);
  }
  // The same, and it is not kept any more.
  std::optional<KeptForm> take(std::string_view token) { return kept_.take(token); }

 private:
  OneTime<KeptForm> kept_;  // by the token of the session
};

}  // namespace firebreak::web
