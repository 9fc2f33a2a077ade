// SPDX-License-Identifier: Apache-2.0
// The administrator's page of keys: which keys sign what, whose they are and since when. Public
// parts alone: no secret part is in the register, but for the ledger's, which is not read here.
#include "base/files.h"
#include "web/listing.h"
#include "web/pages/board_view.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using identity::Right;

const ListShape& key_list() {
  static const ListShape shape = {
      .path = "/keys",
      .file = "keys",
      .caption = "Keys of people",
      .none = "Nobody has a key yet.",
      .columns = {{.id = "holder", .heading = "Holder"},
                  {.id = "kind", .heading = "Kind"},
                  {.id = "key", .heading = "Key"},
                  {.id = "public", .heading = "Public part", .sorts = false},
                  {.id = "state", .heading = "State"},
                  {.id = "since", .heading = "Since"},
                  {.id = "used", .heading = "Last recorded use"}},
      .filters = {{"kind", "Kind", {{"passkey", "Passkey"}, {"key_file", "Key file"}}},
                  {"state",
                   "State",
                   {{"in_use", "In use"},
                    {"waits", "Waits for confirmation"},
                    {"suspended", "Suspended"},
                    {"not_in_use", "Not in use"}}}},
      .search = ListSearch::words,
      .search_label = "Search by holder or key",
      .order = "holder"};
  return shape;
}

struct KeyState {
  const char* facet;
  std::string words;
};

KeyState passkey_state(const identity::Person& holder, const identity::Passkey& passkey,
                       Instant now) {
  if (passkey.suspended) return {"suspended", "Suspended"};
  if (!holder.active) return {"not_in_use", "Not in use: its holder is suspended"};
  if (identity::is_pending(passkey)) {
    return {"waits", "Waits: " + std::to_string(passkey.confirmed_by.size()) + " of " +
                         std::to_string(passkey.confirmations) + " confirmed it"};
  }
  if (!identity::is_usable(passkey, now)) return {"not_in_use", "Not in use: outside its days"};
  return {"in_use", "In use"};
}

KeyState key_file_state(const identity::Person& holder, const identity::SigningKey& key, bool on,
                        Instant now) {
  if (!on) return {"not_in_use", "Not in use: key files are off"};
  if (!holder.active) return {"not_in_use", "Not in use: its holder is suspended"};
  if (identity::usable_key(holder, key.id, london_day(now)) == nullptr)
    return {"not_in_use", "Not in use: outside its days"};
  return {"in_use", "In use"};
}

struct KeyRow {
  const identity::Person& holder;
  const char* kind;  // the facet
  std::string key;
  std::string public_part;
  KeyState state;
  std::string since;
};

ListRow row_of_key(const KeyRow& key, const std::map<std::string, std::string>& used) {
  const auto last = used.find(key.key);
  ListRow row;
  row.cells = {{key.holder.display_name,
                {},
                link_to(key.holder.display_name, "/people/" + key.holder.id).json()},
               {std::string(key.kind) == "passkey" ? "Passkey" : "Key file", {}, {}},
               {key.key, {}, Element("span").set("class", "fb-break").text(key.key).html().json()},
               {key.public_part,
                {},
                Element("span").set("class", "fb-break").text(key.public_part).html().json()},
               {key.state.words, {}, {}},
               {key.since, {}, {}},
               {last == used.end() ? "None recorded" : last->second, {}, {}}};
  row.facets = {{"kind", {key.kind}}, {"state", {key.state.facet}}};
  return row;
}

// The day of each key's newest use, as far as the record has one, by the key.
Result<std::map<std::string, std::string>> last_uses(record::Reader& reader) {
  FB_TRY(const auto documents, reader.newest("passkey_use"));
  std::map<std::string, std::string> out;
  for (const record::Document& document : documents) {
    FB_TRY(const record::StoredEntry stored, reader.entry(document.seq));
    FB_TRY(const Json entry, parse_json(stored.bytes));
    out[document.id] = entry.at("at").get<std::string>().substr(0, 10);
  }
  return out;
}

Result<std::vector<ListRow>> key_rows(record::Register& reg) {
  FB_TRY(const auto used, last_uses(reg.reader()));
  const Instant now = reg.clock().now();
  const bool on = reg.config().sign_off.file_keys;
  std::vector<ListRow> rows;
  for (const identity::Person& person : reg.directory().people()) {
    for (const identity::Passkey& passkey : person.passkeys) {
      rows.push_back(row_of_key(
          {person, "passkey", identity::passkey_ref(passkey.id),
           std::string(identity::algorithm_name(passkey.algorithm)) + " " +
               base64(passkey.public_key),
           passkey_state(person, passkey, now), format_day(london_day(passkey.registered))},
          used));
    }
    for (const identity::SigningKey& key : person.keys) {
      rows.push_back(row_of_key({person, "key_file", key.id, "Ed25519 " + base64(key.public_key),
                                 key_file_state(person, key, on, now), format_day(key.from)},
                                used));
    }
  }
  return rows;
}

PageResponse keys_page(Frame& frame, Request& request) {
  const auto query = read_list_query(key_list(), request);
  if (!query) co_return frame.error_page(request, query.error());
  record::Register& reg = frame.app().reg;
  std::vector<ListRow> rows;
  std::string ledger_key;
  Block work = [&]() -> Result<Json> {
    FB_TRY(rows, key_rows(reg));
    FB_TRY(ledger_key, read_file(reg.paths().ledger_public()));
    return Json();
  };
  const auto read = co_await frame.app().reads.run(std::move(work));
  if (!read) co_return frame.error_page(request, read.error());
  const ListPage found = list_page(key_list(), *query, std::move(rows));
  if (query->csv) co_return list_csv(key_list(), found);
  GovernPage page("Keys");
  page.wide();
  page.text(
      "Public parts alone. A secret part is with its holder, and the ledger’s in the data folder.");
  const bool on = reg.config().sign_off.file_keys;
  page.block(summary_of(
      {{"The ledger’s key", ledger_key},
       {"Key files", on ? "A key file signs off as a passkey does (sign_off.file_keys is true)."
                        : "Passkeys alone sign off (sign_off.file_keys is false)."}}));
  page.link("Propose to change whether key files sign off",
            "/changes/propose/setting?name=sign_off.file_keys");
  page.block(list_html(key_list(), *query, found));
  page.text(
      "A sign-off is always a recorded use. A sign-in is one only with a passkey that counts its "
      "signatures.");
  co_return frame.show(request, 200, "govern.html", page.model());
}

}  // namespace

void add_keys_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Keys", "/keys", Right::manage_people});
  add_page_routes(router, frame, {{"GET", "/keys", keys_page, Right::manage_people}});
}

}  // namespace firebreak::web
