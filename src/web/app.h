// SPDX-License-Identifier: Apache-2.0
// What the handlers of the API and of the pages share. Made by serve() (web/web.h), or by a test.
//
//   App app{.reg = *reg, .log = log, .secure = false, .ui = "ui/dist"};
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "register/register.h"
#include "web/log.h"
#include "web/long_jobs.h"
#include "web/one_time.h"
#include "web/provider_sign_in.h"
#include "web/waiting.h"

namespace firebreak::web {

// What a records system's link opens: questions, asked by this person.
struct QuestionLink {
  static constexpr std::chrono::minutes kLife{2};
  std::string person;           // identifier
  std::string service;          // who made it
  Json facts = Json::object();  // already known; docs/api.md
};

struct App {
  record::Register& reg;
  Log& log;
  bool secure = false;            // reached over https: cookies are Secure
  std::filesystem::path ui = {};  // the built pages' folder
  // One password is hashed at a time: each takes up to 256 MB (identity/password.h).
  BlockingWork passwords{1, 16};
  BlockingWork reads{2, 256};
  // What reads very much, so that no other reader waits for it: the Board's figures, a list as CSV.
  BlockingWork long_reads{1, 256};
  // A policy is checked before it is proposed or put in force: one at a time.
  BlockingWork policies{1, 16};
  // What is compared and checked for longer than a page may take.
  LongJobs long_jobs{policies, 16};
  // Signing in through the force's provider; null when it has none.
  std::unique_ptr<ProviderSignIn> provider = nullptr;
  OneTime<QuestionLink> links{reg.clock(), QuestionLink::kLife, 10'000};
};

// The session cookie of the pages; its name on the wire is cookie_name(kSessionCookie, app.secure).
inline constexpr const char* kSessionCookie = "firebreak-session";

}  // namespace firebreak::web
