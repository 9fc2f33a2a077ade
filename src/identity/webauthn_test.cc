// SPDX-License-Identifier: Apache-2.0
// testing/passkeys.json holds what Chromium's authenticator answered (tests/browser/
// record-passkeys.mjs). What no browser would answer is signed by testing/software_passkey.h.
#include "identity/webauthn.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/files.h"
#include "identity/testing/software_passkey.h"

namespace firebreak::identity {
namespace {

const Json& recorded() {
  static const Json all = *parse_json(
      *read_file(std::string(FIREBREAK_SOURCE_DIR) + "/src/identity/testing/passkeys.json"));
  return all;
}

RelyingParty recorded_party() {
  const Json& party = recorded()["party"];
  return {party["id"], party["name"], party["origin"]};
}

Digest recorded_challenge() {
  const Bytes bytes = *from_base64url(recorded()["challenge"].get<std::string>());
  Digest out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

Passkey recorded_passkey(const std::string& algorithm) {
  return *verify_registration(recorded()["registrations"][algorithm].dump(), recorded_challenge(),
                              recorded_party());
}

Assertion recorded_assertion(const std::string& name) {
  return *read_assertion(recorded()["assertions"][name].dump());
}

// What is wrong with an answer to the recorded challenge: "code: message", or "good".
template <typename T>
std::string said(const Result<T>& result) {
  if (result) return "good";
  const Error& error = result.error();
  const std::string code = error.code == ErrorCode::unauthorised ? "unauthorised"
                           : error.code == ErrorCode::forbidden  ? "forbidden"
                           : error.code == ErrorCode::too_large  ? "too_large"
                           : error.code == ErrorCode::bad_input  ? "bad_input"
                                                                 : "other";
  return code + ": " + (error.where.empty() ? "" : error.where + ": ") + error.message;
}

std::string said_of(const Assertion& assertion) {
  return said(verify_assertion(recorded_passkey("ES256"), assertion, recorded_challenge(),
                               recorded_party()));
}

TEST(Webauthn, TakesWhatABrowserRegistersInEachAlgorithm) {
  for (const std::string name : {"ES256", "EdDSA", "RS256"}) {
    const Json& answer = recorded()["registrations"][name];
    const Passkey passkey = recorded_passkey(name);
    EXPECT_EQ(Json(passkey.id), answer["id"]);
    EXPECT_EQ(algorithm_name(passkey.algorithm), name);
    EXPECT_EQ(Json(base64url(passkey.public_key)), answer["response"]["publicKey"]);
    EXPECT_EQ(passkey.sign_count, 1U);
    EXPECT_FALSE(passkey.backup_eligible);
  }
}

TEST(Webauthn, TakesWhatABrowserSignsInEachAlgorithm) {
  for (const std::string name : {"ES256", "EdDSA", "RS256"}) {
    EXPECT_EQ(*verify_assertion(recorded_passkey(name), recorded_assertion(name),
                                recorded_challenge(), recorded_party()),
              2U);
  }
  EXPECT_EQ(*verify_assertion(recorded_passkey("ES256"), recorded_assertion("ES256_again"),
                              recorded_challenge(), recorded_party()),
            3U);
}

TEST(Webauthn, RefusesEveryFlippedBit) {
  for (const std::string name : {"ES256", "EdDSA", "RS256"}) {
    const Passkey passkey = recorded_passkey(name);
    for (Bytes Assertion::* part :
         {&Assertion::client_data, &Assertion::authenticator_data, &Assertion::signature}) {
      Assertion assertion = recorded_assertion(name);
      Bytes& bytes = assertion.*part;
      for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto mask = static_cast<uint8_t>(1U << bit % 8);
        bytes[bit / 8] ^= mask;
        ASSERT_FALSE(verify_assertion(passkey, assertion, recorded_challenge(), recorded_party()))
            << name << " bit " << bit;
        bytes[bit / 8] ^= mask;
      }
      ASSERT_TRUE(verify_assertion(passkey, assertion, recorded_challenge(), recorded_party()));
    }
  }
}

TEST(Webauthn, RefusesEveryPartCutShort) {
  const Passkey passkey = recorded_passkey("ES256");
  for (Bytes Assertion::* part :
       {&Assertion::client_data, &Assertion::authenticator_data, &Assertion::signature}) {
    Assertion assertion = recorded_assertion("ES256");
    while (!(assertion.*part).empty()) {
      (assertion.*part).pop_back();
      ASSERT_FALSE(verify_assertion(passkey, assertion, recorded_challenge(), recorded_party()))
          << (assertion.*part).size();
    }
  }
}

TEST(Webauthn, RefusesWhatABrowserSignedForSomethingElse) {
  EXPECT_EQ(said_of(recorded_assertion("other_challenge")),
            "unauthorised: The passkey answered another challenge.");
  EXPECT_EQ(said_of(recorded_assertion("on_other_origin")),
            "unauthorised: The passkey answered on a page of another site.");
  EXPECT_EQ(said_of(recorded_assertion("in_frame")),
            "unauthorised: The passkey answered in a frame of another site's page.");
  EXPECT_EQ(said_of(recorded_assertion("not_verified")),
            "unauthorised: The passkey did not verify who holds it.");
  EXPECT_EQ(said_of(recorded_assertion("EdDSA")), "unauthorised: Another passkey answered.");
}

TEST(Webauthn, RefusesAnAnswerUsedAgain) {
  Passkey passkey = recorded_passkey("ES256");
  const Assertion assertion = recorded_assertion("ES256");
  passkey.sign_count =
      *verify_assertion(passkey, assertion, recorded_challenge(), recorded_party());
  EXPECT_EQ(said(verify_assertion(passkey, assertion, recorded_challenge(), recorded_party())),
            "forbidden: The passkey's counter went back, as that of a copy does.");
  const Digest next = sha256(as_bytes("the next challenge"));
  EXPECT_EQ(said(verify_assertion(passkey, assertion, next, recorded_party())),
            "unauthorised: The passkey answered another challenge.");
}

TEST(Webauthn, RefusesAKeyOfAnotherPasskeyOrAlgorithm) {
  Passkey passkey = recorded_passkey("ES256");
  const auto said_with = [&] {
    return said(verify_assertion(passkey, recorded_assertion("ES256"), recorded_challenge(),
                                 recorded_party()));
  };
  const std::string wrong = "unauthorised: The passkey's signature does not verify.";
  passkey.algorithm = PasskeyAlgorithm::rs256;
  EXPECT_EQ(said_with(), wrong);
  passkey.algorithm = PasskeyAlgorithm::eddsa;
  EXPECT_EQ(said_with(), wrong);
  passkey.public_key = recorded_passkey("EdDSA").public_key;
  EXPECT_EQ(said_with(), wrong);
  passkey.public_key.clear();
  EXPECT_EQ(said_with(), wrong);
}

struct SignedHere : testing::Test {
  RelyingParty party{"firebreak.example", "Firebreak", "https://firebreak.example"};
  Digest challenge = sha256(as_bytes("a challenge"));
  SoftwarePasskey software{party};
  Passkey passkey =
      *verify_registration(software
                               .registration(software.client_data("webauthn.create", challenge),
                                             software.attested(0x45, 0))
                               .dump(),
                           challenge, party);
  Json client_data = software.client_data("webauthn.get", challenge);

