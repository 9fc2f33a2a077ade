// SPDX-License-Identifier: Apache-2.0
// Hands a rendered referral to a real mail server. Run by tests/mail/test_postfix.py, which starts
// one and checks what arrived; skipped without the two environment variables it sets.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "channel/mail/hostile_content.h"
#include "channel/mail/mime_renderer.h"
#include "channel/mail/smtp.h"

namespace firebreak::mail {
namespace {

using record::HandingOutcome;

class RealRelay : public testing::Test {
 protected:
  void SetUp() override {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet
    const char* url = std::getenv("FIREBREAK_TEST_RELAY");
    // NOLINTNEXTLINE(concurrency-mt-unsafe): likewise
    const char* ca = std::getenv("FIREBREAK_TEST_CA");
    if (url == nullptr || ca == nullptr) GTEST_SKIP() << "run by tests/mail/test_postfix.py";
    settings_.url = url;
    settings_.ca_file = ca;
    settings_.hello = "firebreak.police.example";
    settings_.connect_timeout = std::chrono::seconds{20};
  }

  HandOver hand() {
    auto content = sample_content();
    content.fields = {{"name", "Zo\xc3\xab Example"}, {"grounds", ".\nFrom here\r\non"}};
    record::Release release;
    release.referral = content.reference;
    release.number = 1;
    release.from = content.from;
    release.to = content.to;
    release.message = *MimeRenderer().render(content);
    auto relay = SmtpRelay::make(settings_);
    EXPECT_TRUE(relay.ok());
    HandOver result = (*relay)->hand_over(release, {});
    std::cout << result.explanation << "\n";
    return result;
  }
  SmtpSettings settings_;
};

TEST_F(RealRelay, TakesAReferral) {
  const HandOver result = hand();
  EXPECT_EQ(result.outcome, HandingOutcome::accepted);
  EXPECT_TRUE(result.detail.starts_with("250 2.0.0 queue id ")) << result.detail;
}

TEST_F(RealRelay, IsNotTrusted) {
  const HandOver result = hand();
  EXPECT_EQ(result.outcome, HandingOutcome::not_sent);
  EXPECT_EQ(result.detail, "TLS certificate not trusted");
}

TEST_F(RealRelay, SaysNothing) {
  settings_.connect_timeout = std::chrono::seconds{1};
  const HandOver result = hand();
  EXPECT_EQ(result.outcome, HandingOutcome::not_sent);
  EXPECT_EQ(result.detail, "no answer in time");
}

}  // namespace
}  // namespace firebreak::mail
