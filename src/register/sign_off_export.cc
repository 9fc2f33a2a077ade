// SPDX-License-Identifier: Apache-2.0
// What is handed to somebody who checks a sign-off for themselves; sign_off_check.h is its format.
#include <algorithm>
#include <set>
#include <utility>

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
// signers from their first day on, and the referral's own. All as of the checkpoint: what came
// after it cannot be proved yet.
Result<std::set<uint64_t>> entries_for(Reader& reader, const std::vector<Json>& history,
                                       uint64_t size) {
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
  out.erase(out.lower_bound(size), out.end());
  return out;
}

// The history as the checkpoint covers it. Error: conflict when it covers no sign-off.
Result<std::vector<Json>> covered(std::vector<Json> history, uint64_t size) {
  const bool ever = std::ranges::any_of(
      history, [](const Json& entry) { return entry.at("kind") == kind::kAuthorised; });
  if (!ever) return Error{ErrorCode::conflict, "Nobody has signed this referral off.", {}, {}};
  std::erase_if(history,
                [&](const Json& entry) { return entry.at("seq").get<uint64_t>() >= size; });
  const bool yet = std::ranges::any_of(
      history, [](const Json& entry) { return entry.at("kind") == kind::kAuthorised; });
  if (yet) return history;
  return Error{ErrorCode::conflict,
               "No published checkpoint covers the sign-off yet.",
               {},
               "Export it after the next one; force.toml says how often there is one."};
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
  Json out = {{"entry", entry.bytes}, {"salt", base64(entry.salt)}};
  const Digest record = ledger::commitment(entry.salt, as_bytes(entry.bytes));
  FB_TRY(out["receipt"], ledger::make_receipt(seq, record, checkpoint.note, tiles.reader()));
  return out;
}

// The message of the newest submission that the checkpoint covers.
Result<void> add_message(const Context& context, const std::string& ref,
                         const std::vector<Json>& history, Json& out) {
  uint64_t newest = 0;
  for (const Json& entry : history) {
    if (entry.at("kind") == kind::kSubmitted) newest = entry.at("revision").get<uint64_t>();
  }
  const Fetch fetch = [&](std::string_view kind, std::string_view id,
                          std::optional<uint64_t> revision) {
    return context.reader->document(kind, id, revision);
  };
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, ref, fetch));
  FB_TRY(const OpenedMessage message, vault.message(fetch, newest));
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
  FB_TRY(const std::string vkey, read_file(context_.paths.ledger_public(), 4096));
  FB_TRY(const ledger::Verifier key, ledger::Verifier::parse(vkey.substr(0, vkey.find('\n'))));
  FB_TRY(const Published checkpoint, published(context_, key));
  FB_TRY(auto whole, context_.reader->history(state));
  FB_TRY(const auto history, covered(std::move(whole), checkpoint.size));
  FB_TRY(const auto wanted, entries_for(*context_.reader, history, checkpoint.size));
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
  if (shown.contains("content")) FB_CHECK(add_message(context_, ref, history, out));
  return out;
}

}  // namespace firebreak::record
