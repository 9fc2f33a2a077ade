// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder alone: the demo people with passwords of their own, and what a
// browser would do with a passkey made of software.
#pragma once

#include <algorithm>
#include <string>

#include "identity/testing/software_passkey.h"
#include "register/test_support.h"

namespace firebreak::record {

using identity::SoftwarePasskey;

inline constexpr uint8_t kVerified = 0x05;  // touched, and its holder verified
inline constexpr uint8_t kTouched = 0x01;
inline constexpr uint8_t kNew = 0x45;

inline const identity::RelyingParty kSite{"localhost", "Firebreak", "http://localhost:8080"};

class PasskeysTest : public RegisterTest {
 protected:
  PasskeysTest() {
    if (!reg) return;
    for (const char* name : {"chief", "officer", "admin"}) new_password(name);
  }

  // Everybody's password is the same; the person is signed in with it.
  void new_password(const std::string& name) {
    const auto hash = identity::hash_password(kPassword, identity::PasswordCost::interactive);
    EXPECT_TRUE(reg->recorder()
                    .run([&](Transaction& tx) -> Result<Json> {
                      FB_TRY(const Document stored, tx.get("person", person(name).id));
                      Json body = *parse_json(as_text(*stored.body));
                      body["password_hash"] = *hash;
                      body["must_change_password"] = false;
                      const std::string text = canonical_json(body);
                      FB_TRY(auto seq, tx.append(*entry_of(name),
                                                 {{"person", person(name).id, stored.revision + 1,
                                                   Bytes(text.begin(), text.end())}}));
                      return Json(seq);
                    })
                    .ok());
    open();
  }

  // The newest entry about the person, as a change of nothing.
  std::optional<Json> entry_of(const std::string& name) {
    for (const Json& entry : entries()) {
      if (entry.value("person", "") != person(name).id) continue;
      Json out = entry;
      for (const char* member : {"v", "seq", "at", "documents"}) out.erase(member);
      out["kind"] = "person.changed";
      return out;
    }
    return std::nullopt;
  }

  identity::Person person(const std::string& name) { return *reg->directory().person_named(name); }

  std::string signed_in(const std::string& name) {
    const auto session = reg->directory().sign_in(name, kPassword);
    EXPECT_TRUE(session.ok()) << session.error().text();
    return session.ok() ? session->token : std::string();
  }

  static Digest challenge_in(const Json& options) {
    const Bytes bytes = *from_base64url(options.at("challenge").get<std::string>());
    Digest out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }

  Result<std::string> enrol(const std::string& token, const SoftwarePasskey& made) {
    FB_CHECK(reg->directory().begin_passkey(token, kPassword));
    FB_TRY(const Json options, reg->directory().passkey_options(token));
    const Json answer = made.registration(
        made.client_data("webauthn.create", challenge_in(options)), made.attested(kNew, 1));
    return reg->directory().register_passkey(token, "work telephone", answer.dump());
  }

  Result<SignedIn> enter(const SoftwarePasskey& made, uint32_t count) {
    FB_TRY(const Json options, reg->directory().sign_in_options("browser"));
    const Json answer = made.assertion(made.client_data("webauthn.get", challenge_in(options)),
                                       made.data(kVerified, count));
    return reg->directory().sign_in_with_passkey("browser", answer.dump());
  }

  Result<Json> sign(const std::string& token, const std::string& ref, const Json& answer,
                    const std::string& who = "chief") {
    const auto state = *reg->reader().referral(ref);
    FB_TRY(const SignOffRequest request,
           reg->directory().take_sign_off(token, ref, state.revision, answer.dump()));
    return await(
        [&](Done done) { reg->referrals().authorise(actor(who), ref, request, std::move(done)); });
  }

  Digest asked(const std::string& token, const std::string& ref) {
    const auto options = reg->directory().sign_off_options(token, *reg->reader().referral(ref));
    EXPECT_TRUE(options.ok()) << options.error().text();
    return options ? challenge_in(*options) : Digest{};
  }

  Json answered(const SoftwarePasskey& made, const Digest& challenge, uint32_t count,
                uint8_t flags = kVerified) const {
    return made.assertion(made.client_data("webauthn.get", challenge), made.data(flags, count));
  }

  void configure(const std::string& from, const std::string& to) {
    close();
    const auto file = folder / "force.toml";
    ASSERT_TRUE(write_file_durably(file, replaced(*read_file(file), from, to)).ok());
    open();
  }

  static constexpr const char* kPassword = "three words together";
};

}  // namespace firebreak::record
