// SPDX-License-Identifier: Apache-2.0
#include "web/access_request.h"

#include <algorithm>
#include <array>

namespace firebreak::web {
namespace {

constexpr std::chrono::minutes kDenialLasts{15};
constexpr std::chrono::hours kApprovalLasts{24};
constexpr std::string_view kReferral = "ref_";
constexpr size_t kReferralName = 26;  // base/random.h
constexpr size_t kDigits = 16;        // hexadecimal, of each of the two digests

std::string request_urn(std::string_view name) {
  return "urn:openid:authzen:access-request:error:" + std::string(name);
}

std::string request_digest(std::string_view domain, std::string_view text) {
  const std::string bytes = std::string(domain) + "\n" + std::string(text);
  return hex(sha256(as_bytes(bytes))).substr(0, kDigits);
}

// The members are in the order of their names, so equal values give equal texts.
std::string request_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string about_digits(const Asked& asked) {
  return request_digest("firebreak access request v1", request_text(asked.what)) +
         request_digest("firebreak access caller v1", asked.caller);
}

std::string request_name(std::string_view prefix, const std::string& ref, const Asked& asked) {
  return std::string(prefix) + ref.substr(kReferral.size()) + "_" + about_digits(asked);
}

// What became of a referral, in the words of the profile.
const char* request_status(record::State state) {
  using record::State;
  switch (state) {
    case State::released:
    case State::handing:
    case State::handed:
    case State::in_doubt:
    case State::closed:
      return "approved";
    case State::refused:
      return "denied";
    case State::withdrawn:
      return "cancelled";
    case State::failed:
      return "failed";
    case State::erased:
      return "expired";
    default:
      return "pending";
  }
}

}  // namespace

Denials::Denials() { random_.fill(key_); }

std::string Denials::seal(std::string_view evaluation_id, std::string_view expires,
                          const Asked& asked) const {
  std::string text = "firebreak denial v1\n";
  text.append(evaluation_id).append("\n").append(expires).append("\n");
  text.append(asked.caller).append("\n").append(request_text(asked.what));
  return hex(hmac_sha256(key_, as_bytes(text)));
}

void Denials::offer(Json& context, const Asked& asked, Instant now, const std::string& base) const {
  const std::string id = random_name(random_, "eval_");
  const std::string expires = format_instant(now + kDenialLasts);
  context["evaluation_id"] = id;
  context["evaluated_at"] = format_instant(now);
  context["reason"] = "approval_required";
  context["access_request"] = {
      {"endpoint", base + "/access/v1/requests"},
      {"template", "referral"},
      {"expires_at", expires},
      {"binding_token", id + "." + expires + "." + seal(id, expires, asked)},
      {"display",
       {{"title", "Begin a referral"},
        {"description",
         "Only a referral that named persons decide on and release can allow this."}}}};
}

std::optional<Response> Denials::check(const Json& denial, const Asked& asked, Instant now) const {
  if (!denial.is_object()) return not_requestable("The member denial is missing.");
  const auto text = [&](const char* name) {
    const auto found = denial.find(name);
    return found != denial.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const std::string token = text("binding_token");
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == std::string::npos || first == last) {
    return invalid_denial_binding("denial.binding_token is not one that was given here.");
  }
  const std::string id = token.substr(0, first);
  const std::string expires = token.substr(first + 1, last - first - 1);
  const bool sealed =
      equal_in_constant_time(as_bytes(token.substr(last + 1)), as_bytes(seal(id, expires, asked)));
  const bool same_id = !denial.contains("evaluation_id") || text("evaluation_id") == id;
  if (!sealed || !same_id || text("expires_at") != expires) {
    return invalid_denial_binding(
        "The denial was not given to this caller for exactly this subject, resource, action and "
        "context.");
  }
  const auto until = parse_instant(expires);
  if (!until || *until < now) return expired_denial();
  return std::nullopt;
}

std::string task_id(const std::string& ref, const Asked& asked) {
  return request_name("arq_", ref, asked);
}

std::string approval_id(const std::string& ref, const Asked& asked) {
  return request_name("apr_", ref, asked);
}

std::optional<TaskName> task_named(std::string_view id) {
  if (!id.starts_with("arq_") && !id.starts_with("apr_")) return std::nullopt;
  id.remove_prefix(4);
  if (id.size() != kReferralName + 1 + 2 * kDigits || id[kReferralName] != '_') return std::nullopt;
  return TaskName{std::string(kReferral) + std::string(id.substr(0, kReferralName)),
                  std::string(id.substr(kReferralName + 1))};
}

bool is_about(const TaskName& name, const Asked& asked) {
  return name.about == about_digits(asked);
}

bool is_callers(const TaskName& name, const std::string& caller) {
  return name.about.substr(kDigits) == request_digest("firebreak access caller v1", caller);
}

Instant approved_until(const record::ReferralState& state) {
  const auto changed = parse_instant(state.changed);
  return changed ? *changed + kApprovalLasts : Instant{};
}

Json task_answer(const std::string& task, const record::ReferralState& state,
                 const std::string& base) {
  const std::string status = request_status(state.state);
  Json out = {{"task",
               {{"id", task},
                {"status", status},
                {"status_endpoint", base + "/access/v1/requests/" + task},
                {"display", {{"title", "Referral " + state.id}}}}}};
  if (status == "approved") {
    out["result"] = {{"mode", "reevaluate"},
                     {"approval",
                      {{"id", "apr_" + task.substr(4)},
                       {"approved_until", format_instant(approved_until(state))}}}};
  }
  return out;
}

Response not_requestable(std::string_view detail) {
  return problem(400, "not_requestable", detail, request_urn("not_requestable"));
}

Response invalid_denial_binding(std::string_view detail) {
  return problem(400, "invalid_denial_binding", detail, request_urn("invalid_denial_binding"));
}

Response expired_denial() {
  return problem(410, "expired_denial", "The denial is too old. Ask again.",
                 request_urn("expired_denial"));
}

Response unknown_task() {
  return problem(404, "unknown_task", "There is no such task.", request_urn("unknown_task"));
}

Response task_expired() {
  return problem(410, "task_expired", "The referral of this task was erased.",
                 request_urn("task_expired"));
}

}  // namespace firebreak::web
