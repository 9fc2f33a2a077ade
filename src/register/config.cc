// SPDX-License-Identifier: Apache-2.0
#include "register/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace firebreak::record {
namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
    }
  }
  return row[b.size()];
}

std::string place_of(const std::string& file, const toml::source_region& source) {
  return file + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column);
}

// One table of the file: takes its settings one by one, and at the end knows the unknown ones.
// The first error is kept; after it everything is skipped.
class Table {
 public:
  Table(const toml::table* table, std::string name, std::string file, std::optional<Error>& error)
      : table_(table), name_(std::move(name)), file_(std::move(file)), error_(error) {}

  void text(const char* key, std::string& out, bool required = false) {
    const auto* value = take(key, required);
    if (value == nullptr) return;
    const auto given = value->value_exact<std::string>();
    if (!given) return fail(*value, key, "is a text in quotes.");
    if (required && given->empty()) return fail(*value, key, "may not be empty.");
    const bool control = std::any_of(given->begin(), given->end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (control) return fail(*value, key, "may not hold control characters.");
    out = *given;
  }

  template <typename Number>
  void number(const char* key, Number& out, int64_t least, int64_t most) {
    const auto* value = take(key, false);
    if (value == nullptr) return;
    const auto given = value->value_exact<int64_t>();
    if (!given || *given < least || *given > most) {
      return fail(
          *value, key,
          "is a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    }
    out = Number(*given);
  }

  void flag(const char* key, bool& out) {
    const auto* value = take(key, false);
    if (value == nullptr) return;
    const auto given = value->value_exact<bool>();
    if (!given) return fail(*value, key, "is true or false.");
    out = *given;
  }

  // A date, written as a text or as TOML's own date.
  void day(const char* key, std::optional<Day>& out) {
    const auto* value = take(key, false);
    if (value == nullptr) return;
    if (const auto date = value->value_exact<toml::date>()) {
      out = Day{std::chrono::year{date->year}, std::chrono::month{date->month},
                std::chrono::day{date->day}};
      return;
    }
    const auto given = parse_day(value->value_or<std::string>(""));
    if (!given) return fail(*value, key, "is a date, YYYY-MM-DD.");
    out = *given;
  }

  void texts(const char* key, std::vector<std::string>& out) {
    const auto* value = take(key, false);
    if (value == nullptr) return;
    const toml::array* array = value->as_array();
    if (array == nullptr) return fail(*value, key, "is a list of texts.");
    for (const toml::node& item : *array) {
      const auto given = item.value_exact<std::string>();
      if (!given || given->empty()) return fail(item, key, "is a list of texts.");
      out.push_back(*given);
    }
  }

  // A table of words and numbers, each as its text; empty when there is none.
  void words(const char* key, std::map<std::string, std::string>& out) {
    const auto* value = take(key, false);
    if (value == nullptr) return;
    const toml::table* table = value->as_table();
    if (table == nullptr) return fail(*value, key, "is a table of settings.");
    for (const auto& [name, item] : *table) {
      const auto text = item.value_exact<std::string>();
      const auto number = item.value_exact<int64_t>();
      if (!text && !number) return fail(item, std::string(name.str()), "is a word or a number.");
      out[std::string(name.str())] = text ? *text : std::to_string(*number);
    }
  }

  void fail(const toml::node& at, const std::string& key, const std::string& why) {
    if (!error_) {
      error_ = bad_input("The setting '" + key + "' of " + name_ + " " + why,
                         place_of(file_, at.source()), "Correct it and start again.");
    }
  }
  // About a setting that was read, whose value turned out wrong.
  void wrong(const char* key, const std::string& why) {
    if (table_ != nullptr && table_->get(key) != nullptr) fail(*table_->get(key), key, why);
  }

  void finish() {
    if (table_ == nullptr || error_) return;
    for (const auto& [key, value] : *table_) {
      const std::string word(key.str());
      if (known_.contains(word)) continue;
      const auto nearest =
          std::min_element(known_.begin(), known_.end(), [&](const auto& a, const auto& b) {
            return edit_distance(a, word) < edit_distance(b, word);
          });
      error_ = bad_input("There is no setting '" + word + "' in " + name_ + ".",
                         place_of(file_, value.source()), "Did you mean '" + *nearest + "'?");
      return;
    }
  }

 private:
  const toml::node* take(const char* key, bool required) {
    known_.insert(key);
    if (error_) return nullptr;
    const toml::node* value = table_ == nullptr ? nullptr : table_->get(key);
    if (value == nullptr && required) {
      error_ = bad_input("The setting '" + std::string(key) + "' of " + name_ + " is missing.",
                         table_ == nullptr ? file_ : place_of(file_, table_->source()),
                         "Add it and start again.");
    }
    return value;
  }

  const toml::table* table_;
  std::string name_;
  std::string file_;
  std::optional<Error>& error_;
  std::set<std::string> known_;
};

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

// A plain mailbox (RFC 5321, without quoting): all that destinations need, and nothing a relay
// could read in two ways.
bool is_address(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const bool local = std::all_of(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == '+';
      });
  return local && text.front() != '.' && text[at - 1] != '.' && is_domain(text.substr(at + 1));
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_file_name(std::string_view text, std::string_view ending) {
  return text.find('/') == std::string_view::npos && !text.starts_with('.') &&
         text.ends_with(ending);
}

bool is_relay(std::string_view text) {
  constexpr std::string_view kScheme = "smtp://";
  if (!text.starts_with(kScheme)) return false;
  text.remove_prefix(kScheme.size());
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto port = text.substr(colon + 1);
  return is_domain(text.substr(0, colon)) && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

class ConfigReader {
 public:
  ConfigReader(const toml::table& root, std::string file) : root_(root), file_(std::move(file)) {}

  Result<Config> read() {
    force();
    ledger();
    mail();
    web_and_referrals();
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
                         place_of(file_, node->source()), "Write its settings under that line.");
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
                         place_of(file_, node->source()), "Write each under a line of its own.");
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

  void web_and_referrals() {
    Table web = section("web");
    web.text("listen", config_.web.listen);
    web.text("origin", config_.web.origin);
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
  }

  void destination(Table& table) {
    Destination out;
    table.text("id", out.id, true);
    table.text("recipient", out.recipient, true);
    table.text("address", out.address, true);
    table.text("label", out.label);
    if (!is_word(out.id)) table.wrong("id", "is a word of a-z, 0-9, '-' and '_'.");
    if (!is_word(out.recipient)) table.wrong("recipient", "is a word of the vocabulary.");
    if (!is_address(out.address)) table.wrong("address", "is a plain e-mail address.");
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
    config_.assertions.push_back(std::move(out));
  }

  void unknown_sections() {
    for (const auto& [key, value] : root_) {
      const std::string word(key.str());
      if (error_ || sections_.contains(word)) continue;
      const auto nearest =
          std::min_element(sections_.begin(), sections_.end(), [&](const auto& a, const auto& b) {
            return edit_distance(a, word) < edit_distance(b, word);
          });
      error_ = bad_input("There is no section '" + word + "'.", place_of(file_, value.source()),
                         "Did you mean '" + *nearest + "'?");
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
                     place_of(name, error.source()), "Correct the line.");
  }
}

}  // namespace firebreak::record
