// SPDX-License-Identifier: Apache-2.0
// Any text as a browser's answer: nothing may crash, and what is taken is what stands in it. The
// inputs are an answer's members on five lines (identifier, client data, then attestation object,
// authenticator's data and signature in base64url), so that the parts inside are reached; a text
// without these lines is taken as the answer itself.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "identity/webauthn.h"

using namespace firebreak;            // NOLINT(google-build-using-namespace): a program of one file
using namespace firebreak::identity;  // NOLINT(google-build-using-namespace): likewise

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const RelyingParty& fuzzed_party() {
  static const RelyingParty party = {"localhost", "Firebreak", "http://localhost:8123"};
  return party;
}

std::string take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// `text` itself, or the answer that its five lines describe.
std::string answer_of(std::string_view text) {
  if (std::count(text.begin(), text.end(), '\n') != 4) return std::string(text);
  const std::string id = take_line(text);
  Json response;
  response["clientDataJSON"] = base64url(as_bytes(take_line(text)));
  for (const char* name : {"attestationObject", "authenticatorData", "signature"})
    response[name] = take_line(text);
  const Json answer = {{"type", "public-key"}, {"id", id}, {"rawId", id}, {"response", response}};
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls this name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string answer = answer_of(as_text({data, size}));
  static const Digest challenge = sha256(as_bytes("firebreak recorded challenge 1"));
  if (auto passkey = verify_registration(answer, challenge, fuzzed_party())) {
    passkey->name = "fuzzed";
    passkey->from = Day{std::chrono::year{2026}, std::chrono::November, std::chrono::day{22}};
    require(check_passkey(*passkey).ok());
    require(to_json(*read_passkey(to_json(*passkey))) == to_json(*passkey));
  }
  if (const auto assertion = read_assertion(answer)) {
    Passkey passkey;
    passkey.id = assertion->passkey;
    // Nobody holds a key here, so nothing verifies.
    require(!verify_assertion(passkey, *assertion, challenge, fuzzed_party()).ok());
  }
  return 0;
}
