// SPDX-License-Identifier: Apache-2.0
// Hands a message to the force's relay by SMTP (RFC 5321), with STARTTLS (RFC 3207) required and
// the relay's certificate verified, through libcurl. One connection, one message, one recipient.
//
//   FB_TRY(auto relay, SmtpRelay::make({.url = "smtp://mail.force.example:25",
//                                       .hello = "firebreak.force.example"}));
//   HandOver result = relay->hand_over(release, stop);
//
// How the outcome is told. libcurl's result code alone does not tell it: the same code stands for a
// connection lost before the message and for one lost after it. So three things are watched:
//
//   end    whether libcurl asked for more of the body and was told that there is none. It is never
//          told the size beforehand, so it cannot know that the body ended, and cannot send the end
//          of data ("." on a line), before that moment.
//   answer the first complete reply that arrives after `end`. RFC 5321 4.1.1.4: it is this reply
//          that makes the server responsible for the message, or not.
//   reply  the complete reply to the last command before `end` (QUIT aside), with libcurl's result
//          code. The commands are seen through libcurl's debug callback.
//
//   end   answer                  outcome
//   yes   250                     accepted
//   yes   4xx                     rejected_temporary
//   yes   5xx                     rejected_permanent
//   yes   none, or any other      in_doubt
//   no    (none), a TLS failure   not_sent
//   no    (none), reply 4xx or 5xx that made libcurl give up
//                                 rejected_temporary, rejected_permanent
//   no    (none), anything else   not_sent
//
// What libcurl returns after `answer` (a connection lost at QUIT, say) changes nothing. When `end`
// is yes but writing the end of data failed, it may have left in part: in_doubt, like any other
// silence.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "channel/mail/carrier.h"

namespace firebreak::mail {

enum class Tls {
  required,  // STARTTLS, TLS 1.2 or later, certificate and name verified; otherwise nothing is sent
  none,      // plain text: only to a relay on this machine (a loopback address)
};

struct SmtpSettings {
  std::string url;  // smtp://host:port, no user, path or query
  Tls tls = Tls::required;
  std::filesystem::path
      ca_file;        // PEM; when given, only these authorities count; else the system's
  std::string hello;  // the name said in EHLO; a domain name
  // RFC 5321 4.5.3.2 asks for five minutes for most answers and ten for the last.
  std::chrono::milliseconds connect_timeout = std::chrono::minutes{1};  // to the end of STARTTLS
  std::chrono::milliseconds reply_timeout =
      std::chrono::minutes{5};  // for each answer before `end`
  std::chrono::milliseconds final_timeout = std::chrono::minutes{10};  // for `answer`
  std::chrono::milliseconds quit_timeout = std::chrono::seconds{2};    // for the answer to QUIT
  std::chrono::milliseconds stop_grace =
      std::chrono::seconds{10};  // for `answer`, once a stop is asked
};

class SmtpRelay final : public Carrier {
 public:
  // Error: bad_input when the settings are not as described above.
  static Result<std::unique_ptr<SmtpRelay>> make(SmtpSettings settings);

  // A release whose addresses are not plain (address.h), or whose message is not lines of ASCII
  // that end in CR LF, is rejected_permanent, and no connection is made.
  HandOver hand_over(const record::Release& release, const std::stop_token& stop) override;

 private:
  explicit SmtpRelay(SmtpSettings settings) : settings_(std::move(settings)) {}
  SmtpSettings settings_;
};

}  // namespace firebreak::mail
