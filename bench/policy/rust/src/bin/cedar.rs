// SPDX-License-Identifier: Apache-2.0
//! cedar POLICIES REQUESTS: checks Cedar's answer to every request, then prints what one decision
//! costs, as JSON.
//!
//! Every fact but the action stands in the request's context, and there are no entities: Cedar's
//! fastest form. Policies are checked against the schema beside them, where there is one; requests
//! are not, which is faster too.

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicyId, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use policy_peers::{expect, median_ns, must, read_requests, stop};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What a policy of the file says of itself.
struct Named {
    order: usize,
    rule: String,
    answer: String,
}

struct Engine {
    authorizer: Authorizer,
    policies: PolicySet,
    named: HashMap<PolicyId, Named>,
    entities: Entities,
    principal: EntityUid,
    resource: EntityUid,
    actions: HashMap<String, EntityUid>,
}

impl Engine {
    fn load(path: &str) -> Engine {
        let policies: PolicySet = must(must(std::fs::read_to_string(path)).parse());
        validate(&policies, &format!("{path}schema"));
        let named = policies
            .policies()
            .map(|policy| {
                let order = must(policy.id().to_string().trim_start_matches("policy").parse());
                let rule = policy.annotation("rule").unwrap_or_default().to_owned();
                let answer = match policy.annotation("answer") {
                    Some(answer) => answer,
                    None if policy.effect() == cedar_policy::Effect::Permit => "permit",
                    None => "refuse",
                };
                (policy.id().clone(), Named { order, rule, answer: answer.to_owned() })
            })
            .collect();
        let actions = ["share", "call", "check", "prompt", "ask_status", "enforce"]
            .map(|name| (name.to_owned(), must(format!("Action::\"{name}\"").parse())));
        Engine {
            authorizer: Authorizer::new(),
            policies,
            named,
            entities: Entities::empty(),
            principal: must("Service::\"records\"".parse()),
            resource: must("Person::\"PER-1\"".parse()),
            actions: actions.into(),
        }
    }

    fn read(&self, facts: &str) -> Request {
        let mut facts: Map<String, Value> = must(serde_json::from_str(facts));
        let action = match facts.remove("action") {
            Some(Value::String(name)) => self.actions.get(&name),
            _ => None,
        };
        let Some(action) = action else { stop("A request without an action that is known.") };
        let facts = facts.into_iter().map(|(name, value)| (name, expression(value)));
        let context = must(Context::from_pairs(facts));
        let ids = (self.principal.clone(), action.clone(), self.resource.clone());
        must(Request::new(ids.0, ids.1, ids.2, context, None))
    }

    /// The decision and the rule that gives the reason.
    fn decide(&self, request: &Request) -> (&str, &str) {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        let reason = response.diagnostics().reason();
        let first = reason.map(|id| &self.named[id]).min_by_key(|named| named.order);
        match (first, response.decision()) {
            (Some(named), _) => (&named.answer, &named.rule),
            (None, Decision::Deny) => ("refuse", "default"),
            (None, Decision::Allow) => ("permit", ""),
        }
    }
}

/// Faster than Context::from_json_value, which looks for the forms that entities have in JSON.
fn expression(value: Value) -> RestrictedExpression {
    match value {
        Value::Bool(value) => RestrictedExpression::new_bool(value),
        Value::String(value) => RestrictedExpression::new_string(value),
        Value::Array(members) => RestrictedExpression::new_set(members.into_iter().map(expression)),
        _ => stop("A fact that is no text, list or truth value."),
    }
}

fn validate(policies: &PolicySet, schema_path: &str) {
    let Ok(text) = std::fs::read_to_string(schema_path) else { return };
    let (schema, _) = must(Schema::from_cedarschema_str(&text));
    let result = Validator::new(schema).validate(policies, ValidationMode::Strict);
    if !result.validation_passed() {
        stop(&result.to_string());
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, policies, requests] = arguments.as_slice() else { stop("usage: cedar POLICIES REQUESTS") };
    let engine = Engine::load(policies);
    let requests = read_requests(requests);
    let typed: Vec<Request> = requests.iter().map(|one| engine.read(&one.facts)).collect();
    for (one, request) in requests.iter().zip(&typed) {
        let (decision, rule) = engine.decide(request);
        expect(one, decision, rule);
    }
    let count = requests.len();
    let figures = json!({
        "checked": count,
        "typed": median_ns(count, |i| engine.decide(&typed[i])),
        "json": median_ns(count, |i| engine.decide(&engine.read(&requests[i].facts)).0.len()),
    });
    println!("{figures}");
}