  std::string said_of(const Bytes& data) const {
    const auto assertion = read_assertion(software.assertion(client_data, data).dump());
    return said(verify_assertion(passkey, *assertion, challenge, party));
  }
  std::string said_of_registration(const Json& answer) const {
    return said(verify_registration(answer.dump(), challenge, party));
  }
};

TEST_F(SignedHere, IsTakenWithAndWithoutACounterAndExtensions) {
  EXPECT_EQ(said_of(software.data(0x05, 0)), "good");
  EXPECT_EQ(said_of(software.data(0x05, 7)), "good");
  Bytes extended = software.data(0x85, 7);
  for (const uint8_t byte : Json::to_cbor({{"abc", true}})) extended.push_back(byte);
  EXPECT_EQ(said_of(extended), "good");
  client_data.erase("crossOrigin");
  EXPECT_EQ(said_of(software.data(0x05, 0)), "good");
}

TEST_F(SignedHere, IsRefusedForItsFlags) {
  EXPECT_EQ(said_of(software.data(0x01, 7)),
            "unauthorised: The passkey did not verify who holds it.");
  EXPECT_EQ(said_of(software.data(0x04, 7)), "unauthorised: Nobody touched the passkey.");
  EXPECT_EQ(said_of(software.data(0x15, 7)),
            "bad_input: response.authenticatorData: The passkey is copied and may not be copied.");
  EXPECT_EQ(said_of(software.data(0x0d, 7)),
            "unauthorised: The passkey says otherwise than before whether it may be copied.");
}

TEST_F(SignedHere, IsRefusedForItsLength) {
  const std::string wrong =
      "bad_input: response.authenticatorData: The authenticator's part has another length than it "
      "announces.";
  EXPECT_EQ(said_of(software.data(0x85, 7)), wrong);
  EXPECT_EQ(said_of(software.attested(0x45, 7)), wrong);
  EXPECT_EQ(said_of(software.data(0x45, 7)), wrong);
  EXPECT_EQ(said_of(software.attested(0xc5, 7)), wrong);
  Bytes longer = software.data(0x05, 7);
  longer.push_back(0);
  EXPECT_EQ(said_of(longer), wrong);
}

TEST_F(SignedHere, IsRefusedForItsCounter) {
  const std::string wrong = "forbidden: The passkey's counter went back, as that of a copy does.";
  passkey.sign_count = 7;
  EXPECT_EQ(said_of(software.data(0x05, 8)), "good");
  EXPECT_EQ(said_of(software.data(0x05, 7)), wrong);
  EXPECT_EQ(said_of(software.data(0x05, 6)), wrong);
  EXPECT_EQ(said_of(software.data(0x05, 0)), wrong);
  passkey.sign_count = 0xFFFFFFFF;
  EXPECT_EQ(said_of(software.data(0x05, 0x7FFFFFFF)), wrong);
}

TEST_F(SignedHere, IsRefusedForTheBrowsersPart) {
  const std::vector<std::pair<Json, std::string>> cases = {
      {{{"type", "webauthn.create"}},
       "unauthorised: The passkey answered another kind of request."},
      {{{"type", "payment.get"}}, "unauthorised: The passkey answered another kind of request."},
      {{{"type", 1}},
       "bad_input: response.clientDataJSON.type: The passkey's answer has no text here."},
      {{{"challenge", base64url(challenge) + "="}},
       "unauthorised: The passkey answered another challenge."},
      {{{"challenge", ""}}, "unauthorised: The passkey answered another challenge."},
      {{{"origin", "https://firebreak.example:8443"}},
       "unauthorised: The passkey answered on a page of another site."},
      {{{"origin", "http://firebreak.example"}},
       "unauthorised: The passkey answered on a page of another site."},
      {{{"crossOrigin", true}},
       "unauthorised: The passkey answered in a frame of another site's page."},
      {{{"crossOrigin", "false"}},
       "unauthorised: The passkey answered in a frame of another site's page."},
      {{{"crossOrigin", nullptr}},
       "unauthorised: The passkey answered in a frame of another site's page."},
      {{{"topOrigin", party.origin}},
       "unauthorised: The passkey answered in a frame of another site's page."},
  };
  const Json good = client_data;
  for (const auto& [changed, expected] : cases) {
    client_data = good;
    client_data.update(changed);
    EXPECT_EQ(said_of(software.data(0x05, 7)), expected) << changed;
  }
  client_data = Json::array({1});
  EXPECT_EQ(said_of(software.data(0x05, 7)),
            "bad_input: response.clientDataJSON: The browser's part of the answer is not a JSON "
            "object.");
}

TEST_F(SignedHere, IsRefusedForAnotherSite) {
  const SoftwarePasskey elsewhere({"elsewhere.example", "", party.origin});
  EXPECT_EQ(said_of(elsewhere.data(0x05, 7)), "unauthorised: The passkey belongs to another site.");
  const Json answer = software.registration(software.client_data("webauthn.create", challenge),
                                            elsewhere.attested(0x45, 0));
  EXPECT_EQ(said_of_registration(answer), "unauthorised: The passkey belongs to another site.");
}

TEST_F(SignedHere, RegistrationIsRefusedForWhatItSays) {
  const Json create = software.client_data("webauthn.create", challenge);
  const Bytes data = software.attested(0x45, 0);
  EXPECT_EQ(said_of_registration(software.registration(create, data, "packed")), "good");
  EXPECT_EQ(said_of_registration(software.registration(create, data, "tpm")),
            "bad_input: response.attestationObject: The passkey's maker vouches for it, which was "
            "not asked for.");
  EXPECT_EQ(said_of_registration(software.registration(client_data, data)),
            "unauthorised: The passkey answered another kind of request.");
  EXPECT_EQ(said_of_registration(software.registration(create, software.attested(0x41, 0))),
            "unauthorised: The passkey did not verify who holds it.");
  EXPECT_EQ(said_of_registration(software.registration(create, software.attested(0x44, 0))),
            "unauthorised: Nobody touched the passkey.");
  EXPECT_EQ(said_of_registration(software.registration(create, software.data(0x45, 0))),
            "bad_input: response.attestationObject: The authenticator's part holds no key for "
            "ES256, EdDSA or RS256.");
  Json other_id = software.registration(create, data);
  other_id["id"] = other_id["rawId"] = "AAAA";
  EXPECT_EQ(said_of_registration(other_id),
            "bad_input: id: It is not the credential that the authenticator made.");
}

TEST_F(SignedHere, RegistrationIsRefusedWhenCutShort) {
  const Json whole = software.registration(software.client_data("webauthn.create", challenge),
                                           software.attested(0x45, 0));
  const auto object = *from_base64url(whole["response"]["attestationObject"].get<std::string>());
  for (size_t size = 0; size < object.size(); ++size) {
    Json cut = whole;
    cut["response"]["attestationObject"] = base64url(std::span(object).first(size));
    EXPECT_NE(said_of_registration(cut), "good") << size;
  }
  const Bytes data = software.attested(0x45, 0);
  for (size_t size = 0; size < data.size(); ++size) {
    const Bytes part(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(said_of_registration(
                  software.registration(software.client_data("webauthn.create", challenge), part)),
              "good")
        << size;
  }
}

TEST_F(SignedHere, AnswerIsRefusedForItsForm) {
  const Json good = software.assertion(client_data, software.data(0x05, 7));
  const auto said_with = [&](const std::function<void(Json&)>& change) {
    Json changed = good;
    change(changed);
    return said(read_assertion(changed.dump()));
  };
  EXPECT_EQ(said_with([](Json&) {}), "good");
  EXPECT_EQ(said_with([](Json& a) { a = Json::array(); }),
            "bad_input: The passkey's answer is not a JSON object.");
  EXPECT_EQ(said_with([](Json& a) { a["type"] = "password"; }),
            "bad_input: type: The answer is not a passkey's.");
  EXPECT_EQ(said_with([](Json& a) { a["rawId"] = "AAAA"; }),
            "bad_input: rawId: It is not the same as `id`.");
  EXPECT_EQ(said_with([](Json& a) { a.erase("response"); }),
            "bad_input: response: The passkey's answer has no object here.");
  EXPECT_EQ(said_with([](Json& a) { a["response"].erase("signature"); }),
            "bad_input: response.signature: The passkey's answer has no text here.");
  EXPECT_EQ(said_with([](Json& a) { a["response"]["signature"] = ""; }),
            "bad_input: response.signature: The passkey's answer has nothing here.");
  for (const std::string wrong : {"AA==", "AAA=", "A+/A", "AAAAA", "AB", " AAAA", "AAAA\n"}) {
    EXPECT_EQ(said_with([&](Json& a) { a["response"]["signature"] = wrong; }),
              "bad_input: response.signature: This is not base64url without padding.")
        << wrong;
  }
  EXPECT_EQ(said_with([](Json& a) { a["response"]["signature"] = base64url(Bytes(257, 1)); }),
            "too_large: response.signature: This is longer than the 256 bytes that it may have.");
  EXPECT_EQ(said_with([](Json& a) { a["padding"] = std::string(16384, 'x'); }),
            "too_large: The JSON is larger than 16384 bytes.");
  EXPECT_EQ(said(read_assertion("not JSON")),
            "bad_input: line 1, column 2 (byte 2): This is not valid JSON.");
}

TEST(Webauthn, AsksForWhatIsVerified) {
  const RelyingParty party = recorded_party();
  const std::vector<Passkey> held = {recorded_passkey("ES256")};
  const Json listed = Json::array({{{"type", "public-key"}, {"id", held[0].id}}});
  const Json request = request_options(party, recorded_challenge(), held);
  EXPECT_EQ(request, Json({{"challenge", recorded()["challenge"]},
                           {"timeout", 300000},
                           {"rpId", "localhost"},
                           {"allowCredentials", listed},
                           {"userVerification", "required"}}));
  const Json creation =
      creation_options(party, {"person_a", "a.officer", "A. Officer"}, recorded_challenge(), held);
  EXPECT_EQ(creation["rp"], Json({{"id", "localhost"}, {"name", "Firebreak"}}));
  EXPECT_EQ(creation["user"],
            Json({{"id", "cGVyc29uX2E"}, {"name", "a.officer"}, {"displayName", "A. Officer"}}));
  EXPECT_EQ(creation["challenge"], recorded()["challenge"]);
  EXPECT_EQ(creation["pubKeyCredParams"].size(), 3U);
  EXPECT_EQ(creation["excludeCredentials"], listed);
  EXPECT_EQ(creation["authenticatorSelection"]["userVerification"], Json("required"));
  EXPECT_EQ(creation["attestation"], Json("none"));
}

}  // namespace
}  // namespace firebreak::identity
