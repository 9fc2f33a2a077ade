// SPDX-License-Identifier: Apache-2.0
// What is held about one person, for their own request (subject access): every referral whose
// content names their reference of the records system, and every disclosure.
//
//   FB_TRY(std::string search, access.start(dpo, "PER-000456"));
//   FB_TRY(Json found, access.show(dpo, search));      // "running" with its progress, then "done"
//
// No index of people is kept, so every sealed draft is opened, one by one, on a thread of its own.
// That a search was made is recorded before anything is shown, without the person's reference: who,
// how many were searched, found, and erased (which nobody can search); and that the content of each
// referral found was seen. Searches live in memory, for an hour.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "identity/person.h"
#include "register/recorder.h"

namespace firebreak::record {

struct Context;

class SubjectAccess {
 public:
  explicit SubjectAccess(const Context& context);
  SubjectAccess(const SubjectAccess&) = delete;
  SubjectAccess& operator=(const SubjectAccess&) = delete;
  ~SubjectAccess();  // stops what runs

  // Begins a search; gives its reference, "search_…". Errors: forbidden, bad_input (no reference),
  // unavailable when three searches run already.
  Result<std::string> start(const identity::Actor& actor, const std::string& person);

  // {"search", "state": running | done | failed, "person", "searched", "of"}, and when done
  // "erased", "error" when failed, and "referrals": [{"referral", "state", "created", "occurrence",
  //  "destination": {"id", "label", "address"}, "facets", "reasons": [{"name", "label", "text"}],
  //  "disclosures": [{"release", "at", "state", "rule", "policy", "clauses",
  //                   "fields": [{"name", "label", "value"}]}],
  //  "undisclosed": fields likewise, of the draft, when nothing was disclosed,
  //  "steps": [{"at", "kind"}], "aftercare"}]. Only for who began it. Error: not_found.
  [[nodiscard]] Result<Json> show(const identity::Actor& actor, const std::string& search);

  // Records that the answer is given, and which parts are withheld, how many of them and of how
  // many referrals; keeps them with the search: show() then has them as "answer". `withheld` is
  // {"ref_…": {"parts": [name], "reason": word}}; only the numbers are recorded.
  void answer(const identity::Actor& actor, const std::string& search, Json withheld, Done done);

 private:
  struct Search;
  void forget_old();
  [[nodiscard]] std::shared_ptr<Search> find(const identity::Actor& actor,
                                             const std::string& search);
  const Context& context_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Search>> searches_;
};

}  // namespace firebreak::record
