// SPDX-License-Identifier: Apache-2.0
// firebreak policy ask POLICY           the interview with the fewest questions, in the terminal
// firebreak policy ask POLICY --count   how many questions it takes
#include <algorithm>
#include <charconv>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/policy_commands.h"
#include "cli/policy_facts.h"
#include "cli/policy_files.h"
#include "policy/asking.h"
#include "policy/wording.h"

namespace firebreak::cli {
namespace {

using policy::Attribute;
using policy::AttributeKind;

constexpr int kInputEnded = 2;

// One choice that is shown with a number.
struct AskChoice {
  std::string name;
  std::string label;
};

// Asks a policy's questions on one stream and reads the answers from another.
class TerminalInterview {
 public:
  TerminalInterview(const policy::Policy& policy, const policy::Facts& facts, std::ostream& out,
                    std::istream& in)
      : policy_(policy),
        facts_(policy.facts_json(facts)),
        decision_(policy.decide(facts)),
        out_(out),
        in_(in) {}

  void run() {
    while (const Attribute* next =
               policy::next_question(policy_.vocabulary(), decision_, not_known_)) {
      if (!ask(*next)) return;
      ++asked_;
    }
    ended_ = false;
  }

  // Input ended before the answer was found.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const policy::Decision& decision() const { return decision_; }
  [[nodiscard]] Json json() const {
    return {{"facts", facts_},
            {"not_known", not_known_},
            {"questions", asked_},
            {"complete", !ended_},
            {"answer", policy::answer(policy_, decision_)}};
  }

 private:
  // Until it is answered or skipped; false when the input ends.
  bool ask(const Attribute& attribute) {
    const std::vector<AskChoice> choices = choices_of(attribute);
    show(attribute, choices);
    while (true) {
      out_ << "> " << std::flush;
      std::string line;
      if (!std::getline(in_, line)) {
        out_ << '\n';
        return false;
      }
      const std::vector<std::string> words = words_of(line);
      if (words.empty()) {
        show(attribute, choices);
        continue;
      }
      const Result<void> done = take(attribute, choices, words);
      if (done) return true;
      out_ << printable(done.error().message) << '\n';
    }
  }

  std::vector<AskChoice> choices_of(const Attribute& attribute) const {
    std::vector<AskChoice> out;
    for (const policy::Value& value : attribute.values) {
      // Yes before no, as people expect it; the vocabulary holds them the other way round.
      const bool yes_no = attribute.kind == AttributeKind::yes_no;
      out.insert(yes_no ? out.begin() : out.end(), {value.name, value.label});
    }
    if (attribute.kind == AttributeKind::any_of && !attribute.at_least_one) {
      out.push_back({"none-of-these", "None of these"});
    }
    return out;
  }

  void show(const Attribute& attribute, const std::vector<AskChoice>& choices) {
    out_ << '\n' << policy::asked_as(attribute) << '\n';
    if (!attribute.hint.empty()) out_ << attribute.hint << '\n';
    for (size_t i = 0; i < choices.size(); ++i) {
      out_ << "  " << i + 1 << "  " << choices[i].label << " (" << choices[i].name << ")\n";
    }
    if (attribute.kind == AttributeKind::number) {
      out_ << "  a whole number from " << attribute.minimum << " to " << attribute.maximum << '\n';
    } else if (attribute.kind == AttributeKind::any_of) {
      out_ << "  several may be given: 1, 2\n";
    }
    out_ << "  ?  I do not know\n";
  }

  static std::vector<std::string> words_of(std::string line) {
    std::replace_if(
        line.begin(), line.end(),
        [](unsigned char c) { return c == ',' || c == ';' || c == '\t' || c == '\r'; }, ' ');
    std::vector<std::string> out;
    for (size_t at = 0; at < line.size();) {
      const size_t end = std::min(line.find(' ', at), line.size());
      if (end > at) out.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    return out;
  }

  static std::optional<int32_t> number_of(const std::string& word) {
    int32_t out = 0;
    const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), out);
    if (failed != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return out;
  }

  Result<void> take(const Attribute& attribute, const std::vector<AskChoice>& choices,
                    const std::vector<std::string>& words) {
    if (words.size() == 1 && words[0] == "?") {
      not_known_.push_back(attribute.name);
      return {};
    }
    if (words.size() > 1 && attribute.kind != AttributeKind::any_of) {
      return bad_input("Give one answer.");
    }
    FB_TRY(const Json value, value_of(attribute, choices, words));
    Json more = facts_;
    more[attribute.name] = value;
    FB_TRY(const policy::Facts facts, policy_.read_facts(more));
    facts_ = policy_.facts_json(facts);
    decision_ = policy_.decide(facts);
    return {};
  }

