// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>

#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using policy::Policy;
using policy::Vocabulary;

// A label inside a sentence: "Chief officer" becomes "chief officer", "PSNI desk" stays.
std::string in_sentence(std::string label) {
  const bool proper = std::any_of(label.begin() + (label.empty() ? 0 : 1), label.end(),
                                  [](unsigned char c) { return std::isupper(c) != 0; });
  if (!label.empty() && !proper) {
    label[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(label[0])));
  }
  return label;
}

std::string with_article(const std::string& noun) {
  const bool vowel =
      !noun.empty() && std::string_view("aeiouAEIOU").find(noun[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + noun;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

template <typename Find>
std::vector<std::string> labels(const Json& names, Find find) {
  std::vector<std::string> out;
  for (const Json& name : names) {
    const std::string word = name.get<std::string>();
    const auto* known = find(word);
    out.push_back(in_sentence(known != nullptr && !known->label.empty() ? known->label : word));
  }
  return out;
}

std::string value_label(const Vocabulary& words, const std::string& attribute,
                        const std::string& value) {
  const policy::Attribute* found = words.find(attribute);
  const auto index = found == nullptr ? std::nullopt : found->value_index(value);
  return index && !found->values[*index].label.empty() ? found->values[*index].label : value;
}

std::string rank_label(const Vocabulary& words, const std::string& rank) {
  const auto index = words.rank_index(rank);
  return in_sentence(index ? words.ranks[*index].label : rank);
}

std::vector<std::string> channel_labels(const Vocabulary& words, const Json& answer) {
  std::vector<std::string> out;
  for (const Json& channel : answer["conditions"]["channel"]) {
    out.push_back(in_sentence(value_label(words, "channel", channel.get<std::string>())));
  }
  return out;
}

std::string sign_off_sentence(const Vocabulary& words, const Json& sign_off) {
  const std::string rank = rank_label(words, sign_off["rank"].get<std::string>());
  const int count = sign_off["count"].get<int>();
  if (count == 1) return "Only after " + with_article(rank) + "’s sign-off";
  return "Only after sign-off by " + std::to_string(count) + " people, each " + with_article(rank) +
         " or above";
}

Json list(const char* name, const std::vector<std::string>& texts) {
  Json items = Json::array();
  for (const std::string& text : texts) items.push_back({{"TEXT", text}});
  return texts.empty() ? Json() : Json{{name, std::move(items)}};
}

// One condition: a sentence, or the beginning of one and the parts that end it.
Json condition(const std::string& text, const std::vector<std::string>& parts = {}) {
  if (parts.size() == 1) return {{"TEXT", text + " " + parts.front()}};
  return {{"TEXT", text}, {"PARTS", list("PART", parts)}};
}

// What an allowed disclosure is bound to.
Json conditions_view(const Vocabulary& words, const Json& answer) {
  const Json& conditions = answer["conditions"];
  const auto body = [&](const std::string& n) { return words.find_body(n); };
  Json items = Json::array();
  if (answer["sign_off"].is_object()) {
    const std::string rank = rank_label(words, answer["sign_off"]["rank"].get<std::string>());
    items.push_back(condition("sign-off by " + with_article(rank) +
                              " or above, who has had no part in the request"));
  }
  const std::vector<std::string> channels = channel_labels(words, answer);
  if (!channels.empty()) items.push_back(condition("only " + join(channels)));
  const auto add = [&](const char* text, const std::vector<std::string>& parts) {
    if (!parts.empty()) items.push_back(condition(text, parts));
  };
  add("only these details:",
      labels(conditions["disclose"], [&](const std::string& n) { return words.find_field(n); }));
  if (conditions.contains("reasons")) {
    add("with reasons written down for:",
        labels(conditions["reasons"], [&](const std::string& n) { return words.find_reason(n); }));
  }
  add("when it happens, told to:", labels(conditions["notify"], body));
  add("counted in what is reported to:", labels(conditions["report_to"], body));
  policy::Conditions expiry;
  if (conditions["expires_after"].is_string()) {
    expiry.expires_after = conditions["expires_after"].get<std::string>();
  }
  if (const auto hours = policy::expiry_hours(expiry)) {
    items.push_back(condition("within " + std::to_string(*hours) +
                              " hours of the sign-off, which is void after that"));
  }
  return items.empty() ? Json() : Json{{"CONDITION", std::move(items)}};
}

std::vector<std::string> refusal_steps(const Policy* policy, const Json& answer) {
  std::vector<std::string> steps = {
      "Do not pass this information on by any route: email, telephone, or in person."};
  for (const Json& body : answer["conditions"]["notify"]) {
    const auto name = body.get<std::string>();
    const policy::Word* word = policy == nullptr ? nullptr : policy->vocabulary().find_body(name);
    steps.push_back("Tell the " + in_sentence(word == nullptr ? name : word->label) + ".");
  }
  if (!answer["support"].empty()) steps.emplace_back("Offer the person the support named below.");
  steps.emplace_back(answer["covered"].get<bool>()
                         ? "If you think this is wrong, check your answers below, then speak to "
                           "your supervisor."
                         : "The policy says nothing about this, and what it does not allow is "
                           "refused. Speak to your supervisor if it should.");
  return steps;
}

std::vector<std::string> referral_steps(const Vocabulary& words, const std::string& recipient,
                                        const Json& answer) {
  std::vector<std::string> steps = {
      "Start a referral. Do not email or telephone " + value_label(words, "recipient", recipient) +
          " yourself.",
  };
  if (answer["sign_off"].is_object()) {
    steps.push_back(
        "Wait for the sign-off. If nobody is available to sign, the answer is: do not "
        "share.");
  }
  steps.emplace_back(
      "A named person who is not you releases the referral. Nothing is sent before.");
  return steps;
}

std::vector<std::string> next_steps(const Policy* policy, const Json& facts, const Json& answer) {
  const std::string decision = answer["decision"].get<std::string>();
  if (decision == "undetermined") {
    return {"Do not share for now.", "Find out what is listed above.",
            "Come back and change your answers, or start again."};
  }
  if (decision == "refuse" || policy == nullptr) return refusal_steps(policy, answer);
  const Vocabulary& words = policy->vocabulary();
  const std::string recipient = facts.value("recipient", "");
  if (words.is_enforcement(recipient) || recipient.empty() || decision == "sign_off") {
    return referral_steps(words, recipient, answer);
  }
  return {"Share no more than is needed.", "Note in the occurrence what you shared, and why."};
}

// How sure we are that a clause is the policy's own (honest about what a text
// is).
struct BasisWords {
  const char* basis;
  const char* name;
  const char* means;
};
constexpr std::array<BasisWords, 3> kBasis = {{
    {"known", "Known", "the source says this."},
    {"reported", "Reported", "the policy itself is not published; this is how it was reported."},
    {"inferred", "Inferred",
     "no source says this in so many words; it is how the policy is read here."},
}};

// Clauses of one source are named together: an instruction is often known from one report.
void add_source(Json& sources, const std::string& clause, const std::string& name) {
  if (name.empty()) return;
  for (Json& source : sources) {
    if (source["NAME"] != name) continue;
    source["IDS"] = source["IDS"].get<std::string>() + ", " + clause;
    return;
  }
  sources.push_back({{"IDS", clause}, {"NAME", name}});
}

Json clauses_view(const Json& clauses) {
  if (clauses.empty()) return {};
  Json items = Json::array();
  Json sources = Json::array();
  Json meanings = Json::array();
  for (const BasisWords& words : kBasis) {
    const bool used = std::any_of(clauses.begin(), clauses.end(), [&](const Json& clause) {
      return clause["basis"] == words.basis;
    });
    if (used) meanings.push_back({{"BASIS", words.name}, {"MEANS", words.means}});
  }
  for (const Json& clause : clauses) {
    Json item = {{"ID", clause["id"]}, {"TEXT", clause["text"]}};
    for (const BasisWords& words : kBasis)
      if (clause["basis"] == words.basis) item["BASIS"] = words.name;
    items.push_back(std::move(item));
  }
  for (const Json& clause : clauses) add_source(sources, clause["id"], clause["source"]);
  return {{"CLAUSE", std::move(items)},
          {"MEANING", std::move(meanings)},
          {"SOURCE", std::move(sources)}};
}

// The facts an undetermined answer still needs; those that were skipped can be answered after all.
Json missing_view(const Policy& policy, const Json& missing) {
  Json items = Json::array();
  for (const Json& name : missing) {
    const policy::Attribute* attribute = policy.vocabulary().find(name.get<std::string>());
    if (attribute == nullptr) continue;
    if (attribute->protected_reason) {
      items.push_back({{"NO_ASK", {{"REASON", *attribute->protected_reason}}}});
    } else {
      items.push_back(
          {{"ASK", {{"LINK", "/question/" + attribute->name}, {"QUESTION", attribute->question}}}});
    }
  }
  return items.empty() ? Json() : Json{{"FACT", std::move(items)}};
}

Json answers_view(const Walk& walk) {
  Json rows = Json::array();
  for (const Step& step : walk.steps) {
    rows.push_back({{"QUESTION", step.attribute->question},
                    {"VALUE", say_answer(step)},
                    {"LINK", "/question/" + step.attribute->name}});
  }
  return rows.empty() ? Json() : Json{{"ROW", std::move(rows)}};
}

}  // namespace

std::string answer_sentence(const Policy* policy, const Json& facts, const Json& answer) {
  const std::string decision = answer["decision"].get<std::string>();
  if (decision == "undetermined") return "More facts are needed: do not share yet";
  if (policy == nullptr || decision == "refuse") return "Do not share this person’s information";
  const Vocabulary& words = policy->vocabulary();
  const std::vector<std::string> channels = channel_labels(words, answer);
  const std::string only = channels.empty() ? "" : ", " + join(channels) + " only";
  // Nobody sends anything to enforcement themselves: the sentence alone must not be read as leave
  // to.
  const bool enforcement = words.is_enforcement(facts.value("recipient", ""));
  const std::string through = enforcement ? ", through a referral" : "";
  if (decision == "sign_off") return sign_off_sentence(words, answer["sign_off"]) + only;
  if (answer["discretion"].get<bool>())
    return "It is for you to decide whether to share" + only + through;
  return "You may share this person’s information" + only + through;
}

Json answer_view(const Policy* policy, const Walk& walk, const Json& answer) {
  Json model = {{"KIND", answer["decision"]},
                {"ANSWER", answer_sentence(policy, walk.facts, answer)},
                {"BECAUSE", answer["because"]},
                {"RULE", answer["rule"]},
                {"NEXT_STEPS", list("NEXT_STEP", next_steps(policy, walk.facts, answer))},
                {"CLAUSES", clauses_view(answer["clauses"])},
                {"ANSWERS", answers_view(walk)}};
  if (!model["NEXT_STEPS"].is_null()) model["FIRST_STEP"] = model["NEXT_STEPS"]["NEXT_STEP"][0];
  std::vector<std::string> offers;
  for (const Json& offer : answer["support"]) offers.push_back(offer.get<std::string>());
  model["SUPPORT"] = list("OFFER", offers);
  if (policy == nullptr) return model;
  const Vocabulary& words = policy->vocabulary();
  const std::string recipient = walk.facts.value("recipient", "");
  if (!recipient.empty()) {
    model["RECIPIENT"] = {{"NAME", value_label(words, "recipient", recipient)}};
  }
  const std::string decision = answer["decision"].get<std::string>();
  if (decision == "permit" || decision == "sign_off") {
    model["CONDITIONS"] = conditions_view(words, answer);
  }
  if (decision == "undetermined") {
    model["MISSING"] = missing_view(*policy, answer["missing"]);
  }
  model["POLICY"] = {{"POLICY_TITLE", policy->title()},
                     {"POLICY_ID", answer["policy"]["id"]},
                     {"POLICY_VERSION", answer["policy"]["version"]},
                     {"POLICY_DIGEST", answer["policy"]["digest"]}};
  return model;
}

}  // namespace firebreak::web
