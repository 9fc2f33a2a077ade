// SPDX-License-Identifier: Apache-2.0
#include "web/access.h"

#include "web/app.h"
#include "web/bearer.h"
#include "web/caller.h"

namespace firebreak::web {

DirectoryAuthenticator::DirectoryAuthenticator(record::Directory& directory, bool secure)
    : directory_(directory), cookie_(cookie_name(kSessionCookie, secure)) {}

Result<std::shared_ptr<const Caller>> DirectoryAuthenticator::caller_of(const Request& request,
                                                                        Audience audience) {
  std::string token;
  if (audience == Audience::api) {
    token = std::string(bearer_token(request.header("authorization")).value_or(""));
  } else {
    token = request.cookie(cookie_).value_or("");
  }
  if (token.empty()) {
    return Error{
        ErrorCode::unauthorised,
        "Nobody is signed in.",
        {},
        audience == Audience::api ? "Send Authorization: Bearer and a token." : "Sign in first."};
  }
  FB_TRY(identity::Actor actor, directory_.authenticate(token));
  if (audience != Audience::api && actor.service) {
    return Error{ErrorCode::unauthorised, "A service's token opens no page.", {}, {}};
  }
  return std::shared_ptr<const Caller>(
      std::make_shared<Caller>(Caller{std::move(actor), std::move(token)}));
}

}  // namespace firebreak::web
