# SPDX-License-Identifier: Apache-2.0
"""The cases of AuthZEN's certification scenario (Basic, Batch, Discovery), asked of the real server in
Firebreak's terms: its fixture's users and records are our people in occurrences."""
import json
import os
import pathlib

import jsonschema
import pytest

ONE = "/access/v1/evaluation"
MANY = "/access/v1/evaluations"
SUBJECT = {"type": "person", "id": "an-officer"}
SCHEMAS = pathlib.Path(
    os.environ.get("FIREBREAK_SHARED", pathlib.Path(__file__).resolve().parents[3] / "shared")
) / "data" / "authzen"

# What may be shared with whom: a trafficking victim's protection stays open, a victim's data stays here.
PERMITTED = {
    "recipient": "competent_authority", "channel": "email", "role": ["victim"],
    "victim_elsewhere": "no", "suspected_of": "nothing", "crime_type": ["trafficking_slavery"],
    "ground": ["safeguarding"], "overseas_offending": "none", "necessary": True,
    "proportionate": True, "prevents_further_offending": False, "purpose": ["protection"],
    "consent": "given", "age_group": "adult",
}
REFUSED = dict(PERMITTED, recipient="immigration_enforcement", crime_type=["other"], ground=[])
SUSPECT = dict(
    REFUSED, role=["suspect"], suspected_of="other_offence", ground=["suspected_offence"]
)


def about(facts):
    return {"type": "person_in_occurrence", "id": "OCC-1/PER-1", "properties": facts}


def question(facts=None, **more):
    return {"subject": SUBJECT, "action": {"name": "share"},
            "resource": about(PERMITTED if facts is None else facts), **more}


def ask(force, body, path=ONE, **more):
    return force.service.post(path, body, **more)


def test_permits_and_denies(force):
    permitted = ask(force, question())
    assert permitted.status == 200, permitted.body
    assert permitted.headers["Content-Type"] == "application/json"
    assert permitted.json()["decision"] is True
    assert permitted.json()["context"]["decision"] == "permit"
    refused = ask(force, question(REFUSED)).json()
    assert refused["decision"] is False
    assert refused["context"]["rule"] == "victims-first"
    assert refused["context"]["clauses"][0]["text"]


def test_answers_follow_the_published_schemas(force):
    if not SCHEMAS.exists():
        pytest.skip("the standard's schemas are not here")
    asked = json.loads((SCHEMAS / "evaluation-request.schema.json").read_text())
    told = json.loads((SCHEMAS / "evaluation-response.schema.json").read_text())
    for facts in (PERMITTED, REFUSED, SUSPECT, {}):
        jsonschema.validate(question(facts), asked)
        jsonschema.validate(ask(force, question(facts)).json(), told)


def test_the_context_and_unknown_members_change_nothing(force):
    body = question(context={"time": "2025-06-27T18:03-07:00", "ip": "192.0.2.1"},
                    foo="bar", futureField={"nested": True})
    body["subject"] = dict(SUBJECT, properties={"department": "Sales"})
    body["action"] = {"name": "share", "properties": {"method": "GET"}}
    assert ask(force, body).json()["decision"] is True


def test_an_answer_is_the_same_each_time(force):
    answers = [ask(force, question()).json() for _ in range(5)]
    assert all(answer == answers[0] for answer in answers)


def test_the_request_id_is_echoed(force):
    answer = ask(force, question(), headers={"X-Request-ID": "bfe9eb29 / x"})
    assert answer.headers["X-Request-ID"] == "bfe9eb29 / x"
    wrong = ask(force, b"{", headers={"X-Request-ID": "wrong-1"})
    assert (wrong.status, wrong.headers["X-Request-ID"]) == (400, "wrong-1")
    assert ask(force, question()).status == 200


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("missing", ["subject", "action", "resource", "subject.type", "subject.id",
                                     "action.name", "resource.type", "resource.id"])
def test_a_missing_member_is_400(force, path, missing):
    body = json.loads(json.dumps(question()))
    *outer, last = missing.split(".")
    del (body[outer[0]] if outer else body)[last]
    answer = ask(force, body, path)
    assert answer.status == 400
    assert answer.json()["where"] == missing


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("change", [
    {"subject": "alice"}, {"action": {"name": 123}}, {"resource": []}, {"context": "now"},
    {"subject": None}, {"subject": {"type": "user", "id": "alice"}},
    {"resource": {"type": "record", "id": "1"}}, {"context": {"facts": []}},
    {"context": {"referral": 7}}])
def test_a_wrong_type_is_400(force, path, change):
    answer = ask(force, {**question(), **change}, path)
    assert answer.status == 400, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"{} {}", b'{"a": "\xff"}', b"[" * 10000])
def test_a_body_that_is_no_object_is_400(force, path, body):
    assert ask(force, body, path).status == 400


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json", ""])
def test_another_content_type_is_400(force, path, kind):
    assert ask(force, question(), path, headers={"Content-Type": kind}).status == 400


def test_unknown_words_are_named_with_the_nearest(force):
    answer = ask(force, question(dict(PERMITTED, recipient="competent_autority")))
    assert answer.status == 400
    assert "competent_authority" in json.dumps(answer.json())
    assert ask(force, question(dict(PERMITTED, nationality="x"))).status == 400


def test_a_protected_fact_is_refused_live(force):
    answer = ask(force, question(dict(PERMITTED, leave="held")))
    assert answer.status == 400
    assert "leave" in json.dumps(answer.json())


def test_a_fact_given_twice_must_agree(force):
    same = {"facts": {"channel": "email"}}
    assert ask(force, question(context=same)).json()["decision"] is True
    other = {"facts": {"channel": "telephone"}}
    assert ask(force, question(context=other)).status == 400


