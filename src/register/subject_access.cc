// SPDX-License-Identifier: Apache-2.0
#include "register/subject_access.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>
#include <utility>

#include "identity/rights.h"
#include "register/aftercare_steps.h"
#include "register/disclosure_history.h"
#include "register/draft.h"
#include "register/event.h"
#include "register/refusal.h"

namespace firebreak::record {
namespace {

using identity::Actor;
using identity::Right;

constexpr size_t kSearchesAtOnce = 3;
constexpr size_t kPageOfReferrals = 200;
constexpr std::chrono::hours kKeptFor{1};

Error no_such_search() {
  return {ErrorCode::not_found,
          "There is no such search.",
          {},
          "Searches are kept for an hour. Begin it again."};
}

}  // namespace

struct SubjectAccess::Search {
  Search(const Context& used, Actor who, std::string about)
      : context(used), actor(std::move(who)), person(std::move(about)) {}

  void run(const std::stop_token& stop) {
    Result<Json> result = find(stop);
    const std::scoped_lock lock(mutex);
    ended = context.clock.now();
    if (result) {
      outcome = *std::move(result);
    } else {
      outcome = {{"error", result.error().message}};
    }
    done = result.ok();
    running = false;
  }

  Result<Json> find(const std::stop_token& stop) {
    FB_TRY(const uint64_t size, context.reader->count_referrals());
    of = size;
    std::vector<std::string> matches;
    uint64_t erased = 0;
    std::string last;
    while (true) {
      FB_TRY(const auto page, context.reader->after(last, kPageOfReferrals));
      if (page.empty()) break;
      for (const ReferralState& state : page) {
        if (stop.stop_requested())
          return Error{ErrorCode::unavailable, "The search was stopped.", {}, {}};
        if (state.state == State::erased) {
          ++erased;
        } else {
          FB_TRY(const bool about, is_about(context, state, person));
          if (about) matches.push_back(state.id);
        }
        ++searched;
      }
      last = page.back().id;
    }
    FB_CHECK(record_search(matches, erased));
    return collect(matches, erased);
  }

  // On disk before anybody sees what was found.
  Result<void> record_search(const std::vector<std::string>& matches, uint64_t erased) {
    return as_void(context.recorder->run([&](Transaction& tx) -> Result<Json> {
      Json event = new_event(kind::kSubjectSearched, actor.id);
      event["searched"] = searched.load();
      event["found"] = matches.size();
      event["erased"] = erased;
      FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
      for (const std::string& ref : matches) FB_CHECK(do_view(tx, actor, ref));
      return Json();
    }));
  }

  Result<Json> collect(const std::vector<std::string>& matches, uint64_t erased) {
    Json referrals = Json::array();
    for (const std::string& ref : matches) {
      FB_TRY(const ReferralState state, context.reader->referral(ref));
      if (state.state == State::erased) continue;
      FB_TRY(Json one, disclosure_history(context, state));
      referrals.push_back(std::move(one));
    }
    std::sort(referrals.begin(), referrals.end(), [](const Json& a, const Json& b) {
      return a.at("created").get<std::string>() < b.at("created").get<std::string>();
    });
    return Json{{"erased", erased}, {"referrals", std::move(referrals)}};
  }

  // What was erased since it was found is shown to nobody any more. Under the mutex, when done.
  Result<void> leave_out_erased() {
    Json left = Json::array();
    uint64_t gone = 0;
    for (const Json& one : outcome.at("referrals")) {
      const auto ref = one.at("referral").get<std::string>();
      FB_TRY(const ReferralState state, context.reader->referral(ref));
      if (state.state != State::erased) {
        left.push_back(one);
        continue;
      }
      ++gone;
      if (withheld.is_object()) withheld.erase(ref);
    }
    if (gone == 0) return {};
    outcome["erased"] = outcome.at("erased").get<uint64_t>() + gone;
    outcome["referrals"] = std::move(left);
    return {};
  }

