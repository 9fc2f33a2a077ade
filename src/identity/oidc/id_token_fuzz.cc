// SPDX-License-Identifier: Apache-2.0
// Tokens and key sets from anywhere: no input may crash, and none is believed that the provider's
// key did not sign.
#include <cstdlib>

#include "identity/oidc/id_token.h"
#include "identity/oidc/testing/signer.h"

using namespace firebreak;                  // NOLINT(google-build-using-namespace): one file
using namespace firebreak::identity::oidc;  // NOLINT(google-build-using-namespace): likewise

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// As its own claims, signed: what is signed is read to the end, and is taken only when it says so.
void signed_claims(const Signer& signer, const Key& key, std::string_view claims) {
  const Settings settings{"https://id.force.example", "firebreak", "", "", "groups", {}};
  const auto token = read_token(signer.token(signer.header().dump(), claims));
  if (!token) return;
  const auto checked = check_token(*token, key, {settings, "n-1", Instant{}});
  if (!checked) return;
  require(checked->at("iss") == settings.issuer && checked->at("nonce") == "n-1");
  (void)roles_from(*checked, settings);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls this name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Signer signer("k1", Algorithm::es256);
  static const KeySet keys = *read_keys(key_set({signer.jwk()}));
  const std::string_view text = as_text({data, size});
  if (const auto token = read_token(text)) {
    // Strict base64url has one form alone, so a token that was read is the text that came.
    require(token->signed_text + "." + base64url(token->signature) == text);
    require(!verifies(keys.front(), token->signed_text, token->signature));
  }
  if (const auto read = read_keys(text)) {
    for (const Key& key : *read) (void)verifies(key, text, {data, size});
  }
  signed_claims(signer, keys.front(), text);
  return 0;
}
