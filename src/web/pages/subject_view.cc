// SPDX-License-Identifier: Apache-2.0
#include "web/pages/subject_view.h"

#include <set>

#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

constexpr const char* kDocumentStyle =
    "@page{size:A4;margin:20mm;@bottom-right{content:counter(page) ' of ' counter(pages);"
    "font:9pt sans-serif}}"
    "body{font:11pt/1.4 sans-serif}h1{font-size:20pt}h2{font-size:15pt;break-after:avoid}"
    "h3{font-size:12pt;break-after:avoid}table{width:100%;border-collapse:collapse}"
    "caption{text-align:left;font-weight:bold}"
    "th,td{text-align:left;vertical-align:top;padding:3pt 6pt 3pt 0;border-bottom:.5pt solid "
    "#505a5f;"
    "overflow-wrap:anywhere}dl>div{margin:3pt 0}dt{font-weight:bold}dd{margin:0;"
    "overflow-wrap:anywhere}";

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Html small_heading(std::string_view text) {
  return Element("h3").set("class", "govuk-heading-s").text(text).html();
}

// What is withheld of one referral.
struct Withheld {
  std::set<std::string> parts;
  std::string reason;

  [[nodiscard]] Html shown(const std::string& part, const std::string& text) const {
    if (!parts.contains(part)) return Html::of_text(text);
    return Html::of_text("Withheld. The reason: " + label_of(kWithheldReasons, reason) + ".");
  }
};

Withheld withheld_of(const Json& found, const std::string& ref) {
  Withheld out;
  const Json answer = found.value("answer", Json::object());
  if (!answer.is_object() || !answer.contains(ref)) return out;
  out.parts = answer.at(ref).at("parts").get<std::set<std::string>>();
  out.reason = text_in(answer.at(ref), "reason");
  return out;
}

Html fields_table(const std::string& caption, const Json& fields, const Withheld& withheld) {
  std::vector<std::vector<Html>> rows;
  for (const Json& field : fields) {
    rows.push_back({Html::of_text(text_in(field, "label")),
                    withheld.shown(text_in(field, "name"), text_in(field, "value"))});
  }
  return rows.empty() ? Html() : table_part(caption, {"What", "Content"}, rows);
}

Html disclosure_part(const Json& disclosure, const Json& destination, const Withheld& withheld) {
  const Json& policy = disclosure.at("policy");
  Html out = small_heading("Disclosed on " + time_words(text_in(disclosure, "at")));
  Html clauses;
  for (const Json& clause : disclosure.at("clauses")) {
    clauses += Element("p")
                   .set("class", "govuk-body")
                   .text(text_in(clause, "id") + ": " + text_in(clause, "text"))
                   .html();
  }
  std::vector<SummaryRow> rows = {
      {"To whom", withheld.shown("recipient", text_in(destination, "label") + " <" +
                                                  text_in(destination, "address") + ">")},
      {"When", Html::of_text(time_words(text_in(disclosure, "at")))},
      {"By which office", Html::of_text("The referral desk")},
      {"What became of the message", Html::of_text(dispatch_words(text_in(disclosure, "state")))},
      {"Under the policy",
       Html::of_text(policy.is_object()
                         ? text_in(policy, "id") + ", version " + text_in(policy, "version") +
                               ", rule " + text_in(disclosure, "rule")
                         : text_in(disclosure, "rule"))}};
  if (!clauses.empty()) rows.push_back({"Under its clauses", clauses});
  out += summary_part(rows);
  out += fields_table("What was disclosed", disclosure.at("fields"), withheld);
  return out;
}

Html outcome_part(const Json& after) {
  std::vector<std::vector<Html>> rows;
  for (const Json& said : after.at("outcomes")) {
    rows.push_back({Html::of_text(label_of(kOutcomes, text_in(said, "outcome"))),
                    Html::of_text(label_of(kOutcomeSources, text_in(said, "source"))),
                    Html::of_text(day_words(text_in(said, "learnt")))});
  }
  if (rows.empty()) return {};
  return table_part("What became of it, as it was told", {"Outcome", "Who said so", "Learnt"},
                    rows);
}

Html reasons_part(const Json& referral, const Withheld& withheld) {
  std::vector<std::vector<Html>> rows;
  for (const Json& reason : referral.at("reasons")) {
    rows.push_back({Html::of_text(text_in(reason, "label")),
                    withheld.shown("reason-" + text_in(reason, "name"), text_in(reason, "text"))});
  }
  return rows.empty() ? Html()
                      : table_part("The reasons that were given", {"What", "Reason"}, rows);
}

Html referral_part(const Json& referral, const Json& found) {
  const std::string ref = text_in(referral, "referral");
  const Withheld withheld = withheld_of(found, ref);
  Html out = heading_part("Referral of " + time_words(text_in(referral, "created")));
  out +=
      summary_part({{"Reference", Html::of_text(ref)},
                    {"Where it stands", Html::of_text(state_words(text_in(referral, "state")))},
                    {"Occurrence", withheld.shown("occurrence", text_in(referral, "occurrence"))},
                    {"Asked for by", Html::of_text("An officer of the force")}});
  for (const Json& disclosure : referral.at("disclosures"))
    out += disclosure_part(disclosure, referral.at("destination"), withheld);
  if (referral.at("disclosures").empty()) {
    out += paragraph_part("Nothing was disclosed.");
    out += fields_table("What would have been disclosed", referral.at("undisclosed"), withheld);
  }
  out += reasons_part(referral, withheld);
  out += outcome_part(referral.at("aftercare"));
  return out;
}

}  // namespace

std::vector<SubjectPart> subject_parts(const Json& referral) {
  std::vector<SubjectPart> out = {{"occurrence", "The occurrence’s reference"}};
  std::set<std::string> names;
  const auto add_fields = [&](const Json& fields) {
    for (const Json& field : fields) {
      const std::string name = text_in(field, "name");
      if (names.insert(name).second) out.push_back({name, text_in(field, "label")});
    }
  };
  for (const Json& disclosure : referral.at("disclosures")) add_fields(disclosure.at("fields"));
  add_fields(referral.at("undisclosed"));
  for (const Json& reason : referral.at("reasons"))
    out.push_back({"reason-" + text_in(reason, "name"), text_in(reason, "label")});
  if (!referral.at("disclosures").empty()) out.push_back({"recipient", "To whom it was disclosed"});
  return out;
}

Html answer_body(const Json& found, const std::string& force, Day today) {
  const Json& referrals = found.at("referrals");
  Html out = paragraph_part("This is what " + force +
                            " holds about you in its record of referrals, and everything that was "
                            "disclosed about you from it. It was made on " +
                            say_day(today) + ".");
  out +=
      paragraph_part("Your reference in the records system is " + text_in(found, "person") + ".");
  if (referrals.empty()) out += paragraph_part("There is no referral about you.");
  for (const Json& referral : referrals) out += referral_part(referral, found);
  const auto erased = found.value("erased", uint64_t{0});
  if (erased > 0) {
    out += paragraph_part(
        "Referrals whose content was destroyed at the end of their time cannot be searched. Of all "
        "referrals of the force, about anybody, so many were destroyed: " +
        std::to_string(erased) + ".");
  }
  out += paragraph_part(
      "You may ask for a correction or erasure, and you may complain to the Information "
      "Commissioner.");
  return out;
}

std::string answer_document(const Html& body) {
  return std::string("<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>") +
         "What is held about you</title><style>" + kDocumentStyle +
         "</style></head><body><h1>What is held about you</h1>" + body.markup() + "</body></html>";
}

}  // namespace firebreak::web
