// SPDX-License-Identifier: Apache-2.0
// The scripted mail server of fake_relay.h, and what the other tests rely on in it. (It stands in a
// _test.cc so that it is built into the tests alone.)
#include "channel/mail/fake_relay.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>

namespace firebreak::mail {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

// A self-signed certificate for one host name, valid for an hour.
Certificate make_certificate(EVP_PKEY* key, const std::string& name) {
  Certificate certificate(X509_new(), &X509_free);
  X509* x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key);
  X509_NAME* subject = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, subject);
  const std::string names = "DNS:" + name;
  for (const auto& [kind, value] : {std::pair{NID_subject_alt_name, names.c_str()},
                                    std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(x, key, EVP_sha256());
  return certificate;
}

std::filesystem::path write_certificate(X509* certificate) {
  std::string name = (std::filesystem::temp_directory_path() / "fake-relay-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  if (fd >= 0) ::close(fd);
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(name.c_str(), "w"), &BIO_free);
  PEM_write_bio_X509(file.get(), certificate);
  return name;
}

}  // namespace

// One conversation: reads and writes in plain text, then in TLS. Every wait ends when the relay is
// taken down.
struct FakeRelay::Connection {
  int fd = -1;
  SSL* tls = nullptr;
  std::string buffer;
  std::atomic<bool>& stopping;

  ~Connection() {
    SSL_free(tls);
    if (fd >= 0) ::close(fd);
  }
  // Waits for something to read. False when the relay is taken down.
  bool wait() const {
    if (tls != nullptr && SSL_pending(tls) > 0) return true;
    while (!stopping) {
      pollfd poll_fd{fd, POLLIN, 0};
      if (::poll(&poll_fd, 1, 20) > 0) return true;
    }
    return false;
  }
  bool read_more() {
    char room[4096];
    if (fd < 0 || !wait()) return false;
    const auto got = tls != nullptr ? SSL_read(tls, room, sizeof room)
                                    : static_cast<int>(::recv(fd, room, sizeof room, 0));
    if (got <= 0) return false;
    buffer.append(room, static_cast<size_t>(got));
    return true;
  }
  bool read_line(std::string& line) {
    size_t end = 0;
    while ((end = buffer.find("\r\n")) == std::string::npos) {
      if (!read_more()) return false;
    }
    line = buffer.substr(0, end);
    buffer.erase(0, end + 2);
    return true;
  }
  void write(const std::string& text) const {
    if (tls != nullptr) {
      SSL_write(tls, text.data(), static_cast<int>(text.size()));
    } else if (fd >= 0) {
      [[maybe_unused]] const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    }
  }
  // Keeps the connection open and says nothing until the client or the relay goes.
  void idle() {
    while (read_more()) buffer.clear();
  }
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd);
    fd = -1;
  }
};

FakeRelay::FakeRelay(Script script, const Options& options) : script_(std::move(script)) {
  // OpenSSL writes without MSG_NOSIGNAL; the test process must outlive a client that hangs up.
  [[maybe_unused]] const auto before = std::signal(SIGPIPE, SIG_IGN);
  const Key key = make_key();
  const Certificate shown = make_certificate(key.get(), options.certificate_name);
  const Key other_key = make_key();
  const Certificate other = make_certificate(other_key.get(), options.certificate_name);
  ca_file_ = write_certificate(options.trusted ? shown.get() : other.get());
  tls_ = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(tls_, shown.get());
  SSL_CTX_use_PrivateKey(tls_, key.get());

  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  ::listen(listener_, 8);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

FakeRelay::~FakeRelay() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(tls_);
  std::filesystem::remove(ca_file_);
}

std::vector<std::string> FakeRelay::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::vector<std::string> FakeRelay::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

