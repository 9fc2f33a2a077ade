// SPDX-License-Identifier: Apache-2.0
#include "register/referral_state.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "register/event.h"

namespace firebreak::record {
namespace {

Error impossible(const std::string& why) {
  return {ErrorCode::corrupt, "This step of a referral cannot follow: " + why, {}, {}};
}

// One entry applied to one state. Every function gives an error for an entry that cannot follow.
class Step {
 public:
  Step(ReferralState state, const Json& entry)
      : s_(std::move(state)), e_(entry), actor_(entry.at("actor").get<std::string>()) {}

  Result<ReferralState> apply(std::string_view event_kind) {
    if (is_aftercare_kind(event_kind)) {
      FB_CHECK(take_aftercare(s_, e_));
      if (event_kind != kind::kViewed) s_.changed = e_.at("at").get<std::string>();
      s_.last_seq = e_.at("seq").get<uint64_t>();
      return std::move(s_);
    }
    for (const auto& [name, function] : kSteps) {
      if (name != event_kind) continue;
      FB_CHECK((this->*function)());
      s_.changed = e_.at("at").get<std::string>();
      s_.last_seq = e_.at("seq").get<uint64_t>();
      return std::move(s_);
    }
    return impossible("it is of no kind that a referral has.");
  }

 private:
  using Function = Result<void> (Step::*)();

  Result<void> drafted() {
    FB_CHECK(from({State::begun, State::draft}));
    FB_CHECK(next_content());
    s_.state = State::draft;
    s_.working = false;
    return take_question();
  }

  Result<void> begun() {
    if (s_.content != 0) return impossible("it is begun once.");
    FB_CHECK(next_content());
    s_.state = State::begun;
    s_.working = true;
    return {};
  }

  Result<void> saved() {
    FB_CHECK(from({State::begun, State::draft}));
    FB_CHECK(next_content());
    s_.working = true;
    return {};
  }

  Result<void> submitted() {
    FB_CHECK(from({State::draft}));
    if (actor_ != s_.requester) return impossible("only the requester submits.");
    if (s_.working) return impossible("its content was not judged.");
    if (e_.at("content").get<uint64_t>() != s_.content)
      return impossible("it submits another content than the draft's.");
    if (e_.at("revision").get<uint64_t>() != s_.revision + 1)
      return impossible("it is not the next submission.");
    ++s_.revision;
    FB_CHECK(take_question());
    s_.statement = e_.at("statement");
    s_.statement_digest = e_.at("statement_digest").get<std::string>();
    s_.sign_offs.clear();
    s_.forwarded = false;
    s_.urgent = e_.value("urgent", false);
    s_.review.reset();
    s_.state = State::submitted;
    return {};
  }

  Result<void> returned() {
    FB_CHECK(from({State::submitted, State::authorised, State::released, State::failed}));
    if (actor_ != kSystem) s_.acted.insert(actor_);
    back_to_draft(s_);
    count_notes(s_, e_);
    return {};
  }

  Result<void> reviewed() {
    if (!s_.awaits_review()) return impossible("no urgent sign-off waits for a review.");
    if (signed_by_actor() || actor_ == kSystem || s_.acted.contains(actor_))
      return impossible("another person reviews than those who asked, signed or sent.");
    const auto finding = e_.at("finding").get<std::string>();
    if (finding != "in_order" && finding != "not_in_order")
      return impossible("its finding is not one that there is.");
    s_.review = {actor_, finding, e_.at("at").get<std::string>()};
    count_notes(s_, e_);
    return {};
  }

  Result<void> forwarded() {
    FB_CHECK(from({State::submitted}));
    if (actor_ == kSystem || actor_ == s_.requester)
      return impossible("a named person who is not the requester forwards.");
    if (s_.forwarded) return impossible("it was forwarded already.");
    s_.forwarded = true;
    s_.acted.insert(actor_);
    count_notes(s_, e_);
    return {};
  }

  Result<void> withdrawn() {
    FB_CHECK(from({State::begun, State::draft, State::submitted, State::authorised}));
    if (actor_ != s_.requester) return impossible("only the requester withdraws.");
    s_.state = State::withdrawn;
    return {};
  }

