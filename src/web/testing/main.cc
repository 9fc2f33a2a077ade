// SPDX-License-Identifier: Apache-2.0
// web_test_server FOLDER POLICIES: makes a new data folder with a person for each role, serves its
// API on a free port, and prints one line of JSON for tests/api: the port, a service's token, and
// each person's one-time password and signing key. Stops on SIGTERM. No mail leaves it.
#include <iostream>

#include "base/files.h"
#include "channel/mail/mime_renderer.h"
#include "web/web.h"

namespace {

using namespace firebreak;

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

Result<void> run(const std::filesystem::path& folder, const std::filesystem::path& policies) {
  SystemClock clock;
  SystemRandom random;
  FB_TRY(const record::NewFolder made,
         record::init_data_folder({.folder = folder,
                                   .policies = policies,
                                   .demo = true,
                                   .password_cost = identity::PasswordCost::interactive},
                                  clock, random));
  FB_TRY(const auto reg,
         record::Register::open({.folder = folder,
                                 .renderer = std::make_shared<mail::MimeRenderer>(),
                                 .password_cost = identity::PasswordCost::interactive},
                                clock, random));
  FB_TRY(const record::AddedService service,
         reg->directory().add_service(std::nullopt, "records", "records_system"));
  web::Log log(clock, web::Log::Level::info);
  web::App app{.reg = *reg, .log = log};
  FB_TRY(const auto server, web::Web::start(app, {.deadlines = {.body = std::chrono::seconds(2)}}));
  FB_TRY(const Json people, people_of(made, folder));
  std::cout << Json{{"port", server->port()}, {"service", service.token}, {"people", people}}
            << std::endl;
  server->run_until_signal();
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: web_test_server FOLDER POLICIES\n";
    return 2;
  }
  const auto result = run(arguments[1], arguments[2]);
  if (result) return 0;
  std::cerr << result.error().text() << '\n';
  return 1;
}
