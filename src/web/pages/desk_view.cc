// SPDX-License-Identifier: Apache-2.0
#include "web/pages/desk_view.h"

#include <algorithm>
#include <array>

#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

struct StateWords {
  const char* state;
  const char* words;
  const char* tag;  // the tag's colour; empty: plain
};

// In the order in which the desk must look at them: what may have gone wrong first.
constexpr std::array<StateWords, 13> kStates = {{
    {"in_doubt", "In doubt", "govuk-tag--red"},
    {"failed", "Not delivered", "govuk-tag--red"},
    {"handing", "Being handed to the mail server", "govuk-tag--yellow"},
    {"released", "Released, waiting to be sent", "govuk-tag--yellow"},
    {"authorised", "Signed off, waiting for release", "govuk-tag--yellow"},
    {"submitted", "Submitted, waiting for a decision", "govuk-tag--yellow"},
    {"begun", "Begun", "govuk-tag--grey"},
    {"draft", "Draft", "govuk-tag--grey"},
    {"handed", "Handed to the mail server", "govuk-tag--green"},
    {"closed", "Closed", "govuk-tag--grey"},
    {"refused", "Refused", ""},
    {"withdrawn", "Withdrawn", ""},
    {"erased", "Erased", "govuk-tag--grey"},
}};

const StateWords* desk_state(const std::string& state) {
  const auto* found =
      std::ranges::find_if(kStates, [&](const StateWords& one) { return state == one.state; });
  return found == kStates.end() ? nullptr : found;
}

ListCell desk_time(const Json& referral, const char* member) {
  const auto instant = parse_instant(referral.value(member, ""));
  return {instant ? say_time(*instant) : std::string("not known")};
}

ListShape make_shape() {
  ListShape shape{.path = "/desk",
                  .file = "referrals",
                  .caption = "Referrals, newest step first",
                  .none = "There are no referrals.",
                  .columns = {{.id = "reference", .heading = "Reference", .sorts = false},
                              {.id = "state", .heading = "State", .sorts = false},
                              {.id = "drafted", .heading = "Drafted", .sorts = false},
                              {.id = "changed", .heading = "Last step"}},
                  .filters = {{"state", "State", {}}},
                  .search = ListSearch::reference,
                  .search_label = "Search by reference",
                  .order = "changed",
                  .descending = true};
  for (const StateWords& one : kStates) shape.filters[0].values.push_back({one.state, one.words});
  return shape;
}

}  // namespace

const ListShape& desk_shape() {
  static const ListShape shape = make_shape();
  return shape;
}

ListRow desk_row(const Json& referral) {
  const std::string reference = referral.value("referral", "");
  const std::string state = referral.value("state", "");
  const StateWords* known = desk_state(state);
  const Html tag = components::tag(
      {{"text", state_words(state)}, {"classes", known == nullptr ? "" : known->tag}});
  const Html link = Element("a")
                        .set("class", "govuk-link")
                        .set("href", "/desk/" + reference)
                        .text(reference)
                        .html();
  return {.cells = {{.text = reference, .shown = link.json()},
                    {.text = state_words(state), .shown = tag.json()},
                    desk_time(referral, "created"),
                    desk_time(referral, "changed")}};
}

Json desk_view(uint64_t in_doubt) {
  Json model = {{"TITLE", "Referrals"}, {"WIDE", true}};
  if (in_doubt > 0) model["IN_DOUBT"] = {{"COUNT", std::to_string(in_doubt)}};
  return model;
}

std::string state_words(const std::string& state) {
  const StateWords* known = desk_state(state);
  return known == nullptr ? state : known->words;
}

}  // namespace firebreak::web
