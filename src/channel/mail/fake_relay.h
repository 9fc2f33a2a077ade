// SPDX-License-Identifier: Apache-2.0
// A mail server for tests, on a free loopback port, that follows a script: what it answers at each
// stage, how late, and where it falls silent or hangs up. It serves one connection after the other.
//
//   FakeRelay relay({{Stage::body, {.silent = true}}});      // everything else is answered well
//   ... hand over to relay.url(), with relay.ca_file() ...
//   EXPECT_EQ(relay.ends_seen(), 1);                          // messages it read to their end
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace firebreak::mail {

enum class Stage { greeting, ehlo, starttls, handshake, ehlo_tls, mail, rcpt, data, body, quit };

// What happens at a stage instead of the usual answer.
struct Action {
  std::string reply = {};  // without the last CR LF; empty: the usual one
  bool silent = false;     // reads nothing more and answers nothing, until the client hangs up
  bool close = false;      // hangs up without an answer
  bool reset = false;      // hangs up with RST
  std::chrono::milliseconds delay{0};
  size_t read_only = 0;  // at `body`: stops after this many bytes of it (0: reads it to its end)
};

class FakeRelay {
 public:
  struct Options {
    std::string certificate_name = "localhost";  // in the certificate it shows
    bool trusted = true;                         // whether ca_file() is what signed it
  };
  using Script = std::map<Stage, Action>;

  explicit FakeRelay(Script script = {}) : FakeRelay(std::move(script), Options{}) {}
  FakeRelay(Script script, const Options& options);
  FakeRelay(const FakeRelay&) = delete;
  FakeRelay& operator=(const FakeRelay&) = delete;
  ~FakeRelay();

  [[nodiscard]] std::string url() const { return "smtp://localhost:" + std::to_string(port_); }
  [[nodiscard]] std::filesystem::path ca_file() const { return ca_file_; }
  // Messages whose end of data was read.
  [[nodiscard]] int ends_seen() const { return ends_seen_; }
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::vector<std::string> messages() const;
  [[nodiscard]] std::vector<std::string> commands() const;

 private:
  struct Connection;
  void serve();
  void converse(Connection& connection);
  // False when the conversation is over.
  bool act(Connection& connection, Stage stage, const std::string& usual);
  bool command(Connection& connection, const std::string& line, bool& in_tls);
  bool take_body(Connection& connection);
  bool begin_tls(Connection& connection);

  Script script_;
  std::filesystem::path ca_file_;
  SSL_CTX* tls_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> ends_seen_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> messages_;
  std::vector<std::string> commands_;
  std::thread thread_;
};

}  // namespace firebreak::mail
