// SPDX-License-Identifier: Apache-2.0
#include "cli/sign_off.h"

#include <unistd.h>

#include <iostream>

#include "cli/command.h"
#include "register/statement.h"

namespace firebreak::cli {
namespace {

std::string string_at(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string()
             ? object[name].get<std::string>()
             : std::string();
}

Error does_not_match(const std::string& what) {
  return {ErrorCode::corrupt, what, {}, "Nothing was signed. Tell the data protection officer."};
}

}  // namespace

Result<SignOff> prepare_sign_off(const Json& referral, const std::string& ref) {
  const bool to_sign = referral.is_object() && referral.contains("statement") &&
                       referral["statement"].is_object() && referral.contains("content") &&
                       referral["content"].is_object();
  if (!to_sign) {
    return Error{ErrorCode::conflict, "This referral has nothing to sign for you.", ref,
                 "firebreak referral show tells its state."};
  }
  SignOff out{.statement = referral["statement"],
              .digest = record::statement_digest(referral["statement"])};
  if (string_at(out.statement, "referral") != ref ||
      string_at(referral, "statement_digest") != show_digest(out.digest)) {
    return does_not_match("The statement to sign is not the one of this referral.");
  }
  const Json& content = referral["content"];
  const std::string message = string_at(content, "message");
  FB_TRY(const Bytes nonce, from_base64(string_at(content, "message_nonce")));
  if (string_at(out.statement, "message_digest") !=
      show_digest(sha256({nonce, as_bytes(message)}))) {
    return does_not_match("The message shown is not the one that would be signed for.");
  }
  return out;
}

void show_for_sign_off(const Json& referral, const SignOff& sign_off) {
  const Json& content = referral["content"];
  std::cerr << "You are asked to sign off this message, and no other:\n\n"
            << printable(string_at(content, "message")) << "\n";
  if (content.contains("draft") && content["draft"].contains("reasons")) {
    std::cerr << "The reasons given:\n";
    for (const auto& [name, text] : content["draft"]["reasons"].items()) {
      std::cerr << "  " << name << ": "
                << printable(text.is_string() ? text.get<std::string>() : "") << '\n';
    }
  }
  std::cerr << "\nTo:       " << printable(string_at(sign_off.statement, "destination"))
            << "\nUnder:    rule " << printable(string_at(sign_off.statement, "rule"))
            << "\nDigest:   " << show_digest(sign_off.digest) << "\n\n";
}

Result<void> confirm_sign_off() {
  if (isatty(STDIN_FILENO) != 1) {
    return bad_input("There is no terminal to ask on.", {},
                     "Read it with firebreak referral show, then give --yes.");
  }
  std::cerr << "Type \"sign\" to sign it: " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  if (line != "sign") return bad_input("It was not signed.");
  return {};
}

Json signed_body(const SignOff& sign_off, const identity::SigningSecret& secret) {
  return {
      {"statement_digest", show_digest(sign_off.digest)},
      {"key", secret.key_id()},
      {"signature", identity::show_signature(identity::sign_statement(secret, sign_off.digest))}};
}

Result<std::string> path_of(const std::string& ref, const std::string& step) {
  const bool plain =
      !ref.empty() &&
      ref.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!plain)
    return bad_input("This is not the reference of a referral.", "REF", "It looks like ref_… .");
  return "/v1/referrals/" + ref + (step.empty() ? "" : "/" + step);
}

}  // namespace firebreak::cli
