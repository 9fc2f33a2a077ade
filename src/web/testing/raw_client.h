// SPDX-License-Identifier: Apache-2.0
// For tests: a TCP client that sends exactly the bytes it is told to, which no HTTP client will.
//
//   RawClient client(server.port());
//   client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
//   std::string answer = client.read_to_end(std::chrono::seconds(3));
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace firebreak::web {

class RawClient {
 public:
  explicit RawClient(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(socket_); }

  [[nodiscard]] bool connected() const { return connected_; }

  // False when the other side has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // Everything up to the other side's close; what came so far when `patience` ran out.
  std::string read_to_end(std::chrono::milliseconds patience) {
    while (fill(patience)) {
    }
    return std::exchange(read_, {});
  }
  // Up to and with one whole answer: its header and as much body as Content-Length says.
  std::string read_answer(std::chrono::milliseconds patience) {
    for (;;) {
      const auto end = read_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto at = read_.find("Content-Length: ");
        const size_t body = at < end ? std::stoul(read_.substr(at + 16)) : 0;
        const size_t whole = end + 4 + body;
        if (read_.size() >= whole) {
          std::string answer = read_.substr(0, whole);
          read_.erase(0, whole);
          return answer;
        }
      }
      if (!fill(patience)) return std::exchange(read_, {});
    }
  }
  // True when the other side closed within `patience`.
  bool closed(std::chrono::milliseconds patience) {
    read_to_end(patience);
    return closed_;
  }

 private:
  bool fill(std::chrono::milliseconds patience) {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      closed_ = true;
      return false;
    }
    read_.append(buffer.data(), static_cast<size_t>(got));
    return true;
  }

  int socket_;
  bool connected_ = false;
  bool closed_ = false;
  std::string read_;
};

// The status of an answer; 0 when there is none.
inline int status_of(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
  return std::stoi(std::string(answer.substr(9, 3)));
}
inline std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

}  // namespace firebreak::web
