// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "ledger/test_support.h"

namespace firebreak::ledger {
namespace {

// The example of Go's package golang.org/x/mod/sumdb/note.
constexpr const char* kGoSigner =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr const char* kGoVerifier =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr const char* kGoText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr const char* kGoSignature =
    "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n";

TEST(Note, WritesAndReadsWhatGoDoes) {
  const Signer signer = *Signer::parse(kGoSigner);
  const Verifier verifier = *Verifier::parse(kGoVerifier);
  EXPECT_EQ(signer.skey(), kGoSigner);
  EXPECT_EQ(signer.verifier().vkey(), kGoVerifier);
  EXPECT_EQ(verifier.vkey(), kGoVerifier);
  EXPECT_EQ(verifier.key_id(), 0xc74f20a3U);
  const std::string note = *sign_note(kGoText, signer);
  EXPECT_EQ(note, std::string(kGoText) + kGoSignature);
  const auto opened = open_note(note, {verifier});
  ASSERT_TRUE(opened.ok()) << opened.error().text();
  EXPECT_EQ(opened->text, kGoText);
  EXPECT_EQ(opened->verified.at(0).name, "PeterNeumann");
}

TEST(Note, KeysThatAreNotRightAreRefused) {
  const std::string good = kGoVerifier;
  for (size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(Verifier::parse(changed).ok()) << changed;
    EXPECT_FALSE(Verifier::parse(good.substr(0, i)).ok()) << i;
  }
  for (const char* wrong : {"", "+", "++", "a+", "a+c74f20a3", "a+c74f20a3+",
                            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"})
    EXPECT_FALSE(Verifier::parse(wrong).ok()) << wrong;
  EXPECT_FALSE(Signer::parse(kGoVerifier).ok());
  EXPECT_FALSE(Verifier::parse(kGoSigner).ok());
}

TEST(Note, AnErrorNeverRepeatsAPrivateKey) {
  const std::string good = kGoSigner;
  for (size_t i = 12; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = '!';
    const auto signer = Signer::parse(changed);
    ASSERT_FALSE(signer.ok()) << i;
    EXPECT_EQ(signer.error().text().find("YEKFALVFGyN"), std::string::npos);
  }
}

TEST(Note, NamesFollowTheRules) {
  for (const char* good : {"a", "example.com/abc123", "—", "é/x", "a\x7F"})
    EXPECT_TRUE(is_key_name(good)) << good;
  for (const char* wrong :
       {"", "a b", "a+b", "a\tb", "a\nb", "a\u00A0b", "\u2003", "a\u3000", "\x80", "\xC0\xAF",
        "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x80", "a\x01"})
    EXPECT_FALSE(is_key_name(wrong)) << wrong;
  EXPECT_FALSE(Signer::from_seed("a b", {}).ok());
}

TEST(Note, AChangedByteOrACutIsRefused) {
  const Signer signer = test_signer();
  const std::string note = *sign_note("one line\n\nafter an empty line\n", signer);
  ASSERT_TRUE(open_note(note, {signer.verifier()}).ok());
  for (size_t i = 0; i < note.size(); ++i) {
    for (const int bit : {0, 3, 6, 7}) {
      std::string changed = note;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(open_note(changed, {signer.verifier()}).ok()) << i << " bit " << bit;
    }
    EXPECT_FALSE(open_note(note.substr(0, i), {signer.verifier()}).ok()) << i;
  }
}

TEST(Note, UnknownKeysArePassedOverAndABadSignatureByAKnownOneIsNot) {
  const Signer log = test_signer(1, "log.example");
  const Signer witness = test_signer(2, "witness.example");
  const Signer impostor = test_signer(3, "log.example");  // the same name, another key
  std::string note = *sign_note("text\n", log);
  note = *cosign_note(note, witness);
  note = *cosign_note(note, impostor);
  const auto opened = open_note(note, {log.verifier()});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->verified.size(), 1U);
  EXPECT_EQ(opened->unverified.size(), 2U);
  EXPECT_EQ(open_note(note, {log.verifier(), witness.verifier()})->verified.size(), 2U);
  EXPECT_EQ(open_note(note, {test_signer(4).verifier()}).error().code, ErrorCode::unauthorised);
  EXPECT_EQ(open_note(note, {}).error().code, ErrorCode::unauthorised);

  // The witness's signature of another text: known, and not valid.
  const std::string other = *cosign_note(*sign_note("other\n", log), witness);
  const std::string mixed = *sign_note("text\n", log) + other.substr(other.rfind("— "));
  EXPECT_TRUE(open_note(mixed, {log.verifier()}).ok());
  EXPECT_EQ(open_note(mixed, {log.verifier(), witness.verifier()}).error().code,
            ErrorCode::unauthorised);
}

TEST(Note, SixteenSignaturesAndNoMore) {
  std::string note = *sign_note("text\n", test_signer(0, "key0"));
  for (uint8_t i = 1; i < 16; ++i) {
    const auto more = cosign_note(note, test_signer(i, "key" + std::to_string(i)));
    ASSERT_TRUE(more.ok()) << more.error().text();
    note = *more;
  }
  EXPECT_EQ(open_note(note, {test_signer(15, "key15").verifier()})->unverified.size(), 15U);
  EXPECT_EQ(cosign_note(note, test_signer(3, "key3")).error().code, ErrorCode::conflict);
  EXPECT_EQ(cosign_note(note, test_signer(16, "key16")).error().code, ErrorCode::conflict);
  const std::string again = note + note.substr(note.rfind("— "));
  EXPECT_FALSE(open_note(again, {test_signer(0, "key0").verifier()}).ok());
}

TEST(Note, OneKeysSignatureCountsOnce) {
  const Signer signer = test_signer();
  const std::string note = *sign_note("text\n", signer);
  const auto opened = open_note(note + note.substr(note.rfind("— ")), {signer.verifier()});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->verified.size(), 1U);
}

TEST(Note, OnlyPlainTextIsSigned) {
  const Signer signer = test_signer();
  for (const char* wrong : {"", "no newline", "tab\t\n", "bell\a\n", "\xFF\n", "carriage\r\n"})
    EXPECT_FALSE(sign_note(wrong, signer).ok()) << wrong;
  EXPECT_EQ(parse_note(std::string(kMaxNoteBytes + 1, 'a')).error().code, ErrorCode::too_large);
}

RC_GTEST_PROP(Note, ReadsBackAnyTextAndKey, ()) {
  std::string text;
  for (const auto& line : *rc::gen::container<std::vector<std::string>>(
           rc::gen::container<std::string>(rc::gen::inRange(' ', '~'))))
    text += line + "\n";
  text += "end\n";
  SeededRandom random(*rc::gen::arbitrary<uint64_t>());
  const Signer signer = *Signer::generate("force.example/ledger", random);
  const Signer again = *Signer::parse(signer.skey() + "\n");
  RC_ASSERT(again.verifier().vkey() == signer.verifier().vkey());
  const auto opened = open_note(*sign_note(text, again), {signer.verifier()});
  RC_ASSERT(opened.ok());
  RC_ASSERT(opened->text == text);
}

}  // namespace
}  // namespace firebreak::ledger
