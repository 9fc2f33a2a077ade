// SPDX-License-Identifier: Apache-2.0
#include "web/listing.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace firebreak::web {
namespace {

constexpr size_t kMostSearch = 100;  // bytes
constexpr uint64_t kMostPages = 1'000'000;
constexpr std::string_view kReference = "ref_";
constexpr size_t kLeastReference = 12;  // with "ref_": fewer would fit too many

Error list_error(std::string message, std::string_view where, std::string action = {}) {
  return bad_input(std::move(message), std::string(where.substr(0, 64)), std::move(action));
}

// Controls, and characters that turn the writing around or have no width: what is searched for
// must be what is seen.
bool list_is_visible(std::string_view text) {
  if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; })) {
    return false;
  }
  for (const std::string_view hidden :
       {"\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D",
        "\u202E", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF", "\u061C"}) {
    if (text.find(hidden) != std::string_view::npos) return false;
  }
  return true;
}

std::string_view list_trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string list_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Result<std::string> read_search(const ListShape& shape, const std::string& value) {
  if (shape.search == ListSearch::none) {
    return list_error("This list cannot be searched.", "search");
  }
  if (value.size() > kMostSearch) {
    return list_error("The search text is too long.", "search", "Use at most 100 characters.");
  }
  if (!list_is_visible(value)) {
    return list_error("The search text has characters that cannot be seen.", "search",
                      "Type it again.");
  }
  const std::string text = list_lower(list_trim(value));
  if (shape.search == ListSearch::words || text.empty()) return text;
  const bool reference = text.starts_with(kReference) && text.size() >= kLeastReference &&
                         std::ranges::all_of(text.substr(kReference.size()), [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
                         });
  if (reference) return text;
  return list_error("This is not the beginning of a reference.", "search",
                    "Type at least the first 12 characters, such as ref_7k2m9q4x. Names and other "
                    "words cannot be searched for here.");
}

Result<uint64_t> read_page_number(const std::string& value) {
  uint64_t number = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number == 0 || number > kMostPages) {
    return list_error("This is not the number of a page.", "page");
  }
  return number;
}

Result<void> choose(const ListFilter& filter, const std::string& value, ListQuery& query) {
  // A browser sends an empty value for "all".
  if (value.empty()) return {};
  const auto known = [&](const ListFilter::Value& one) { return one.value == value; };
  if (!std::ranges::any_of(filter.values, known)) {
    return list_error("There is no such choice.", filter.id, "Choose again on the page.");
  }
  std::vector<std::string>& chosen = query.chosen[filter.id];
  if (std::ranges::find(chosen, value) == chosen.end()) chosen.push_back(value);
  return {};
}

Result<void> read_order(const ListShape& shape, const std::string& value, ListQuery& query) {
  const auto sorts = [&](const ListColumn& one) { return one.sorts && one.id == value; };
  if (!std::ranges::any_of(shape.columns, sorts)) {
    return list_error("The list cannot be sorted by this.", "sort");
  }
  query.order = value;
  return {};
}

Result<void> take_member(const ListShape& shape, const Header& member, ListQuery& query) {
  if (member.name == "search") {
    FB_TRY(query.search, read_search(shape, member.value));
    return {};
  }
  if (member.name == "sort") return read_order(shape, member.value, query);
  if (member.name == "order") {
    query.descending = member.value == "desc";
    if (query.descending || member.value == "asc") return {};
    return list_error("This is no order.", "order", "Use asc or desc.");
  }
  if (member.name == "page") {
    FB_TRY(query.page, read_page_number(member.value));
    return {};
  }
  if (member.name == "format") {
    query.csv = member.value == "csv";
    if (query.csv) return {};
    return list_error("The list is not to be had in this form.", "format", "Use csv.");
  }
  return list_error("This is not known here.", "the address", "Open the list from the menu.");
}

// Whether every word of the search stands in some cell.
bool found_in(const ListRow& row, const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [&](const std::string& word) {
    return std::ranges::any_of(row.cells, [&](const ListCell& cell) {
      return list_lower(cell.text).find(word) != std::string::npos;
    });
  });
}

std::vector<std::string> words_of(const std::string& search) {
  std::vector<std::string> words;
  std::string_view rest = search;
  while (!(rest = list_trim(rest)).empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    words.emplace_back(word);
    rest.remove_prefix(word.size());
  }
  return words;
}

bool chosen_by(const ListRow& row, const ListQuery& query) {
  return std::ranges::all_of(query.chosen, [&](const auto& filter) {
    const auto has = row.facets.find(filter.first);
    return has != row.facets.end() &&
           std::ranges::any_of(filter.second, [&](const std::string& value) {
             return std::ranges::find(has->second, value) != has->second.end();
           });
  });
}

void sort_rows(const ListShape& shape, const ListQuery& query, std::vector<ListRow>& rows) {
  const auto column = std::ranges::find(shape.columns, query.order, &ListColumn::id);
  if (query.order.empty() || column == shape.columns.end()) return;
  const auto at = static_cast<size_t>(column - shape.columns.begin());
  const auto key = [&](const ListRow& row) -> const std::string& {
    const ListCell& cell = row.cells.at(at);
    return cell.order.empty() ? cell.text : cell.order;
  };
  std::ranges::stable_sort(rows, [&](const ListRow& a, const ListRow& b) {
    return query.descending ? key(b) < key(a) : key(a) < key(b);
  });
}

}  // namespace

Result<ListQuery> read_list_query(const ListShape& shape, const Request& request) {
  FB_TRY(const std::vector<Header> members, request.query_members());
  ListQuery query;
  query.order = shape.order;
  query.descending = shape.descending;
  std::set<std::string> seen;
  for (const Header& member : members) {
    const auto filter = std::ranges::find(shape.filters, member.name, &ListFilter::id);
    if (filter != shape.filters.end()) {
      FB_CHECK(choose(*filter, member.value, query));
      continue;
    }
    if (!seen.insert(member.name).second) {
      return list_error("This is given twice.", "the address", "Open the list from the menu.");
    }
    FB_CHECK(take_member(shape, member, query));
  }
  // Another column begins with its smallest value, unless the address says otherwise.
  if (seen.contains("sort") && !seen.contains("order")) query.descending = false;
  return query;
}

uint64_t page_within(const ListShape& shape, const ListQuery& query, uint64_t total) {
  const uint64_t pages = std::max<uint64_t>(1, (total + shape.page_size - 1) / shape.page_size);
  return std::min(query.page, pages);
}

uint64_t list_offset(const ListShape& shape, uint64_t page_number) {
  return (page_number - 1) * shape.page_size;
}

ListPage list_page(const ListShape& shape, const ListQuery& query, std::vector<ListRow> rows) {
  const std::vector<std::string> words = words_of(query.search);
  std::erase_if(
      rows, [&](const ListRow& row) { return !found_in(row, words) || !chosen_by(row, query); });
  sort_rows(shape, query, rows);
  ListPage page;
  page.total = rows.size();
  page.number = page_within(shape, query, page.total);
  if (!query.csv) {
    const auto first = std::min(list_offset(shape, page.number), page.total);
    const auto last = std::min(first + shape.page_size, page.total);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(last), rows.end());
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(first));
  }
  page.rows = std::move(rows);
  return page;
}

}  // namespace firebreak::web