  Result<void> authorised() {
    FB_CHECK(from({State::submitted}));
    if (s_.terms.decision != "sign_off") return impossible("it needs no sign-off.");
    if (s_.acted.contains(actor_)) return impossible("the signer acted in its chain.");
    FB_CHECK(same_statement());
    if (signed_by_actor()) return impossible("the same person signs twice.");
    s_.sign_offs.push_back({actor_, e_.at("key").get<std::string>(),
                            e_.at("signature").get<std::string>(), e_.at("at").get<std::string>()});
    if (s_.sign_offs.size() >= static_cast<size_t>(s_.terms.count)) s_.state = State::authorised;
    return {};
  }

  Result<void> refused() {
    FB_CHECK(from({State::submitted}));
    if (s_.acted.contains(actor_)) return impossible("the refuser acted in its chain.");
    s_.state = State::refused;
    count_notes(s_, e_);
    return {};
  }

  Result<void> released() {
    const Dispatch* last = s_.last_dispatch();
    const bool supersedes = s_.state == State::in_doubt && last != nullptr && last->superseded;
    const bool permitted = s_.state == State::submitted && s_.terms.decision == "permit";
    if (!supersedes && !permitted) FB_CHECK(from({State::authorised, State::failed}));
    FB_CHECK(may_be_sent());
    if (actor_ == s_.requester || actor_ == kSystem)
      return impossible("a named person who is not the requester releases.");
    if (signed_by_actor()) return impossible("who releases it signed it off.");
    FB_CHECK(same_statement());
    const auto number = e_.at("release").get<uint64_t>();
    if (number != s_.dispatches.size() + 1) return impossible("its number is not the next.");
    s_.dispatches.push_back({number, actor_, "released", false, 0, {}});
    s_.acted.insert(actor_);
    s_.state = State::released;
    count_notes(s_, e_);
    return touch();
  }

  Result<void> handing() {
    FB_CHECK(this_dispatch({State::released}));
    FB_CHECK(may_be_sent());
    ++dispatch().attempts;
    return to(State::handing, "handing");
  }

  Result<void> handed() {
    FB_CHECK(this_dispatch({State::handing}));
    return to(State::handed, "handed");
  }

  Result<void> failed() {
    FB_CHECK(this_dispatch({State::handing}));
    const auto outcome = e_.at("outcome").get<std::string>();
    if (outcome == "rejected_permanent") {
      FB_CHECK(to(State::failed, "failed"));
    } else {
      FB_CHECK(to(State::released, "released"));  // tried again later
    }
    not_sent_after_all();
    return {};
  }

  Result<void> in_doubt() {
    FB_CHECK(this_dispatch({State::handing}));
    return to(State::in_doubt, "in_doubt");
  }

  Result<void> settled() {
    FB_CHECK(this_dispatch({State::in_doubt}));
    if (actor_ == kSystem) return impossible("a named person settles.");
    if (signed_by_actor()) return impossible("who settles it signed it off.");
    s_.acted.insert(actor_);
    if (e_.at("as") == "delivered") return to(State::handed, "delivered");
    const bool permit = s_.terms.decision == "permit";
    FB_CHECK(to(permit ? State::submitted : State::authorised, "not_delivered"));
    not_sent_after_all();
    return {};
  }

  Result<void> superseded() {
    FB_CHECK(this_dispatch({State::in_doubt}));
    if (actor_ == kSystem || dispatch().superseded)
      return impossible("a named person supersedes a dispatch once.");
    dispatch().superseded = true;
    return {};
  }

  Result<void> erased() {
    FB_CHECK(from({State::begun, State::refused, State::withdrawn, State::handed, State::failed,
                   State::closed}));
    if (s_.after.hold) return impossible("the referral is held.");
    if (s_.after.consent && s_.after.consent->recall == "open")
      return impossible("it is still being asked back.");
    s_.state = State::erased;
    return {};
  }

  [[nodiscard]] bool signed_by_actor() const {
    return std::ranges::any_of(s_.sign_offs,
                               [&](const SignOffGiven& given) { return given.person == actor_; });
  }

  Result<void> from(std::initializer_list<State> allowed) {
    if (std::find(allowed.begin(), allowed.end(), s_.state) != allowed.end()) return {};
    return impossible("the referral is " + std::string(state_name(s_.state)) + ".");
  }

