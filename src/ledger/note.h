// SPDX-License-Identifier: Apache-2.0
// Signed notes (C2SP signed-note) with Ed25519 keys, written as Go's golang.org/x/mod/sumdb/note
// writes them, so that its verifier reads ours and ours reads its.
//
//   Signer signer = Signer::generate("force.example/ledger", random);
//   FB_TRY(std::string note, sign_note("text\n", signer));
//   FB_TRY(Note opened, open_note(note, {signer.verifier()}));
//
// Note: the text, which ends in a newline; an empty line; then one line for each signature:
//   em dash (U+2014), space, key name, space, base64(key ID, 4 bytes || signature), newline.
// Key ID: the first four bytes of SHA-256(name || 0x0A || 0x01 || public key, 32 bytes).
// Verifier key: NAME+KEYID+base64(0x01 || public key); KEYID is eight hexadecimal digits.
// Signer key: PRIVATE+KEY+NAME+KEYID+base64(0x01 || seed, 32 bytes).
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"

namespace firebreak::ledger {

// C2SP asks that verifiers take at least 16 signatures; a note with more is refused here.
inline constexpr size_t kMaxSignatures = 16;
inline constexpr size_t kMaxNoteBytes = size_t{1} << 20;

using KeyBytes = std::array<uint8_t, 32>;  // an Ed25519 seed or public key (RFC 8032)

// A name is valid UTF-8, not empty, and holds no Unicode space, control character or '+'.
bool is_key_name(std::string_view name);

class Verifier {
 public:
  // Errors: bad_input when the text is not a verifier key of type Ed25519, or its key ID is wrong.
  static Result<Verifier> parse(std::string_view vkey);
  static Result<Verifier> from_public_key(std::string name, const KeyBytes& public_key);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] uint32_t key_id() const { return key_id_; }
  [[nodiscard]] const KeyBytes& public_key() const { return public_key_; }
  // The verifier key as text, without a newline: what a force publishes.
  [[nodiscard]] std::string vkey() const;
  // True when `signature` (64 bytes, without the key ID) is this key's over `text`.
  [[nodiscard]] bool verifies(std::string_view text, std::span<const uint8_t> signature) const;

 private:
  friend class Signer;
  Verifier(std::string name, const KeyBytes& public_key);
  std::string name_;
  KeyBytes public_key_;
  uint32_t key_id_;
};

// Holds a private key; its memory is zeroed when it goes.
class Signer {
 public:
  // Error: bad_input when the name may not be a key's.
  static Result<Signer> from_seed(std::string name, const KeyBytes& seed);
  static Result<Signer> generate(std::string name, Random& random);
  // Takes the "PRIVATE+KEY+..." text, with or without a newline at its end. Error: bad_input,
  // which never repeats any of the text.
  static Result<Signer> parse(std::string_view skey);

  Signer(Signer&& other) noexcept;
  Signer& operator=(Signer&& other) noexcept;
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer();

  // The private key as text: to be kept in a file that its owner alone can read.
  [[nodiscard]] std::string skey() const;
  [[nodiscard]] const Verifier& verifier() const { return verifier_; }
  // The 64 bytes of an Ed25519 signature over `text`. Safe to call from several threads.
  [[nodiscard]] std::array<uint8_t, 64> sign(std::string_view text) const;

 private:
  Signer(const KeyBytes& seed, Verifier verifier);
  KeyBytes seed_;
  Verifier verifier_;
};

struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  Bytes signature = {};  // without the key ID
};

struct Note {
  std::string text;                          // with its final newline
  std::vector<NoteSignature> verified = {};  // by a key that was given; never empty from open_note
  std::vector<NoteSignature> unverified = {};  // by unknown keys: nothing is known of them
};

// Error: bad_input when the text is not UTF-8, does not end in a newline or holds other control
// characters.
Result<std::string> sign_note(std::string_view text, const Signer& signer);
// Adds a signature line to a note that is already signed (a witness's, a new key's). Errors:
// bad_input when it is no note; conflict when it is full or holds a signature by this key.
Result<std::string> cosign_note(std::string_view note, const Signer& signer);

// Reads a note without verifying anything: all its signatures stand in `unverified`.
Result<Note> parse_note(std::string_view note);
// Reads and verifies a note. A signature by an unknown key is passed over; one by a known key that
// does not verify, or no signature by a known key at all, refuses the note. Errors: bad_input when
// it is no note, unauthorised when its signatures do not do.
Result<Note> open_note(std::string_view note, std::span<const Verifier> known);
Result<Note> open_note(std::string_view note, std::initializer_list<Verifier> known);

}  // namespace firebreak::ledger
