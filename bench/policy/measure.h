// SPDX-License-Identifier: Apache-2.0
// How each engine written in C++ is measured, and the file of requests that all engines read. The
// programs in Rust (rust/src/lib.rs) and Go (opa/measure.go) do the same.
//
//   const std::vector<Request> requests = read_requests(path);
//   const double ns = median_ns(requests.size(), [&](size_t i) { return decide(requests[i]); });
#pragma once

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace firebreak::bench {

// A line of the file: decision, tab, rule, tab, facts as a JSON object.
struct Request {
  std::string decision;  // the right answer
  std::string rule;
  std::string facts;
};

[[noreturn]] inline void stop(const std::string& message) {
  std::cerr << message << '\n';
  std::exit(1);
}

inline std::vector<Request> read_requests(const std::string& path) {
  std::ifstream in(path);
  std::vector<Request> out;
  Request one;
  while (std::getline(in, one.decision, '\t') && std::getline(in, one.rule, '\t') &&
         std::getline(in, one.facts)) {
    out.push_back(one);
  }
  if (out.empty()) stop(path + " holds no requests.");
  return out;
}

// Ends the program, showing the request, when an answer is not the right one.
inline void expect(const Request& request, const std::string& decision, const std::string& rule) {
  if (decision == request.decision && rule == request.rule) return;
  stop("WRONG ANSWER: " + decision + " by " + rule + ", not " + request.decision + " by " +
       request.rule + ", to " + request.facts);
}

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Nanoseconds of the process's CPU time for one call: the median of rounds over all requests, at
// least five, for at least a second. What a call gives is kept from being optimised away.
template <class Each>
double median_ns(size_t count, const Each& each) {
  constexpr size_t kLeastRounds = 5;
  constexpr double kLeastSeconds = 1;
  std::vector<double> rounds;
  const double begun = cpu_seconds();
  while (rounds.size() < kLeastRounds || cpu_seconds() - begun < kLeastSeconds) {
    const double start = cpu_seconds();
    for (size_t i = 0; i < count; ++i) {
      auto given = each(i);
      asm volatile("" : : "r,m"(given) : "memory");
    }
    rounds.push_back((cpu_seconds() - start) * 1e9 / static_cast<double>(count));
  }
  std::nth_element(rounds.begin(), rounds.begin() + rounds.size() / 2, rounds.end());
  return rounds[rounds.size() / 2];
}

}  // namespace firebreak::bench
