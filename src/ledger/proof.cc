// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof.h"

#include <algorithm>
#include <bit>

namespace firebreak::ledger {
namespace {

// The k of RFC 9162 section 2.1.1: the largest power of two smaller than the count.
uint64_t split(uint64_t count) { return std::bit_floor(count - 1); }

// MTH(D[begin:end]) where `begin` is a multiple of the range's largest power of two, as it is for
// every range that RFC 9162's recursions reach.
Result<Digest> range_root(uint64_t begin, uint64_t end, const NodeReader& nodes) {
  return tree_root(end - begin, [&](unsigned level, uint64_t index) {
    return nodes(level, index + (begin >> level));
  });
}

Error wrong_length() {
  return bad_input("The proof does not have the number of hashes that it must have.");
}

Error wrong_root(const char* what) {
  return {ErrorCode::corrupt, what, {}, "Do not rely on this record; ask for a new proof."};
}

}  // namespace

Result<Proof> inclusion_proof(uint64_t index, uint64_t size, const NodeReader& nodes) {
  if (index >= size) return bad_input("The ledger has no entry of this number at this size.");
  Proof out;
  uint64_t begin = 0;
  uint64_t end = size;
  while (end - begin > 1) {
    const uint64_t middle = begin + split(end - begin);
    const bool left = index < middle;
    FB_TRY(const Digest sibling,
           left ? range_root(middle, end, nodes) : range_root(begin, middle, nodes));
    out.push_back(sibling);
    (left ? end : begin) = middle;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Result<Proof> consistency_proof(uint64_t first, uint64_t second, const NodeReader& nodes) {
  if (first == 0 || first > second)
    return bad_input("A consistency proof goes from a tree that is not empty to a larger one.");
  Proof out;
  uint64_t begin = 0;
  uint64_t end = second;
  while (end != first) {
    const uint64_t middle = begin + split(end - begin);
    const bool left = first <= middle;
    FB_TRY(const Digest sibling,
           left ? range_root(middle, end, nodes) : range_root(begin, middle, nodes));
    out.push_back(sibling);
    (left ? end : begin) = middle;
  }
  // The first tree's own root is known to the verifier, unless it is cut: then its last part leads.
  if (begin != 0) {
    FB_TRY(const Digest seed, range_root(begin, end, nodes));
    out.push_back(seed);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Result<void> verify_inclusion(const Digest& leaf, uint64_t index, uint64_t size, const Digest& root,
                              const Proof& proof) {
  if (index >= size) return bad_input("The ledger has no entry of this number at this size.");
  uint64_t fn = index;  // the names fn, sn and r are RFC 9162's
  uint64_t sn = size - 1;
  Digest r = leaf;
  for (const Digest& p : proof) {
    if (sn == 0) return wrong_length();
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return wrong_length();
  if (r != root) return wrong_root("The proof does not lead to the ledger's root.");
  return {};
}

Result<void> verify_consistency(uint64_t first, const Digest& first_root, uint64_t second,
                                const Digest& second_root, const Proof& proof) {
  if (first == 0 || first > second)
    return bad_input("A consistency proof goes from a tree that is not empty to a larger one.");
  if (first == second) {
    if (!proof.empty()) return wrong_length();
    if (first_root != second_root) return wrong_root("One size of the ledger has two roots.");
    return {};
  }
  if (proof.empty()) return wrong_length();
  uint64_t fn = first - 1;  // the names fn, sn, fr and sr are RFC 9162's
  uint64_t sn = second - 1;
  const auto full = std::countr_one(fn);
  fn >>= full;
  sn >>= full;
  const bool whole = std::has_single_bit(first);  // then the path starts with the first root itself
  Digest fr = whole ? first_root : proof.front();
  Digest sr = fr;
  for (auto p = proof.begin() + (whole ? 0 : 1); p != proof.end(); ++p) {
    if (sn == 0) return wrong_length();
    if ((fn & 1) != 0 || fn == sn) {
      fr = node_hash(*p, fr);
      sr = node_hash(*p, sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = node_hash(sr, *p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return wrong_length();
  if (fr != first_root) return wrong_root("The proof does not lead to the earlier root.");
  if (sr != second_root) return wrong_root("The proof does not lead to the later root.");
  return {};
}

}  // namespace firebreak::ledger
