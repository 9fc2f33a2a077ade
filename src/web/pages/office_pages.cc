// SPDX-License-Identifier: Apache-2.0
// The administrator's page of the force's offices: what a question and a referral may give for the
// office or district they come from. Two persons change them.
#include "web/listing.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;

// The ways to change an office are the page's, not the CSV's.
ListShape office_list(bool csv) {
  ListShape shape = {.path = "/offices",
                     .file = "offices",
                     .caption = "Offices",
                     .none = "The force has no offices: nobody is asked for one.",
                     .columns = {{.id = "place", .heading = "Place", .numeric = true},
                                 {.id = "name", .heading = "Office"}},
                     .search = ListSearch::words,
                     .search_label = "Search by name",
                     .order = "place"};
  if (csv) return shape;
  shape.columns.push_back({.id = "rename", .heading = "Change", .sorts = false});
  shape.columns.push_back({.id = "end", .heading = "Take away", .sorts = false});
  return shape;
}

// A text whose order in bytes is the number's.
std::string office_order(size_t place) {
  const std::string text = std::to_string(place);
  return std::string(text.size() < 4 ? 4 - text.size() : 0, '0') + text;
}

ListRow office_row(size_t place, const std::string& office, bool csv) {
  ListRow row;
  row.cells = {{std::to_string(place), office_order(place)}, {office}};
  if (csv) return row;
  const std::string name = query_encoded(office);
  row.cells.push_back(
      {{}, {}, link_to("Change " + office, "/changes/propose/office?instead_of=" + name).json()});
  row.cells.push_back(
      {{}, {}, link_to("Take away " + office, "/changes/propose/end-office?name=" + name).json()});
  return row;
}

PageResponse offices_page(Frame& frame, Request& request) {
  const ListShape shape = office_list(false);
  const auto query = read_list_query(shape, request);
  if (!query) co_return frame.error_page(request, query.error());
  std::vector<ListRow> rows;
  for (const std::string& office : frame.app().reg.config().force.districts)
    rows.push_back(office_row(rows.size() + 1, office, query->csv));
  const ListPage found = list_page(shape, *query, std::move(rows));
  if (query->csv) co_return list_csv(office_list(true), found);
  GovernPage page("Offices");
  page.wide();
  page.text(
      "Where a question or a referral may say that it comes from, in the order in which the forms "
      "list them. One person proposes a change and another approves it. What was recorded under "
      "an office that was taken away stays as it is.");
  page.link("Propose another office", "/changes/propose/office");
  page.block(list_html(shape, *query, found));
  co_return frame.show(request, 200, "govern.html", page.model());
}

}  // namespace

void add_office_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Offices", "/offices", Right::change_force});
  add_page_routes(router, frame, {{"GET", "/offices", offices_page, Right::change_force}});
}

}  // namespace firebreak::web
