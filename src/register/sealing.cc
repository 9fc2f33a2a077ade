// SPDX-License-Identifier: Apache-2.0
#include "register/sealing.h"

#include <algorithm>
#include <utility>

namespace firebreak::record {
namespace {

Error erased() {
  return {ErrorCode::conflict,
          "The content of this referral was erased.",
          {},
          "Its steps and facets remain."};
}

Error damaged(const char* kind) {
  return {ErrorCode::corrupt,
          "A sealed " + std::string(kind) + " of a referral cannot be opened.",
          {},
          "Run `firebreak ledger verify`."};
}

}  // namespace

Nonce new_nonce(Random& random) {
  Nonce nonce{};
  random.fill(nonce);
  return nonce;
}

ReferralVault::ReferralVault(std::string ref, vault::DataKey key)
    : ref_(std::move(ref)), key_(std::move(key)) {}

ReferralVault ReferralVault::create(const vault::MasterKey& master, const std::string& ref,
                                    Random& random, NewDocument& document) {
  vault::DataKey key = vault::DataKey::generate(random);
  document = {"key", ref, 1, vault::wrap(master, ref, key, random)};
  return {ref, std::move(key)};
}

Result<ReferralVault> ReferralVault::open(const vault::MasterKey& master, const std::string& ref,
                                          const Fetch& fetch) {
  FB_TRY(const Document wrapped, fetch("key", ref, 1));
  if (!wrapped.body) return erased();
  FB_TRY(vault::DataKey key, vault::unwrap(master, ref, *wrapped.body));
  return ReferralVault(ref, std::move(key));
}

NewDocument ReferralVault::seal(const char* kind, uint64_t revision, std::string_view plain,
                                Random& random) const {
  return {kind, ref_, revision, vault::seal(key_, {ref_, kind, revision}, as_bytes(plain), random)};
}

Result<Bytes> ReferralVault::open_document(const Fetch& fetch, const char* kind,
                                           uint64_t revision) const {
  FB_TRY(const Document document, fetch(kind, ref_, revision));
  if (!document.body) return erased();
  return vault::open(key_, {ref_, kind, revision}, *document.body);
}

NewDocument ReferralVault::seal_draft(const OpenedDraft& draft, uint64_t content,
                                      Random& random) const {
  const Json plain = {{"draft", to_json(draft.draft)}, {"facts_nonce", base64(draft.facts_nonce)}};
  return seal("draft", content, canonical_json(plain), random);
}

NewDocument ReferralVault::seal_message(const OpenedMessage& message, uint64_t revision,
                                        Random& random) const {
  std::string plain(as_text(message.nonce));
  plain += message.bytes;
  return seal("message", revision, plain, random);
}

NewDocument ReferralVault::seal_note(const std::string& text, uint64_t number,
                                     Random& random) const {
  return seal("note", number, text, random);
}

Result<OpenedDraft> ReferralVault::draft(const Fetch& fetch, uint64_t content) const {
  FB_TRY(const Bytes plain, open_document(fetch, "draft", content));
  const auto json = parse_json(as_text(plain), {.max_bytes = size_t{4} << 20});
  if (!json || !json->contains("draft") || !json->contains("facts_nonce")) return damaged("draft");
  const auto nonce = from_base64(json->at("facts_nonce").get<std::string>());
  auto draft = read_draft(json->at("draft"));
  OpenedDraft out;
  if (!draft || !nonce || nonce->size() != out.facts_nonce.size()) return damaged("draft");
  std::copy(nonce->begin(), nonce->end(), out.facts_nonce.begin());
  out.draft = *std::move(draft);
  return out;
}

Result<OpenedMessage> ReferralVault::message(const Fetch& fetch, uint64_t revision) const {
  FB_TRY(const Bytes plain, open_document(fetch, "message", revision));
  OpenedMessage out;
  if (plain.size() < out.nonce.size()) return damaged("message");
  std::copy_n(plain.begin(), out.nonce.size(), out.nonce.begin());
  out.bytes = as_text(std::span(plain).subspan(out.nonce.size()));
  return out;
}

Result<std::string> ReferralVault::note(const Fetch& fetch, uint64_t number) const {
  FB_TRY(const Bytes plain, open_document(fetch, "note", number));
  return std::string(as_text(plain));
}

}  // namespace firebreak::record
