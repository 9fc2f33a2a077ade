// SPDX-License-Identifier: Apache-2.0
#include "register/config.h"

namespace firebreak::record {

namespace {

// What a demonstration does otherwise than a force should.
std::string sign_in_text(bool demo) {
  if (!demo) {
    return "\n[sign_off]\nfile_keys = false  # passkeys alone sign off\n"
           "\n# The section [sign_in] holds what sign-in and passkeys need: docs/operations.md.\n";
  }
  return "\n# Demonstration only: the command line works too, a chief officer's passkey counts at "
         "once,\n# and a key file signs off as a passkey does.\n"
         "[sign_in]\nsecond_factor = \"optional\"\npasskeys_by_two = false\n"
         "passkey_delay_hours = 0\n"
         "\n[sign_off]\nfile_keys = true\n";
}

}  // namespace

std::string new_config_text(const NewConfig& choices, Day today) {
  const std::string domain = choices.domain;
  return "# What this force decides for itself. Read whole at start; a wrong line stops the "
         "start.\n"
         "\n[force]\nname = \"" +
         choices.force_name + "\"\ndomain = \"" + domain +
         "\"  # of the referrals' Message-IDs\n"
         "districts = [\"A\", \"B\", \"C\"]  # the first offices that a question may give\n"
         "\n[ledger]\norigin = \"" +
         domain +
         "/firebreak\"  # the log's name; never change it\n"
         "checkpoint_seconds = 600\n"
         "pad_to = 64  # checkpoints cover multiples of this many entries\n"
         "\n[mail]\nfrom = \"referrals@" +
         domain +
         "\"\n"
         "relay = \"\"  # \"smtp://host:port\"; empty: .eml files in outbox/\n"
         "tls = \"required\"\noutbox_sealed = " +
         (choices.demo ? "false  # demonstration only: anyone with the folder can read them"
                       : "true") +
         "\n\n[referrals]\n"
         "erase_refused_days = 30  # after a refusal or withdrawal the content is destroyed\n"
         "erase_begun_days = 14  # so is what was begun and then left alone\n"
         "supervisor = \"optional\"  # \"required\": one forwards a referral before anybody "
         "decides\n"
         "\n[outcomes]\nchase_days = [7, 28, 90]  # when the recipient is asked what became of it\n"
         "\n[retention]\nyears = 7  # then a closed referral is due for erasure, by two persons\n"
         "\n[changes]\ndelay_hours = " +
         (choices.demo ? "0  # demonstration only: a change takes effect when it is approved"
                       : "24  # how long a change waits after a second person approved it") +
         "\n\n[web]\nlisten = \"127.0.0.1:8080\"\n"
         "origin = \"\"  # the public https address; passkeys belong to it. Empty: this machine "
         "alone\n" +
         sign_in_text(choices.demo) +
         "\n# What follows, the delay, [referrals] and [retention] are recorded when the folder "
         "is\n"
         "# made. Afterwards two persons change them: `firebreak change propose force-toml`\n"
         "# proposes what stands here.\n"
         "\n# Where referrals may go. These are examples: example domains reach nobody.\n"
         "[[destination]]\nid = \"immigration-desk\"\nrecipient = \"immigration_enforcement\"\n"
         "address = \"referrals@enforcement.example\"\nlabel = \"Immigration Enforcement referral "
         "desk\"\n"
         "\n[[destination]]\nid = \"competent-authority\"\nrecipient = \"competent_authority\"\n"
         "address = \"nrm@competent-authority.example\"\nlabel = \"Competent authority "
         "(trafficking)\"\n"
         "\n# The policies in force, each from its first day to the last day named in 'until'. "
         "What a\n"
         "# policy leaves to the force stands below it, under [policy.settings]; the list of "
         "offences\n"
         "# by which histories are classed is named by 'offences'.\n"
         "[[policy]]\nfile = \"" +
         choices.policy_file + "\"\nfrom = \"" + format_day(today) + "\"\n";
}

}  // namespace firebreak::record