def test_missing_facts_are_named_and_never_permit(force):
    few = {key: REFUSED[key] for key in ("recipient", "channel", "role")}
    answer = ask(force, question(few)).json()
    assert answer["decision"] is False
    assert answer["context"]["decision"] == "undetermined"
    assert "overseas_offending" in answer["context"]["missing"]


def test_nobody_sends_on_an_answer(force):
    """A suspect may be referred, but only by a referral that a named person released."""
    answer = ask(force, question(SUSPECT)).json()
    assert answer["context"]["decision"] == "permit", answer
    assert answer["decision"] is False
    assert answer["context"]["obligations"][0]["id"] == "use-referral"
    unknown = question(SUSPECT, context={"referral": "ref_00000000000000000000000000"})
    assert ask(force, unknown).json()["decision"] is False


def test_a_person_asks_in_their_own_name(force):
    name = next(name for name in force.people if "officer" in name and "chief" not in name
                and "protection" not in name)
    officer = force.as_person(name)
    own = {"subject": {"type": "person", "id": force.people[name]["id"]}}
    assert officer.post(ONE, {**question(), **own}).status == 200
    assert officer.post(ONE, question()).status == 400


def test_a_batch_inherits_whole_entities_in_order(force):
    body = question()
    body["evaluations"] = [{}, {"resource": about(REFUSED)}, {}]
    answer = ask(force, body, MANY)
    assert answer.status == 200
    assert [one["decision"] for one in answer.json()["evaluations"]] == [True, False, True]
    assert "decision" not in answer.json()


def test_a_batch_without_defaults(force):
    body = {"evaluations": [question(), question(REFUSED)]}
    answers = ask(force, body, MANY).json()["evaluations"]
    assert [one["decision"] for one in answers] == [True, False]


def test_a_bad_item_is_false_with_its_error_and_the_rest_are_answered(force):
    body = question(options={"evaluations_semantic": "execute_all"})
    del body["resource"]
    body["evaluations"] = [{"resource": about(PERMITTED)}, {}, {"resource": about({"colour": "red"})},
                           {"resource": about(PERMITTED)}]
    answers = ask(force, body, MANY).json()["evaluations"]
    assert [one["decision"] for one in answers] == [True, False, False, True]
    assert answers[1]["context"]["error"]["where"] == "resource"
    assert answers[2]["context"]["error"]["status"] == 400


def test_a_batch_without_items_is_a_single_question(force):
    assert ask(force, question(), MANY).json()["decision"] is True
    assert ask(force, question(evaluations=[]), MANY).json()["decision"] is True


@pytest.mark.parametrize("semantic, given, expected", [
    ("deny_on_first_deny", [PERMITTED, REFUSED, PERMITTED], [True, False]),
    ("deny_on_first_deny", [PERMITTED, {"colour": "red"}, PERMITTED], [True, False]),
    ("permit_on_first_permit", [REFUSED, PERMITTED, REFUSED], [False, True]),
    ("permit_on_first_permit", [REFUSED, REFUSED], [False, False])])
def test_a_batch_stops_where_its_semantic_says(force, semantic, given, expected):
    body = question(options={"evaluations_semantic": semantic},
                    evaluations=[{"resource": about(facts)} for facts in given])
    answers = ask(force, body, MANY).json()["evaluations"]
    assert [one["decision"] for one in answers] == expected


def test_a_batch_is_bounded(force):
    assert ask(force, question(evaluations=[{}] * 100), MANY).status == 200
    assert ask(force, question(evaluations=[{}] * 101), MANY).status == 400
    assert ask(force, question(evaluations="all"), MANY).status == 400
    wrong = question(evaluations=[{}], options={"evaluations_semantic": "some"})
    assert ask(force, wrong, MANY).status == 400


def test_the_metadata_names_the_endpoints(force):
    answer = force.nobody.get("/.well-known/authzen-configuration")
    assert answer.headers["Content-Type"] == "application/json"
    found = answer.json()
    assert found["access_evaluation_endpoint"] == found["policy_decision_point"] + ONE
    assert found["access_evaluations_endpoint"] == found["policy_decision_point"] + MANY


def test_nobody_asks_without_a_token(force):
    for path in (ONE, MANY):
        answer = force.nobody.post(path, question())
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_pages_cookie_does_not_open_the_api(force):
    """Or another site could make a browser ask in its user's name."""
    token = force.as_person(next(iter(force.people))).token
    for name in ("firebreak-session", "__Host-firebreak-session"):
        answer = force.nobody.post(ONE, question(), headers={"Cookie": f"{name}={token}"})
        assert answer.status == 401


def test_what_is_answered_is_on_disk_and_holds_facets_only(force):
    body = question(REFUSED)
    body["subject"] = {"type": "person", "id": "secret-officer"}
    body["resource"]["id"] = "OCC-secret/PER-secret"
    body["evaluations"] = [{}, {"resource": about(PERMITTED)}, {"resource": about({"colour": "red"})}]
    before = len(force.entries())
    ask(force, body, MANY)
    new = [entry for entry in force.entries()[before:] if entry["kind"] == "question.decided"]
    assert sorted(entry["decision"] for entry in new) == ["permit", "refuse"]
    assert "secret" not in json.dumps(new)
    before = len(force.entries())
    stopped = question(evaluations=[{"resource": about(REFUSED)}, {}],
                       options={"evaluations_semantic": "deny_on_first_deny"})
    ask(force, stopped, MANY)
    assert len(force.entries()) == before + 1, "what was not answered was recorded"
