// SPDX-License-Identifier: Apache-2.0
#include "web/pages/board_view.h"

#include <algorithm>
#include <array>
#include <map>

#include "register/refusal.h"
#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 4> kAnswers = {{
    {"refuse", "Do not share"},
    {"sign_off", "Only after a sign-off"},
    {"permit", "Permitted"},
    {"undetermined", "More facts needed"},
}};

// In the order of a referral's life; steps of other kinds are shown after these by their own name.
constexpr std::array<std::pair<const char*, const char*>, 15> kSteps = {{
    {"begun", "Begun"},
    {"saved", "Saved while being written"},
    {"drafted", "Drafted or changed"},
    {"submitted", "Submitted for a decision"},
    {"returned", "Returned to the officer"},
    {"withdrawn", "Withdrawn by the officer"},
    {"authorised", "Signed off"},
    {"refused", "Refused by a chief officer"},
    {"released", "Released by the referral desk"},
    {"handing", "Offered to the mail server"},
    {"handed", "Taken by the mail server"},
    {"failed", "Not taken by the mail server"},
    {"in_doubt", "In doubt"},
    {"settled", "Settled by evidence"},
    {"viewed", "Content read"},
}};

std::string step_words(const std::string& step) {
  for (const auto& [name, words] : kSteps)
    if (step == name) return words;
  std::string words = plain_words(step);
  if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

std::string when(const std::string& rfc3339) {
  const auto instant = parse_instant(rfc3339);
  return instant ? say_time(*instant) : std::string("not known");
}

Json header(const std::string& text, bool number = false) {
  Json cell = {{"text", text}};
  if (number) cell["format"] = "numeric";
  return cell;
}

Json number(uint64_t count) { return {{"text", std::to_string(count)}, {"format", "numeric"}}; }

// One row a role, one column an answer.
Json questions_table(const std::map<record::QuestionKey, uint64_t>& questions,
                     const std::string& recipient) {
  std::map<std::string, std::map<std::string, uint64_t>> by_role;
  for (const auto& [key, count] : questions)
    if (key.recipient == recipient) by_role[key.role][key.decision] += count;
  Json rows = Json::array();
  for (const auto& [role, answers] : by_role) {
    Json row = {{{"text", plain_words(role)}}};
    for (const auto& [answer, words] : kAnswers) {
      const auto found = answers.find(answer);
      row.push_back(number(found == answers.end() ? 0 : found->second));
    }
    rows.push_back(std::move(row));
  }
  Json head = {header("Role of the person")};
  for (const auto& [answer, words] : kAnswers) head.push_back(header(words, true));
  return components::table({{"caption", "Recipient: " + plain_words(recipient)},
                            {"captionClasses", "govuk-table__caption--m"},
                            {"classes", "govuk-table--small-text-until-tablet"},
                            {"firstCellIsHeader", true},
                            {"head", std::move(head)},
                            {"rows", std::move(rows)}})
      .json();
}

Json counts_table(const std::string& caption, const std::string& first,
                  const std::vector<std::pair<std::string, uint64_t>>& counts) {
  Json rows = Json::array();
  for (const auto& [words, count] : counts) rows.push_back({{{"text", words}}, number(count)});
  return components::table({{"caption", caption},
                            {"captionClasses", "govuk-visually-hidden"},
                            {"firstCellIsHeader", true},
                            {"head", {header(first), header("Number", true)}},
                            {"rows", std::move(rows)}})
      .json();
}

std::vector<std::pair<std::string, uint64_t>> steps_in_order(
    const std::map<std::string, uint64_t>& steps) {
  std::vector<std::pair<std::string, uint64_t>> out;
  for (const auto& [name, words] : kSteps) {
    const auto found = steps.find(name);
    out.emplace_back(words, found == steps.end() ? 0 : found->second);
  }
  for (const auto& [name, count] : steps) {
    const bool known = std::any_of(kSteps.begin(), kSteps.end(),
                                   [&](const auto& step) { return name == step.first; });
    if (!known) out.emplace_back(step_words(name), count);
  }
  return out;
}

// The sentence of the fixed list, so that nobody has to know the code.
std::string attempt_words(const std::string& code) {
  const auto refusal = record::refusal_named(code);
  return refusal ? std::string(record::refusal_text(*refusal)) : plain_words(code);
}

bool about_a_protected_role(const std::string& role) {
  return role.find("victim") != std::string::npos || role.find("witness") != std::string::npos ||
         role.find("reporter") != std::string::npos;
}

// "P2, P3": the clauses that a rule of the policy with that digest stands on; empty when `policy`,
// the one in force today, is another.
std::string clauses_of(const std::string& rule, const std::string& digest,
                       const policy::Policy* policy) {
  std::string out;
  if (policy == nullptr || policy->digest() != digest) return out;
  for (size_t id = 0; id < policy->outcome_count(); ++id) {
    const policy::Decision& decision = policy->outcome(static_cast<policy::OutcomeId>(id));
    if (decision.rule != rule || decision.decision != policy::Outcome::sign_off) continue;
    for (const policy::Clause& clause : decision.clauses)
      out += (out.empty() ? "" : ", ") + clause.id;
    return out;
  }
  return out;
}

Json count_row(const std::string& what, int64_t count) {
  return {{"key", {{"text", what}}}, {"value", {{"text", std::to_string(count)}}}};
}

// What the Board asks first: how many, about whom, who decided, what left.
Json sign_off_summary(const std::vector<record::SignOffReferral>& referrals) {
  const auto count = [&](auto&& holds) {
    return static_cast<int64_t>(std::ranges::count_if(referrals, holds));
  };
  return components::summary_list(
             {{"rows",
               {count_row("Referrals that needed a sign-off",
                          static_cast<int64_t>(referrals.size())),
                count_row("About a victim, a witness or somebody who reported",
                          count([](const auto& one) { return about_a_protected_role(one.role); })),
                count_row("Signed off", count([](const auto& one) { return one.sign_offs > 0; })),
                count_row("Taken by the mail server",
                          count([](const auto& one) { return one.handed; }))}}})
      .json();
}

Json sign_off_row(const record::SignOffReferral& referral, const policy::Policy* policy) {
  Json row = {{"REFERENCE", referral.referral},
              {"ROLE", plain_words(referral.role)},
              {"RULE", referral.rule},
              {"SUBMITTED", when(referral.submitted)},
              {"SIGN_OFFS", std::to_string(referral.sign_offs)},
              {"LAST_STEP", step_words(referral.last_step)}};
  const std::string clauses = clauses_of(referral.rule, referral.policy, policy);
  if (!clauses.empty()) row["CLAUSES_KNOWN"] = {{"CLAUSES", clauses}};
  return row;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + csv_field(field);
  return line + "\r\n";
}

Json step_row(const Json& entry) {
  const auto name = entry.at("kind").get<std::string>();
  Json row = {{"ENTRY", std::to_string(entry.at("seq").get<uint64_t>())},
              {"WHAT", step_words(name.substr(name.find('.') + 1))},
              {"WHEN", when(entry.value("at", ""))},
              {"WHO", entry.value("actor", "")}};
  if (entry.contains("reason")) row["REASON"] = {{"WORD", plain_words(entry.value("reason", ""))}};
  return row;
}

}  // namespace

