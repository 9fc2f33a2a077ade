// SPDX-License-Identifier: Apache-2.0
#include "web/provider_sign_in.h"

#include "base/files.h"
#include "identity/token.h"

namespace firebreak::web {
namespace {

Result<std::string> read_secret_file(const std::filesystem::path& file) {
  FB_TRY(std::string secret, read_file(file, 4096));
  return secret.substr(0, secret.find_first_of("\r\n"));
}

Error not_under_way() {
  return {ErrorCode::unauthorised,
          "This sign-in was finished before, took longer than ten minutes, or began in another "
          "browser.",
          {},
          "Sign in again."};
}

}  // namespace

Result<std::unique_ptr<ProviderSignIn>> ProviderSignIn::open(const record::Register& reg) {
  const record::Config& config = reg.config();
  if (!config.sign_in.oidc) return std::unique_ptr<ProviderSignIn>();
  identity::oidc::Settings settings = *config.sign_in.oidc;
  if (config.web.origin.empty()) {
    return bad_input("Sign-in through a provider needs the address that browsers come back to.",
                     "[web] origin", "Write the public https address of this service.");
  }
  settings.redirect_uri = config.web.origin + "/sign-in/oidc/callback";
  FB_TRY(settings.client_secret,
         read_secret_file(reg.paths().root / config.sign_in.oidc_secret_file));
  FB_CHECK(identity::oidc::check_settings(settings));
  return std::unique_ptr<ProviderSignIn>(new ProviderSignIn(std::move(settings), reg.clock()));
}

Result<ProviderSignIn::Begun> ProviderSignIn::begin(const std::string& next,
                                                    const std::string& late_session) {
  UnderWay begun{identity::oidc::new_attempt(random_), identity::new_token(random_, "fbw_"), next,
                 late_session};
  FB_TRY(std::string url, provider_.sign_in_url(begun.attempt));
  under_way_.keep(begun.attempt.state, begun);
  return Begun{std::move(url), begun.browser};
}

Result<ProviderSignIn::Back> ProviderSignIn::finish(const std::string& browser,
                                                    const identity::oidc::Returned& returned) {
  const auto begun = under_way_.take(returned.state);
  if (!begun || !equal_in_constant_time(as_bytes(begun->browser), as_bytes(browser)))
    return not_under_way();
  FB_TRY(identity::oidc::SignedIn who, provider_.finish(begun->attempt, returned));
  return Back{std::move(who), begun->next, begun->late_session};
}

}  // namespace firebreak::web
