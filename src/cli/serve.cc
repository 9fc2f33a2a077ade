// SPDX-License-Identifier: Apache-2.0
// firebreak serve: opens a data folder, carries released referrals out, and serves API and pages
// until it is told to stop.
#include <iostream>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "channel/mail/dispatcher.h"
#include "channel/mail/mime_renderer.h"
#include "channel/mail/outbox.h"
#include "channel/mail/smtp.h"
#include "cli/command.h"
#include "cli/policy_files.h"
#include "register/register.h"
#include "web/web.h"

namespace firebreak::cli {
namespace {

struct ServeOptions {
  std::filesystem::path data;
  std::string listen;
  std::filesystem::path ui;
  bool api_only = false;
};

Result<std::unique_ptr<mail::Carrier>> carrier_for(const record::Register& reg, Random& random) {
  const record::Config& config = reg.config();
  if (config.mail.relay.empty()) {
    const vault::MasterKey* key = config.mail.outbox_sealed ? &reg.vault_key() : nullptr;
    mail::OutboxSettings settings{.folder = reg.paths().outbox(), .sealed_by = key};
    return std::unique_ptr<mail::Carrier>(
        std::make_unique<mail::Outbox>(std::move(settings), random));
  }
  mail::SmtpSettings settings;
  settings.url = config.mail.relay;
  settings.tls = config.mail.tls == record::MailTls::none ? mail::Tls::none : mail::Tls::required;
  settings.ca_file = config.mail.ca_file;
  settings.hello = config.force.domain;
  FB_TRY(std::unique_ptr<mail::SmtpRelay> relay, mail::SmtpRelay::make(std::move(settings)));
  return std::unique_ptr<mail::Carrier>(std::move(relay));
}

// What the outbox holds of an erased referral goes with it: at once, and at the start what an
// interrupted program left.
void keep_outbox_clean(record::Register& reg, web::Log& log) {
  const auto folder = reg.paths().outbox();
  const auto report = [&log](const Result<int>& removed) {
    if (removed) return;
    log.event(web::Log::Level::error, "outbox.not_erased", {{"message", removed.error().text()}});
  };
  report(mail::sweep_outbox(folder, [&reg](const std::string& referral) {
    const auto state = reg.reader().referral(referral);
    return state && state->state == record::State::erased;
  }));
  reg.on_erased([folder, report](const record::ReferralState& state) {
    report(mail::remove_from_outbox(folder, state.id, state.dispatches.size()));
  });
}

const char* outcome_word(record::HandingOutcome outcome) {
  switch (outcome) {
    case record::HandingOutcome::accepted:
      return "accepted";
    case record::HandingOutcome::rejected_temporary:
      return "rejected_temporary";
    case record::HandingOutcome::rejected_permanent:
      return "rejected_permanent";
    case record::HandingOutcome::not_sent:
      return "not_sent";
    case record::HandingOutcome::in_doubt:
      break;
  }
  return "in_doubt";
}

mail::DispatcherSettings logged(web::Log& log) {
  mail::DispatcherSettings settings;
  settings.on_attempt = [&log](const record::Release& release, const mail::HandOver& result) {
    const bool good = result.outcome == record::HandingOutcome::accepted;
    log.event(good ? web::Log::Level::info : web::Log::Level::warning, "mail.attempt",
              {{"referral", release.referral},
               {"release", release.number},
               {"outcome", outcome_word(result.outcome)},
               {"explanation", result.explanation}});
  };
  settings.on_error = [&log](const Error& error) {
    log.event(web::Log::Level::error, "mail.error", {{"message", error.text()}});
  };
  return settings;
}

// Where the pages' files are: built beside a clone, or installed.
Result<std::filesystem::path> pages_folder(const ServeOptions& options) {
  if (options.api_only) return std::filesystem::path();
  if (!options.ui.empty()) return options.ui;
  return shipped_folder("build/ui");
}

// The first count of referrals reads a whole index, and the first figures the whole record: before
// somebody waits for them.
void count_ahead(web::App& app) {
  app.long_reads.start([&app]() -> Result<Json> {
    record::ReferralQuery listed{.states = record::all_states(), .limit = 1};  // as the desk's list
    std::erase(listed.states, record::State::begun);
    FB_TRY([[maybe_unused]] const auto page, app.reg.reader().page(listed));
    const Day today = london_day(app.reg.clock().now());
    FB_TRY([[maybe_unused]] const auto counts, app.reg.figures().of(today, today));
    return Json();
  });
}

Result<int> serve(const ServeOptions& options, bool json) {
  if (!record::is_data_folder(options.data)) {
    return Error{ErrorCode::not_found, "This is not a data folder of Firebreak.",
                 options.data.string(), "firebreak init --data DIR makes one."};
  }
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, record::Register::open({.folder = options.data,
                                                 .renderer = std::make_shared<mail::MimeRenderer>(),
                                                 .listen = options.listen},
                                                clock, random));
  FB_TRY(const std::unique_ptr<mail::Carrier> carrier, carrier_for(*reg, random));
  FB_TRY(const std::filesystem::path ui, pages_folder(options));
  const std::string& listen = reg->config().web.listen;
  FB_TRY(web::ServeOptions where, web::listen_on(listen));
  web::Log log(clock, web::Log::Level::info);
  web::App app{.reg = *reg,
               .log = log,
               .secure = reg->config().web.origin.starts_with("https://"),
               .ui = ui};
  for (const std::string& notice : reg->notices())
    log.event(web::Log::Level::warning, "policy.notice", {{"message", notice}});
  FB_TRY(app.provider, web::ProviderSignIn::open(*reg));
  FB_TRY(const std::unique_ptr<web::Web> web, web::Web::start(app, std::move(where)));
  keep_outbox_clean(*reg, log);
  reg->start();
  count_ahead(app);
  const mail::Dispatcher dispatcher(reg->dispatches(), *carrier, clock, logged(log));
  const std::string url = "http://" + listen;
  if (json) {
    print_json({{"url", url}});
  } else {
    std::cout << "Firebreak serves on " << url << " (stop it with Ctrl-C).\n";
  }
  std::cout << std::flush;
  web->run_until_signal();
  reg->figures().stop();
  return 0;
}

}  // namespace

void add_serve(CLI::App& program, Run& run) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = program.add_subcommand(
      "serve", "Serve a data folder: API, pages, and the mail that is released");
  add_data_option(*command, options->data);
  command->add_option("--listen", options->listen, "Address and port (default: that of force.toml)")
      ->type_name("ADDR");
  command->add_option("--ui", options->ui, "The built pages (default: those of this installation)")
      ->type_name("DIR");
  command->add_flag("--api-only", options->api_only, "Serve the API without pages");
  on_run(*command, run, [options](bool json) { return serve(*options, json); });
}

}  // namespace firebreak::cli
