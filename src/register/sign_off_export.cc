// SPDX-License-Identifier: Apache-2.0
// What is handed to somebody who checks a sign-off for themselves; sign_off_check.h is its format.
#include <set>

#include "base/files.h"
#include "identity/rights.h"
#include "ledger/receipt.h"
#include "ledger/tiles.h"
#include "register/context.h"
#include "register/event.h"
#include "register/referrals.h"
#include "register/sealing.h"

namespace firebreak::record {
namespace {

// Every entry that the check of the referral's sign-offs follows from: the first, the policies, the
// signers from their first day on, and the referral's own.
Result<std::set<uint64_t>> entries_for(Reader& reader, const std::vector<Json>& history) {
  std::set<uint64_t> out = {0};
  FB_TRY(const auto policies, reader.entries_of(kind::kPolicyPutInForce));
  out.insert(policies.begin(), policies.end());
  std::set<std::string> signers;
  for (const Json& entry : history) {
    out.insert(entry.at("seq").get<uint64_t>());
    if (entry.at("kind") == kind::kAuthorised) signers.insert(entry.at("actor"));
  }
  for (const std::string& signer : signers) {
    FB_TRY(const auto records, reader.documents("person", signer));
    for (const Document& record : records) out.insert(record.seq);
  }
  if (!signers.empty()) return out;
  return Error{ErrorCode::conflict, "Nobody has signed this referral off.", {}, {}};
}

// The published checkpoint, and how many entries it covers; nothing before the first.
struct Published {
  std::string note;
  uint64_t size = 0;
};

Result<Published> published(const Context& context, const ledger::Verifier& key) {
  auto note = read_file(context.paths.ledger() / "checkpoint", ledger::kMaxNoteBytes);
  if (!note) {
    if (note.error().code == ErrorCode::not_found) return Published{};
    return note.error();
  }
  FB_TRY(const ledger::Checkpoint checkpoint,
         ledger::open_checkpoint(*note, key.name(), {&key, 1}));
  return Published{*std::move(note), checkpoint.size};
}

Result<Json> entry_with_receipt(Reader& reader, uint64_t seq, const Published& checkpoint,
                                ledger::TileReader& tiles) {
  FB_TRY(const StoredEntry entry, reader.entry(seq));
  Json out = {{"entry", entry.bytes}, {"salt", base64(entry.salt)}, {"receipt", nullptr}};
  if (seq >= checkpoint.size) return out;
  const Digest record = ledger::commitment(entry.salt, as_bytes(entry.bytes));
  FB_TRY(out["receipt"], ledger::make_receipt(seq, record, checkpoint.note, tiles.reader()));
  return out;
}

Result<void> add_message(const Context& context, const ReferralState& state, Json& out) {
  const Fetch fetch = [&](std::string_view kind, std::string_view id,
                          std::optional<uint64_t> revision) {
    return context.reader->document(kind, id, revision);
  };
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch));
  FB_TRY(const OpenedMessage message, vault.message(fetch, state.revision));
  out["message"] = message.bytes;
  out["message_nonce"] = base64(message.nonce);
  return {};
}

}  // namespace

Result<Json> Referrals::sign_off_export(const identity::Actor& actor, const std::string& ref) {
  // Who may check the ledger may check this: entries hold no personal data. Everybody else as for
  // `show`, which also tells who may have the message.
  const bool checks = identity::may(actor, identity::Right::check_ledger) &&
                      !identity::may(actor, identity::Right::view_referrals);
  Json shown = Json::object();
  if (!checks) {
    FB_TRY(shown, show(actor, ref));
  }
  FB_TRY(const ReferralState state, context_.reader->referral(ref));
  FB_TRY(const auto history, context_.reader->history(state));
  FB_TRY(const auto wanted, entries_for(*context_.reader, history));
  FB_TRY(const std::string vkey, read_file(context_.paths.ledger_public(), 4096));
  FB_TRY(const ledger::Verifier key, ledger::Verifier::parse(vkey.substr(0, vkey.find('\n'))));
  FB_TRY(const Published checkpoint, published(context_, key));
  ledger::TileReader tiles(context_.paths.ledger(), checkpoint.size);
  Json out = {{"v", 1},
              {"referral", ref},
              {"ledger_key", key.vkey()},
              {"entries", Json::array()},
              {"message", nullptr},
              {"message_nonce", nullptr}};
  for (const uint64_t seq : wanted) {
    FB_TRY(Json entry, entry_with_receipt(*context_.reader, seq, checkpoint, tiles));
    out["entries"].push_back(std::move(entry));
  }
  const bool content = shown.contains("content") && !state.statement.is_null();
  if (content) FB_CHECK(add_message(context_, state, out));
  return out;
}

}  // namespace firebreak::record
