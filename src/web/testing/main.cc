// SPDX-License-Identifier: Apache-2.0
// web_test_server FOLDER POLICIES [PAGES]: makes a new data folder with a person for each role,
// serves its API and, with PAGES, its pages on a free port, and prints one line of JSON for
// tests/web_server.py: the port, each person's one-time password and signing key, a newcomer's
// one-time password, the session of somebody suspended since, a token for each kind of service, and
// the whole table of routes. Stops on SIGTERM. No mail leaves it. Each SIGUSR1 moves its clock
// forward by 31 minutes, after which a session that was not used has ended.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/files.h"
#include "channel/mail/mime_renderer.h"
#include "identity/rights.h"
#include "web/web.h"

namespace {

using namespace firebreak;

std::atomic<int> steps_forward{0};

class MovedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return system_.now() + steps_forward.load() * std::chrono::minutes{31};
  }

 private:
  SystemClock system_;
};

Result<Json> people_of(const record::NewFolder& made, const std::filesystem::path& folder) {
  Json people = Json::object();
  for (const record::AddedPerson& person : made.people) {
    Json entry = {{"id", person.id}, {"password", person.password}};
    const auto key = folder / "people" / (person.name + ".key");
    if (std::filesystem::exists(key)) entry["key"] = key.string();
    people[person.name] = entry;
  }
  return people;
}

Result<Json> services_of(record::Directory& directory) {
  Json tokens = Json::object();
  for (const std::string_view kind : identity::known_service_kinds()) {
    const std::string name = std::string(kind);
    FB_TRY(const record::AddedService added, directory.add_service(std::nullopt, name, name));
    tokens[name] = added.token;
  }
  return tokens;
}

record::NewPerson demo_officer(const std::string& name) {
  record::NewPerson who;
  who.name = name;
  who.display_name = "Demo " + name;
  who.roles = {"officer"};
  return who;
}

// A session that was begun before its person was suspended.
Result<std::string> suspended_session(record::Directory& directory) {
  FB_TRY(const record::AddedPerson person,
         directory.add_person(std::nullopt, demo_officer("suspended")));
  FB_TRY(const record::SignedIn first, directory.sign_in(person.name, person.password));
  FB_CHECK(directory.change_password(first.token, person.password, "three words together"));
  FB_TRY(record::SignedIn session, directory.sign_in(person.name, "three words together"));
  FB_CHECK(directory.deactivate_person(std::nullopt, person.name));
  return std::move(session.token);
}

Json routes_of(const web::Router& router) {
  Json routes = Json::array();
  for (const web::Route& route : router.routes()) {
    const char* audience = route.audience == web::Audience::api    ? "api"
                           : route.audience == web::Audience::page ? "page"
                                                                   : "asset";
    Json right;
    if (route.right) right = identity::right_name(*route.right);
    routes.push_back({{"method", route.method},
                      {"path", route.path},
                      {"right", right},
                      {"open", route.open},
                      {"audience", audience},
                      {"before_new_password", route.before_new_password}});
  }
  return routes;
}

// Some tests ask faster than people do, and say so (tests/web_server.py).
Result<void> lift_limits(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "force.toml";
  FB_TRY(std::string text, read_file(file));
  for (const auto& [section, setting] :
       {std::pair<std::string, std::string>{"[web]\n", "open_pages_per_minute = 1000000\n"},
        {"[sign_in]\n", "per_minute = 1000000\n"}}) {
    const auto at = text.find(section);
    if (at == std::string::npos) return internal_error("force.toml has no " + section);
    text.insert(at + section.size(), setting);
  }
  return write_file_durably(file, text);
}

Result<void> run(const std::filesystem::path& folder, const std::filesystem::path& policies,
                 const std::filesystem::path& pages) {
  MovedClock clock;
  std::signal(SIGUSR1, [](int) { ++steps_forward; });
  SystemRandom random;
  FB_TRY(const record::NewFolder made,
         record::init_data_folder({.folder = folder,
                                   .policies = policies,
                                   .demo = true,
                                   .password_cost = identity::PasswordCost::interactive},
                                  clock, random));
  if (std::getenv("FIREBREAK_LIFT_LIMITS") != nullptr) FB_CHECK(lift_limits(folder));
  FB_TRY(const auto reg,
         record::Register::open({.folder = folder,
                                 .renderer = std::make_shared<mail::MimeRenderer>(),
                                 .password_cost = identity::PasswordCost::interactive},
                                clock, random));
  record::Directory& directory = reg->directory();
  FB_TRY(const Json services, services_of(directory));
  FB_TRY(const record::AddedPerson newcomer,
         directory.add_person(std::nullopt, demo_officer("newcomer")));
  FB_TRY(const std::string suspended, suspended_session(directory));
  web::Log log(clock, web::Log::Level::info);
  web::App app{.reg = *reg, .log = log, .ui = pages};
  FB_TRY(const auto server, web::Web::start(app, {.deadlines = {.body = std::chrono::seconds(2)}}));
  FB_TRY(const Json people, people_of(made, folder));
  std::cout << Json{{"port", server->port()},
                    {"people", people},
                    {"one_time_password", newcomer.password},
                    {"suspended", suspended},
                    {"services", services},
                    {"routes", routes_of(server->router())}}
            << std::endl;
  server->run_until_signal();
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 && count != 4) {
    std::cerr << "usage: web_test_server FOLDER POLICIES [PAGES]\n";
    return 2;
  }
  const auto result = run(arguments[1], arguments[2], count == 4 ? arguments[3] : "");
  if (result) return 0;
  std::cerr << result.error().text() << '\n';
  return 1;
}
