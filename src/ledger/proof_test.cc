// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "ledger/test_support.h"

namespace firebreak::ledger {
namespace {

TEST(Proof, AllProofsOfSmallTreesAgreeWithTheRecursionAndVerify) {
  const auto leaves = test_leaves(40);
  const NodeReader nodes = vector_nodes(leaves);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = slow_root(tree);
    for (uint64_t index = 0; index < size; ++index) {
      const Proof proof = *inclusion_proof(index, size, nodes);
      ASSERT_EQ(proof, slow_path(index, tree)) << index << " in " << size;
      ASSERT_TRUE(verify_inclusion(leaves[index], index, size, root, proof).ok());
      const Proof growth = *consistency_proof(index + 1, size, nodes);
      ASSERT_EQ(growth, slow_subproof(index + 1, tree, true)) << index + 1 << " to " << size;
      ASSERT_TRUE(
          verify_consistency(index + 1, slow_root(tree.first(index + 1)), size, root, growth).ok());
    }
  }
}

RC_GTEST_PROP(Proof, ProofsAgreeWithTheRecursionAndVerify, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(1, 3000);
  const auto index = *rc::gen::inRange<uint64_t>(0, size);
  const auto leaves = test_leaves(size);
  const NodeReader nodes = vector_nodes(leaves);
  const Digest root = slow_root(leaves);
  const Proof proof = *inclusion_proof(index, size, nodes);
  RC_ASSERT(proof == slow_path(index, leaves));
  RC_ASSERT(verify_inclusion(leaves[index], index, size, root, proof).ok());
  const Proof growth = *consistency_proof(index + 1, size, nodes);
  RC_ASSERT(growth == slow_subproof(index + 1, leaves, true));
  const Digest before = slow_root(std::span(leaves).first(index + 1));
  RC_ASSERT(verify_consistency(index + 1, before, size, root, growth).ok());
}

// A proof with any bit changed, a hash taken away, added or moved proves nothing.
RC_GTEST_PROP(Proof, AChangedProofIsRefused, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(2, 200);
  const auto index = *rc::gen::inRange<uint64_t>(0, size);
  const auto leaves = test_leaves(size);
  const NodeReader nodes = vector_nodes(leaves);
  const Digest root = slow_root(leaves);
  const Digest before = slow_root(std::span(leaves).first(index + 1));
  const auto change = [](Proof proof) {
    const auto at = *rc::gen::inRange<size_t>(0, proof.size() + 1);
    const auto way = *rc::gen::inRange(0, 3);
    const auto place = proof.begin() + static_cast<ptrdiff_t>(at);
    if (way == 0 || proof.empty()) {
      proof.insert(place, test_record(at));
    } else if (way == 1 && at < proof.size()) {
      proof.erase(place);
    } else {
      proof[at % proof.size()][at % 32] ^= static_cast<uint8_t>(1U << (at % 8));
    }
    return proof;
  };
  const Proof proof = change(*inclusion_proof(index, size, nodes));
  RC_ASSERT(!verify_inclusion(leaves[index], index, size, root, proof).ok());
  const Proof growth = change(*consistency_proof(index + 1, size, nodes));
  RC_ASSERT(!verify_consistency(index + 1, before, size, root, growth).ok());
}

TEST(Proof, QuestionsWithoutAnAnswerAreRefused) {
  const auto leaves = test_leaves(3);
  const NodeReader nodes = vector_nodes(leaves);
  EXPECT_EQ(inclusion_proof(3, 3, nodes).error().code, ErrorCode::bad_input);
  EXPECT_EQ(inclusion_proof(0, 0, nodes).error().code, ErrorCode::bad_input);
  EXPECT_EQ(consistency_proof(0, 3, nodes).error().code, ErrorCode::bad_input);
  EXPECT_EQ(consistency_proof(4, 3, nodes).error().code, ErrorCode::bad_input);
}

std::filesystem::path vector_folder() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests run in one thread, and none sets a variable
  const char* shared = std::getenv("FIREBREAK_SHARED");
  const std::filesystem::path base = shared != nullptr ? shared : FIREBREAK_SOURCE_DIR "/../shared";
  return base / "data" / "merkle-vectors";
}

// A root or hash of another length than 32 bytes cannot be handed to our functions at all.
std::optional<Digest> read_digest(const Json& value) {
  const auto bytes = from_base64(value.get<std::string>());
  Digest out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::optional<Proof> read_proof(const Json& value) {
  Proof out;
  if (value.is_null()) return out;
  for (const Json& hash : value) {
    const auto digest = read_digest(hash);
    if (!digest) return std::nullopt;
    out.push_back(*digest);
  }
  return out;
}

bool accepts_inclusion(const Json& v) {
  const auto leaf = read_digest(v["leafHash"]);
  const auto root = read_digest(v["root"]);
  const auto proof = read_proof(v["proof"]);
  return leaf && root && proof &&
         verify_inclusion(*leaf, v["leafIdx"], v["treeSize"], *root, *proof).ok();
}

bool accepts_consistency(const Json& v) {
  // Two vectors have roots that are not hashes ("don't care"): they ask only that equal sizes have
  // equal roots, which any digest made from the text answers as well.
  const auto root = [&](const char* name) {
    const auto digest = read_digest(v[name]);
    return digest ? *digest : sha256(as_bytes(v[name].get<std::string>()));
  };
  const auto proof = read_proof(v["proof"]);
  return proof &&
         verify_consistency(v["size1"], root("root1"), v["size2"], root("root2"), *proof).ok();
}

// The vectors of github.com/transparency-dev/merkle: most must be refused.
void answer_vectors(const char* kind, bool (*accepts)(const Json&), size_t expected_count) {
  const auto folder = vector_folder() / kind;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no vectors at " << folder;
  size_t count = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto vector = parse_json(*read_file(file.path()));
    ASSERT_TRUE(vector.ok()) << file.path() << vector.error().text();
    EXPECT_EQ(accepts(*vector), !(*vector)["wantErr"].get<bool>()) << file.path();
    ++count;
  }
  EXPECT_EQ(count, expected_count);
}

TEST(ProofVectors, Inclusion) { answer_vectors("inclusion", accepts_inclusion, 98); }
TEST(ProofVectors, Consistency) { answer_vectors("consistency", accepts_consistency, 98); }

}  // namespace
}  // namespace firebreak::ledger
