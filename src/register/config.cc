// SPDX-License-Identifier: Apache-2.0
#include "register/config.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "register/config_table.h"
#include "register/config_words.h"

namespace firebreak::record {
namespace {

// Scheme, host and port alone, as browsers write an origin.
bool is_origin(std::string_view text) {
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return false;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' ||
           c == '[' || c == ']';
  });
}

class ConfigReader {
 public:
  ConfigReader(const toml::table& root, std::string file) : root_(root), file_(std::move(file)) {}

  Result<Config> read() {
    force();
    ledger();
    mail();
    web_referrals_and_changes();
    sign_in();
    sign_off();
    each("destination", [this](Table& table) { destination(table); });
    each("policy", [this](Table& table) { policy(table); });
    each("assertion", [this](Table& table) { assertion(table); });
    unknown_sections();
    if (error_) return *std::move(error_);
    return std::move(config_);
  }

 private:
  Table section(const char* name) {
    sections_.insert(name);
    const toml::node* node = root_.get(name);
    if (node != nullptr && node->as_table() == nullptr && !error_) {
      error_ = bad_input("'" + std::string(name) + "' is a section: [" + name + "].",
                         toml_place(file_, node->source()), "Write its settings under that line.");
    }
    return {node == nullptr ? nullptr : node->as_table(), "[" + std::string(name) + "]", file_,
            error_};
  }

  template <typename Function>
  void each(const char* name, Function function) {
    sections_.insert(name);
    const toml::node* node = root_.get(name);
    if (node == nullptr || error_) return;
    const toml::array* array = node->as_array();
    const std::string title = "[[" + std::string(name) + "]]";
    if (array == nullptr || !array->is_homogeneous<toml::table>()) {
      error_ = bad_input("'" + std::string(name) + "' is a list of sections: " + title + ".",
                         toml_place(file_, node->source()), "Write each under a line of its own.");
      return;
    }
    for (const toml::node& item : *array) {
      Table table(item.as_table(), title, file_, error_);
      function(table);
      table.finish();
    }
  }

  void force() {
    Table table = section("force");
    table.text("name", config_.force.name, true);
    table.text("domain", config_.force.domain, true);
    table.texts("districts", config_.force.districts);
    if (const std::string rule = wrong_offices(config_.force.districts); !rule.empty())
      table.wrong("districts", rule);
    if (!is_domain(config_.force.domain)) table.wrong("domain", "is a domain in lower case.");
    table.finish();
  }

