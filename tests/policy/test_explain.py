# SPDX-License-Identifier: Apache-2.0
"""`firebreak policy explain` on every pack: it names the rules of the answer, shows what overrides what, and never
says a way to a disclosure, nor a fact about a person as something to change, unless it is asked for everything."""
import itertools
import json
import random

import pytest

from firebreak_server import ROOT, firebreak

PACKS = sorted(path.stem for path in (ROOT / "policies").glob("*.policy"))
CHOICES = {"action", "recipient", "channel"}
FINDINGS = {"necessary", "proportionate", "prevents_further_offending", "purpose"}
ALLOWANCE = {"refuse": 0, "not_covered": 0, "sign_off": 1, "permit": 2}
VICTIM = {"action": "share", "recipient": "immigration_enforcement", "channel": "email", "role": "victim",
          "victim_elsewhere": "no", "suspected_of": "nothing", "crime_type": "other", "ground": "overseas_offending",
          "overseas_offending": "high_harm", "necessary": "yes", "proportionate": "yes",
          "prevents_further_offending": "yes", "purpose": "", "consent": "not_sought", "leave": "not_asked",
          "age_group": "adult"}
VALUES = {
    "action": ["share", "call", "check"], "recipient": ["immigration_enforcement", "support_service", "police", "other"],
    "channel": ["email", "telephone", "in_person"], "role": ["victim", "witness", "suspect", "victim,suspect"],
    "victim_elsewhere": ["no", "yes"], "suspected_of": ["nothing", "immigration_only"], "crime_type": ["other"],
    "ground": ["", "nationality", "suspected_offence", "overseas_offending"],
    "overseas_offending": ["none", "high_harm"], "necessary": ["yes", "no"], "proportionate": ["yes", "no"],
    "prevents_further_offending": ["yes", "no"], "purpose": ["", "protection"], "consent": ["given", "refused"],
    "leave": ["not_asked"], "age_group": ["adult", "child"],
}


def arguments(facts):
    return list(itertools.chain.from_iterable(("--set", f"{name}={value}") for name, value in facts.items()))


def explain(policy, facts, *more):
    return json.loads(firebreak("policy", "explain", policy, *arguments(facts), "--json", *more).stdout)


def decide(policy, facts):
    return json.loads(firebreak("policy", "decide", policy, *arguments(facts), "--json").stdout)


def kind(answer):
    return answer["decision"] if answer["covered"] else "not_covered"


def answering(rules):
    for rule in rules:
        if rule["answers"] == "yes":
            yield rule["rule"]
        yield from answering(rule["excepts"])


def drawn(seed):
    choose = random.Random(seed)
    return {name: choose.choice(values) for name, values in VALUES.items()}


@pytest.mark.parametrize("policy", PACKS)
def test_names_the_rules_of_the_answer_and_keeps_to_what_it_may_say(policy):
    for seed in range(12):
        facts = drawn(seed)
        why = explain(policy, facts)
        assert why["answer"] == decide(policy, facts)
        assert set(answering(why["rules"])) == set(why["answer"]["rules"]) - {"default"}
        assert why["record"] == []
        for near in why["choices"]:
            assert ALLOWANCE[near["answer"]] <= ALLOWANCE[kind(why["answer"])]
            assert 1 <= len(near["ways"]) <= 3
            for way in near["ways"]:
                assert len(way["changed"]) == near["changes"]
                assert set(way["changed"]) <= CHOICES | FINDINGS


@pytest.mark.parametrize("policy", PACKS)
def test_what_it_says_would_have_another_answer_does(policy):
    for seed in range(100, 104):
        facts = drawn(seed)
        why = explain(policy, facts, "--all")
        for near in why["choices"] + why["record"]:
            for way in near["ways"]:
                changed = dict(facts)
                for name, value in way["changed"].items():
                    changed[name] = ",".join(value) if isinstance(value, list) else \
                        {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
                assert kind(decide(policy, changed)) == near["answer"], (facts, way)
                assert near in why["choices"] or set(way["changed"]) - CHOICES - FINDINGS


def test_an_exception_over_its_rule_and_the_clauses_words():
    why = explain("psni-service-instruction", VICTIM)
    rule = next(rule for rule in why["rules"] if rule["rule"] == "victims-first")
    assert rule["overridden_by"] == ["victims-first/exceptional-circumstances"]
    said = firebreak("policy", "explain", "psni-service-instruction", *arguments(VICTIM)).stdout
    assert "applies, but is overridden by victims-first/exceptional-circumstances" in said
    assert "basis: reported; source: The Detail" in said
    assert "It would be refused" in said
    assert "be allowed" not in said


def test_a_never_over_a_rule():
    said = firebreak("policy", "explain", "psni-service-instruction", *arguments(VICTIM | {"channel": "telephone"})).stdout
    assert "never by-telephone: refuses (P8, P9) - applies, and answers" in said
    assert "rule victims-first: refuses (P1, F1, F2) - applies, but is overridden by by-telephone" in said \
        or "applies, but is overridden by by-telephone" in said


def test_a_refusal_does_not_say_how_to_get_round_it_unless_asked_for_all():
    facts = arguments(VICTIM | {"necessary": "no"})
    assert "What would have another answer" not in firebreak("policy", "explain", "psni-service-instruction", *facts).stdout
    whole = firebreak("policy", "explain", "psni-service-instruction", *facts, "--all").stdout
    assert "The policy's text says, and this is no advice" in whole
    assert "an honest finding: Is it necessary" in whole


def test_missing_facts_say_which_rules_hang_on_them():
    facts = {name: VICTIM[name] for name in ("action", "recipient", "channel", "role")}
    why = explain("psni-service-instruction", facts)
    assert [fact["attribute"] for fact in why["open"]] == why["answer"]["missing"]
    assert all(fact["rules"] and fact["clauses"] for fact in why["open"])
    assert "What must still be known, best first" in \
        firebreak("policy", "explain", "psni-service-instruction", *arguments(facts)).stdout


def test_wrong_use_is_a_clear_error():
    done = firebreak("policy", "explain", "psni-service-instruction", "--set", "rol=victim", check=False)
    assert done.returncode == 2
    assert "Did you mean `role`?" in done.stderr
    assert firebreak("policy", "explain", "no-such-policy", check=False).returncode == 4
    assert "--all" in firebreak("policy", "explain", "--help").stdout
