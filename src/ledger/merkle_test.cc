// SPDX-License-Identifier: Apache-2.0
#include "ledger/merkle.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "ledger/commitment.h"
#include "ledger/test_support.h"

namespace firebreak::ledger {
namespace {

Digest grow(const std::vector<Bytes>& records) {
  Frontier tree;
  for (const Bytes& record : records) tree.append(leaf_hash(record));
  return tree.root();
}

// The tree that the test suites of Certificate Transparency (RFC 6962) share.
TEST(Merkle, GivesTheKnownRoots) {
  std::vector<Bytes> records;
  EXPECT_EQ(hex(grow(records)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  records.emplace_back();
  EXPECT_EQ(hex(grow(records)), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  for (const char* record : {"00", "10", "2021", "3031", "40414243", "5051525354555657",
                             "606162636465666768696a6b6c6d6e6f"})
    records.push_back(*from_hex(record));
  EXPECT_EQ(hex(grow(records)), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Merkle, FrontierAndStoredNodesAgreeWithTheRecursionAtEverySize) {
  const auto leaves = test_leaves(300);
  const NodeReader nodes = vector_nodes(leaves);
  Frontier tree;
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const Digest slow = slow_root(std::span(leaves).first(size));
    ASSERT_EQ(tree.size(), size);
    ASSERT_EQ(tree.root(), slow) << size;
    ASSERT_EQ(*tree_root(size, nodes), slow) << size;
    if (size < leaves.size()) tree.append(leaves[size]);
  }
}

RC_GTEST_PROP(Merkle, FrontierGoesOnAfterBeingStored, ()) {
  const auto before = *rc::gen::inRange<uint64_t>(0, 2000);
  const auto after = *rc::gen::inRange<uint64_t>(0, 100);
  const auto leaves = test_leaves(before + after);
  Frontier tree;
  for (uint64_t i = 0; i < before; ++i) tree.append(leaves[i]);
  auto restored = Frontier::restore(tree.serialise());
  RC_ASSERT(restored.ok());
  RC_ASSERT(restored->root() == tree.root());
  for (uint64_t i = before; i < before + after; ++i) restored->append(leaves[i]);
  RC_ASSERT(restored->size() == before + after);
  RC_ASSERT(restored->root() == slow_root(leaves));
}

TEST(Merkle, StoredFrontierOfAWrongLengthIsRefused) {
  Frontier tree;
  for (const Digest& leaf : test_leaves(5)) tree.append(leaf);
  const Bytes good = tree.serialise();
  EXPECT_EQ(good.size(), 8U + 2 * 32);
  for (size_t length = 0; length < good.size(); ++length)
    EXPECT_FALSE(Frontier::restore(std::span(good).first(length)).ok()) << length;
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(Frontier::restore(longer).ok());
  Bytes huge(8 + 64 * 32, 0xFF);  // 2^64 - 1 leaves: one more would need a 65th level
  EXPECT_FALSE(Frontier::restore(huge).ok());
}

TEST(Merkle, AReadersErrorIsPassedOn) {
  const NodeReader nodes = nodes_from_leaves(
      [](uint64_t) -> Result<Digest> { return Error{ErrorCode::unavailable, "gone", {}, {}}; });
  for (const uint64_t size : {1U, 4U, 5U})
    EXPECT_EQ(tree_root(size, nodes).error().code, ErrorCode::unavailable) << size;
}

TEST(Commitment, BindsSaltAndEntryAsTheFormatSays) {
  Salt salt{};
  salt.fill(0xAB);
  const std::string entry = R"({"kind":"padding","v":1})";
  const std::string input =
      "firebreak entry v1\n" + std::string(as_text(salt)) + entry;  // the format, spelt out
  EXPECT_EQ(commitment(salt, as_bytes(entry)), sha256(as_bytes(input)));
  Salt other = salt;
  other[31] ^= 1;
  EXPECT_NE(commitment(salt, as_bytes(entry)), commitment(other, as_bytes(entry)));
  SeededRandom random(1);
  EXPECT_NE(new_salt(random), new_salt(random));
}

}  // namespace
}  // namespace firebreak::ledger
