// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder share: invented records, the tree as RFC 9162 writes it down, slow
// and plain, and a folder that goes away again.
//
//   const TempFolder folder;
//   const Signer signer = test_signer();
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/proof.h"
#include "ledger/tiles.h"

namespace firebreak::ledger {

inline constexpr const char* kOrigin = "force.example/ledger";

inline Digest test_record(uint64_t index) {
  return sha256(as_bytes("record " + std::to_string(index)));
}

inline std::vector<Digest> test_leaves(uint64_t size) {
  std::vector<Digest> out;
  out.reserve(size);
  for (uint64_t i = 0; i < size; ++i) out.push_back(leaf_hash(test_record(i)));
  return out;
}

inline RecordReader test_records() {
  return [](uint64_t first, uint64_t count) -> Result<std::vector<Digest>> {
    std::vector<Digest> out;
    for (uint64_t i = first; i < first + count; ++i) out.push_back(test_record(i));
    return out;
  };
}

inline Checkpoint test_checkpoint(uint64_t size) {
  Frontier tree;
  for (uint64_t i = 0; i < size; ++i) tree.append(leaf_hash(test_record(i)));
  return {kOrigin, size, tree.root()};
}

inline Signer test_signer(uint8_t fill = 7, const std::string& name = kOrigin) {
  KeyBytes seed{};
  seed.fill(fill);
  return *Signer::from_seed(name, seed);
}

inline NodeReader vector_nodes(const std::vector<Digest>& leaves) {
  return nodes_from_leaves([&leaves](uint64_t i) -> Result<Digest> { return leaves.at(i); });
}

// RFC 9162 section 2.1.1, MTH.
inline Digest slow_root(std::span<const Digest> d) {
  if (d.empty()) return empty_root();
  if (d.size() == 1) return d[0];
  const size_t k = std::bit_floor(d.size() - 1);
  return node_hash(slow_root(d.first(k)), slow_root(d.subspan(k)));
}

// RFC 9162 section 2.1.3.1, PATH.
inline Proof slow_path(uint64_t m, std::span<const Digest> d) {
  if (d.size() == 1) return {};
  const size_t k = std::bit_floor(d.size() - 1);
  Proof out = m < k ? slow_path(m, d.first(k)) : slow_path(m - k, d.subspan(k));
  out.push_back(m < k ? slow_root(d.subspan(k)) : slow_root(d.first(k)));
  return out;
}

// RFC 9162 section 2.1.4.1, SUBPROOF; PROOF(m, D) is slow_subproof(m, D, true).
inline Proof slow_subproof(uint64_t m, std::span<const Digest> d, bool b) {
  if (m == d.size()) return b ? Proof{} : Proof{slow_root(d)};
  const size_t k = std::bit_floor(d.size() - 1);
  Proof out = m <= k ? slow_subproof(m, d.first(k), b) : slow_subproof(m - k, d.subspan(k), false);
  out.push_back(m <= k ? slow_root(d.subspan(k)) : slow_root(d.first(k)));
  return out;
}

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "firebreak-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Publishes the log up to each size in turn, opening the folder anew each time.
inline void publish_sizes(const std::filesystem::path& folder,
                          std::initializer_list<uint64_t> sizes) {
  const Signer signer = test_signer();
  for (const uint64_t size : sizes) {
    auto publisher = Publisher::open(folder, kOrigin, signer.verifier());
    ASSERT_TRUE(publisher.ok()) << publisher.error().text();
    const auto published = publisher->publish(test_checkpoint(size), test_records(), signer);
    ASSERT_TRUE(published.ok()) << published.error().text();
  }
}

}  // namespace firebreak::ledger