  static Result<Json> value_of(const Attribute& attribute, const std::vector<AskChoice>& choices,
                               const std::vector<std::string>& words) {
    if (attribute.kind == AttributeKind::number) {
      const std::optional<int32_t> number = number_of(words[0]);
      if (!number) return bad_input("Give a whole number, or ? when it is not known.");
      return Json(*number);
    }
    Json set = Json::array();
    for (const std::string& word : words) {
      FB_TRY(const std::string name, chosen(choices, word));
      if (std::find(set.begin(), set.end(), name) == set.end()) set.push_back(name);
    }
    if (attribute.kind != AttributeKind::any_of) return set[0];
    const bool none = std::find(set.begin(), set.end(), "none-of-these") != set.end();
    if (none && set.size() > 1) return bad_input("Give what applies, or the last answer alone.");
    return none ? Json::array() : set;
  }

  static Result<std::string> chosen(const std::vector<AskChoice>& choices,
                                    const std::string& word) {
    const std::optional<int32_t> number = number_of(word);
    if (number && *number >= 1 && static_cast<size_t>(*number) <= choices.size()) {
      return choices[static_cast<size_t>(*number) - 1].name;
    }
    for (const AskChoice& choice : choices) {
      if (choice.name == word) return word;
    }
    return bad_input("\"" + word + "\" is none of the answers. Give a number from 1 to " +
                     std::to_string(choices.size()) +
                     " or a name in brackets; ? when it is not known.");
  }

  const policy::Policy& policy_;
  Json facts_;
  std::vector<std::string> not_known_;
  policy::Decision decision_;
  std::ostream& out_;
  std::istream& in_;
  size_t asked_ = 0;
  bool ended_ = true;
};

int ask(const policy::Policy& policy, const policy::Facts& given, bool json) {
  // With --json standard output holds the JSON value alone.
  TerminalInterview interview(policy, given, json ? std::cerr : std::cout, std::cin);
  interview.run();
  if (json) {
    print_json(interview.json());
  } else {
    std::cout << '\n';
    print_decision(policy, interview.decision());
  }
  if (!interview.ended()) return 0;
  std::cerr << "firebreak: The input ended before the answer was found. Answer every question, or "
               "give ? for what is not known.\n";
  return kInputEnded;
}

void print_count(const policy::Policy& policy, const policy::Effort& effort, bool json) {
  if (json) {
    print_json({{"policy", policy.id()},
                {"exact", effort.exact},
                {"situations", effort.situations},  // in decimal: may be over what JSON holds
                {"sample", effort.sample},
                {"average", effort.average},
                {"worst", effort.worst},
                {"unanswered", effort.unanswered},
                {"looked_at", effort.looked_at},
                {"all", effort.all}});
    return;
  }
  std::cout << policy.id() << ": " << std::fixed << std::setprecision(2) << effort.average
            << " questions on average, " << effort.worst << " at worst; the policy looks at "
            << effort.looked_at << " facts that may be asked for, the vocabulary has " << effort.all
            << '\n';
  if (effort.exact) {
    std::cout << "  exact, over " << effort.situations << " situations, each weighing the same\n";
  } else {
    std::cout << "  over a sample of " << effort.sample << " of " << effort.situations
              << " situations, drawn with a fixed seed; the worst may be higher\n";
  }
  if (effort.unanswered > 0) {
    std::cout << "  " << effort.unanswered * 100
              << " % of them hang on a fact that nobody may ask for, and stay undetermined\n";
  }
}

}  // namespace

void add_policy_ask(CLI::App& group, Run& run) {
  struct Options {
    PolicyOptions policy;
    FactOptions facts;
    bool count = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand(
      "ask", "The interview with the fewest questions, until the answer is determined");
  add_policy_options(*command, options->policy);
  add_fact_options(*command, options->facts);
  command
      ->add_flag("--count", options->count,
                 "Ask nothing: say how many questions it takes when nothing is known yet")
      ->excludes("--set")
      ->excludes("--facts");
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const auto policy, load_policy(options->policy));
    if (options->count) {
      print_count(*policy, policy::interview_effort(*policy), json);
      return 0;
    }
    FB_TRY(const policy::Facts given, read_facts(*policy, options->facts));
    return ask(*policy, given, json);
  });
}

}  // namespace firebreak::cli
