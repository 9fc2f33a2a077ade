// SPDX-License-Identifier: Apache-2.0
#include "web/listing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace firebreak::web {
namespace {

ListShape people_shape() {
  return {.path = "/people",
          .file = "people",
          .caption = "People",
          .none = "There is nobody yet.",
          .columns = {{.id = "name", .heading = "Name"},
                      {.id = "since", .heading = "Since"},
                      {.id = "note", .heading = "Note", .sorts = false}},
          .filters = {{"role", "Role", {{"officer", "Officer"}, {"supervisor", "Supervisor"}}}},
          .search = ListSearch::words,
          .search_label = "Search by name",
          .order = "name",
          .page_size = 2};
}

ListRow person(const std::string& name, const std::string& since, const std::string& role) {
  return {.cells = {{.text = name}, {.text = "on " + since, .order = since}, {.text = "=1+1"}},
          .facets = {{"role", {role}}}};
}

std::vector<ListRow> some_people() {
  return {person("Zoe Example", "2020", "officer"), person("Adam Example", "2023", "supervisor"),
          person("Bea Sample", "2021", "officer"), person("Carl Example", "2022", "officer"),
          person("Dee Example", "2019", "officer")};
}

Result<ListQuery> ask(const std::string& query, const ListShape& shape = people_shape()) {
  Request request;
  request.path = shape.path;
  request.query = query;
  return read_list_query(shape, request);
}

std::vector<std::string> names(const std::string& query) {
  const auto asked = ask(query);
  EXPECT_TRUE(asked) << asked.error().message;
  std::vector<std::string> out;
  for (const ListRow& row : list_page(people_shape(), *asked, some_people()).rows)
    out.push_back(row.cells[0].text);
  return out;
}

using Names = std::vector<std::string>;

TEST(Listing, SortsSearchesFiltersAndTurnsPages) {
  EXPECT_EQ(names(""), (Names{"Adam Example", "Bea Sample"}));
  EXPECT_EQ(names("page=3"), (Names{"Zoe Example"}));
  EXPECT_EQ(names("page=77"), (Names{"Zoe Example"})) << "the last page there is";
  EXPECT_EQ(names("sort=since"), (Names{"Dee Example", "Zoe Example"}));
  EXPECT_EQ(names("sort=since&order=desc"), (Names{"Adam Example", "Carl Example"}));
  EXPECT_EQ(names("search=EXAMPLE+e&role=officer"), (Names{"Carl Example", "Dee Example"}));
  EXPECT_EQ(names("role=supervisor&role=officer&sort=name&order=desc"),
            (Names{"Zoe Example", "Dee Example"}));
  EXPECT_EQ(names("role="), names("")) << "a browser sends an empty value for all";
  EXPECT_EQ(names("search=nobody"), Names{});
}

TEST(Listing, TakesNothingThatItDoesNotKnow) {
  for (const char* query : {"colour=red", "page=0", "page=-1", "page=1e9",
                            "page=99999999999999999999", "page=", "sort=note", "sort=", "order=up",
                            "format=xml", "role=chief", "page=1&page=2", "search=a&search=b",
                            "search=%00", "search=%E2%80%AEx", "search=%FF", "page=%zz", "%00=1"}) {
    const auto asked = ask(query);
    ASSERT_FALSE(asked) << query;
    EXPECT_EQ(asked.error().code, ErrorCode::bad_input) << query;
  }
  EXPECT_FALSE(ask("search=" + std::string(101, 'a')));
  ListShape silent = people_shape();
  silent.search = ListSearch::none;
  EXPECT_FALSE(ask("search=a", silent));
}

TEST(Listing, SearchesReferralsByReferenceAlone) {
  ListShape shape = people_shape();
  shape.search = ListSearch::reference;
  EXPECT_EQ(ask("search=+REF_7k2m9q4x+", shape)->search, "ref_7k2m9q4x");
  EXPECT_TRUE(ask("search=", shape));
  for (const char* query :
       {"search=Example+Person", "search=ref_7k2m", "search=ref_example%20person",
        "search=OCC-2026-1", "search=ref_%25%25%25%25%25%25%25%25"}) {
    EXPECT_FALSE(ask(query, shape)) << query;
  }
}

TEST(Listing, WritesWhatASpreadsheetTakesForText) {
  ListShape shape = people_shape();
  const auto asked = ask("format=csv&search=zoe");
  ASSERT_TRUE(asked && asked->csv);
  const Response file = list_csv(shape, list_page(shape, *asked, some_people()));
  EXPECT_EQ(file.body, "\"Name\",\"Since\",\"Note\"\r\n\"Zoe Example\",\"on 2020\",\"'=1+1\"\r\n");
  EXPECT_EQ(file.headers.at(0).value, "attachment; filename=\"people.csv\"");
  const auto all = ask("format=csv");
  const Response whole = list_csv(shape, list_page(shape, *all, some_people()));
  EXPECT_EQ(std::ranges::count(whole.body, '\n'), 6) << "every page of it";
}

// A reader of RFC 4180 that is as plain as it can be.
std::vector<std::string> read_csv_line(const std::string& text) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      cells.back() += text[i++];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ',' && !quoted) {
      cells.emplace_back();
    } else if (text[i] != '\r' || quoted) {
      cells.back() += text[i];
    }
  }
  return cells;
}

