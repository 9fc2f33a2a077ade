// SPDX-License-Identifier: Apache-2.0
// Signing in through the force's provider, as far as the server keeps something of it: which
// sign-ins are under way, in which browser each began, and where it was going.
//
//   FB_TRY(auto provider, ProviderSignIn::open(reg));        // null when force.toml names none
//   FB_TRY(Begun begun, provider->begin("/desk", ""));       // blocks: send the browser to
//   begun.url
//   ... the browser comes back ...
//   FB_TRY(Back back, provider->finish(cookie, returned));   // blocks: back.who signed in
//
// A sign-in is good for ten minutes, once, and in the browser that it began in alone.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/random.h"
#include "identity/oidc/provider.h"
#include "register/register.h"
#include "web/one_time.h"
#include "web/waiting.h"

namespace firebreak::web {

// The cookie that ties a sign-in under way to the browser that it began in.
inline constexpr const char* kProviderCookie = "firebreak-provider";

class ProviderSignIn {
 public:
  static constexpr std::chrono::minutes kLife{10};
  static constexpr size_t kMost = 10'000;  // sign-ins under way

  struct Begun {
    std::string url;      // where the browser goes
    std::string browser;  // a cookie's value, by which the browser is known again
  };
  struct Back {
    identity::oidc::SignedIn who;
    std::string next;          // where the person was going
    std::string late_session;  // the token of a session of theirs that had ended before
  };

  // Reads the secret. Errors: bad_input naming the setting, unavailable (the secret's file). Null
  // when force.toml has no [sign_in.oidc]. `reg` must outlive it.
  static Result<std::unique_ptr<ProviderSignIn>> open(const record::Register& reg);

  // Both ask the provider and wait for it, up to ten seconds each time: run them by work(). Errors
  // as those of identity::oidc::Provider; unauthorised when the answer belongs to no sign-in that
  // is under way in this browser.
  Result<Begun> begin(const std::string& next, const std::string& late_session);
  Result<Back> finish(const std::string& browser, const identity::oidc::Returned& returned);

  // Threads of its own, so that a slow provider holds up nothing but signing in through it.
  BlockingWork& work() { return work_; }

 private:
  struct UnderWay {
    identity::oidc::Attempt attempt;
    std::string browser;
    std::string next;
    std::string late_session;
  };
  ProviderSignIn(identity::oidc::Settings settings, const Clock& clock)
      : provider_(std::move(settings), fetcher_, clock), under_way_(clock, kLife, kMost) {}

  SystemRandom random_;
  identity::oidc::CurlFetcher fetcher_;
  identity::oidc::Provider provider_;
  OneTime<UnderWay> under_way_;  // by their state
  BlockingWork work_{4, 64};
};

}  // namespace firebreak::web
