// SPDX-License-Identifier: Apache-2.0
#include "register/sign_off_check.h"

#include <set>
#include <utility>

#include "identity/person.h"
#include "ledger/commitment.h"
#include "ledger/receipt.h"
#include "register/event.h"
#include "register/fold.h"
#include "register/statement.h"

namespace firebreak::record {
namespace {

constexpr JsonLimits kExportLimits = {.max_bytes = size_t{16} << 20, .max_depth = 4};

Error unsound(std::string message) { return {ErrorCode::corrupt, std::move(message), {}, {}}; }

std::string text_in(const Json& object, const char* name) { return object.at(name); }

bool has_members(const Json& object, const std::set<std::string>& names) {
  if (!object.is_object() || object.size() != names.size()) return false;
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return object.contains(name); });
}

class Check {
 public:
  explicit Check(const std::optional<std::string>& known_key) : known_key_(known_key) {}

  SignOffReport run(std::string_view text) {
    try {
      if (const auto done = check(text); !done) report_.findings.push_back(done.error().text());
    } catch (const std::exception&) {
      report_.findings.emplace_back("A member of the file is of the wrong type.");
    }
    return std::move(report_);
  }

 private:
  Result<void> check(std::string_view text) {
    FB_TRY(const Json file, parse_json(text, kExportLimits));
    if (!has_members(file,
                     {"v", "referral", "ledger_key", "entries", "message", "message_nonce"}) ||
        file.at("v") != 1)
      return unsound("The file is not an exported sign-off.");
    report_.referral = text_in(file, "referral");
    FB_CHECK(check_key(text_in(file, "ledger_key")));
    FB_TRY(const ledger::Verifier key, ledger::Verifier::parse(text_in(file, "ledger_key")));
    for (const Json& one : file.at("entries")) FB_CHECK(take_entry(one, key));
    FB_CHECK(check_ledger(key));
    FB_CHECK(check_signed());
    FB_CHECK(check_message(file));
    say_rest();
    return {};
  }

  Result<void> check_key(const std::string& key) {
    if (!known_key_) {
      report_.rests_on.push_back("The ledger's key is the one in the file, " + key +
                                 ". Compare it with the one that the Board holds.");
    } else if (*known_key_ != key) {
      return unsound("The file was made for another ledger's key than the one that was given.");
    }
    return {};
  }

  // Its receipt, its place, and whether it follows from the entries before it.
  Result<void> take_entry(const Json& one, const ledger::Verifier& key) {
    if (!has_members(one, {"entry", "salt", "receipt"}))
      return unsound("An entry of the file has other parts than entry, salt and receipt.");
    const std::string bytes = text_in(one, "entry");
    FB_TRY(const Json peek, parse_json(bytes));
    const auto seq = peek.at("seq").get<uint64_t>();
    FB_TRY(Json entry, read_entry(bytes, seq));
    const std::string place = "Entry " + std::to_string(seq) + ": ";
    if (!entries_.empty() && seq <= entries_.back().at("seq").get<uint64_t>())
      return unsound(place + "it stands twice, or out of order.");
    const auto salt = from_base64(text_in(one, "salt"));
    if (!salt || salt->size() != ledger::Salt{}.size() || base64(*salt) != text_in(one, "salt"))
      return unsound(place + "its salt cannot be read.");
    ledger::Salt salted{};
    std::copy(salt->begin(), salt->end(), salted.begin());
    FB_CHECK(check_receipt(text_in(one, "receipt"), place,
                           ledger::commitment(salted, as_bytes(bytes)), seq, key));
    if (const auto taken = fold_.take(entry); !taken) return unsound(place + taken.error().message);
    entries_.push_back(std::move(entry));
    return {};
  }

  Result<void> check_receipt(const std::string& text, const std::string& place,
                             const Digest& record, uint64_t seq, const ledger::Verifier& key) {
    const auto receipt = ledger::verify_receipt(text, record, key.name(), {&key, 1});
    if (!receipt) return unsound(place + "its receipt does not verify.");
    if (receipt->index != seq || !receipt->extra.empty() || write_receipt(*receipt) != text)
      return unsound(place + "its receipt is for another place.");
    if (checkpoint_.empty()) checkpoint_ = receipt->checkpoint;
    if (receipt->checkpoint != checkpoint_)
      return unsound(place + "its receipt is under another checkpoint than the first's.");
    return {};
  }

  Result<void> check_ledger(const ledger::Verifier& key) {
    if (entries_.empty() || fold_.origin() != key.name() || fold_.ledger_key() != key.vkey())
      return unsound("The ledger's first entry names another origin or key.");
    FB_TRY(const ledger::Checkpoint checkpoint,
           ledger::open_checkpoint(checkpoint_, key.name(), {&key, 1}));
    report_.checked.push_back(
        "All " + std::to_string(entries_.size()) + " entries stand in the ledger " + key.name() +
        ", under its signed checkpoint of " + std::to_string(checkpoint.size) +
        " entries. What came after it is not in the file.");
    return {};
  }

