// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <ctime>

#include "base/clock.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"

namespace firebreak {
namespace {

TEST(Clock, ReadsBackWhatItWrites) {
  const Instant instant = *parse_instant("2026-11-22T09:30:01.25Z");
  EXPECT_EQ(format_instant(instant), "2026-11-22T09:30:01.250000Z");
  EXPECT_EQ(*parse_instant(format_instant(instant)), instant);
  for (const char* wrong :
       {"", "2026-11-22", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T09:30:01",
        "2026-11-22T09:30:01.Z", "2026-11-22T09:30:01.1234567Z"}) {
    EXPECT_FALSE(parse_instant(wrong).ok()) << wrong;
  }
}

// The system's time zone database is the slow, obvious version of our rule.
TEST(Clock, LondonDayAgreesWithTheTimeZoneDatabase) {
  setenv("TZ", "Europe/London", 1);  // NOLINT(concurrency-mt-unsafe): one thread
  tzset();
  std::tm probe{};
  const time_t july = 1784000000;
  localtime_r(&july, &probe);
  if (probe.tm_isdst <= 0) GTEST_SKIP() << "no time zone database (package tzdata) on this machine";
  for (time_t at = 1735689600; at < 1924992000; at += 1800) {  // 2025 to 2030, every half hour
    std::tm local{};
    localtime_r(&at, &local);
    const Day day = london_day(Instant{std::chrono::seconds{at}});
    ASSERT_EQ(static_cast<int>(day.year()), local.tm_year + 1900) << at;
    ASSERT_EQ(static_cast<unsigned>(day.month()), static_cast<unsigned>(local.tm_mon + 1)) << at;
    ASSERT_EQ(static_cast<unsigned>(day.day()), static_cast<unsigned>(local.tm_mday)) << at;
    if (local.tm_hour == 0 && local.tm_min == 0 && local.tm_sec == 0) {
      ASSERT_EQ(london_midnight(day), Instant{std::chrono::seconds{at}}) << at;
    }
  }
}

TEST(Hash, KnownAnswers) {
  EXPECT_EQ(show_digest(sha256(as_bytes("abc"))),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes("bc")}), sha256(as_bytes("abc")));
  // RFC 4231, test case 2.
  EXPECT_EQ(hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

RC_GTEST_PROP(Hash, EncodingsReadBack, (const Bytes& bytes)) {
  RC_ASSERT(*from_hex(hex(bytes)) == bytes);
  RC_ASSERT(*from_base64(base64(bytes)) == bytes);
  RC_ASSERT(*from_base64url(base64url(bytes)) == bytes);
}

TEST(Hash, Base64urlHasItsOwnLettersAndNoPadding) {
  EXPECT_EQ(base64url(Bytes{0xfb, 0xff}), "-_8");
  EXPECT_EQ(base64url({}), "");
  for (const char* wrong : {"A", "+/8", "-_8=", "-_9", "-_ 8", "QQ==", "QR", "=", "===="})
    EXPECT_FALSE(from_base64url(wrong).ok()) << wrong;
}

TEST(Hash, RefusesWhatIsNotCanonical) {
  for (const char* wrong : {"A", "QQ", "QR==", "Q Q==", "QQ==\n", "===="})
    EXPECT_FALSE(from_base64(wrong).ok()) << wrong;
  for (const char* wrong : {"a", "AA", "0g"}) EXPECT_FALSE(from_hex(wrong).ok()) << wrong;
  EXPECT_FALSE(parse_digest("sha256:00").ok());
}

TEST(Json, RefusesHostileText) {
  EXPECT_TRUE(parse_json(R"({"a":[1,true,null,"x"]})").ok());
  const std::string deep(10000, '[');
  for (const std::string& wrong :
       {std::string(), std::string("{"), std::string("{} {}"), std::string(R"({"a":1,"a":2})"),
        std::string("\"\xff\""), std::string("\"\xed\xa0\x80\""), deep}) {
    EXPECT_FALSE(parse_json(wrong).ok()) << wrong.substr(0, 20);
  }
  EXPECT_EQ(parse_json("{\n  \"a\": ?}").error().where, "line 2, column 8 (byte 10)");
  EXPECT_EQ(parse_json(R"({"a":1,"a":2})").error().message, "The member `a` is given twice.");
  // Wherever in an object of any size the second one stands.
  for (const int size : {2, 23, 24, 25, 26, 100}) {
    for (int again = 0; again < size; ++again) {
      std::string text = "{";
      for (int i = 0; i < size; ++i) text += "\"" + std::to_string(i) + "\":1,";
      EXPECT_TRUE(parse_json(text + "\"x\":1}"));
      EXPECT_EQ(parse_json(text + "\"" + std::to_string(again) + "\":1}").error().message,
                "The member `" + std::to_string(again) + "` is given twice.");
    }
  }
  EXPECT_EQ(parse_json(std::string(200, ' '), {.max_bytes = 100}).error().code,
            ErrorCode::too_large);
}

TEST(Json, ReadsCborWithinTheSameLimits) {
  const Json value = {{"text", "x"}, {"bytes", Json::binary({1, 2})}, {"list", {1, -1, nullptr}}};
  EXPECT_EQ(*parse_cbor(Json::to_cbor(value), {}), value);
  const auto said = [](const Bytes& bytes) {
    const auto read = parse_cbor(bytes, {.max_bytes = 1000, .max_depth = 4});
    return read ? "good" : read.error().message;
  };
  EXPECT_EQ(said({0x80}), "good");
  EXPECT_EQ(said(Bytes(1000, 0x81)), "The CBOR is nested deeper than 4 levels.");
  EXPECT_EQ(said(Bytes(1001, 0)), "The CBOR is larger than 1000 bytes.");
  EXPECT_EQ(said({0xa2, 0x61, 'a', 1, 0x61, 'a', 2}), "The member `a` is given twice.");
  // An array of 2^64 - 2, a map of 2^60, and a text of 2^32 - 1.
  EXPECT_EQ(said({0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}),
            "More members are announced than there is room for.");
  EXPECT_EQ(said({0xbb, 0x10, 0, 0, 0, 0, 0, 0, 0}),
            "More members are announced than there is room for.");
  for (const Bytes& wrong :
       std::vector<Bytes>{{}, {0x7a, 0xff, 0xff, 0xff, 0xff}, {0xa1, 1, 2}, {0, 0}, {0xc0, 0x60}})
    EXPECT_EQ(said(wrong), "This is not valid CBOR.");
}

TEST(Json, CanonicalAsRfc8785) {
  // The sorting example of RFC 8785 section 3.2.3, and its escapes.
  const Json value = {{"\u20ac", 1},     {"\r", 2},     {"\ufb33", 3}, {"1", 4},
                      {"\U0001f600", 5}, {"\u0080", 6}, {"\u00f6", 7}};
  EXPECT_EQ(
      canonical_json(value),
      "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\U0001f600\":5,\"\ufb33\":3}");
  EXPECT_EQ(canonical_json(Json("\x0f\b\t\n\f\r\"\\/")), R"("\u000f\b\t\n\f\r\"\\/")");
  EXPECT_THROW(canonical_json(Json(1.5)), std::invalid_argument);
  EXPECT_THROW(canonical_json(Json(uint64_t{1} << 60)), std::invalid_argument);
}

TEST(Files, WritesWholeOrNotAtAll) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("firebreak-files-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  ASSERT_TRUE(write_file_durably(folder / "a", "one", 0600).ok());
  ASSERT_TRUE(write_file_durably(folder / "a", "two", 0600).ok());
  EXPECT_EQ(*read_file(folder / "a"), "two");
  EXPECT_EQ(read_file(folder / "a", 2).error().code, ErrorCode::too_large);
  EXPECT_EQ(read_file(folder / "b").error().code, ErrorCode::not_found);
  EXPECT_EQ(read_file(folder).error().code, ErrorCode::bad_input);
  // Nobody writes into the pipe: it is empty, and not waited for.
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(*read_file(folder / "pipe"), "");
  EXPECT_EQ(write_file_durably(folder / "none" / "a", "x").error().code, ErrorCode::not_found);
  auto lock = FolderLock::take(folder / "lock");
  EXPECT_TRUE(lock.ok());
  EXPECT_EQ(FolderLock::take(folder / "lock").error().code, ErrorCode::conflict);
  std::filesystem::remove_all(folder);
}

TEST(Random, NamesDifferAndRepeatWithTheSeed) {
  SystemRandom system;
  EXPECT_NE(random_name(system, "ref_"), random_name(system, "ref_"));
  SeededRandom one(7);
  SeededRandom two(7);
  EXPECT_EQ(random_name(one, "ref_"), random_name(two, "ref_"));
}

}  // namespace
}  // namespace firebreak