  // The requester writes the content, one revision after the other.
  Result<void> next_content() {
    const auto content = e_.at("content").get<uint64_t>();
    if (content != s_.content + 1) return impossible("its content is not the next revision.");
    if (s_.content > 0 && actor_ != s_.requester)
      return impossible("only the requester changes a draft.");
    s_.content = content;
    s_.requester = actor_;
    s_.acted.insert(actor_);
    return {};
  }

  // The entry concerns the last release, and the referral is in one of these states.
  Result<void> this_dispatch(std::initializer_list<State> allowed) {
    FB_CHECK(from(allowed));
    if (s_.dispatches.empty() || e_.at("release").get<uint64_t>() != dispatch().number)
      return impossible("it concerns another release.");
    return {};
  }

  Result<void> to(State state, const char* dispatch_state) {
    s_.state = state;
    dispatch().state = dispatch_state;
    return touch();
  }

  Result<void> touch() {
    dispatch().changed = e_.at("at").get<std::string>();
    return {};
  }

  // Consent that came too late for this dispatch stops the next one.
  void not_sent_after_all() {
    if (!s_.stopped_by_consent()) return;
    back_to_draft(s_);
    const bool left = std::any_of(s_.dispatches.begin(), s_.dispatches.end(),
                                  [](const Dispatch& d) { return d.counts_as_disclosed(); });
    if (left) return;
    s_.after.consent->too_late = false;
    s_.after.consent->recall.clear();
  }

  Result<void> may_be_sent() {
    if (s_.after.hold) return impossible("the referral is held.");
    if (s_.stopped_by_consent()) return impossible("consent was withdrawn.");
    return {};
  }

  Result<void> take_question() {
    s_.destination = e_.at("destination").get<std::string>();
    s_.facets = e_.at("facets");
    FB_TRY(s_.terms, read_terms(e_.at("terms")));
    return {};
  }

  Result<void> same_statement() {
    if (e_.at("statement_digest").get<std::string>() == s_.statement_digest) return {};
    return impossible("it is about another statement than the submitted one.");
  }

  Dispatch& dispatch() { return s_.dispatches.back(); }

  static constexpr std::array<std::pair<std::string_view, Function>, 18> kSteps = {{
      {kind::kDrafted, &Step::drafted},
      {kind::kSubmitted, &Step::submitted},
      {kind::kReturned, &Step::returned},
      {kind::kWithdrawn, &Step::withdrawn},
      {kind::kAuthorised, &Step::authorised},
      {kind::kRefused, &Step::refused},
      {kind::kReleased, &Step::released},
      {kind::kHanding, &Step::handing},
      {kind::kHanded, &Step::handed},
      {kind::kFailed, &Step::failed},
      {kind::kInDoubt, &Step::in_doubt},
      {kind::kSettled, &Step::settled},
      {kind::kSuperseded, &Step::superseded},
      {kind::kErased, &Step::erased},
      {kind::kBegun, &Step::begun},
      {kind::kSaved, &Step::saved},
      {kind::kForwarded, &Step::forwarded},
      {kind::kReviewed, &Step::reviewed},
  }};

  ReferralState s_;
  const Json& e_;
  std::string actor_;
};

}  // namespace

Result<ReferralState> next_state(const std::optional<ReferralState>& before, const Json& entry) {
  try {
    ReferralState state;
    const auto id = entry.at("referral").get<std::string>();
    const auto event_kind = entry.at("kind").get<std::string>();
    if (before) {
      if (before->content == 0) return impossible("the referral has no content.");
      state = *before;
    } else {
      if (event_kind != kind::kDrafted && event_kind != kind::kBegun)
        return impossible("the referral was never begun.");
      state.id = id;
      state.created = entry.at("at").get<std::string>();
      state.first_seq = entry.at("seq").get<uint64_t>();
    }
    if (state.id != id) return impossible("it is of another referral.");
    return Step(std::move(state), entry).apply(event_kind);
  } catch (const Json::exception&) {
    return impossible("a member is missing or of the wrong type.");
  }
}

}  // namespace firebreak::record
