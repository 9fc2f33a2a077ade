// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/smtp.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <thread>

#include "channel/mail/fake_relay.h"

namespace firebreak::mail {
namespace {

using record::HandingOutcome;
using std::chrono::milliseconds;

constexpr const char* kMessage =
    "From: referrals@police.example\r\nSubject: Referral ref_1\r\n\r\n"
    ".\r\n..two\r\nFrom here\r\nthe last line\r\n";

record::Release release_of(std::string message = kMessage) {
  record::Release release;
  release.referral = "ref_1";
  release.number = 1;
  release.from = "referrals@police.example";
  release.to = "desk@enforcement.example";
  release.message = std::move(message);
  return release;
}

SmtpSettings settings_for(const FakeRelay& relay) {
  SmtpSettings settings;
  settings.url = relay.url();
  settings.ca_file = relay.ca_file();
  settings.hello = "firebreak.police.example";
  settings.connect_timeout = milliseconds{400};
  settings.reply_timeout = milliseconds{400};
  settings.final_timeout = milliseconds{400};
  settings.quit_timeout = milliseconds{100};
  settings.stop_grace = milliseconds{200};
  return settings;
}

HandOver hand(const FakeRelay& relay, const SmtpSettings& settings,
              const record::Release& release = release_of()) {
  auto carrier = SmtpRelay::make(settings);
  EXPECT_TRUE(carrier.ok());
  HandOver result = (*carrier)->hand_over(release, {});
  // What holds whatever happened.
  if (relay.ends_seen() > 0) {
    EXPECT_NE(result.outcome, HandingOutcome::not_sent);
  }
  EXPECT_LE(relay.ends_seen(), 1);
  EXPECT_LE(result.detail.size(), 64U) << result.detail;
  EXPECT_EQ(result.detail.find('@'), std::string::npos) << result.detail;
  return result;
}

HandOver hand(const FakeRelay& relay) { return hand(relay, settings_for(relay)); }

TEST(Smtp, SendsExactlyTheseBytesOverTlsToOneRecipient) {
  const FakeRelay relay;
  const HandOver result = hand(relay);
  EXPECT_EQ(result.outcome, HandingOutcome::accepted) << result.explanation;
  EXPECT_EQ(result.detail, "250 2.0.0 queue id 4F2A1B7C");
  ASSERT_EQ(relay.messages().size(), 1U);
  EXPECT_EQ(relay.messages()[0], kMessage);
  const std::vector<std::string> expected{"EHLO firebreak.police.example",
                                          "STARTTLS",
                                          "EHLO firebreak.police.example",
                                          "MAIL FROM:<referrals@police.example>",
                                          "RCPT TO:<desk@enforcement.example>",
                                          "DATA",
                                          "QUIT"};
  EXPECT_EQ(relay.commands(), expected);
}

TEST(Smtp, ALongMessageArrivesWhole) {
  std::string message = "Subject: Referral ref_1\r\n\r\n";
  for (int i = 0; i < 40'000; ++i) message += ".line " + std::to_string(i) + "\r\n";
  const FakeRelay relay;
  SmtpSettings settings = settings_for(relay);
  settings.final_timeout = settings.reply_timeout = std::chrono::seconds{20};
  EXPECT_EQ(hand(relay, settings, release_of(message)).outcome, HandingOutcome::accepted);
  ASSERT_EQ(relay.messages().size(), 1U);
  EXPECT_TRUE(relay.messages()[0] == message);
}

struct Case {
  const char* name;
  Stage stage;
  Action action;
  HandingOutcome outcome;
};

// NOLINTNEXTLINE(readability-identifier-naming): googletest names it
void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class SmtpStages : public testing::TestWithParam<Case> {};

TEST_P(SmtpStages, EndsAsTheTableSays) {
  const FakeRelay relay({{GetParam().stage, GetParam().action}});
  const HandOver result = hand(relay);
  EXPECT_EQ(result.outcome, GetParam().outcome) << result.detail << " / " << result.explanation;
  EXPECT_FALSE(result.detail.empty());
}

std::vector<Case> refusals() {
  const Action later{.reply = "451 4.7.1 Try again later"};
  const Action never{.reply = "554 5.7.1 Refused"};
  std::vector<Case> cases;
  for (const auto& [name, stage] :
       {std::pair{"greeting", Stage::greeting}, std::pair{"ehlo", Stage::ehlo},
        std::pair{"ehlo_tls", Stage::ehlo_tls}, std::pair{"mail", Stage::mail},
        std::pair{"rcpt", Stage::rcpt}, std::pair{"data", Stage::data},
        std::pair{"body", Stage::body}}) {
    cases.push_back({name, stage, later, HandingOutcome::rejected_temporary});
    cases.push_back({name, stage, never, HandingOutcome::rejected_permanent});
  }
  cases.push_back({"shutting_down",
                   Stage::greeting,
                   {.reply = "421 4.3.2 Shutting down"},
                   HandingOutcome::rejected_temporary});
  // TLS that cannot be had is not the server's verdict on the message.
  cases.push_back({"starttls", Stage::starttls, later, HandingOutcome::not_sent});
  cases.push_back({"starttls", Stage::starttls, never, HandingOutcome::not_sent});
  cases.push_back(
      {"no_starttls", Stage::ehlo, {.reply = "250 relay.example"}, HandingOutcome::not_sent});
  // Answers that SMTP does not know at that place.
  cases.push_back({"odd_answer", Stage::body, {.reply = "354 go on"}, HandingOutcome::in_doubt});
  cases.push_back({"no_reply", Stage::body, {.reply = "banana"}, HandingOutcome::in_doubt});
  cases.push_back({"odd_data", Stage::data, {.reply = "250 ok"}, HandingOutcome::not_sent});
  return cases;
}

// Silence and hanging up: certain before the end of data, in doubt after it.
std::vector<Case> silences() {
  std::vector<Case> cases;
  for (const auto& [name, stage] :
       {std::pair{"greeting", Stage::greeting}, std::pair{"ehlo", Stage::ehlo},
        std::pair{"starttls", Stage::starttls}, std::pair{"handshake", Stage::handshake},
        std::pair{"ehlo_tls", Stage::ehlo_tls}, std::pair{"mail", Stage::mail},
        std::pair{"rcpt", Stage::rcpt}, std::pair{"data", Stage::data},
        std::pair{"body", Stage::body}, std::pair{"quit", Stage::quit}}) {
    const HandingOutcome outcome = stage == Stage::quit   ? HandingOutcome::accepted
                                   : stage == Stage::body ? HandingOutcome::in_doubt
                                                          : HandingOutcome::not_sent;
    cases.push_back({name, stage, {.silent = true}, outcome});
    cases.push_back({name, stage, {.close = true}, outcome});
    cases.push_back({name, stage, {.reset = true}, outcome});
  }
  cases.push_back(
      {"half_an_answer", Stage::body, {.reply = "250-2.0.0 Ok"}, HandingOutcome::in_doubt});
  return cases;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  const Action& action = info.param.action;
  std::string name = std::to_string(info.index) + "_" + info.param.name;
  if (action.silent) return name + "_silent";
  if (action.close) return name + "_closed";
  if (action.reset) return name + "_reset";
  return name + "_" + action.reply.substr(0, action.reply.find_first_of(" -"));
}

INSTANTIATE_TEST_SUITE_P(Refusals, SmtpStages, testing::ValuesIn(refusals()), case_name);
INSTANTIATE_TEST_SUITE_P(Silences, SmtpStages, testing::ValuesIn(silences()), case_name);

TEST(Smtp, ASlowAnswerIsStillAnAnswer) {
  const FakeRelay relay({{Stage::greeting, {.delay = milliseconds{150}}},
                         {Stage::mail, {.delay = milliseconds{150}}},
                         {Stage::body, {.delay = milliseconds{250}}}});
  EXPECT_EQ(hand(relay).outcome, HandingOutcome::accepted);
}

TEST(Smtp, ARelayThatStopsReadingInTheMiddleHasNotGotIt) {
  std::string message = "Subject: Referral ref_1\r\n\r\n";
  for (int i = 0; i < 400'000; ++i)
    message += "line " + std::to_string(i) + " of a long message\r\n";
  for (const Action& action :
       {Action{.silent = true, .read_only = 100}, Action{.close = true, .read_only = 100},
        Action{.reset = true, .read_only = 100}}) {
    const FakeRelay relay({{Stage::body, action}});
    const HandOver result = hand(relay, settings_for(relay), release_of(message));
    EXPECT_EQ(result.outcome, HandingOutcome::not_sent) << result.explanation;
  }
}

TEST(Smtp, NobodyListens) {
  SmtpSettings settings;
  {
    const FakeRelay relay;
    settings = settings_for(relay);
  }
  auto carrier = SmtpRelay::make(settings);
  const HandOver result = (*carrier)->hand_over(release_of(), {});
  EXPECT_EQ(result.outcome, HandingOutcome::not_sent);
  EXPECT_EQ(result.detail, "no connection");
}

TEST(Smtp, RefusesACertificateThatIsNotTheRelays) {
  const FakeRelay unknown_authority({}, {.trusted = false});
  const HandOver first = hand(unknown_authority);
  EXPECT_EQ(first.outcome, HandingOutcome::not_sent);
  EXPECT_EQ(first.detail, "TLS certificate not trusted") << first.explanation;
  const FakeRelay wrong_name({}, {.certificate_name = "other.example"});
  const HandOver second = hand(wrong_name);
  EXPECT_EQ(second.outcome, HandingOutcome::not_sent);
  EXPECT_EQ(second.detail, "TLS certificate not trusted") << second.explanation;
}

TEST(Smtp, WithoutTlsOnlyToThisMachine) {
  const FakeRelay relay({{Stage::ehlo, {.reply = "250 relay.example"}}});
  SmtpSettings settings = settings_for(relay);
  settings.tls = Tls::none;
  EXPECT_EQ(hand(relay, settings).outcome, HandingOutcome::accepted);
  for (const char* elsewhere : {"smtp://mail.police.example:25", "smtp://127.0.0.1.example:25",
                                "smtp://192.0.2.1:25", "smtp://[2001:db8::1]:25"}) {
    settings.url = elsewhere;
    EXPECT_FALSE(SmtpRelay::make(settings).ok()) << elsewhere;
  }
}

TEST(Smtp, RefusesSettingsThatAreNotARelay) {
  for (const char* wrong :
       {"", "mail.police.example", "http://a.example", "smtps://a.example", "smtp://user@a.example",
        "smtp://user:word@a.example:25", "smtp://a.example/path", "smtp://a.example?q",
        "smtp://a.example:25/", "smtp://a.example:70000", "smtp://", "file:///etc/passwd"}) {
    EXPECT_FALSE(SmtpRelay::make({.url = wrong, .ca_file = {}, .hello = "a.example"}).ok())
        << wrong;
  }
  EXPECT_FALSE(SmtpRelay::make({.url = "smtp://a.example", .ca_file = {}, .hello = "a\r\nb"}).ok());
  EXPECT_TRUE(
      SmtpRelay::make({.url = "smtp://a.example", .ca_file = {}, .hello = "a.example"}).ok());
}

TEST(Smtp, WhatSmtpCannotCarryIsNotOffered) {
  const FakeRelay relay;
  for (const char* wrong : {"", "no line end", "a\nb\r\n", "a\rb\r\n", "caf\xc3\xa9\r\n"}) {
    const HandOver result = hand(relay, settings_for(relay), release_of(wrong));
    EXPECT_EQ(result.outcome, HandingOutcome::rejected_permanent) << wrong;
  }
  record::Release release = release_of();
  release.to = "a@b.example>\r\nRCPT TO:<c@d.example";
  EXPECT_EQ(hand(relay, settings_for(relay), release).outcome, HandingOutcome::rejected_permanent);
  EXPECT_EQ(relay.connections(), 0);
}

TEST(Smtp, AProxyInTheEnvironmentDoesNotDivertTheMessage) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  const FakeRelay relay;
  EXPECT_EQ(hand(relay).outcome, HandingOutcome::accepted);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the relay's thread reads none
  ::unsetenv("ALL_PROXY");
}

TEST(Smtp, AStopEndsTheAttemptWithoutGuessing) {
  for (const auto& [stage, outcome] : {std::pair{Stage::rcpt, HandingOutcome::not_sent},
                                       std::pair{Stage::body, HandingOutcome::in_doubt}}) {
    const FakeRelay relay({{stage, {.silent = true}}});
    SmtpSettings settings = settings_for(relay);
    settings.reply_timeout = settings.final_timeout = std::chrono::seconds{60};
    auto carrier = SmtpRelay::make(settings);
    std::stop_source stop;
    HandOver result;
    std::thread sender([&] { result = (*carrier)->hand_over(release_of(), stop.get_token()); });
    std::this_thread::sleep_for(milliseconds{300});
    const auto begin = std::chrono::steady_clock::now();
    stop.request_stop();
    sender.join();
    EXPECT_EQ(result.outcome, outcome) << result.explanation;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{4});
  }
}

}  // namespace
}  // namespace firebreak::mail
