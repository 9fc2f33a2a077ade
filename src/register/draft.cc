// SPDX-License-Identifier: Apache-2.0
#include "register/draft.h"

#include <algorithm>
#include <array>

#include "register/casework.h"

namespace firebreak::record {
namespace {

constexpr std::array<std::string_view, 7> kMembers = {
    "destination", "occurrence", "person", "district", "facts", "fields", "reasons"};

Result<std::string> text_at(const Json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end()) return std::string();
  if (!found->is_string() || found->get_ref<const std::string&>().size() > kMaxDraftText)
    return bad_input("This member is a text.", name);
  return found->get<std::string>();
}

Result<std::map<std::string, std::string>> texts_at(const Json& body, const char* name) {
  std::map<std::string, std::string> out;
  const auto found = body.find(name);
  if (found == body.end()) return out;
  if (!found->is_object()) return bad_input("This member is an object of texts.", name);
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string()) return bad_input("This member is an object of texts.", name);
    if (value.get_ref<const std::string&>().size() > kMaxDraftText) {
      return bad_input("A text is longer than " + std::to_string(kMaxDraftText) + " bytes.", name,
                       "Shorten it.");
    }
    out[key] = value.get<std::string>();
  }
  return out;
}

// The members of casework.h; every other must be one of a draft's own.
Result<Json> casework_of(const Json& body) {
  Json casework = Json::object();
  for (const auto& [name, value] : body.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end()) continue;
    if (std::find(kCaseworkMembers.begin(), kCaseworkMembers.end(), name) ==
        kCaseworkMembers.end()) {
      return bad_input("A draft has a member that it should not have.", {},
                       "Its members are destination, occurrence, person, district, facts, fields, "
                       "reasons and those that docs/referrals.md names.");
    }
    casework[name] = value;
  }
  FB_CHECK(check_casework(casework));
  return casework;
}

}  // namespace

// References of the records system: short, without spaces, so that no name slips in.
bool is_record_reference(std::string_view text) {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.' || c == '/';
         });
}

Result<Draft> read_draft(const Json& body) {
  if (!body.is_object()) return bad_input("A draft is a JSON object.");
  Draft draft;
  FB_TRY(draft.casework, casework_of(body));
  FB_TRY(draft.destination, text_at(body, "destination"));
  FB_TRY(draft.occurrence, text_at(body, "occurrence"));
  FB_TRY(draft.person, text_at(body, "person"));
  FB_TRY(draft.district, text_at(body, "district"));
  for (const char* name : {"occurrence", "person"}) {
    if (!is_record_reference(name[0] == 'o' ? draft.occurrence : draft.person)) {
      return bad_input("A reference is at most 64 letters, digits and - _ . / characters.", name,
                       "Give the records system's reference, not a name.");
    }
  }
  FB_TRY(draft.fields, texts_at(body, "fields"));
  FB_TRY(draft.reasons, texts_at(body, "reasons"));
  draft.facts = body.value("facts", Json::object());
  if (!draft.facts.is_object()) return bad_input("The facts are a JSON object.", "facts");
  return draft;
}

Result<Draft> read_new_draft(const Json& body) {
  FB_CHECK(check_nothing_hides(body));
  return read_draft(body);
}

Json to_json(const Draft& draft) {
  Json out = {{"destination", draft.destination},
              {"occurrence", draft.occurrence},
              {"person", draft.person},
              {"district", draft.district},
              {"facts", draft.facts},
              {"fields", draft.fields},
              {"reasons", draft.reasons}};
  out.update(draft.casework);
  return out;
}

}  // namespace firebreak::record
