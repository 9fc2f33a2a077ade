// SPDX-License-Identifier: Apache-2.0
#include "identity/passkey.h"

#include <gtest/gtest.h>

#include <functional>

namespace firebreak::identity {
namespace {

// An Ed25519 key (RFC 8032, section 7.1, test 1) as a SubjectPublicKeyInfo.
Passkey sample_passkey() {
  Passkey out;
  out.id = "AQIDBA";
  out.algorithm = PasskeyAlgorithm::eddsa;
  out.public_key = *from_base64("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  out.sign_count = 7;
  out.backup_eligible = true;
  out.name = "work telephone";
  out.from = *parse_day("2026-11-22");
  out.until = *parse_day("2027-11-21");
  return out;
}

TEST(Passkey, ReadsBackAsItWasWritten) {
  Passkey passkey = sample_passkey();
  const Json body = to_json(passkey);
  EXPECT_EQ(body, Json({{"id", "AQIDBA"},
                        {"algorithm", "EdDSA"},
                        {"public_key", base64(passkey.public_key)},
                        {"sign_count", 7},
                        {"backup_eligible", true},
                        {"name", "work telephone"},
                        {"from", "2026-11-22"},
                        {"until", "2027-11-21"}}));
  EXPECT_EQ(to_json(*read_passkey(body)), body);
  passkey.until.reset();
  EXPECT_EQ(to_json(*read_passkey(to_json(passkey))), to_json(passkey));
}

TEST(Passkey, ADamagedRecordIsToldAndNotGuessed) {
  const Json good = to_json(sample_passkey());
  for (const auto& [name, value] : good.items()) {
    Json damaged = good;
    damaged[name] = Json::object();
    EXPECT_EQ(read_passkey(damaged).error().code, ErrorCode::corrupt) << name;
    if (name == "until") continue;
    damaged.erase(name);
    EXPECT_EQ(read_passkey(damaged).error().code, ErrorCode::corrupt) << name;
  }
  Json unknown = good;
  unknown["algorithm"] = "ES384";
  EXPECT_EQ(read_passkey(unknown).error().code, ErrorCode::corrupt);
}

TEST(Passkey, IsCheckedBeforeItIsStored) {
  const auto where = [](const std::function<void(Passkey&)>& change) {
    Passkey passkey = sample_passkey();
    change(passkey);
    const auto checked = check_passkey(passkey);
    return checked ? "good" : checked.error().where;
  };
  EXPECT_EQ(where([](Passkey&) {}), "good");
  EXPECT_EQ(where([](Passkey& p) { p.id = ""; }), "id");
  EXPECT_EQ(where([](Passkey& p) { p.id = "AQIDBA=="; }), "id");
  EXPECT_EQ(where([](Passkey& p) { p.id = base64url(Bytes(1024, 1)); }), "id");
  EXPECT_EQ(where([](Passkey& p) { p.id = base64url(Bytes(1023, 1)); }), "good");
  EXPECT_EQ(where([](Passkey& p) { p.name = ""; }), "name");
  EXPECT_EQ(where([](Passkey& p) { p.name = "a\nb"; }), "name");
  EXPECT_EQ(where([](Passkey& p) { p.name.assign(61, 'a'); }), "name");
  EXPECT_EQ(where([](Passkey& p) { p.algorithm = PasskeyAlgorithm::es256; }), "public_key");
  EXPECT_EQ(where([](Passkey& p) { p.public_key.pop_back(); }), "public_key");
  EXPECT_EQ(where([](Passkey& p) { p.public_key.push_back(0); }), "public_key");
  EXPECT_EQ(where([](Passkey& p) { p.until = *parse_day("2026-11-21"); }), "from");
}

}  // namespace
}  // namespace firebreak::identity
