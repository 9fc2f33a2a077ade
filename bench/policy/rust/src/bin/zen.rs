// SPDX-License-Identifier: Apache-2.0
//! zen MODEL REQUESTS: checks GoRules zen's answer to every request, then prints what one decision
//! costs, as JSON. The model is a decision table; `compile` makes its byte code and its index.

use futures_executor::block_on;
use policy_peers::{expect, median_ns, must, read_requests, stop};
use serde_json::json;
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, DecisionEngine, Variable};

fn load(path: &str) -> Decision {
    let content: DecisionContent = must(serde_json::from_str(&must(std::fs::read_to_string(path))));
    let created = DecisionEngine::default().create_decision(content.into());
    let mut decision = created.unwrap_or_else(|error| stop(&format!("{error:?}")));
    decision.compile();
    decision
}

fn decide(decision: &Decision, facts: Variable) -> Variable {
    match block_on(decision.evaluate(facts)) {
        Ok(response) => response.result,
        Err(error) => stop(&error.to_string()),
    }
}

fn read(facts: &str) -> Variable {
    must(serde_json::from_str(facts))
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, requests] = arguments.as_slice() else { stop("usage: zen MODEL REQUESTS") };
    let decision = load(model);
    let requests = read_requests(requests);
    let typed: Vec<Variable> = requests.iter().map(|one| read(&one.facts)).collect();
    for (one, facts) in requests.iter().zip(&typed) {
        // Twice: the measurement asks the same facts again.
        for _ in 0..2 {
            let answer = decide(&decision, facts.clone());
            let part = |name| answer.dot(name).and_then(|text| text.as_str().map(str::to_owned));
            expect(one, &part("decision").unwrap_or_default(), &part("rule").unwrap_or_default());
        }
    }
    let count = requests.len();
    let figures = json!({
        "checked": count,
        "typed": median_ns(count, |i| decide(&decision, typed[i].clone())),
        "json": median_ns(count, |i| decide(&decision, read(&requests[i].facts))),
    });
    println!("{figures}");
}
