// SPDX-License-Identifier: Apache-2.0
// The language server: messages of the Language Server Protocol 3.17 in, messages out. It reads
// vocabularies through a function that it is given and touches nothing else, so whoever runs it
// (cli/policy_lsp.cc) owns the streams, the clock and the threads.
//
//   Server server(read_file);
//   server.take(body);                            // each message that has come
//   for (const Json& message : server.work()) …   // answers and diagnostics, to be sent
//   if (auto job = server.next_check()) …         // may run elsewhere: job->findings = check(…)
//   server.checked(*job);                         // then work() again
//   if (server.ended()) return server.exit_code();
//
// What is typed is read at once. The checker runs when the text and its vocabulary have no fault;
// what it finds is published when the text has not changed meanwhile.
#pragma once

#include <deque>
#include <stdexcept>
#include <variant>

#include "base/json.h"
#include "policy/lsp/features.h"
#include "policy/lsp/frames.h"

namespace firebreak::policy::lsp {

// One policy to be checked, with all that this takes.
struct CheckJob {
  std::string uri;
  uint64_t serial = 0;
  std::string policy_text;
  std::string vocabulary_name;
  std::string vocabulary_text;
  std::vector<Finding> findings;  // to be filled in
};

// Thrown by what answers a request, and caught where it is called.
class WrongParameters final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Server {
 public:
  explicit Server(Workspace::ReadFile read_file) : workspace_(std::move(read_file)) {}

  // One message, as it stood in its frame. Any bytes are survived.
  void take(const Frame& frame);
  // Answers all that was taken, in its order, and then publishes what has changed.
  std::vector<Json> work();

  // Nothing when nothing is to be checked, or while another is.
  std::optional<CheckJob> next_check();
  void checked(const CheckJob& job);

  // After `exit`.
  [[nodiscard]] bool ended() const { return state_ == State::ended; }
  // As the protocol has it: 0 after `shutdown`, 1 without.
  [[nodiscard]] int exit_code() const { return shut_down_ ? 0 : 1; }

 private:
  enum class State : uint8_t { fresh, running, shut_down, ended };
  struct Refusal {
    int code;
    std::string message;
  };
  using Answer = std::variant<Json, Refusal>;
  using Request = Answer (Server::*)(const Json& params);
  using Notification = void (Server::*)(const Json& params);

  void handle(const Json& message);
  Answer request(const std::string& method, const Json& params);
  void notify(const std::string& method, const Json& params);
  void publish_changes();
  void publish(Document& document, const std::vector<Finding>& findings);

  Answer initialize(const Json& params);
  Answer shutdown(const Json& params);
  Answer on_hover(const Json& params);
  Answer on_definition(const Json& params);
  Answer on_references(const Json& params);
  Answer on_symbols(const Json& params);
  Answer on_completion(const Json& params);
  Answer on_formatting(const Json& params);
  Answer on_code_action(const Json& params);

  void cancel(const Json& params);
  void did_open(const Json& params);
  void did_change(const Json& params);
  void did_close(const Json& params);
  void files_changed(const Json& params);

  // The document that the parameters name, and the place in it. Throw as every wrong parameter
  // does: WrongParameters, or Json::exception.
  Document& document(const Json& params);
  [[nodiscard]] size_t caret(const Document& document, const Json& params) const;
  View view(Document& document);

  Workspace workspace_;
  std::deque<Json> taken_;
  std::vector<Json> out_;
  State state_ = State::fresh;
  bool shut_down_ = false;
  bool checking_ = false;
  Encoding encoding_ = Encoding::utf16;
  bool related_ = false;  // the client shows related information
  bool tree_ = false;     // the client shows an outline as a tree
};

}  // namespace firebreak::policy::lsp
