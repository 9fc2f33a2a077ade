// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "identity/password.h"
#include "identity/person.h"
#include "identity/rights.h"
#include "identity/signoff.h"
#include "identity/token.h"

namespace firebreak::identity {
namespace {

const std::vector<std::string>& ranks() {
  static const std::vector<std::string> lowest_first = {"inspector", "chief_officer",
                                                        "chief_constable"};
  return lowest_first;
}

Day day(const char* text) { return *parse_day(text); }

Person someone() {
  SeededRandom random(7);
  const SigningSecret secret = SigningSecret::generate(random);
  Person person;
  person.id = "person_test";
  person.name = "a.chief";
  person.display_name = "A Chief";
  person.roles = {"chief_officer"};
  person.ranks = {{"chief_officer", day("2026-01-01"), day("2026-06-30")}};
  person.password_hash = "unused";
  person.keys = {{secret.key_id(), secret.public_key(), day("2026-02-01"), std::nullopt}};
  return person;
}

TEST(Rights, WhoCameByALinkOnlyAsks) {
  Actor actor{.id = "person_a", .roles = {"officer", "administrator", "referral_desk"}};
  const size_t all = rights_of(actor).size();
  EXPECT_GT(all, 5U);
  actor.through = "service_a";
  EXPECT_EQ(rights_of(actor), std::vector<Right>{Right::ask_question});
}

TEST(Person, RankCountsOnlyOnTheDaysItIsHeld) {
  const Person person = someone();
  EXPECT_FALSE(holds_rank(person, ranks(), "chief_officer", day("2025-12-31")));
  EXPECT_TRUE(holds_rank(person, ranks(), "chief_officer", day("2026-01-01")));
  EXPECT_TRUE(holds_rank(person, ranks(), "chief_officer", day("2026-06-30")));
  EXPECT_FALSE(holds_rank(person, ranks(), "chief_officer", day("2026-07-01")));
}

TEST(Person, AHigherRankServesForALowerOneAndNeverTheReverse) {
  const Person person = someone();
  EXPECT_TRUE(holds_rank(person, ranks(), "inspector", day("2026-03-01")));
  EXPECT_FALSE(holds_rank(person, ranks(), "chief_constable", day("2026-03-01")));
  EXPECT_FALSE(holds_rank(person, ranks(), "unknown", day("2026-03-01")));
}

TEST(Person, WhoHoldsARankOnlyForSomebodyElseDeputises) {
  Person person = someone();
  EXPECT_FALSE(deputises(person, ranks(), "chief_officer", day("2026-03-01")));
  person.ranks[0].deputising = true;
  EXPECT_TRUE(deputises(person, ranks(), "chief_officer", day("2026-03-01")));
  EXPECT_FALSE(deputises(person, ranks(), "chief_officer", day("2026-07-01")));
  EXPECT_EQ(to_json(*read_person(to_json(person))), to_json(person));
}

TEST(Person, KeysCountOnTheirDays) {
  const Person person = someone();
  EXPECT_EQ(usable_key(person, person.keys[0].id, day("2026-01-31")), nullptr);
  EXPECT_EQ(usable_key(person, person.keys[0].id, day("2026-02-01")), &person.keys[0]);
  EXPECT_EQ(usable_key(person, "key_other", day("2026-02-01")), nullptr);
}

TEST(Person, ReadsBackWhatItWrites) {
  const Json body = to_json(someone());
  EXPECT_EQ(to_json(*read_person(body)), body);
  EXPECT_TRUE(check_person(someone()).ok());
  Service service{"service_x", "records", "records_system", sha256(as_bytes("t")), true};
  EXPECT_EQ(to_json(*read_service(to_json(service))), to_json(service));
}

TEST(Person, ABodyThatLacksAnythingIsDamagedAndNeverThrows) {
  const Json body = to_json(someone());
  for (const auto& [name, value] : body.items()) {
    if (name == "passkeys") continue;  // records from before there were any
    Json less = body;
    less.erase(name);
    EXPECT_EQ(read_person(less).error().code, ErrorCode::corrupt) << name;
  }
  Json wrong = body;
  wrong["keys"][0]["public_key"] = "00";
  EXPECT_EQ(read_person(wrong).error().code, ErrorCode::corrupt);
  wrong = body;
  wrong["ranks"][0]["from"] = "2026-02-31";
  EXPECT_EQ(read_person(wrong).error().code, ErrorCode::corrupt);
}

TEST(Person, ChecksNameRolesAndDays) {
  for (const char* name : {"", "../up", "A.Chief", "-x", "a b", "a/b"}) {
    Person person = someone();
    person.name = name;
    EXPECT_EQ(check_person(person).error().where, "name") << name;
  }
  Person person = someone();
  person.roles = {"chief"};
  EXPECT_EQ(check_person(person).error().where, "roles");
  person = someone();
  person.ranks[0].until = day("2025-01-01");
  EXPECT_EQ(check_person(person).error().where, "ranks");
  person = someone();
  person.keys[0].public_key[0] ^= 1;
  EXPECT_EQ(check_person(person).error().where, "keys");
}

TEST(Rights, TheTableKeepsDutiesApart) {
  const auto with = [](const char* role) { return Actor{"x", {role}, false, false}; };
  for (std::string_view role : known_roles()) {
    const Actor actor = with(std::string(role).c_str());
    EXPECT_FALSE(may(actor, Right::draft_referral) && may(actor, Right::authorise_referral));
    EXPECT_FALSE(may(actor, Right::draft_referral) && may(actor, Right::release_referral));
    EXPECT_FALSE(may(actor, Right::authorise_referral) && may(actor, Right::release_referral));
    EXPECT_EQ(may(actor, Right::authorise_referral), role == "chief_officer");
    EXPECT_EQ(may(actor, Right::manage_people), role == "administrator");
  }
  EXPECT_FALSE(may(with("administrator"), Right::view_referrals));
  EXPECT_TRUE(rights_of(with("nobody")).empty());
}

TEST(Rights, AServiceAsksAndSeesDestinationsAloneAndNoPersonIsAService) {
  const Actor service{"service_x", {"service", "chief_officer"}, true, false};
  EXPECT_EQ(rights_of(service), (std::vector<Right>{Right::ask_question, Right::see_destinations}));
  EXPECT_TRUE(rights_of(Actor{"person_x", {"service"}, false, false}).empty());
}

TEST(Rights, NothingIsAllowedBeforeTheOneTimePasswordIsChanged) {
  EXPECT_TRUE(rights_of(Actor{"person_x", {"chief_officer"}, false, true}).empty());
}

TEST(Rights, NamesReadBack) {
  for (int i = 0; i < kRightCount; ++i) {
    const auto right = static_cast<Right>(i);
    EXPECT_EQ(right_named(right_name(right)), right);
  }
  EXPECT_EQ(right_named("everything"), std::nullopt);
}

TEST(Password, OnlyTheRightOneMatches) {
  const std::string hash = *hash_password("correct horse battery", PasswordCost::interactive);
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_TRUE(password_matches(hash, "correct horse battery"));
  EXPECT_FALSE(password_matches(hash, "correct horse batterz"));
  EXPECT_FALSE(password_matches("", ""));
  EXPECT_FALSE(password_matches("not a hash", "x"));
  EXPECT_FALSE(password_matches(std::string(1000, '$'), "x"));
}

TEST(Password, NewOnesAreLongEnoughAndNeverRepeatedInTheError) {
  EXPECT_TRUE(check_new_password("twelve bytes").ok());
  const auto refused = check_new_password("hunter2");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().text().find("hunter2"), std::string::npos);
  EXPECT_FALSE(check_new_password(std::string(129, 'a')).ok());
  EXPECT_FALSE(check_new_password(std::string(20, ' ')).ok());
}

TEST(Password, OneTimePasswordsDifferAndPass) {
  SeededRandom random(1);
  const std::string first = one_time_password(random);
  EXPECT_EQ(first.size(), 24U);
  EXPECT_NE(first, one_time_password(random));
  EXPECT_TRUE(check_new_password(first).ok());
}

TEST(Token, HasItsPrefixAndUrlSafeCharacters) {
  SeededRandom random(1);
  for (int i = 0; i < 100; ++i) {
    const std::string token = new_token(random, "fbs_");
    EXPECT_EQ(token.size(), 47U);
    EXPECT_EQ(token.find_first_of("+/="), std::string::npos) << token;
  }
}

RC_GTEST_PROP(SignOff, OnlyTheSignedDigestAndKeyVerify, (uint64_t seed)) {
  SeededRandom random(seed);
  const SigningSecret secret = SigningSecret::generate(random);
  const SigningSecret other = SigningSecret::generate(random);
  Digest digest{};
  random.fill(digest);
  const SignOffSignature signature = sign_statement(secret, digest);
  RC_ASSERT(sign_off_verifies(secret.public_key(), digest, signature));
  RC_ASSERT(!sign_off_verifies(other.public_key(), digest, signature));
  RC_ASSERT(*parse_signature(show_signature(signature)) == signature);
  Digest changed = digest;
  changed[*rc::gen::inRange<size_t>(0, 32)] ^= 1;
  RC_ASSERT(!sign_off_verifies(secret.public_key(), changed, signature));
  SignOffSignature bad = signature;
  bad[*rc::gen::inRange<size_t>(0, 64)] ^= 1;
  RC_ASSERT(!sign_off_verifies(secret.public_key(), digest, bad));
}

// RFC 8032 section 7.1, test 1: the public key of this seed.
TEST(SignOff, KeyIsTheOneOfTheRfc) {
  const Bytes seed = *from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  Digest fixed{};
  std::copy(seed.begin(), seed.end(), fixed.begin());
  EXPECT_EQ(hex(SigningSecret(fixed).public_key()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(SignOff, KeyFileReadsBackAndAnyChangedByteIsRefused) {
  SeededRandom random(3);
  const SigningSecret secret = SigningSecret::generate(random);
  const std::string text = signing_secret_text(secret);
  EXPECT_EQ(read_signing_secret(text)->seed(), secret.seed());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto read = read_signing_secret(changed);
    ASSERT_FALSE(read.ok()) << i;
    EXPECT_EQ(read.error().text().find(base64(secret.seed()).substr(0, 8)), std::string::npos);
  }
  EXPECT_FALSE(read_signing_secret(text + "x").ok());
  EXPECT_FALSE(read_signing_secret("").ok());
}

}  // namespace
}  // namespace firebreak::identity
