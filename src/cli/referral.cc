// SPDX-License-Identifier: Apache-2.0
// firebreak referral …: the steps of a referral's life, on a running server. What an officer signs
// is worked out again here, from what is shown, before it is signed (sign_off.h).
#include <iostream>
#include <memory>
#include <vector>

#include "base/files.h"
#include "cli/api_client.h"
#include "cli/command.h"
#include "cli/referral_steps.h"
#include "cli/referral_view.h"
#include "cli/sign_off.h"

namespace firebreak::cli {
namespace {

struct ReferralOptions {
  ServerOptions server;
  std::string ref;
  std::string file;
  std::vector<std::string> states;
  std::string reason;
  std::string note;
  std::string key;
  bool yes = false;
  std::string facts;
  bool supersede = false;
  std::string safeguarding;
  std::string as;
  std::string evidence;
};

using Shared = std::shared_ptr<ReferralOptions>;

Result<Json> json_file(const std::string& path) {
  FB_TRY(const std::string text, read_file(path, size_t{1} << 20));
  auto value = parse_json(text);
  if (!value) {
    return bad_input(value.error().message,
                     path + (value.error().where.empty() ? "" : ", " + value.error().where));
  }
  return value;
}

// Takes a step and shows what the referral has become.
Result<int> step(const ReferralOptions& options, const std::string& name, const Json& body,
                 bool json) {
  return take_referral_step(options.server, options.ref, name, body, json);
}

Result<int> submit(ReferralOptions options, bool json) {
  if (options.ref.empty() && options.file.empty()) {
    return bad_input("There is nothing to submit.", {},
                     "Give --file FILE for a new referral, or the REF of a draft.");
  }
  Json body = Json::object();
  if (!options.file.empty()) {
    FB_TRY(const Json draft, json_file(options.file));
    if (options.ref.empty()) {
      FB_TRY(ApiClient client, ApiClient::from(options.server));
      FB_TRY(const Json made, client.post("/v1/referrals", draft));
      options.ref = made.value("referral", "");
    } else {
      body["draft"] = draft;
    }
  }
  return step(options, "submit", body, json);
}

Result<int> show(const ReferralOptions& options, bool json) {
  FB_TRY(const std::string path, referral_path(options.ref, ""));
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json referral, client.get(path));
  show_referral(referral, json);
  return 0;
}

Result<int> list(const ReferralOptions& options, bool json) {
  std::string query;
  for (const std::string& state : options.states) {
    if (state.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos) {
      return bad_input("This is not the state of a referral.", "--state");
    }
    query += (query.empty() ? "?state=" : "&state=") + state;
  }
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json found, client.get("/v1/referrals" + query));
  show_list(found, json);
  return 0;
}

Result<int> authorise(const ReferralOptions& options, bool json) {
  FB_TRY(const std::string path, referral_path(options.ref, ""));
  FB_TRY(const std::string key_text, read_file(options.key, 4096));
  FB_TRY(const identity::SigningSecret secret, identity::read_signing_secret(key_text));
  FB_TRY(ApiClient client, ApiClient::from(options.server));
  FB_TRY(const Json referral, client.get(path));
  FB_TRY(const SignOff sign_off, prepare_sign_off(referral, options.ref));
  if (!options.yes) {
    show_for_sign_off(referral, sign_off);
    FB_CHECK(confirm_sign_off());
  }
  FB_TRY(const Json done, client.post(path + "/authorise", signed_body(sign_off, secret)));
  show_referral(done, json);
  return 0;
}

Result<int> release(const ReferralOptions& options, bool json) {
  FB_TRY(const Json facts, json_file(options.facts));
  // The draft's file serves too: its facts are what was read from the records system.
  const bool draft = facts.is_object() && facts.contains("facts") && facts["facts"].is_object();
  Json body = {{"facts", draft ? facts["facts"] : facts}, {"safeguarding", options.safeguarding}};
  if (!options.note.empty()) body["note"] = options.note;
  if (options.supersede) body["supersede"] = true;
  return step(options, "release", body, json);
}

CLI::App* add_command(CLI::App& group, const char* name, const char* what, const Shared& options) {
  CLI::App* command = group.add_subcommand(name, what);
  add_server_options(*command, options->server);
  return command;
}

CLI::App* add_step(CLI::App& group, const char* name, const char* what, const Shared& options) {
  CLI::App* command = add_command(group, name, what, options);
  command->add_option("REF", options->ref, "The referral's reference")->required();
  return command;
}