RC_GTEST_PROP(Listing, AnyTextComesBackFromCsvAndIsNoFormula, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("=+-@|%\t\r\n\"', abc;\\\0", 20)));
  ListShape shape = people_shape();
  shape.columns.resize(1);
  ListPage page;
  page.rows = {{.cells = {{.text = text}}}};
  const std::string body = list_csv(shape, page).body;
  const std::string head = "\"Name\"\r\n";
  RC_ASSERT(body.starts_with(head) && body.ends_with("\r\n"));
  const auto cells = read_csv_line(body.substr(head.size(), body.size() - head.size() - 2));
  RC_ASSERT(cells.size() == 1U);
  std::string expected = text;
  std::erase(expected, '\0');
  const std::string& cell = cells[0];
  RC_ASSERT(cell == expected || cell == "'" + expected);
  const auto first = cell.find_first_not_of(' ');
  RC_ASSERT(first == std::string::npos ||
            std::string("=+-@|%\t\r\n").find(cell[first]) == std::string::npos);
}

TEST(Listing, KeepsTheQueryInEveryLinkAndEscapesIt) {
  const ListShape shape = people_shape();
  const auto asked = ask("search=exa%22%3Ee&role=officer&sort=since&order=desc");
  ASSERT_TRUE(asked);
  EXPECT_EQ(list_address(shape, *asked),
            "/people?search=exa%22%3Ee&role=officer&sort=since&order=desc");
  const std::string html =
      list_html(shape, *asked, list_page(shape, *asked, some_people())).markup();
  EXPECT_EQ(html.find("exa\">e"), std::string::npos);
  EXPECT_NE(html.find("Nothing in the list fits"), std::string::npos);
  const auto plain = ask("sort=since&order=desc");
  const std::string table =
      list_html(shape, *plain, list_page(shape, *plain, some_people())).markup();
  EXPECT_NE(table.find("aria-sort=\"descending\""), std::string::npos);
  EXPECT_NE(table.find("href=\"/people?sort=since&amp;order=asc\""), std::string::npos);
  EXPECT_NE(table.find("href=\"/people?sort=since&amp;order=desc&amp;page=2\""), std::string::npos);
  EXPECT_NE(table.find("href=\"/people?sort=since&amp;order=desc&amp;format=csv\""),
            std::string::npos);
  EXPECT_NE(table.find("Showing 1 to 2 of 5."), std::string::npos);
  const auto empty = ask("");
  const std::string none = list_html(shape, *empty, list_page(shape, *empty, {})).markup();
  EXPECT_NE(none.find("There is nobody yet."), std::string::npos);
}

// However the query is written, what a page's links lead to is a query that is taken.
RC_GTEST_PROP(Listing, ItsOwnAddressIsReadAsTheSameQuery, ()) {
  ListQuery query;
  query.search = *rc::gen::elementOf(Names{"", "zoe", "a b", "o'neil & \"co\""});
  if (*rc::gen::arbitrary<bool>()) query.chosen["role"] = {"officer"};
  query.order = *rc::gen::elementOf(Names{"name", "since"});
  query.descending = *rc::gen::arbitrary<bool>();
  query.page = *rc::gen::inRange<uint64_t>(1, 40);
  const std::string address = list_address(people_shape(), query);
  const auto mark = address.find('?');
  const auto read = ask(mark == std::string::npos ? "" : address.substr(mark + 1));
  RC_ASSERT(static_cast<bool>(read));
  RC_ASSERT(read->search == query.search && read->chosen == query.chosen);
  RC_ASSERT(read->order == query.order && read->descending == query.descending);
  RC_ASSERT(read->page == query.page);
}

}  // namespace
}  // namespace firebreak::web
