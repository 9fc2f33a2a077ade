// SPDX-License-Identifier: Apache-2.0
// policy_ours POLICY_FILE REQUESTS: checks the engine's answer to every request, by each way in,
// then prints what one decision costs, as JSON.
#include "measure.h"
#include "policy/answerer.h"

namespace firebreak::bench {
namespace {

std::vector<policy::Facts> read_all(const policy::Policy& policy,
                                    const std::vector<Request>& requests) {
  std::vector<policy::Facts> out;
  for (const Request& request : requests) {
    auto facts = policy.read_facts(*parse_json(request.facts));
    if (!facts) stop(facts.error().text() + "\n" + request.facts);
    out.push_back(std::move(*facts));
  }
  return out;
}

int run(const std::string& path, const std::string& requests_path) {
  const auto loaded = policy::Policy::load(path);
  if (!loaded) stop(loaded.error().text());
  const policy::Policy& policy = **loaded;
  const std::vector<Request> requests = read_requests(requests_path);
  const std::vector<policy::Facts> facts = read_all(policy, requests);
  policy::Answerer answerer(*loaded);
  const auto check = [&](size_t i, const policy::Decision& given) {
    expect(requests[i], name(given.decision), given.rule);
  };
  for (size_t i = 0; i < requests.size(); ++i) {
    check(i, policy.outcome(policy.evaluate(facts[i])));
    const Json text = *parse_json(*answerer.answer(requests[i].facts));
    expect(requests[i], text["decision"], text["rule"]);
    check(i, policy.decide(facts[i]));
  }
  const size_t count = requests.size();
  Json figures;
  figures["checked"] = count;
  figures["typed"] = median_ns(count, [&](size_t i) { return policy.evaluate(facts[i]); });
  figures["json"] =
      median_ns(count, [&](size_t i) { return answerer.answer(requests[i].facts)->size(); });
  figures["whole"] =
      median_ns(count, [&](size_t i) { return policy.decide(facts[i]).clauses.size(); });
  std::cout << figures.dump() << '\n';
  return 0;
}

}  // namespace
}  // namespace firebreak::bench

int main(int argc, char** argv) {
  if (argc != 3) firebreak::bench::stop("usage: policy_ours POLICY_FILE REQUESTS");
  return firebreak::bench::run(argv[1], argv[2]);
}