void add_reads(CLI::App& group, Run& run) {
  auto reads = std::make_shared<ReferralOptions>();
  CLI::App* one =
      add_step(group, "show", "Show a referral, with its content if you may see it", reads);
  on_run(*one, run, [reads](bool json) { return show(*reads, json); });
  auto lists = std::make_shared<ReferralOptions>();
  CLI::App* all = add_command(group, "list", "List referrals", lists);
  all->add_option("--state", lists->states,
                  "Only these states, for example in_doubt; may be repeated");
  on_run(*all, run, [lists](bool json) { return list(*lists, json); });
}

void add_submit(CLI::App& group, Run& run) {
  auto options = std::make_shared<ReferralOptions>();
  CLI::App* command =
      add_command(group, "submit", "Submit a new referral, or one that came back", options);
  command->add_option("REF", options->ref, "A referral that came back; none for a new one");
  command->add_option("--file", options->file, "The draft, as JSON (docs/referrals.md)")
      ->type_name("FILE");
  on_run(*command, run, [options](bool json) { return submit(*options, json); });
}

// return and refuse: a reason of the fixed list, and a note that is sealed with the referral.
void add_answer(CLI::App& group, Run& run, const char* name, const char* what) {
  auto options = std::make_shared<ReferralOptions>();
  CLI::App* command = add_step(group, name, what, options);
  command
      ->add_option(
          "--reason", options->reason,
          "incomplete, not_necessary, not_proportionate, threshold_not_met, safeguarding or other")
      ->required();
  command->add_option("--note", options->note, "A note to the requester; sealed with the referral");
  on_run(*command, run, [options, name = std::string(name)](bool json) {
    return step(*options, name, {{"reason", options->reason}, {"note", options->note}}, json);
  });
}

void add_authorise(CLI::App& group, Run& run) {
  auto options = std::make_shared<ReferralOptions>();
  CLI::App* command =
      add_step(group, "authorise", "Sign off: read it, then sign exactly that", options);
  command->add_option("--key", options->key, "Your signing key")->type_name("FILE")->required();
  command->add_flag("--yes", options->yes, "You have read it: sign without asking");
  on_run(*command, run, [options](bool json) { return authorise(*options, json); });
}

void add_release(CLI::App& group, Run& run) {
  auto options = std::make_shared<ReferralOptions>();
  CLI::App* command = add_step(
      group, "release", "Release to the mail server, after reading the facts again", options);
  command
      ->add_option("--facts", options->facts,
                   "The facts as the records system shows them now, as JSON")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--safeguarding", options->safeguarding,
                   "Whether the person is safe if this is sent: done or not_needed")
      ->required();
  command->add_option("--note", options->note, "What was done; sealed with the referral");
  command->add_flag("--supersede", options->supersede, "Send again one that is in doubt");
  on_run(*command, run, [options](bool json) { return release(*options, json); });
}

void add_settle(CLI::App& group, Run& run) {
  auto options = std::make_shared<ReferralOptions>();
  CLI::App* command =
      add_step(group, "settle", "Settle one that is in doubt, by evidence", options);
  command->add_option("--as", options->as, "delivered or not_delivered")->required();
  command->add_option("--evidence", options->evidence, "mail_log, delivery_notice or recipient")
      ->required();
  on_run(*command, run, [options](bool json) {
    return step(*options, "settle", {{"as", options->as}, {"evidence", options->evidence}}, json);
  });
}

}  // namespace

Result<std::string> referral_path(const std::string& ref, const std::string& step) {
  const bool plain =
      !ref.empty() &&
      ref.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!plain)
    return bad_input("This is not the reference of a referral.", "REF", "It looks like ref_… .");
  return "/v1/referrals/" + ref + (step.empty() ? "" : "/" + step);
}

Result<int> take_referral_step(const ServerOptions& server, const std::string& ref,
                               const std::string& step, const Json& body, bool json) {
  FB_TRY(const std::string path, referral_path(ref, step));
  FB_TRY(ApiClient client, ApiClient::from(server));
  FB_TRY(const Json referral, client.post(path, body));
  show_referral(referral, json);
  return 0;
}

void add_referral(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("referral", "A referral's life, on a running server");
  group->require_subcommand(1);
  add_submit(*group, run);
  add_reads(*group, run);
  add_answer(*group, run, "return", "Send back to the requester");
  auto withdrawn = std::make_shared<ReferralOptions>();
  CLI::App* withdraw = add_step(*group, "withdraw", "Withdraw your referral", withdrawn);
  on_run(*withdraw, run,
         [withdrawn](bool json) { return step(*withdrawn, "withdraw", Json::object(), json); });
  add_authorise(*group, run);
  add_answer(*group, run, "refuse", "Refuse the sign-off");
  add_release(*group, run);
  add_settle(*group, run);
  add_verify_signoff(*group, run);
  add_referral_aftercare(*group, run);
}

}  // namespace firebreak::cli
