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
  out.site = "firebreak.example";
  out.origin = "https://firebreak.example";
  out.registered = *parse_instant("2026-11-22T09:00:00Z");
  out.confirmations = 2;
  out.wait_hours = 24;
  out.confirmed_by = {"person_a"};
  out.suspended = *parse_instant("2026-11-23T09:00:00Z");
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
                        {"until", "2027-11-21"},
                        {"site", "firebreak.example"},
                        {"origin", "https://firebreak.example"},
                        {"registered", "2026-11-22T09:00:00.000000Z"},
                        {"confirmations", 2},
                        {"wait_hours", 24},
                        {"confirmed_by", {"person_a"}},
                        {"suspended", "2026-11-23T09:00:00.000000Z"}}));
  EXPECT_EQ(to_json(*read_passkey(body)), body);
  Json told = ledger_json(passkey);
  EXPECT_FALSE(told.contains("name") || told.contains("sign_count"));
  EXPECT_EQ(ledger_json(*read_ledger_passkey(told)), told);
  passkey.until.reset();
  passkey.suspended.reset();
  EXPECT_EQ(to_json(*read_passkey(to_json(passkey))), to_json(passkey));
}

TEST(Passkey, ADamagedRecordIsToldAndNotGuessed) {
  const Json good = to_json(sample_passkey());
  for (const auto& [name, value] : good.items()) {
    Json damaged = good;
    damaged[name] = Json::object();
    EXPECT_EQ(read_passkey(damaged).error().code, ErrorCode::corrupt) << name;
    if (name == "until" || name == "suspended") continue;
    damaged.erase(name);
    EXPECT_EQ(read_passkey(damaged).error().code, ErrorCode::corrupt) << name;
  }
  Json unknown = good;
  unknown["algorithm"] = "ES384";
  EXPECT_EQ(read_passkey(unknown).error().code, ErrorCode::corrupt);
}

TEST(Passkey, CountsOnceConfirmedWithinItsDaysUntilSuspended) {
  Passkey passkey = sample_passkey();
  passkey.suspended.reset();
  const Instant on_its_days = *parse_instant("2026-11-25T09:00:00Z");
  EXPECT_TRUE(is_pending(passkey));
  EXPECT_FALSE(is_usable(passkey, on_its_days));
  passkey.confirmed_by.emplace_back("person_b");
  EXPECT_FALSE(is_pending(passkey));
  EXPECT_TRUE(is_usable(passkey, on_its_days));
  EXPECT_FALSE(is_usable(passkey, *parse_instant("2026-11-21T23:59:59Z")));
  EXPECT_TRUE(is_usable(passkey, *parse_instant("2027-11-21T23:59:59Z")));
  EXPECT_FALSE(is_usable(passkey, *parse_instant("2027-11-22T00:00:00Z")));
  passkey.suspended = on_its_days;
  EXPECT_FALSE(is_usable(passkey, on_its_days));
  EXPECT_FALSE(is_pending(passkey));
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
  EXPECT_EQ(where([](Passkey& p) { p.site.clear(); }), "site");
  EXPECT_EQ(where([](Passkey& p) { p.origin.clear(); }), "site");
}

}  // namespace
}  // namespace firebreak::identity