  // The sign-offs that count now. Fold has verified each when it took its entry.
  Result<void> check_signed() {
    const auto found = fold_.referrals().find(report_.referral);
    if (found == fold_.referrals().end() || fold_.referrals().size() != 1)
      return unsound("The file does not hold this referral, or holds others.");
    state_ = found->second;
    report_.statement_digest = state_.statement_digest;
    if (state_.sign_offs.empty())
      return unsound("No sign-off counts now: the referral went back after it was signed.");
    if (state_.sign_offs.size() < static_cast<size_t>(state_.terms.count)) {
      return unsound("The policy asks for " + std::to_string(state_.terms.count) +
                     " sign-offs; there are fewer.");
    }
    report_.checked.push_back(
        "What was authorised: the message with the digest " +
        state_.statement.at("message_digest").get<std::string>() + ", to " +
        state_.statement.at("address").get<std::string>() + ", under rule " + state_.terms.rule +
        " of " + state_.terms.policy.at("id").get<std::string>() + " version " +
        state_.terms.policy.at("version").get<std::string>() + ", which was in force that day.");
    bool named = true;
    for (const Json& entry : entries_) {
      const bool counts = entry.at("kind") == kind::kAuthorised &&
                          entry.at("statement_digest") == state_.statement_digest;
      if (!counts) continue;
      say_sign_off(entry);
      named = named && entry.contains("signer_entry");
    }
    if (named) {
      report_.checked.emplace_back(
          "Each sign-off names the newest entry about its signer at that time, and that entry is "
          "in "
          "the file: a passkey or rank that had been taken away before was not left out.");
    } else {
      report_.rests_on.emplace_back(
          "No entry about the signers was left out of the file: these sign-offs are from before "
          "sign-offs named it.");
    }
    report_.checked.emplace_back(
        "None of them asked for this referral, returned, released or settled it.");
    return {};
  }

  void say_sign_off(const Json& entry) {
    const auto actor = entry.at("actor").get<std::string>();
    std::string said = actor + " signed the statement " + state_.statement_digest + " at " +
                       entry.at("at").get<std::string>() + " and held the rank " +
                       state_.terms.rank + " or a higher one that day";
    if (const auto at = entry_time(entry);
        at && fold_.deputises(actor, state_.terms.rank, london_day(*at)))
      said += ", deputising";
    if (!entry.contains("assertion")) {
      report_.checked.push_back(said + ". The signature is by the key file " +
                                entry.at("key").get<std::string>() +
                                ", which was theirs that day, and verifies.");
      report_.rests_on.emplace_back(
          "The key file was in its holder's hands alone: two persons decided that here key files "
          "sign off, and a file can be copied.");
      return;
    }
    report_.checked.push_back(
        said + ". The signature is by the passkey " + entry.at("key").get<std::string>() +
        ", which was theirs and in use then, which had verified who held it, on the force's own "
        "page; and it verifies.");
  }

  Result<void> check_message(const Json& file) {
    if (file.at("message").is_null() && file.at("message_nonce").is_null()) {
      report_.rests_on.emplace_back(
          "The message is not in the file, so what it says was not looked at.");
      return {};
    }
    const std::string written = text_in(file, "message_nonce");
    const auto nonce = from_base64(written);
    if (!nonce || base64(*nonce) != written ||
        state_.statement.at("message_digest") !=
            show_digest(nonced_digest(*nonce, as_bytes(text_in(file, "message")))))
      return unsound("The message in the file is not the one that was signed off.");
    report_.checked.emplace_back("The message in the file is the one that was signed off.");
    return {};
  }

  void say_rest() {
    report_.rests_on.emplace_back(
        "The ledger holds no names: who the identifiers stand for is the force's to say.");
    report_.rests_on.emplace_back(
        "No step of the referral and no policy put in force was left out of the file, and what two "
        "persons decided about keys was kept: `firebreak ledger verify` over the whole record "
        "shows "
        "that, and the Board can do it.");
    report_.rests_on.emplace_back(
        "What came after a sign-off, such as the suspension of its passkey, does not undo it and "
        "need not be in the file.");
    report_.rests_on.emplace_back(
        "A passkey verifies its holder as its maker built it; no maker was asked to vouch for it.");
  }

  const std::optional<std::string>& known_key_;
  SignOffReport report_;
  Fold fold_{Fold::Given::some};
  std::vector<Json> entries_;
  std::string checkpoint_;
  ReferralState state_;
};

}  // namespace

SignOffReport check_sign_off(std::string_view text, const std::optional<std::string>& ledger_key) {
  return Check(ledger_key).run(text);
}

Json SignOffReport::json() const {
  return {{"ok", ok()},         {"referral", referral}, {"statement_digest", statement_digest},
          {"checked", checked}, {"rests_on", rests_on}, {"findings", findings}};
}

}  // namespace firebreak::record
