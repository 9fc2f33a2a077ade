// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "web/http.h"

namespace firebreak::web {
namespace {

bool is_name(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_rest(std::string_view segment) { return is_name(segment) && segment.ends_with("...}"); }

std::string_view name_of(std::string_view segment) {
  const size_t tail = is_rest(segment) ? 4 : 1;
  return segment.substr(1, segment.size() - 1 - tail);
}

std::vector<std::string> split(std::string_view path) {
  if (path.empty() || path.front() != '/') throw std::logic_error("a route's path begins with /");
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    segments.emplace_back(segment);
    path.remove_prefix(segment.size());
  }
  return segments;
}

// Fills `parameters` when the path fits; an empty segment never stands for a name.
bool fits(const std::vector<std::string>& segments, std::string_view path,
          std::vector<Header>& parameters) {
  parameters.clear();
  for (const std::string& segment : segments) {
    if (path.empty() || path.front() != '/') return false;
    path.remove_prefix(1);
    if (is_rest(segment)) {
      parameters.push_back({std::string(name_of(segment)), std::string(path)});
      return !path.empty();
    }
    const std::string_view here = path.substr(0, path.find('/'));
    path.remove_prefix(here.size());
    if (is_name(segment)) {
      if (here.empty()) return false;
      parameters.push_back({std::string(name_of(segment)), std::string(here)});
    } else if (here != segment) {
      return false;
    }
  }
  return path.empty();
}

// Which route is tried first: literal paths, so that /v1/openapi.json is never taken for a {name};
// then names; {rest...} last.
int rank(const std::vector<std::string>& segments) {
  if (is_rest(segments.back())) return 2;
  return std::any_of(segments.begin(), segments.end(), is_name) ? 1 : 0;
}

bool answers(const Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET");
}

}  // namespace

void Router::add(Route route, Handler handler) {
  std::vector<std::string> segments = split(route.path);
  for (const std::string& segment : segments) {
    if (is_rest(segment) && &segment != &segments.back()) {
      throw std::logic_error("{name...} stands at the end of a route's path: " + route.path);
    }
  }
  for (const Entry& entry : entries_) {
    if (entry.route.method == route.method && entry.route.path == route.path) {
      throw std::logic_error("two handlers for " + route.method + " " + route.path);
    }
  }
  const auto after =
      std::upper_bound(entries_.begin(), entries_.end(), rank(segments),
                       [](int added, const Entry& entry) { return added < rank(entry.segments); });
  entries_.insert(after, {std::move(route), std::move(segments), std::move(handler)});
}

std::vector<Route> Router::routes() const {
  std::vector<Route> all;
  for (const Entry& entry : entries_) all.push_back(entry.route);
  return all;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  std::vector<Header> parameters;
  for (const Entry& entry : entries_) {
    if (!fits(entry.segments, path, parameters)) continue;
    if (answers(entry.route, method)) {
      match.route = &entry.route;
      match.handler = &entry.handler;
      match.parameters = std::move(parameters);
      match.allow.clear();
      return match;
    }
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += entry.route.method == "GET" ? "GET, HEAD" : entry.route.method;
  }
  return match;
}

}  // namespace firebreak::web