void FakeRelay::serve() {
  while (!stopping_) {
    pollfd poll_fd{listener_, POLLIN, 0};
    if (::poll(&poll_fd, 1, 20) <= 0) continue;
    Connection connection{.fd = ::accept(listener_, nullptr, nullptr),
                          .tls = nullptr,
                          .buffer = {},
                          .stopping = stopping_};
    ++connections_;
    converse(connection);
  }
}

bool FakeRelay::act(Connection& connection, Stage stage, const std::string& usual) {
  const auto found = script_.find(stage);
  const Action action = found == script_.end() ? Action{} : found->second;
  const auto until = std::chrono::steady_clock::now() + action.delay;
  while (!stopping_ && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  if (action.silent) connection.idle();
  if (action.reset) connection.reset();
  if (action.silent || action.reset || action.close) return false;
  const std::string& reply = action.reply.empty() ? usual : action.reply;
  if (!reply.empty()) connection.write(reply + "\r\n");
  return true;
}

void FakeRelay::converse(Connection& connection) {
  if (!act(connection, Stage::greeting, "220 relay.example ESMTP")) return;
  bool in_tls = false;
  std::string line;
  while (connection.read_line(line)) {
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(line);
    }
    if (!command(connection, line, in_tls)) return;
  }
}

bool FakeRelay::command(Connection& connection, const std::string& line, bool& in_tls) {
  if (line.starts_with("EHLO") || line.starts_with("HELO")) {
    return in_tls ? act(connection, Stage::ehlo_tls, "250-relay.example\r\n250 8BITMIME")
                  : act(connection, Stage::ehlo, "250-relay.example\r\n250 STARTTLS");
  }
  if (line == "STARTTLS") {
    if (!act(connection, Stage::starttls, "220 2.0.0 Ready to start TLS")) return false;
    const auto found = script_.find(Stage::starttls);
    if (found != script_.end() && !found->second.reply.empty()) return true;  // a refusal
    if (!act(connection, Stage::handshake, "")) return false;
    in_tls = begin_tls(connection);
    return in_tls;
  }
  if (line.starts_with("MAIL FROM:")) return act(connection, Stage::mail, "250 2.1.0 Ok");
  if (line.starts_with("RCPT TO:")) return act(connection, Stage::rcpt, "250 2.1.5 Ok");
  if (line == "DATA") {
    if (!act(connection, Stage::data, "354 End data with <CR><LF>.<CR><LF>")) return false;
    const auto found = script_.find(Stage::data);
    if (found != script_.end() && !found->second.reply.empty()) return true;  // a refusal
    return take_body(connection);
  }
  if (line == "QUIT") return act(connection, Stage::quit, "221 2.0.0 Bye");
  connection.write("502 5.5.2 Error: command not recognized\r\n");
  return true;
}

bool FakeRelay::begin_tls(Connection& connection) {
  connection.tls = SSL_new(tls_);
  SSL_set_fd(connection.tls, connection.fd);
  return SSL_accept(connection.tls) == 1;
}

bool FakeRelay::take_body(Connection& connection) {
  const auto found = script_.find(Stage::body);
  const size_t read_only = found == script_.end() ? 0 : found->second.read_only;
  std::string message;
  std::string line;
  while (true) {
    if (read_only > 0 && message.size() >= read_only) {
      // Reads no more, so that a long message cannot be sent to its end.
      if (found->second.reset) connection.reset();
      while (!stopping_ && found->second.silent) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
      }
      return false;
    }
    if (!connection.read_line(line)) return false;
    if (line == ".") break;
    message += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
  }
  {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
  }
  ++ends_seen_;
  return act(connection, Stage::body, "250 2.0.0 Ok: queued as 4F2A1B7C");
}

namespace {

TEST(FakeRelay, ListensAndGoesAwayAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const FakeRelay relay({{Stage::greeting, {.silent = true}}});
    EXPECT_TRUE(std::filesystem::exists(relay.ca_file()));
    EXPECT_EQ(relay.ends_seen(), 0);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2});
}

}  // namespace
}  // namespace firebreak::mail
