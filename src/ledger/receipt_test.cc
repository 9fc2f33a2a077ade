// SPDX-License-Identifier: Apache-2.0
#include "ledger/receipt.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "ledger/test_support.h"

namespace firebreak::ledger {
namespace {

std::vector<Verifier> keys() { return {test_signer().verifier()}; }

TEST(Checkpoint, ReadsBackWhatItSigns) {
  const Checkpoint checkpoint = test_checkpoint(70);
  const std::string note = *sign_checkpoint(checkpoint, test_signer());
  EXPECT_TRUE(note.starts_with("force.example/ledger\n70\n" + base64(checkpoint.root) + "\n\n— "));
  const auto opened = open_checkpoint(note, kOrigin, keys());
  ASSERT_TRUE(opened.ok()) << opened.error().text();
  EXPECT_EQ(opened->origin, kOrigin);
  EXPECT_EQ(opened->size, 70U);
  EXPECT_EQ(opened->root, checkpoint.root);
  EXPECT_EQ(open_checkpoint(note, "other.example", keys()).error().code, ErrorCode::bad_input);
}

TEST(Checkpoint, ExtensionLinesAreKept) {
  Checkpoint checkpoint = test_checkpoint(1);
  checkpoint.extensions = {"one", "two words"};
  const std::string text = *checkpoint_text(checkpoint);
  EXPECT_EQ(parse_checkpoint(text)->extensions, checkpoint.extensions);
  checkpoint.extensions = {""};
  EXPECT_FALSE(checkpoint_text(checkpoint).ok());
  checkpoint.extensions = {"two\nlines"};
  EXPECT_FALSE(checkpoint_text(checkpoint).ok());
  checkpoint.origin = "";
  EXPECT_FALSE(checkpoint_text(checkpoint).ok());
}

TEST(Checkpoint, MalformedTextIsRefused) {
  const std::string root = base64(empty_root());
  const std::string line = "\n" + root + "\n";
  ASSERT_TRUE(parse_checkpoint("o\n0" + line).ok());
  ASSERT_EQ(parse_checkpoint("o\n18446744073709551615" + line)->size, UINT64_MAX);
  for (const std::string& wrong :
       {std::string(), std::string("o"), std::string("o\n"), std::string("o\n0\n"), "\n0" + line,
        "o\n" + line, "o\n00" + line, "o\n01" + line, "o\n-1" + line, "o\n+1" + line,
        "o\n1 " + line, "o\n0x1" + line, "o\n18446744073709551616" + line, "o\n0\n" + root,
        "o\n0\n" + root.substr(4) + "\n", "o\n0\n" + root + "AAAA\n", "o\n0" + line + "\n",
        "o\n0" + line + "extension", "o\r\n0" + line})
    EXPECT_FALSE(parse_checkpoint(wrong).ok()) << wrong;
}

struct Fixture {
  std::vector<Digest> leaves = test_leaves(70);
  std::string note = *sign_checkpoint(test_checkpoint(70), test_signer());
  [[nodiscard]] std::string receipt(uint64_t index, Bytes extra = {}) const {
    return *make_receipt(index, test_record(index), note, vector_nodes(leaves), std::move(extra));
  }
};

TEST(Receipt, ProvesEveryEntryOfItsCheckpoint) {
  const Fixture log;
  for (uint64_t i = 0; i < 70; ++i) {
    const auto receipt = verify_receipt(log.receipt(i), test_record(i), kOrigin, keys());
    ASSERT_TRUE(receipt.ok()) << receipt.error().text();
    EXPECT_EQ(receipt->index, i);
    EXPECT_FALSE(verify_receipt(log.receipt(i), test_record(i + 1), kOrigin, keys()).ok());
  }
  EXPECT_FALSE(
      verify_receipt(log.receipt(3), test_record(3), kOrigin, {{test_signer(9).verifier()}}).ok());
  EXPECT_FALSE(verify_receipt(log.receipt(3), test_record(3), "other.example", keys()).ok());
}

TEST(Receipt, IsNotMadeForWhatTheLogDoesNotHold) {
  const Fixture log;
  const NodeReader nodes = vector_nodes(log.leaves);
  EXPECT_EQ(make_receipt(70, test_record(70), log.note, nodes).error().code, ErrorCode::bad_input);
  EXPECT_EQ(make_receipt(5, test_record(6), log.note, nodes).error().code, ErrorCode::corrupt);
  EXPECT_FALSE(make_receipt(5, test_record(5), "no note", nodes).ok());
}

TEST(Receipt, HasTheFormatOfTlogProof) {
  const Fixture log;
  const std::string text = log.receipt(69, {1, 2, 3});
  EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nextra AQID\nindex 69\n"));
  EXPECT_TRUE(text.ends_with("\n\n" + log.note));
  const Receipt parsed = *parse_receipt(text);
  EXPECT_EQ(parsed.extra, (Bytes{1, 2, 3}));
  EXPECT_EQ(parsed.checkpoint, log.note);
  EXPECT_EQ(write_receipt(parsed), text);
}

TEST(Receipt, AnyChangedByteOrCutIsRefused) {
  const Fixture log;
  const std::string text = log.receipt(42);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(verify_receipt(changed, test_record(42), kOrigin, keys()).ok()) << i;
    EXPECT_FALSE(verify_receipt(text.substr(0, i), test_record(42), kOrigin, keys()).ok()) << i;
  }
}

TEST(Receipt, MalformedTextIsRefusedWithItsLine) {
  const Fixture log;
  const std::string mark = "c2sp.org/tlog-proof@v1\n";
  const std::string end = "\n" + log.note;
  const std::string hash = base64(empty_root()) + "\n";
  ASSERT_TRUE(parse_receipt(mark + "index 0\n" + end).ok());
  std::string long_proof = "index 0\n";
  for (int i = 0; i < 65; ++i) long_proof += hash;
  EXPECT_FALSE(parse_receipt("index 0\n" + end).ok());
  EXPECT_FALSE(parse_receipt(mark + "index 0\n" + hash).ok());
  EXPECT_FALSE(parse_receipt(mark + "index 0\n" + log.note).ok());
  EXPECT_FALSE(parse_receipt(mark + "index 0\n\n").ok());
  for (const std::string& wrong :
       {std::string(), std::string("index 00\n"), std::string("index -1\n"),
        std::string("extra \nindex 0\n"), std::string("extra ???\nindex 0\n"),
        std::string("index 0\nextra AQID\n"), std::string("index 0\nAQID\n"), long_proof})
    EXPECT_FALSE(parse_receipt(std::string(mark).append(wrong).append(end)).ok()) << wrong;
  EXPECT_EQ(parse_receipt(mark + "index x\n").error().where, "receipt, line 2");
}

}  // namespace
}  // namespace firebreak::ledger