  const Context& context;
  const Actor actor;
  const std::string person;
  std::atomic<uint64_t> searched{0};
  std::atomic<uint64_t> of{0};
  std::atomic<bool> running{true};
  std::mutex mutex;  // of what stands below
  bool done = false;
  Json outcome;
  Json withheld;  // null until it is answered
  Instant ended{};
  std::jthread thread;  // last: it ends before what it uses
};

SubjectAccess::SubjectAccess(const Context& context) : context_(context) {}
SubjectAccess::~SubjectAccess() = default;

void SubjectAccess::forget_old() {
  const Instant now = context_.clock.now();
  std::erase_if(searches_, [&](const auto& item) {
    const std::scoped_lock lock(item.second->mutex);
    return !item.second->running && now > item.second->ended + kKeptFor;
  });
}

Result<std::string> SubjectAccess::start(const Actor& actor, const std::string& person) {
  const auto allowed = context_.recorder->run(
      [&](Transaction& tx) -> Result<Json> {
        if (!identity::may(actor, Right::search_subject)) return tx.refuse(Refusal::no_right);
        return Json();
      },
      Attempt{actor.id, "subject.search", {}});
  FB_CHECK(as_void(allowed));
  if (person.empty() || !is_record_reference(person)) {
    return bad_input("A reference is at most 64 letters, digits and - _ . / characters.", "person",
                     "Give the records system's reference, such as PER-000456, not a name.");
  }
  const std::scoped_lock lock(mutex_);
  forget_old();
  const auto running = std::count_if(searches_.begin(), searches_.end(),
                                     [](const auto& item) { return item.second->running.load(); });
  if (static_cast<size_t>(running) >= kSearchesAtOnce) {
    return Error{ErrorCode::unavailable,
                 "Too many searches run at once.",
                 {},
                 "Try again when one of them has ended."};
  }
  std::string id = random_name(context_.random, "search_");
  const auto search = std::make_shared<Search>(context_, actor, person);
  Search* one = search.get();
  searches_[id] = search;
  one->thread = std::jthread([one](const std::stop_token& stop) { one->run(stop); });
  return id;
}

std::shared_ptr<SubjectAccess::Search> SubjectAccess::find(const Actor& actor,
                                                           const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = searches_.find(id);
  if (found == searches_.end() || found->second->actor.id != actor.id) return nullptr;
  return found->second;
}

Result<Json> SubjectAccess::show(const Actor& actor, const std::string& id) {
  const auto search = find(actor, id);
  if (!search) return no_such_search();
  Json out = {{"search", id},
              {"person", search->person},
              {"searched", search->searched.load()},
              {"of", search->of.load()}};
  const std::scoped_lock lock(search->mutex);
  out["state"] = search->running ? "running" : (search->done ? "done" : "failed");
  if (!search->running && search->done) FB_CHECK(search->leave_out_erased());
  if (!search->running) out.update(search->outcome);
  if (!search->withheld.is_null()) out["answer"] = search->withheld;
  return out;
}

void SubjectAccess::answer(const Actor& actor, const std::string& id, Json withheld, Done done) {
  const auto search = find(actor, id);
  if (!search) return done(no_such_search());
  uint64_t parts = 0;
  for (const auto& [ref, one] : withheld.items()) parts += one.at("parts").size();
  context_.recorder->submit(
      [actor, search, parts, withheld = std::move(withheld)](Transaction& tx) -> Result<Json> {
        if (!identity::may(actor, Right::search_subject)) return tx.refuse(Refusal::no_right);
        const std::scoped_lock lock(search->mutex);
        if (!search->done) return tx.refuse(Refusal::wrong_state);
        FB_CHECK(search->leave_out_erased());
        Json event = new_event(kind::kSubjectAnswered, actor.id);
        event["referrals"] = search->outcome.at("referrals").size();
        event["withheld"] = parts;
        FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
        tx.after_commit([search, withheld] {
          const std::scoped_lock again(search->mutex);
          search->withheld = withheld;
        });
        return Json();
      },
      std::move(done), Attempt{actor.id, "subject.answer", {}});
}

}  // namespace firebreak::record
