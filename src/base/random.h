// SPDX-License-Identifier: Apache-2.0
// Randomness enters the program here: keys, salts, tokens and identifiers are drawn from a Random
// that the caller passes in, so that tests can repeat a run.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace firebreak {

class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  // Fills `out`. Safe to call from several threads at once.
  virtual void fill(std::span<uint8_t> out) = 0;
};

// The operating system's generator (getrandom(2)). Ends the process when that fails: a firewall
// that cannot draw a key must not go on with a guessable one.
class SystemRandom final : public Random {
 public:
  void fill(std::span<uint8_t> out) override;
};

// A repeatable stream from a seed. For tests alone: it is not secret.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void fill(std::span<uint8_t> out) override;

 private:
  uint64_t state_;
};

// A name that says nothing: `prefix` and 26 characters of Crockford base32 (130 random bits), for
// example "ref_7k2m…". Lower case, safe in a URL, a file name and a mail header.
std::string random_name(Random& random, const std::string& prefix);
// A name of the same form, made of bytes (at least 26) instead of randomness.
std::string name_from(std::span<const uint8_t> bytes, const std::string& prefix);

}  // namespace firebreak