std::string plain_words(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

Json board_view(const record::Counts& counts, const Period& period, const policy::Policy* policy) {
  Json model = {{"TITLE", "Figures for the Policing Board"},
                {"WIDE", true},
                {"FIRST", say_day(period.first)},
                {"LAST", say_day(period.last)},
                {"ENTRIES", std::to_string(counts.entries)}};
  uint64_t asked = 0;
  for (const auto& [rule, count] : counts.rules) asked += count;
  model["ASKED"] = std::to_string(asked);
  std::vector<std::string> recipients;
  for (const auto& [key, count] : counts.questions)
    if (recipients.empty() || recipients.back() != key.recipient)
      recipients.push_back(key.recipient);
  for (const std::string& recipient : recipients)
    model["RECIPIENT"].push_back(
        {{"NAME", plain_words(recipient)},
         {"HTML_QUESTIONS", questions_table(counts.questions, recipient)}});
  model["HTML_STEPS"] =
      counts_table("Steps of all referrals", "Step", steps_in_order(counts.steps));
  for (const record::SignOffReferral& referral : counts.sign_offs)
    model["SIGN_OFF"]["REFERRAL"].push_back(sign_off_row(referral, policy));
  if (counts.sign_offs.empty()) {
    model["NO_SIGN_OFF"] = true;
  } else {
    model["SIGN_OFF"]["HTML_SUMMARY"] = sign_off_summary(counts.sign_offs);
  }
  std::vector<std::pair<std::string, uint64_t>> attempts;
  for (const auto& [code, count] : counts.attempts)
    attempts.emplace_back(attempt_words(code), count);
  if (attempts.empty()) {
    model["NO_ATTEMPT"] = true;
  } else {
    model["ATTEMPTS"] = {
        {"HTML_ATTEMPTS", counts_table("Refused attempts", "Why it was refused", attempts)}};
  }
  return model;
}

Json board_referral_view(const record::ReferralState& state, const std::vector<Json>& entries,
                         const policy::Policy* policy) {
  Json model = {
      {"TITLE", "Referral " + state.id},
      {"WIDE", true},
      {"BACK", {{"LINK", "/board"}}},
      {"REFERENCE", state.id},
      {"STATE", step_words(std::string(state_name(state.state)))},
      {"RULE", state.terms.rule},
      {"RANK", plain_words(state.terms.rank)},
      {"POLICY", state.terms.policy.is_object() ? state.terms.policy.value("id", "") : ""},
      {"POLICY_VERSION",
       state.terms.policy.is_object() ? state.terms.policy.value("version", "") : ""}};
  for (const record::SignOffGiven& given : state.sign_offs)
    model["GIVEN"].push_back({{"SIGNER", given.person}, {"SIGNED_AT", when(given.at)}});
  const Json& terms_policy = state.terms.policy;
  const std::string clauses = clauses_of(
      state.terms.rule, terms_policy.is_object() ? terms_policy.value("digest", "") : "", policy);
  if (!clauses.empty()) model["STANDS_ON"] = {{"CLAUSES", clauses}};
  for (const Json& entry : entries) model["STEP"].push_back(step_row(entry));
  return model;
}

std::string board_csv(const record::Counts& counts, const Period& period) {
  const std::string days = format_day(period.first) + "/" + format_day(period.last);
  std::string out = csv_line({"days", "table", "what", "role", "answer", "count"});
  for (const auto& [key, count] : counts.questions)
    out +=
        csv_line({days, "questions", key.recipient, key.role, key.decision, std::to_string(count)});
  for (const auto& [rule, count] : counts.rules)
    out += csv_line({days, "rules", rule, "", "", std::to_string(count)});
  for (const auto& [step, count] : counts.steps)
    out += csv_line({days, "steps", step, "", "", std::to_string(count)});
  for (const auto& [code, count] : counts.attempts)
    out += csv_line({days, "attempts", code, "", "", std::to_string(count)});
  for (const record::SignOffReferral& referral : counts.sign_offs)
    out += csv_line({days, "sign-offs", referral.referral, referral.role, referral.rule,
                     std::to_string(referral.sign_offs)});
  return out;
}

}  // namespace firebreak::web
