// SPDX-License-Identifier: Apache-2.0
// A list on a page, and the same list as CSV: search, filters, order and pages, all of them in the
// address, so that they work without JavaScript and can be kept as a bookmark.
//
//   const ListShape shape = {.path = "/people", .file = "people", .caption = "People",
//       .none = "There is nobody yet.", .columns = {{.id = "name", .heading = "Name"}, …},
//       .filters = {{"role", "Role", {{"officer", "Officer"}, …}}},
//       .search = ListSearch::words, .search_label = "Search by name", .order = "name"};
//   const auto query = read_list_query(shape, request);
//   if (!query) co_return frame.error_page(request, query.error());
//   const ListPage found = list_page(shape, *query, rows);        // rows: std::vector<ListRow>
//   if (query->csv) co_return list_csv(shape, found);
//   model["HTML_LIST"] = list_html(shape, *query, found).json();  // {{HTML_LIST:x-component}}
//
// Where the rows are too many to be read at once the caller reads the page of them: `total`, then
// page_within() for the number, then the rows at list_offset(). Everything, for CSV.
//
// Members of the query: search, sort (a column), order (asc, desc), page, format (csv), and each
// filter's name. An address is kept by browsers and proxies, so it must not hold personal data:
// ListSearch::words is for lists of the force's own staff and of words that name nobody; a list of
// referrals is searched with ListSearch::reference, which takes nothing but a reference.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "web/components/html.h"
#include "web/http.h"

namespace firebreak::web {

struct ListColumn {
  std::string id;
  std::string heading;
  bool sorts = true;     // its heading is a link that sorts by it
  bool numeric = false;  // aligned to the right
};

struct ListFilter {
  struct Value {
    std::string value;  // in the address and in ListRow::facets
    std::string words;  // as it is said
  };
  std::string id;
  std::string label;
  std::vector<Value> values;
};

enum class ListSearch {
  none,
  words,      // every word must stand in one of the row's cells; ASCII letters in either case
  reference,  // the beginning of a reference ("ref_…"), at least eight of its characters
};

struct ListShape {
  std::string path;     // of the page
  std::string file;     // of the CSV file, without ".csv"
  std::string caption;  // what is listed
  std::string none;     // said when the list is empty without any search or filter
  std::vector<ListColumn> columns;
  std::vector<ListFilter> filters = {};
  ListSearch search = ListSearch::none;
  std::string search_label = {};
  std::string order = {};  // the column it is sorted by at first; empty: as the rows are given
  bool descending = false;
  uint64_t page_size = 25;
};

struct ListCell {
  std::string text;        // shown, searched, and in the CSV
  std::string order = {};  // what it is sorted by, in bytes; empty: the text
  Json shown = {};         // shown in its place: an Html as its json(), for links and tags
};

struct ListRow {
  std::vector<ListCell> cells;                                  // one for each column
  std::map<std::string, std::vector<std::string>> facets = {};  // the filters' values that fit it
};

// What the address asks for, checked against the shape.
struct ListQuery {
  std::string search;
  std::map<std::string, std::vector<std::string>> chosen;  // filter -> values
  std::string order;                                       // a column that sorts, or empty
  bool descending = false;
  uint64_t page = 1;
  bool csv = false;
  // Whether anything is left out on purpose.
  [[nodiscard]] bool narrows() const { return !search.empty() || !chosen.empty(); }
};

struct ListPage {
  std::vector<ListRow> rows;  // of this page; all of them for CSV
  uint64_t total = 0;         // on all pages
  uint64_t number = 1;        // of this page, from 1
};

// Error: bad_input naming the member, for one that is unknown, given twice or has a value that
// there is not.
Result<ListQuery> read_list_query(const ListShape& shape, const Request& request);

// What the query leaves of the rows, in its order; the page of it, or for CSV all. A page after the
// last one is the last.
ListPage list_page(const ListShape& shape, const ListQuery& query, std::vector<ListRow> rows);

// The page asked for, or the last one there is; and how many rows stand before it.
uint64_t page_within(const ListShape& shape, const ListQuery& query, uint64_t total);
uint64_t list_offset(const ListShape& shape, uint64_t page_number);

// Search and filters, the table, the pages and the link to the CSV.
Html list_html(const ListShape& shape, const ListQuery& query, const ListPage& found);

// The address of the list that the query describes ("/people?role=officer&page=2").
std::string list_address(const ListShape& shape, const ListQuery& query);

// RFC 4180 in UTF-8, with a heading, as a file to be saved. A cell that a spreadsheet would take
// for a formula begins with an apostrophe.
Response list_csv(const ListShape& shape, const ListPage& found);

}  // namespace firebreak::web
