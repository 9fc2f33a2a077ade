// SPDX-License-Identifier: Apache-2.0
#include "identity/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace firebreak::identity {
namespace {

constexpr size_t kShortest = 12;
constexpr size_t kLongest = 128;

struct Limits {
  unsigned long long passes;
  size_t memory;
};

Limits limits_of(PasswordCost cost) {
  if (cost == PasswordCost::interactive)
    return {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE};
  return {crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE};
}

}  // namespace

Result<void> check_new_password(std::string_view password) {
  const bool blank =
      std::all_of(password.begin(), password.end(), [](char c) { return c == ' ' || c == '\t'; });
  if (password.size() < kShortest || password.size() > kLongest || blank ||
      password.find('\0') != std::string_view::npos) {
    return bad_input("A password has 12 to 128 characters.", "password",
                     "Choose a longer one: three words are easy to remember.");
  }
  return {};
}

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const Limits limits = limits_of(cost);
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(out.data(), password.data(), password.size(), limits.passes,
                            limits.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{ErrorCode::unavailable,
                 "There is not enough memory to protect a password.",
                 {},
                 "Try again later; 256 MiB must be free."};
  }
  return std::string(out.data());
}

bool password_matches(const std::string& hash, std::string_view password) {
  // libsodium reads the hash as a C string of at most STRBYTES.
  if (sodium_init() < 0 || hash.size() >= crypto_pwhash_STRBYTES || password.size() > kLongest)
    return false;
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void spend_password_time(std::string_view password, PasswordCost cost) {
  if (password.size() > kLongest) return;
  const auto spent = hash_password(password, cost);
  static_cast<void>(spent);
}

std::string one_time_password(Random& random) {
  const std::string drawn = random_name(random, "");
  std::string out;
  for (size_t i = 0; i < 20; ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += drawn[i];
  }
  return out;
}

}  // namespace firebreak::identity
