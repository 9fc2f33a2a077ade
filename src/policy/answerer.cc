// SPDX-License-Identifier: Apache-2.0
// The fast way takes what is in order: known names, each once, with values of their kinds, and
// facts that can stand together. For everything else, and so for every error, the slow way is taken
// from the start: it alone knows what to say.
#include "policy/answerer.h"

#include <simdjson.h>

#include <algorithm>

#include "policy/loader.h"
#include "policy/names.h"
#include "policy/question.h"

namespace firebreak::policy {
namespace {

namespace dom = simdjson::dom;

// Larger texts are not facts in order; the slow way has its own limit.
constexpr size_t kMostBytes = size_t{1} << 16U;

// Texts of answers that are kept; a large policy may have many more outcomes.
constexpr size_t kMostKept = 4096;

}  // namespace

// Facts from JSON that is in order. Not in the unnamed namespace, because Parts holds one.
class QuickReader {
 public:
  explicit QuickReader(const Vocabulary& words) : words_(words), none_(words), facts_(words) {
    for (const Attribute& attribute : words.attributes) {
      attributes_.add(attribute.name);
      Names& values = values_.emplace_back();
      for (const Value& value : attribute.values) values.add(value.name);
    }
    seen_.resize(words.attributes.size());
  }

  // False when something is not in order; then `facts` means nothing.
  bool read(std::string_view text, ReadOptions options) {
    dom::object object;
    if (text.size() > kMostBytes ||
        parser_.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
      return false;
    }
    facts_ = none_;
    std::fill(seen_.begin(), seen_.end(), false);
    for (const dom::key_value_pair member : object) {
      const uint32_t index = attributes_.find(member.key);
      if (index == Names::kNone || seen_[index]) return false;
      seen_[index] = true;
      const Attribute& attribute = words_.attributes[index];
      const bool taken = !attribute.setting && !(options.live && attribute.protected_reason);
      if (!taken || !read(attribute, values_[index], member.value)) return false;
    }
    return true;
  }
  [[nodiscard]] const Facts& facts() const { return facts_; }

 private:
  bool read(const Attribute& attribute, const Names& values, const dom::element& value) {
    switch (attribute.kind) {
      case AttributeKind::one_of:
        return read_one(attribute, values, value);
      case AttributeKind::yes_no:
        return read_yes_no(attribute.first_slot, value);
      case AttributeKind::number:
        return read_number(attribute, value);
      case AttributeKind::any_of:
        return value.is_array() ? read_set(attribute, values, value)
                                : read_members(attribute, values, value);
    }
    return false;
  }

  bool read_one(const Attribute& attribute, const Names& values, const dom::element& value) {
    std::string_view name;
    if (value.get(name) != simdjson::SUCCESS) return false;
    const uint32_t index = values.find(name);
    if (index == Names::kNone) return false;
    facts_.set(attribute.first_slot, static_cast<int32_t>(index));
    return true;
  }

  bool read_yes_no(size_t slot, const dom::element& value) {
    bool yes = false;
    std::string_view word;
    if (value.get(word) == simdjson::SUCCESS) {
      yes = word == "yes";
      if (!yes && word != "no") return false;
    } else if (value.get(yes) != simdjson::SUCCESS) {
      return false;
    }
    facts_.set(slot, yes ? 1 : 0);
    return true;
  }

  bool read_number(const Attribute& attribute, const dom::element& value) {
    int64_t number = 0;
    if (!value.is_int64() || value.get(number) != simdjson::SUCCESS || number < attribute.minimum ||
        number > attribute.maximum) {
      return false;
    }
    facts_.set(attribute.first_slot, static_cast<int32_t>(number));
    return true;
  }

  // A list is the whole set; an empty one may be a fault.
  bool read_set(const Attribute& attribute, const Names& values, const dom::element& value) {
    for (size_t i = 0; i < attribute.slots(); ++i) facts_.set(attribute.first_slot + i, 0);
    bool empty = true;
    for (const dom::element member : dom::array(value)) {
      std::string_view name;
      if (member.get(name) != simdjson::SUCCESS) return false;
      const uint32_t index = values.find(name);
      if (index == Names::kNone || facts_[attribute.first_slot + index] == 1) return false;
      facts_.set(attribute.first_slot + index, 1);
      empty = false;
    }
    return !empty || !attribute.at_least_one;
  }

  // Members one by one. Those of a set that is never empty may all be false, which is a fault.
  bool read_members(const Attribute& attribute, const Names& values, const dom::element& value) {
    dom::object members;
    if (attribute.at_least_one || value.get(members) != simdjson::SUCCESS) return false;
    for (const dom::key_value_pair member : members) {
      const uint32_t index = values.find(member.key);
      if (index == Names::kNone) return false;
      const size_t slot = attribute.first_slot + index;
      if (facts_[slot] != Facts::kMissing || !read_yes_no(slot, member.value)) return false;
    }
    return true;
  }

  const Vocabulary& words_;
  Facts none_;
  Facts facts_;
  Names attributes_;
  std::vector<Names> values_;  // by attribute
  std::vector<char> seen_;     // by attribute
  dom::parser parser_;
};

struct Answerer::Parts {
  explicit Parts(std::shared_ptr<const Policy> asked)
      : policy(std::move(asked)),
        compiled(policy->compiled()),
        possible(
            lay_out(compiled.diagram, compiled.possible, compiled.space, policy->vocabulary())),
        reader(policy->vocabulary()),
        answers(std::min(policy->outcome_count(), kMostKept)) {}

  Result<void> check_possible(const Facts& facts) const {
    if (possible.walk(facts.data()) == 1) return {};
    return refuse_impossible(compiled, facts);
  }

  std::string_view answer(const Facts& facts) {
    const OutcomeId id = policy->evaluate(facts);
    std::string& text = id < answers.size() ? answers[id] : last;
    if (&text == &last || text.empty()) {
      text = policy::answer(*policy, policy->decide(facts)).dump();
    }
    return text;
  }

  std::shared_ptr<const Policy> policy;
  const Policy::Compiled& compiled;
  Program possible;  // 1 when the facts can stand together
  QuickReader reader;
  std::vector<std::string> answers;  // by outcome, each made when it is first given
  std::string last;                  // an answer that is not kept
};

Result<std::string> answer_text(const Policy& policy, std::string_view facts, ReadOptions options) {
  FB_TRY(const Json json, parse_json(facts));
  FB_TRY(const Facts known, policy.read_facts(json, options));
  return answer(policy, policy.decide(known)).dump();
}

Answerer::Answerer(std::shared_ptr<const Policy> policy)
    : parts_(std::make_unique<Parts>(std::move(policy))) {}
Answerer::~Answerer() = default;

Result<std::string_view> Answerer::answer(std::string_view facts, ReadOptions options) {
  if (parts_->reader.read(facts, options)) {
    FB_CHECK(parts_->check_possible(parts_->reader.facts()));
    return parts_->answer(parts_->reader.facts());
  }
  FB_TRY(parts_->last, answer_text(*parts_->policy, facts, options));
  return std::string_view(parts_->last);
}

}  // namespace firebreak::policy
