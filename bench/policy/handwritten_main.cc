// SPDX-License-Identifier: Apache-2.0
// policy_handwritten REQUESTS: checks the hand-written function's answer to every request, then
// prints what one decision costs, as JSON. JSON text is read with simdjson, straight into the
// struct; an unknown word stops the program.
#include <simdjson.h>

#include "handwritten.h"
#include "measure.h"

namespace firebreak::bench {
namespace {

namespace json = simdjson::ondemand;
using Words = std::initializer_list<std::string_view>;

uint8_t index_of(std::string_view word, Words words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) stop("There is no value " + std::string(word) + ".");
  return static_cast<uint8_t>(found - words.begin());
}

template <class Enum>
void read(json::value value, Words words, Enum& out) {
  out = static_cast<Enum>(index_of(value.get_string(), words));
}

void read_set(json::value value, Words words, uint8_t& out) {
  for (auto member : value.get_array()) {
    out = static_cast<uint8_t>(out | 1u << index_of(member.get_string(), words));
  }
}

void read_fact(std::string_view name, json::value value, Situation& s) {
  if (name == "action") {
    read(value, {"share", "call", "check", "prompt", "ask_status", "enforce"}, s.action);
  } else if (name == "recipient") {
    read(value,
         {"immigration_enforcement", "competent_authority", "forced_marriage_unit", "visa_casework",
          "support_service", "police", "other"},
         s.recipient);
  } else if (name == "channel") {
    read(value, {"email", "telephone", "in_person", "system"}, s.channel);
  } else if (name == "role") {
    read_set(value, {"victim", "witness", "reporter", "suspect"}, s.role);
  } else if (name == "victim_elsewhere") {
    read(value, {"no", "yes", "unknown"}, s.victim_elsewhere);
  } else if (name == "suspected_of") {
    read(value, {"nothing", "immigration_only", "other_offence"}, s.suspected_of);
  } else if (name == "crime_type") {
    read_set(value,
             {"domestic_abuse", "sexual_offence", "stalking_harassment", "trafficking_slavery",
              "hate_crime", "other"},
             s.crime_type);
  } else if (name == "ground") {
    read_set(value,
             {"nationality", "ethnicity", "no_leave_suspected", "suspected_offence",
              "overseas_offending", "legal_compulsion", "safeguarding"},
             s.ground);
  } else if (name == "overseas_offending") {
    read(value, {"none", "lower_level", "other", "high_harm"}, s.overseas_offending);
  } else if (name == "necessary") {
    s.necessary = value.get_bool();
  } else if (name == "proportionate") {
    s.proportionate = value.get_bool();
  } else if (name == "prevents_further_offending") {
    s.prevents_further_offending = value.get_bool();
  } else if (name == "purpose") {
    read_set(value, {"immigration_status", "investigation", "protection", "identity"}, s.purpose);
  } else if (name == "consent") {
    read(value, {"not_sought", "given", "refused", "withdrawn"}, s.consent);
  } else if (name == "age_group") {
    read(value, {"adult", "child", "unknown"}, s.age_group);
  } else {
    stop("There is no fact " + std::string(name) + ".");
  }
}

// The text has simdjson's padding behind it.
Situation from_json(json::parser& parser, const std::string& text) {
  auto document = parser.iterate(text.data(), text.size(), text.capacity());
  Situation out;
  for (auto field : document.get_object()) {
    const std::string_view name = field.unescaped_key();
    read_fact(name, field.value(), out);
  }
  return out;
}

int run(const std::string& path) {
  std::vector<Request> requests = read_requests(path);
  std::vector<Situation> situations;
  json::parser parser;
  for (Request& request : requests) {
    request.facts.reserve(request.facts.size() + simdjson::SIMDJSON_PADDING);
    situations.push_back(from_json(parser, request.facts));
    const Answer answer = decide(situations.back());
    expect(request, std::string(kVerdictNames[static_cast<size_t>(answer.verdict)]),
           std::string(kRuleNames[answer.rule]));
  }
  const size_t count = requests.size();
  const double typed = median_ns(count, [&](size_t i) { return decide(situations[i]); });
  const double from_text =
      median_ns(count, [&](size_t i) { return decide(from_json(parser, requests[i].facts)); });
  std::cout << R"({"checked":)" << count << R"(,"typed":)" << typed << R"(,"json":)" << from_text
            << "}\n";
  return 0;
}

}  // namespace
}  // namespace firebreak::bench

int main(int argc, char** argv) {
  if (argc != 2) firebreak::bench::stop("usage: policy_handwritten REQUESTS");
  return firebreak::bench::run(argv[1]);
}