  void ledger() {
    Table table = section("ledger");
    int64_t seconds = config_.ledger.checkpoint_every.count();
    table.text("origin", config_.ledger.origin, true);
    table.number("checkpoint_seconds", seconds, 1, 86'400);
    table.number("pad_to", config_.ledger.pad_to, 1, 65'536);
    config_.ledger.checkpoint_every = std::chrono::seconds{seconds};
    const std::string& origin = config_.ledger.origin;
    if (origin.find_first_of(" +") != std::string::npos)
      table.wrong("origin", "may hold no space and no '+'.");
    table.finish();
  }

  void mail() {
    Table table = section("mail");
    std::string tls = "required";
    table.text("from", config_.mail.from, true);
    table.text("relay", config_.mail.relay);
    table.text("tls", tls);
    table.text("ca_file", config_.mail.ca_file);
    table.flag("outbox_sealed", config_.mail.outbox_sealed);
    if (!is_address(config_.mail.from)) table.wrong("from", "is a plain e-mail address.");
    if (!config_.mail.relay.empty() && !is_relay(config_.mail.relay))
      table.wrong("relay", "is \"\" (the outbox) or \"smtp://host:port\".");
    if (tls != "required" && tls != "none") table.wrong("tls", "is \"required\" or \"none\".");
    config_.mail.tls = tls == "none" ? MailTls::none : MailTls::required;
    table.finish();
  }

  void web_referrals_and_changes() {
    Table web = section("web");
    web.text("listen", config_.web.listen);
    web.text("origin", config_.web.origin);
    web.text("address_header", config_.web.address_header);
    web.number("open_pages_per_minute", config_.web.open_pages_per_minute, 1, 1'000'000);
    if (!config_.web.origin.empty() && !is_origin(config_.web.origin))
      web.wrong("origin", "is a site without a path: \"https://firebreak.police.example\".");
    web.finish();
    Table referrals = section("referrals");
    referrals.number("erase_refused_days", config_.referrals.erase_refused_days, 1, 3650);
    referrals.number("erase_begun_days", config_.referrals.erase_begun_days, 1, 3650);
    std::string supervisor = "optional";
    referrals.text("supervisor", supervisor);
    if (supervisor != "optional" && supervisor != "required")
      referrals.wrong("supervisor", "is \"optional\" or \"required\".");
    config_.referrals.supervisor =
        supervisor == "required" ? SupervisorLook::required : SupervisorLook::optional;
    referrals.finish();
    Table outcomes = section("outcomes");
    outcomes.numbers("chase_days", config_.outcomes.chase_days, 1, 3650);
    const auto& days = config_.outcomes.chase_days;
    if (std::adjacent_find(days.begin(), days.end(), std::greater_equal<>()) != days.end())
      outcomes.wrong("chase_days", "is a list in which each number is larger than the last.");
    outcomes.finish();
    Table retention = section("retention");
    retention.number("years", config_.retention.years, 1, 100);
    retention.finish();
    Table changes = section("changes");
    changes.number("delay_hours", config_.changes.delay_hours, 0, 8760);
    changes.finish();
  }

  void sign_in() {
    Config::SignIn& out = config_.sign_in;
    Table table = section("sign_in");
    int64_t idle = out.sessions.idle.count() / 60;
    int64_t absolute = out.sessions.absolute.count() / 3600;
    int64_t one_time = out.one_time_password.count() / 24;
    table.flag("local", out.local);
    table.number("idle_minutes", idle, 1, 24 * 60);
    table.number("absolute_hours", absolute, 1, 7 * 24);
    table.number("one_time_password_days", one_time, 1, 365);
    table.number("per_minute", out.per_minute, 1, 1'000'000);
    out.sessions.idle = std::chrono::minutes{idle};
    out.sessions.absolute = std::chrono::hours{absolute};
    out.one_time_password = std::chrono::hours{24 * one_time};
    Table provider = table.inner("oidc");
    if (provider.given()) oidc(provider);
    passkeys(table);
    if (!out.local && !out.oidc) table.wrong("local", "is false, and there is no [sign_in.oidc].");
    table.finish();
  }

  // What of it needs the secret, or what the settings mean together, is checked when the provider
  // is made (web/provider_sign_in.h).
  void oidc(Table& table) {
    identity::oidc::Settings out;
    table.text("issuer", out.issuer, true);
    table.text("client_id", out.client_id, true);
    table.text("client_secret_file", config_.sign_in.oidc_secret_file, true);
    table.text("claim", out.roles_claim, true);
    table.text("name_claim", out.name_claim);
    table.text_lists("roles", out.roles);
    table.finish();
    config_.sign_in.oidc = std::move(out);
  }

  void passkeys(Table& table) {
    Config::SignIn& out = config_.sign_in;
    std::string factor = "required_for_ranks";
    table.text("second_factor", factor);
    if (factor == "optional") {
      out.second_factor = SecondFactor::optional;
    } else if (factor == "required") {
      out.second_factor = SecondFactor::required;
    } else if (factor != "required_for_ranks") {
      table.wrong("second_factor", "is \"optional\", \"required_for_ranks\" or \"required\".");
    }
    table.flag("passkeys_by_two", out.passkeys_by_two);
    table.number("passkey_delay_hours", out.passkey_delay_hours, 0, 720);
  }

  void sign_off() {
    Table table = section("sign_off");
    table.flag("file_keys", config_.sign_off.file_keys);
    table.number("urgent_hours", config_.sign_off.urgent_hours, 1, 72);
    table.finish();
  }

  void destination(Table& table) {
    Destination out;
    table.text("id", out.id, true);
    table.text("recipient", out.recipient, true);
    table.text("address", out.address);
    table.text("label", out.label);
    table.texts("purposes", out.purposes);
    table.texts("addresses", out.addresses);
    table.texts("domains", out.domains);
    table.texts("telephones", out.telephones);
    table.day("from", out.from);
    table.day("until", out.until);
    for (const auto& [member, rule] : wrong_members(out)) table.wrong(member, rule);
    if (config_.destination(out.id) != nullptr) table.wrong("id", "is given twice.");
    if (out.label.empty()) out.label = out.id;
    config_.destinations.push_back(std::move(out));
  }

  void policy(Table& table) {
    PolicyPeriod out;
    table.text("file", out.file, true);
    table.day("from", out.days.from);
    table.day("until", out.days.until);
    table.words("settings", out.settings);
    table.text("offences", out.offences);
    if (!is_file_name(out.file, ".policy"))
      table.wrong("file", "is the name of a .policy file in policies/.");
    if (!out.offences.empty() && !is_file_name(out.offences, ".offences"))
      table.wrong("offences", "is the name of a .offences file in policies/.");
    if (out.days.from && out.days.until && *out.days.until < *out.days.from)
      table.wrong("until", "is before 'from'.");
    config_.policies.push_back(std::move(out));
  }

  void assertion(Table& table) {
    policy::ForceAssertion out;
    table.text("text", out.text, true);
    table.text("claim", out.claim, true);
    const bool twice = std::any_of(config_.assertions.begin(), config_.assertions.end(),
                                   [&](const auto& known) { return known.text == out.text; });
    if (twice) table.wrong("text", "is given twice.");
    config_.assertions.push_back(std::move(out));
  }

  void unknown_sections() {
    for (const auto& [key, value] : root_) {
      const std::string word(key.str());
      if (error_ || sections_.contains(word)) continue;
      error_ = bad_input("There is no section '" + word + "'.", toml_place(file_, value.source()),
                         "Did you mean '" + nearest_word(sections_, word) + "'?");
    }
  }

  const toml::table& root_;
  std::string file_;
  std::optional<Error> error_;
  std::set<std::string> sections_;
  Config config_;
};

}  // namespace

const Destination* Config::destination(std::string_view id) const {
  for (const Destination& known : destinations) {
    if (known.id == id) return &known;
  }
  return nullptr;
}

Result<Config> read_config(std::string_view text, const std::string& name) {
  try {
    const toml::table root = toml::parse(text, name);
    return ConfigReader(root, name).read();
  } catch (const toml::parse_error& error) {
    return bad_input("This is not TOML: " + std::string(error.description()) + ".",
                     toml_place(name, error.source()), "Correct the line.");
  }
}

}  // namespace firebreak::record
