// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace firebreak {
namespace {

constexpr size_t kNameBytes = 26;

}  // namespace

void SystemRandom::fill(std::span<uint8_t> out) {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = getrandom(out.data() + done, out.size() - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();
    done += static_cast<size_t>(got);
  }
}

void SeededRandom::fill(std::span<uint8_t> out) {
  for (uint8_t& byte : out) {  // splitmix64 (Steele, Lea, Flood 2014), one byte a step
    state_ += 0x9e3779b97f4a7c15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    byte = static_cast<uint8_t>((z ^ (z >> 31)) & 0xff);
  }
}

std::string name_from(std::span<const uint8_t> bytes, const std::string& prefix) {
  static constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string out = prefix;
  for (uint8_t byte : bytes.first(kNameBytes)) out += kAlphabet[byte & 31];
  return out;
}

std::string random_name(Random& random, const std::string& prefix) {
  std::array<uint8_t, kNameBytes> bytes{};
  random.fill(bytes);
  return name_from(bytes, prefix);
}

}  // namespace firebreak
