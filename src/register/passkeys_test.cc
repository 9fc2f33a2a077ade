// SPDX-License-Identifier: Apache-2.0
// Passkeys from their registration to a sign-off and its check from the entries alone, with a
// passkey made of software.
#include "register/fold.h"
#include "register/force_settings.h"
#include "register/passkeys_test_support.h"

namespace firebreak::record {
namespace {

TEST_F(PasskeysTest, ARegisteredPasskeySignsInAlsoAfterARestartUntilItIsSuspended) {
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("officer");
  EXPECT_EQ(reg->directory().passkey_options(token).error().code, ErrorCode::unauthorised);
  EXPECT_EQ(reg->directory().begin_passkey(token, "wrong").error().code, ErrorCode::unauthorised);
  EXPECT_EQ(reg->directory().passkey_options(token).error().code, ErrorCode::unauthorised);
  const auto ref = enrol(token, made);
  ASSERT_TRUE(ref.ok()) << ref.error().text();
  const Json entry = entries().back();
  EXPECT_EQ(entry.at("kind"), "person.changed");
  EXPECT_EQ(entry.at("passkeys").size(), 1U);
  EXPECT_FALSE(entry.dump().find("work telephone") != std::string::npos);
  EXPECT_EQ(enrol(token, made).error().code, ErrorCode::conflict) << "the same again";

  const auto session = enter(made, 2);
  ASSERT_TRUE(session.ok()) << session.error().text();
  EXPECT_EQ(session->actor.id, person("officer").id);
  EXPECT_TRUE(reg->directory().authenticate(session->token).ok());
  open();
  EXPECT_EQ(enter(made, 2).error().code, ErrorCode::forbidden) << "the counter stands still";
  EXPECT_TRUE(enter(made, 3).ok());
  EXPECT_EQ(enter(SoftwarePasskey(kSite, 9), 1).error().code, ErrorCode::unauthorised);

  const auto holder = signed_in("officer");
  ASSERT_TRUE(reg->directory().suspend_passkey(actor("admin"), person("officer").id, *ref).ok());
  EXPECT_FALSE(reg->directory().authenticate(holder).ok()) << "its sessions end";
  EXPECT_EQ(enter(made, 4).error().code, ErrorCode::unauthorised);
  EXPECT_EQ(
      reg->directory().suspend_passkey(actor("admin"), person("officer").id, *ref).error().code,
      ErrorCode::conflict);
  EXPECT_EQ(
      reg->directory().suspend_passkey(actor("chief"), person("officer").id, *ref).error().code,
      ErrorCode::forbidden);
  const auto report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
}

TEST_F(PasskeysTest, AChallengeIsAnsweredOnceAndInTheBrowserThatWasAsked) {
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("officer");
  ASSERT_TRUE(enrol(token, made).ok());
  const Json options = *reg->directory().sign_in_options("browser");
  const std::string answer = answered(made, challenge_in(options), 2).dump();
  EXPECT_FALSE(reg->directory().sign_in_with_passkey("another", answer).ok());
  EXPECT_TRUE(reg->directory().sign_in_with_passkey("browser", answer).ok());
  EXPECT_EQ(reg->directory().sign_in_with_passkey("browser", answer).error().code,
            ErrorCode::unauthorised);
}

TEST_F(PasskeysTest, WhoHoldsARankNeedsTheirPasskeyOnceItCounts) {
  configure("second_factor = \"optional\"", "second_factor = \"required_for_ranks\"");
  const SoftwarePasskey made(kSite);
  ASSERT_TRUE(enrol(signed_in("chief"), made).ok());
  ASSERT_TRUE(enrol(signed_in("officer"), SoftwarePasskey(kSite, 2)).ok());
  const auto by_password = reg->directory().sign_in("chief", kPassword);
  ASSERT_TRUE(by_password.ok());
  EXPECT_TRUE(by_password->passkey_needed);
  EXPECT_EQ(by_password->token, "");
  EXPECT_TRUE(enter(made, 2).ok());
  EXPECT_FALSE(reg->directory().sign_in("officer", kPassword)->passkey_needed);
  configure("second_factor = \"required_for_ranks\"", "second_factor = \"required\"");
  EXPECT_TRUE(reg->directory().sign_in("officer", kPassword)->passkey_needed);
  EXPECT_FALSE(reg->directory().sign_in("admin", kPassword)->passkey_needed) << "has none yet";
}

TEST_F(PasskeysTest, TwoOthersConfirmAChiefOfficersPasskeyAfterTheDelay) {
  decide_setting(kPasskeysByTwo, true);
  decide_setting(kPasskeyDelayHours, 24);
  const auto second = reg->directory().add_person(
      std::nullopt, {"admin2", "Second administrator", {"administrator"}, {}, false});
  ASSERT_TRUE(second.ok());
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("chief");
  const auto ref = enrol(token, made);
  ASSERT_TRUE(ref.ok());
  const std::string chief = person("chief").id;
  EXPECT_EQ(enter(made, 2).error().code, ErrorCode::unauthorised) << "it waits";
  const std::string referral = submitted();
  EXPECT_FALSE(reg->directory().sign_off_options(token, *reg->reader().referral(referral)).ok());
  const auto confirm = [&](const std::string& who) {
    const auto done = reg->directory().confirm_passkey(actor(who), chief, *ref);
    return done ? "confirmed" : entries().back().value("code", "");
  };
  EXPECT_EQ(confirm("admin"), "confirmed_too_early");
  clock.advance(std::chrono::hours{24});
  EXPECT_EQ(confirm("officer"), "no_right");
  EXPECT_EQ(confirm("admin"), "confirmed");
  EXPECT_EQ(confirm("admin"), "confirmed_already");
  EXPECT_FALSE(enter(made, 2).ok()) << "one is not enough";
  EXPECT_EQ(confirm("admin2"), "confirmed");
  EXPECT_EQ(confirm("admin2"), "nothing_to_confirm");
  EXPECT_TRUE(enter(made, 2).ok());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(PasskeysTest, NobodyConfirmsTheirOwnAndARankMakesAnOldPasskeyWait) {
  decide_setting(kPasskeysByTwo, true);
  const SoftwarePasskey made(kSite);
  const auto ref = enrol(signed_in("admin"), made);
  ASSERT_TRUE(enter(made, 2).ok()) << "of who holds no rank";
  const Json rank = {{"type", "rank"},
                     {"person", "admin"},
                     {"rank", "chief_officer"},
                     {"from", format_day(london_day(clock.now()))}};
  ASSERT_TRUE(decide(rank, "admin", "owner").ok());
  EXPECT_FALSE(enter(made, 3).ok());
  EXPECT_FALSE(reg->directory().confirm_passkey(actor("admin"), person("admin").id, *ref).ok());
  EXPECT_EQ(entries().back().at("code"), "own_passkey");
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(PasskeysTest, APasskeySignsOffAndWhatItSignedIsKept) {
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("chief");
  ASSERT_TRUE(enrol(token, made).ok());
  const std::string ref = submitted();
  const Json answer = answered(made, asked(token, ref), 2);
  const auto done = sign(token, ref, answer);
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(done->at("state"), "authorised");
  const Json entry = entries().back();
  EXPECT_EQ(entry.at("assertion").at("client_data"), answer.at("response").at("clientDataJSON"));
  EXPECT_EQ(entry.at("signature"), answer.at("response").at("signature"));
  EXPECT_EQ(sign(token, ref, answer).error().code, ErrorCode::unauthorised) << "replayed";
  EXPECT_TRUE(release(ref).ok());
  const auto report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
  EXPECT_EQ(report.sign_offs, 1U);
}

TEST_F(PasskeysTest, ASignOffThatIsNotExactlyThisOneIsRefused) {
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("chief");
  const auto passkey = enrol(token, made);
  const std::string ref = submitted();
  const std::string other = submitted();
  const auto refused = [&](const Json& answer) {
    const uint64_t before = *reg->reader().size();
    const auto done = sign(token, ref, answer);
    EXPECT_EQ(state_of(ref), "submitted");
    return done.ok()                             ? "signed"
           : *reg->reader().size() == before + 1 ? entries().back().at("code").get<std::string>()
                                                 : done.error().text();
  };
  const Digest digest = asked(token, ref);
  EXPECT_EQ(refused(answered(made, asked(token, other), 2)), "assertion_refused");
  asked(token, ref);
  EXPECT_EQ(refused(answered(made, digest, 2, kTouched)), "assertion_refused");
  asked(token, ref);
  const SoftwarePasskey elsewhere({"localhost", "", "http://localhost:9999"});
  EXPECT_EQ(refused(answered(elsewhere, digest, 2)), "assertion_refused");
  asked(token, ref);
  EXPECT_EQ(refused(answered(SoftwarePasskey(kSite, 7), digest, 2)), "passkey_not_usable");
  asked(token, ref);
  EXPECT_EQ(refused(answered(made, digest, 1)), "passkey_copied");
  asked(token, ref);
  Json forged = answered(made, digest, 2);
  forged["response"]["signature"] = base64url(Bytes(64, 1));
  EXPECT_EQ(refused(forged), "assertion_refused");
  asked(token, ref);
  clock.advance(std::chrono::minutes{6});
  EXPECT_NE(refused(answered(made, digest, 2)).find("too long ago"), std::string::npos);

  // The referral came back and was submitted again: the old answer is about nothing that is there.
  asked(token, ref);
  const uint64_t revision = reg->reader().referral(ref)->revision;
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().return_to_draft(actor("supervisor"), ref, {"other", ""},
                                                 std::move(done));
              }).ok());
  ASSERT_TRUE(submit(ref).ok());
  const auto late =
      reg->directory().take_sign_off(token, ref, revision, answered(made, digest, 2).dump());
  ASSERT_TRUE(late.ok());
  EXPECT_FALSE(await([&](Done done) {
                 reg->referrals().authorise(actor("chief"), ref, *late, std::move(done));
               }).ok());
  EXPECT_EQ(entries().back().at("code"), "wrong_digest");

