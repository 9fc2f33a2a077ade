// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/smtp.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <ctime>
#include <mutex>
#include <optional>
#include <utility>

#include "channel/mail/address.h"
#include "channel/mail/reply.h"

namespace firebreak::mail {
namespace {

using record::HandingOutcome;
using Steady = std::chrono::steady_clock;

// OpenSSL writes to a closed connection without MSG_NOSIGNAL: SIGPIPE is held back in this thread
// while libcurl works, and one that came is taken away before it could end the process.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() {
    const timespec at_once{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

// One attempt, as libcurl's callbacks see it. The names are those of the table in smtp.h.
struct Attempt {
  std::string_view rest;  // of the message, not yet given to libcurl
  const SmtpSettings& settings;
  const std::stop_token& stop;
  bool end = false;
  std::optional<Reply> reply{};
  std::optional<Reply> answer{};
  bool spoken = false;    // a command was sent
  bool quitting = false;  // QUIT was sent
  bool out_of_time = false;
  ReplyReader reader{};
  Steady::time_point last_step = Steady::now();
  std::optional<Steady::time_point> stop_seen{};

  size_t give_body(std::span<char> room) {
    last_step = Steady::now();
    const size_t count = std::min(room.size(), rest.size());
    std::memcpy(room.data(), rest.data(), count);
    rest.remove_prefix(count);
    if (count == 0) {
      end = true;
      reader.clear();  // what comes from now on answers the whole message
    }
    return count;
  }

  void note_command(std::string_view command) {
    last_step = Steady::now();
    spoken = true;
    quitting = quitting || command.starts_with("QUIT");
    if (quitting || end) return;
    reply.reset();
    reader.clear();
  }

  void take_line(std::string_view line) {
    last_step = Steady::now();
    if (quitting) return;  // the answer to QUIT says nothing about the message
    reader.add(line);
    if (!reader.complete()) return;
    if (!end) {
      reply = reader.reply();
    } else if (!answer) {
      answer = reader.reply();
    }
  }

  // True when there is nothing more to wait for. libcurl asks at least once a second.
  bool must_end() {
    const auto now = Steady::now();
    const auto waited = now - last_step;
    if (quitting || answer) return waited > settings.quit_timeout;
    if (stop.stop_requested()) {
      if (!stop_seen) stop_seen = now;
      if (!end || now - *stop_seen > settings.stop_grace) return true;
    }
    // Before the first command libcurl's own limit for connecting holds.
    const auto limit = end ? settings.final_timeout : settings.reply_timeout;
    out_of_time = spoken && waited > limit;
    return out_of_time;
  }
};

size_t on_read(char* room, size_t size, size_t count, void* attempt) {
  return static_cast<Attempt*>(attempt)->give_body({room, size * count});
}

size_t on_line(char* line, size_t size, size_t count, void* attempt) {
  static_cast<Attempt*>(attempt)->take_line({line, size * count});
  return size * count;
}

int on_debug(CURL* /*handle*/, curl_infotype type, char* text, size_t size, void* attempt) {
  if (type == CURLINFO_HEADER_OUT) static_cast<Attempt*>(attempt)->note_command({text, size});
  return 0;
}

int on_progress(void* attempt, curl_off_t /*down*/, curl_off_t /*downed*/, curl_off_t /*up*/,
                curl_off_t /*upped*/) {
  return static_cast<Attempt*>(attempt)->must_end() ? 1 : 0;
}

// For the record, in fixed words; the log has libcurl's own.
const char* not_sent_words(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "relay name not found";
    case CURLE_COULDNT_CONNECT:
      return "no connection";
    case CURLE_OPERATION_TIMEDOUT:
      return "no answer in time";
    case CURLE_USE_SSL_FAILED:
      return "TLS not offered";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "TLS certificate not trusted";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return "TLS failed";
    default:
      return "connection failed";
  }
}

HandOver told(HandingOutcome outcome, const Reply& reply) {
  std::string text = describe(reply);
  return {outcome, text, "The relay answered: " + text};
}

// The codes with which libcurl gives up on a reply it was sent.
bool gave_up_on_reply(CURLcode code) {
  return code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_REMOTE_ACCESS_DENIED ||
         code == CURLE_SEND_ERROR;
}

// After the whole message was given away.
HandOver judge_end(const Attempt& attempt) {
  if (!attempt.answer) {
    return attempt.out_of_time
               ? HandOver{HandingOutcome::in_doubt, "no answer in time",
                          "The whole message was sent and the relay did not answer in time."}
               : HandOver{HandingOutcome::in_doubt, "connection ended before an answer",
                          "The whole message was sent and the connection ended before an answer."};
  }
  const int code = attempt.answer->code;
  if (code == 250) return told(HandingOutcome::accepted, *attempt.answer);
  if (code / 100 == 4) return told(HandingOutcome::rejected_temporary, *attempt.answer);
  if (code / 100 == 5) return told(HandingOutcome::rejected_permanent, *attempt.answer);
  return told(HandingOutcome::in_doubt, *attempt.answer);
}

HandOver judge(const Attempt& attempt, CURLcode code, std::string_view reason) {
  if (attempt.end) return judge_end(attempt);
  if (attempt.reply && gave_up_on_reply(code)) {
    if (attempt.reply->code / 100 == 4)
      return told(HandingOutcome::rejected_temporary, *attempt.reply);
    if (attempt.reply->code / 100 == 5)
      return told(HandingOutcome::rejected_permanent, *attempt.reply);
  }
  if (attempt.out_of_time)
    return {HandingOutcome::not_sent, "no answer in time", "The relay stopped answering."};
  if (attempt.stop_seen) {
    return {HandingOutcome::not_sent, "stopped before sending",
            "Firebreak was stopped before the message was sent."};
  }
  if (reason.empty()) reason = curl_easy_strerror(code);
  return {HandingOutcome::not_sent, not_sent_words(code),
          "The relay could not be used: " + std::string(reason) + "."};
}

// RFC 5321 2.3.8 and 4.5.3.1.6: lines end with CR LF, CR and LF stand nowhere else, and a line has
// at most 998 characters, all ASCII. A server could read anything else as the message's end.
bool is_fit_for_smtp(std::string_view message) {
  if (message.empty()) return false;
  while (!message.empty()) {
    const size_t end = message.find("\r\n");
    if (end > 998) return false;  // also when no line end is left
    const auto is_wrong = [](char c) {
      return c == '\r' || c == '\n' || c == '\0' || static_cast<unsigned char>(c) > 127;
    };
    if (std::ranges::any_of(message.substr(0, end), is_wrong)) return false;
    message.remove_prefix(end + 2);
  }
  return true;
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

bool is_loopback(const std::string& host) {
  in_addr address{};
  if (host == "localhost" || host == "[::1]") return true;  // libcurl itself resolves localhost
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

Result<void> check_settings(const SmtpSettings& settings) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  const bool parsed = curl_url_set(url.get(), CURLUPART_URL, settings.url.c_str(), 0) == CURLUE_OK;
  const auto part = [&](CURLUPart which) { return url_part(url.get(), which); };
  const bool plain = parsed && part(CURLUPART_SCHEME) == "smtp" && part(CURLUPART_USER).empty() &&
                     part(CURLUPART_PASSWORD).empty() && part(CURLUPART_QUERY).empty() &&
                     part(CURLUPART_FRAGMENT).empty() && part(CURLUPART_OPTIONS).empty() &&
                     part(CURLUPART_PATH) == "/" && !settings.url.ends_with('/');
  if (!plain) return bad_input("The relay must be given as smtp://host:port.", "mail.relay");
  if (settings.tls == Tls::none && !is_loopback(part(CURLUPART_HOST))) {
    return bad_input("Only a relay on this machine may be used without TLS.", "mail.tls",
                     "Set tls to \"required\", or relay to an address of 127.0.0.0/8.");
  }
  if (!is_address("relay@" + settings.hello))
    return bad_input("The name to greet the relay with must be a domain name.", "force.domain");
  return {};
}

class Easy {
 public:
  Easy() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    handle_ = curl_easy_init();
  }
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;
  ~Easy() { curl_easy_cleanup(handle_); }

  // False as soon as libcurl refuses an option: an attempt never runs with half its settings.
  template <typename T>
  void set(CURLoption option, T value) {
    good_ = good_ && handle_ != nullptr && curl_easy_setopt(handle_, option, value) == CURLE_OK;
  }
  [[nodiscard]] bool good() const { return good_; }
  CURLcode perform() { return curl_easy_perform(handle_); }

 private:
  CURL* handle_ = nullptr;
  bool good_ = true;
};

void set_connection(Easy& easy, const SmtpSettings& settings) {
  easy.set(CURLOPT_URL, (settings.url + "/" + settings.hello).c_str());
  easy.set(CURLOPT_PROTOCOLS_STR, "smtp");
  easy.set(CURLOPT_PROXY, "");  // a proxy named in the environment must not divert a message
  easy.set(CURLOPT_NOSIGNAL, 1L);
  easy.set(CURLOPT_FORBID_REUSE, 1L);  // QUIT is said within perform(), under must_end()
  easy.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  // Ours (must_end) comes first; libcurl's default of two minutes would be too short for the last.
  const auto longest = std::max(settings.reply_timeout, settings.final_timeout);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(longest) + std::chrono::seconds{5};
  easy.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(seconds.count()));
  const bool tls = settings.tls == Tls::required;
  easy.set(CURLOPT_USE_SSL, static_cast<long>(tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  easy.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  easy.set(CURLOPT_SSL_VERIFYPEER, 1L);
  easy.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) {
    easy.set(CURLOPT_CAINFO, settings.ca_file.c_str());
    easy.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
}

void set_callbacks(Easy& easy, Attempt& attempt, char* reason) {
  easy.set(CURLOPT_UPLOAD, 1L);  // and no CURLOPT_INFILESIZE: see `end` in smtp.h
  easy.set(CURLOPT_READFUNCTION, &on_read);
  easy.set(CURLOPT_READDATA, static_cast<void*>(&attempt));
  easy.set(CURLOPT_HEADERFUNCTION, &on_line);
  easy.set(CURLOPT_HEADERDATA, static_cast<void*>(&attempt));
  easy.set(CURLOPT_VERBOSE, 1L);  // so that the commands are shown to on_debug; nothing is printed
  easy.set(CURLOPT_DEBUGFUNCTION, &on_debug);
  easy.set(CURLOPT_DEBUGDATA, static_cast<void*>(&attempt));
  easy.set(CURLOPT_NOPROGRESS, 0L);
  easy.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  easy.set(CURLOPT_XFERINFODATA, static_cast<void*>(&attempt));
  easy.set(CURLOPT_ERRORBUFFER, reason);
}

}  // namespace

Result<std::unique_ptr<SmtpRelay>> SmtpRelay::make(SmtpSettings settings) {
  FB_CHECK(check_settings(settings));
  return std::unique_ptr<SmtpRelay>(new SmtpRelay(std::move(settings)));
}

HandOver SmtpRelay::hand_over(const record::Release& release, const std::stop_token& stop) {
  if (!is_address(release.from) || !is_address(release.to)) {
    return {HandingOutcome::rejected_permanent, "address not plain",
            "The sender's or the recipient's address cannot be used in SMTP."};
  }
  if (!is_fit_for_smtp(release.message)) {
    return {HandingOutcome::rejected_permanent, "message not fit for SMTP",
            "The message is not made of ASCII lines that end in CR LF."};
  }

  const NoBrokenPipe guard;
  Attempt attempt{.rest = release.message, .settings = settings_, .stop = stop};
  std::array<char, CURL_ERROR_SIZE> reason{};
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
      curl_slist_append(nullptr, ("<" + release.to + ">").c_str()), &curl_slist_free_all);
  Easy easy;
  set_connection(easy, settings_);
  set_callbacks(easy, attempt, reason.data());
  easy.set(CURLOPT_MAIL_FROM, ("<" + release.from + ">").c_str());
  easy.set(CURLOPT_MAIL_RCPT, recipients.get());
  if (!easy.good() || !recipients)
    return {HandingOutcome::not_sent, "no memory", "The mail library could not be set up."};
  const CURLcode code = easy.perform();
  return judge(attempt, code, reason.data());
}

}  // namespace firebreak::mail
