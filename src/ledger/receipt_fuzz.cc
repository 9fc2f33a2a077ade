// SPDX-License-Identifier: Apache-2.0
// Receipts, proofs, tile names and stored frontiers from anywhere: no input may crash, and what is
// taken reads back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "ledger/receipt.h"
#include "ledger/tiles.h"

using namespace firebreak;          // NOLINT(google-build-using-namespace): a program of one file
using namespace firebreak::ledger;  // NOLINT(google-build-using-namespace): likewise

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// The bytes as two numbers, and hashes for a proof.
void proofs(std::span<const uint8_t> bytes) {
  uint64_t first = 0;
  uint64_t second = 0;
  if (bytes.size() < 16) return;
  std::memcpy(&first, bytes.data(), 8);
  std::memcpy(&second, bytes.data() + 8, 8);
  Proof proof;
  for (bytes = bytes.subspan(16); bytes.size() >= 32; bytes = bytes.subspan(32)) {
    Digest hash{};
    std::copy_n(bytes.begin(), 32, hash.begin());
    proof.push_back(hash);
  }
  const Digest root = empty_root();
  require(!verify_inclusion(root, first, second, leaf_hash({}), proof).ok());
  const bool same = first == second && first != 0 && proof.empty();
  require(verify_consistency(first, root, second, root, proof).ok() == same);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls this name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  const std::string_view text = as_text(bytes);
  if (const auto receipt = parse_receipt(text)) require(write_receipt(*receipt) == text);
  if (const auto name = TileName::parse(text)) require(name->path() == text);
  if (auto tree = Frontier::restore(bytes)) {
    require(std::ranges::equal(tree->serialise(), bytes));
    tree->append(tree->root());
  }
  proofs(bytes);
  return 0;
}