  const Digest now = asked(token, ref);
  ASSERT_TRUE(
      reg->directory().suspend_passkey(actor("chief"), person("chief").id, *passkey, token).ok());
  EXPECT_EQ(refused(answered(made, now, 2)), "passkey_not_usable");
  EXPECT_TRUE(authorise(ref).ok()) << "the demonstration's key file";
  decide_setting(kFileKeys, false);
  EXPECT_FALSE(authorise(other).ok());
  EXPECT_EQ(entries().back().at("code"), "file_keys_off");
  EXPECT_TRUE(verify(folder).ok());
}

// Every byte of what the entry keeps of the sign-off: with any changed the record is not one that
// this program could have written.
TEST_F(PasskeysTest, EveryFlippedByteOfAStoredSignOffIsFound) {
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("chief");
  ASSERT_TRUE(enrol(token, made).ok());
  const std::string ref = submitted();
  ASSERT_TRUE(sign(token, ref, answered(made, asked(token, ref), 2)).ok());
  const std::vector<Json> all = entries();
  const auto taken = [&](const std::function<void(Json&)>& change) {
    Fold fold;
    for (Json entry : all) {
      if (entry.at("kind") == "referral.authorised") change(entry);
      if (const auto step = fold.take(entry); !step) return step.error().message;
    }
    return std::string();
  };
  EXPECT_EQ(taken([](Json&) {}), "");
  size_t flips = 0;
  const auto flip_all = [&](const std::function<Json&(Json&)>& member) {
    const auto text = [&] {
      Json entry = all.back();
      return member(entry).get<std::string>();
    }();
    const Bytes bytes = *from_base64url(text);
    for (size_t i = 0; i < bytes.size(); ++i) {
      Bytes changed = bytes;
      changed[i] ^= 0x10;
      EXPECT_NE(taken([&](Json& e) { member(e) = base64url(changed); }), "") << text << " " << i;
      ++flips;
    }
  };
  flip_all([](Json& e) -> Json& { return e["signature"]; });
  for (const char* name : {"id", "client_data", "authenticator_data"})
    flip_all([&](Json& e) -> Json& { return e["assertion"][name]; });
  EXPECT_GT(flips, 200U);
  EXPECT_NE(taken([](Json& e) { e["key"] = "passkey_0000000000000000"; }), "");
  EXPECT_NE(taken([](Json& e) { e.erase("assertion"); }), "");
  EXPECT_NE(taken([](Json& e) { e["assertion"]["more"] = ""; }), "");
}

TEST_F(PasskeysTest, TheEntriesOfAPersonFollowFromOneAnother) {
  decide_setting(kPasskeysByTwo, true);
  decide_setting(kPasskeyDelayHours, 24);
  const auto second = reg->directory().add_person(
      std::nullopt, {"admin2", "Second administrator", {"administrator"}, {}, false});
  const SoftwarePasskey made(kSite);
  const auto ref = enrol(signed_in("chief"), made);
  const std::string chief = person("chief").id;
  clock.advance(std::chrono::hours{24});
  ASSERT_TRUE(reg->directory().confirm_passkey(actor("admin"), chief, *ref).ok());
  ASSERT_TRUE(reg->directory().confirm_passkey(actor("admin2"), chief, *ref).ok());
  ASSERT_TRUE(reg->directory().suspend_passkey(actor("chief"), chief, *ref).ok());
  const std::vector<Json> all = entries();
  const size_t last = all.size() - 1;  // suspended; before it the two confirmations
  const auto said = [&](size_t at, const std::function<void(Json&)>& change) {
    Fold fold;
    for (size_t i = 0; i <= last; ++i) {
      Json entry = all[i];
      if (i == at) change(entry);
      if (const auto step = fold.take(entry); !step) return step.error().message;
    }
    return std::string("taken");
  };
  EXPECT_EQ(said(0, [](Json&) {}), "taken");
  const std::string unconfirmed = "A passkey was not confirmed as it must be.";
  EXPECT_EQ(said(last - 1, [&](Json& e) { e["actor"] = chief; }), unconfirmed);
  EXPECT_EQ(said(last - 1, [&](Json& e) { e["passkeys"][0]["confirmed_by"][1] = chief; }),
            unconfirmed);
  EXPECT_EQ(said(last - 1, [&](Json& e) { e["actor"] = all[last - 2]["actor"]; }), unconfirmed);
  EXPECT_EQ(said(last - 2, [&](Json& e) { e["at"] = "2026-11-23T08:59:59.000000Z"; }), unconfirmed);
  for (const std::string& nobody :
       {person("officer").id, std::string("person_x"), std::string("system")}) {
    EXPECT_EQ(said(last - 2,
                   [&](Json& e) {
                     e["actor"] = nobody;
                     e["passkeys"][0]["confirmed_by"][0] = nobody;
                   }),
              "A passkey was confirmed by somebody who may not confirm it.")
        << nobody;
  }
  EXPECT_EQ(said(last, [](Json& e) { e["passkeys"] = Json::array(); }),
            "A passkey was taken away.");
  EXPECT_EQ(said(last, [](Json& e) { e["passkeys"][0]["origin"] = "https://x.example"; }),
            "A passkey was changed.");
  EXPECT_EQ(said(last, [](Json& e) { e["passkeys"][0]["confirmations"] = 0; }),
            "A passkey was changed.");
  EXPECT_EQ(said(last - 3, [](Json& e) { e["passkeys"][0]["confirmed_by"] = {"person_x"}; }),
            "A passkey is registered by another than its holder, or as confirmed already.");
}

// The same rule through the force's provider: no session before the passkey, and then one with the
// provider's roles, for that person in that browser alone.
TEST_F(PasskeysTest, WhoComesThroughTheProviderNeedsTheirPasskeyToo) {
  const SoftwarePasskey made(kSite);
  ASSERT_TRUE(enrol(signed_in("chief"), made).ok());
  configure("\n[sign_off]\n",
            "\n[sign_in.oidc]\nissuer = \"https://id.example\"\nclient_id = \"firebreak\"\n"
            "client_secret_file = \"keys/oidc.secret\"\nclaim = \"groups\"\n"
            "[sign_in.oidc.roles]\nofficers = \"officer\"\n\n[sign_off]\n");
  configure("second_factor = \"optional\"",
            "local = false\nsecond_factor = \"required_for_ranks\"");
  const identity::ProviderAccount account{"https://id.example", "subject-1"};
  ASSERT_TRUE(reg->directory().link_account(std::nullopt, "chief", account).ok());
  uint32_t count = 1;
  const auto provider = [&](const std::string& browser) {
    return reg->directory().sign_in_by_provider({account.issuer, account.subject, {"officer"}, {}},
                                                browser);
  };
  const auto with_passkey = [&](const std::string& browser) {
    const Json options = *reg->directory().sign_in_options("page");
    return reg->directory().sign_in_with_passkey(
        "page", answered(made, challenge_in(options), ++count).dump(), browser);
  };
  EXPECT_EQ(with_passkey("").error().code, ErrorCode::unauthorised) << "a passkey alone";
  const auto half = provider("browser");
  ASSERT_TRUE(half.ok()) << half.error().text();
  EXPECT_TRUE(half->passkey_needed);
  EXPECT_EQ(half->token, "");
  EXPECT_EQ(with_passkey("another").error().code, ErrorCode::unauthorised);
  const auto whole = with_passkey("browser");
  ASSERT_TRUE(whole.ok()) << whole.error().text();
  const auto who = reg->directory().authenticate(whole->token);
  ASSERT_TRUE(who.ok());
  EXPECT_EQ(who->roles, std::vector<std::string>{"officer"}) << "what the provider gave";
  EXPECT_EQ(with_passkey("browser").error().code, ErrorCode::unauthorised) << "once";
  ASSERT_TRUE(provider("browser")->passkey_needed);
  clock.advance(std::chrono::minutes{5});
  EXPECT_EQ(with_passkey("browser").error().code, ErrorCode::unauthorised) << "too late";
  ASSERT_TRUE(provider("browser")->passkey_needed);
  const identity::ProviderAccount officer{"https://id.example", "subject-2"};
  ASSERT_TRUE(reg->directory().link_account(std::nullopt, "officer", officer).ok());
  EXPECT_FALSE(reg->directory()
                   .sign_in_by_provider({officer.issuer, officer.subject, {"officer"}, {}}, "o")
                   ->passkey_needed)
      << "holds no rank";
}

TEST(PasskeySite, IsTheOriginOrThisMachine) {
  const auto site = [](const char* origin, const char* listen) {
    Config config;
    config.web.origin = origin;
    config.web.listen = listen;
    const auto found = passkey_site(config);
    return found ? found->id + " " + found->origin : std::string("none");
  };
  EXPECT_EQ(site("https://firebreak.example", "0.0.0.0:80"),
            "firebreak.example https://firebreak.example");
  EXPECT_EQ(site("https://firebreak.example:8443", ""),
            "firebreak.example https://firebreak.example:8443");
  EXPECT_EQ(site("", "127.0.0.1:8123"), "localhost http://localhost:8123");
  EXPECT_EQ(site("", "[::1]:8123"), "localhost http://localhost:8123");
  EXPECT_EQ(site("", "0.0.0.0:8123"), "none");
  EXPECT_EQ(site("http://localhost:8123", "0.0.0.0:8123"), "localhost http://localhost:8123");
  EXPECT_EQ(site("http://firebreak.example", "127.0.0.1:8080"), "none");
  EXPECT_EQ(site("https://192.0.2.1", "127.0.0.1:8080"), "none");
  EXPECT_EQ(site("https://[2001:db8::1]", "127.0.0.1:8080"), "none");
}

}  // namespace
}  // namespace firebreak::record
