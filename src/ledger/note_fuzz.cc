// SPDX-License-Identifier: Apache-2.0
// Notes, keys and checkpoints from anywhere: no input may crash, and what is taken reads back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ledger/checkpoint.h"

using namespace firebreak;          // NOLINT(google-build-using-namespace): a program of one file
using namespace firebreak::ledger;  // NOLINT(google-build-using-namespace): likewise

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void keys(std::string_view text) {
  if (const auto verifier = Verifier::parse(text)) {
    const bool newline = text.ends_with('\n');
    require(verifier->vkey() == text.substr(0, text.size() - (newline ? 1 : 0)));
  }
  if (const auto signer = Signer::parse(text))
    require(Signer::parse(signer->skey())->verifier().vkey() == signer->verifier().vkey());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls this name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = as_text({data, size});
  static const Signer signer = *Signer::from_seed("force.example/ledger", KeyBytes{1, 2, 3});
  keys(text);
  if (const auto checkpoint = parse_checkpoint(text))
    require(*checkpoint_text(*checkpoint) == text);
  if (const auto note = parse_note(text)) {
    require(!note->unverified.empty());
    // Whatever is a note can be signed again, and the new signature verifies.
    if (const auto again = cosign_note(text, signer)) {
      const auto opened = open_note(*again, {signer.verifier()});
      require(opened.ok() && opened->text == note->text);
    }
  }
  if (const auto note = sign_note(text, signer))
    require(open_note(*note, {signer.verifier()})->text == text);
  return 0;
}
