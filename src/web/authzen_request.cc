// SPDX-License-Identifier: Apache-2.0
#include "web/authzen_request.h"

#include <algorithm>
#include <array>

namespace firebreak::web {
namespace {

constexpr std::array<const char*, 4> kDefaults = {"subject", "action", "resource", "context"};

Error wrong(const std::string& where, const std::string& what) {
  return bad_input("This member " + what + ".", where);
}

// The member of an object, which must be there and be a string that is not empty.
Result<std::string> text_member(const Json& object, const std::string& name,
                                const std::string& where) {
  const auto member = object.find(name);
  if (member == object.end()) return wrong(where + name, "is missing");
  if (!member->is_string()) return wrong(where + name, "is not a string");
  if (member->get_ref<const std::string&>().empty()) return wrong(where + name, "is empty");
  return member->get<std::string>();
}

// The same for a member that may be absent; then empty.
Result<std::string> optional_text(const Json& object, const std::string& name,
                                  const std::string& where) {
  if (!object.contains(name)) return std::string{};
  return text_member(object, name, where);
}

// Subject, action and resource: an object with these strings, and `properties`, if any, an object.
Result<void> check_entity(const Json& body, const std::string& name,
                          std::initializer_list<const char*> members) {
  const auto entity = body.find(name);
  if (entity == body.end()) return wrong(name, "is missing");
  if (!entity->is_object()) return wrong(name, "is not an object");
  for (const char* member : members) {
    const auto text = text_member(*entity, member, name + ".");
    if (!text) return text.error();
  }
  const auto properties = entity->find("properties");
  if (properties != entity->end() && !properties->is_object()) {
    return wrong(name + ".properties", "is not an object");
  }
  return {};
}

Result<void> check_entity(const Json& body, const std::string& name) {
  if (name == "context") {
    const auto context = body.find(name);
    if (context != body.end() && !context->is_object()) return wrong(name, "is not an object");
    return {};
  }
  if (name == "action") return check_entity(body, name, {"name"});
  return check_entity(body, name, {"type", "id"});
}

// A set has no order: two lists agree when they hold the same.
bool agree(Json a, Json b) {
  if (a.is_array() && b.is_array()) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
  }
  return a == b;
}

Result<void> add_facts(Json& facts, const Json& more, const std::string& where) {
  for (const auto& [name, value] : more.items()) {
    const auto known = facts.find(name);
    if (known == facts.end()) {
      facts[name] = value;
    } else if (!agree(*known, value)) {
      return bad_input("This fact is given twice, and the two do not agree.", where + name,
                       "Give it once.");
    }
  }
  return {};
}

Result<Json> read_facts(const Json& body) {
  Json facts = {{"action", body.at("action").at("name")}};
  const Json& resource = body.at("resource");
  if (resource.contains("properties")) {
    FB_CHECK(add_facts(facts, resource.at("properties"), "resource.properties."));
  }
  if (body.contains("context") && body.at("context").contains("facts")) {
    const Json& more = body.at("context").at("facts");
    if (!more.is_object()) return wrong("context.facts", "is not an object");
    FB_CHECK(add_facts(facts, more, "context.facts."));
  }
  return facts;
}

Result<void> read_context(const Json& context, Evaluation& evaluation) {
  FB_TRY(evaluation.district, optional_text(context, "district", "context."));
  FB_TRY(evaluation.referral, optional_text(context, "referral", "context."));
  if (const auto approval = context.find("approval"); approval != context.end()) {
    if (!approval->is_object()) return wrong("context.approval", "is not an object");
    FB_TRY(evaluation.approval, text_member(*approval, "id", "context.approval."));
  }
  const auto types = context.find("supported_obligations");
  if (types == context.end()) return {};
  const auto is_text = [](const Json& type) { return type.is_string(); };
  if (!types->is_array() || !std::all_of(types->begin(), types->end(), is_text)) {
    return wrong("context.supported_obligations", "is not a list of strings");
  }
  evaluation.can_fulfil = types->get<std::vector<std::string>>();
  return {};
}

Result<Semantic> read_semantic(const Json& body) {
  const auto options = body.find("options");
  if (options == body.end()) return Semantic::execute_all;
  if (!options->is_object()) return wrong("options", "is not an object");
  const auto semantic = options->find("evaluations_semantic");
  if (semantic == options->end() || *semantic == "execute_all") return Semantic::execute_all;
  if (*semantic == "deny_on_first_deny") return Semantic::deny_on_first_deny;
  if (*semantic == "permit_on_first_permit") return Semantic::permit_on_first_permit;
  return bad_input("This semantic is not known.", "options.evaluations_semantic",
                   "Use execute_all, deny_on_first_deny or permit_on_first_permit.");
}

// An entity that an item omits is the whole one of the top (section 6.1.1): nothing is merged
// inside.
Result<Evaluation> read_item(const Json& body, const Json& item) {
  if (!item.is_object()) return bad_input("This evaluation is not an object.");
  Json whole = Json::object();
  for (const char* name : kDefaults) {
    const Json& from = item.contains(name) ? item : body;
    if (from.contains(name)) whole[name] = from.at(name);
  }
  return read_evaluation(whole);
}

}  // namespace

Result<Evaluation> read_evaluation(const Json& body) {
  if (!body.is_object()) return bad_input("The body is not a JSON object.");
  for (const char* name : kDefaults) FB_CHECK(check_entity(body, name));
  Evaluation evaluation;
  evaluation.subject_type = body["subject"]["type"].get<std::string>();
  if (evaluation.subject_type != "person" && evaluation.subject_type != "service") {
    return bad_input("A subject of this type cannot ask.", "subject.type",
                     "Use person or service: the subject is who asks.");
  }
  if (body["resource"]["type"] != "person_in_occurrence") {
    return bad_input("Nothing can be asked about a resource of this type.", "resource.type",
                     "Use person_in_occurrence.");
  }
  evaluation.subject_id = body["subject"]["id"].get<std::string>();
  evaluation.resource_id = body["resource"]["id"].get<std::string>();
  FB_TRY(evaluation.facts, read_facts(body));
  if (body.contains("context")) FB_CHECK(read_context(body["context"], evaluation));
  evaluation.asked = {{"subject", body["subject"]},
                      {"resource", body["resource"]},
                      {"action", body["action"]},
                      {"facts", evaluation.facts},
                      {"district", evaluation.district}};
  return evaluation;
}

Result<Batch> read_evaluations(const Json& body) {
  if (!body.is_object()) return bad_input("The body is not a JSON object.");
  const auto items = body.find("evaluations");
  if (items != body.end() && !items->is_array()) return wrong("evaluations", "is not a list");
  Batch batch;
  FB_TRY(batch.semantic, read_semantic(body));
  if (items == body.end() || items->empty()) return batch;
  if (items->size() > kMaxItems) {
    return bad_input("There are more than " + std::to_string(kMaxItems) + " evaluations.",
                     "evaluations", "Send them in several calls.");
  }
  // What is given at the top must be whole, although an item may put its own in its place.
  for (const char* name : kDefaults)
    if (body.contains(name)) FB_CHECK(check_entity(body, name));
  for (const Json& item : *items) batch.items.push_back(read_item(body, item));
  return batch;
}

}  // namespace firebreak::web
