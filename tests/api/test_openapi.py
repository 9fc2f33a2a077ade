# SPDX-License-Identifier: Apache-2.0
"""Asks every operation of /v1/openapi.json and holds what comes back, success and error, against the
document: the status is one that it names, the content type is, the body follows the schema."""
import base64
import json
import pathlib
import re

import jsonschema
import pytest

import accounts
import two_persons

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src" / "web" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
FACTS = {
    "action": "share", "recipient": "immigration_enforcement", "channel": "email",
    "role": ["suspect"], "victim_elsewhere": "no", "suspected_of": "other_offence",
    "crime_type": ["other"], "ground": ["suspected_offence"], "overseas_offending": "none",
    "necessary": True, "proportionate": True, "prevents_further_offending": True,
    "purpose": ["investigation"], "consent": "not_sought", "age_group": "adult",
}
EXCEPTION = dict(FACTS, role=["victim"], suspected_of="nothing", ground=["overseas_offending"],
                 overseas_offending="high_harm")


INDICATORS = {"checked_on": "2026-01-05", "answers": {
    name: "no" for name in ("controlled", "papers_held", "debt_or_pay", "made_to_offend", "afraid_or_coached",
                            "living_or_working")}}
HISTORY = [{"kind": "conviction", "offence": "Murder", "date": "2011", "place": "Another country",
            "source": "Extract of the register", "reliability": "1A", "equivalence": "Murder, 001/01",
            "class": "high_harm", "classed_by": "Example Sergeant"}]


class Document:
    def __init__(self, document):
        self.document = document
        self.seen = set()
        self.fetched = jsonschema.RefResolver.from_schema(document)

    def operation(self, method, path):
        path = path.split("?")[0]
        for pattern, item in self.document["paths"].items():
            fits = re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path)
            if fits and method.lower() in item:
                return pattern, item[method.lower()]
        raise AssertionError(f"{method} {path} is not in the document")

    def resolve(self, thing):
        return self.fetched.resolve(thing["$ref"])[1] if "$ref" in thing else thing

    def validate(self, body, schema):
        jsonschema.Draft202012Validator(schema, resolver=self.fetched).validate(body)

    def check(self, method, path, answer):
        pattern, operation = self.operation(method, path)
        status = str(answer.status)
        assert status in operation["responses"], f"{method} {pattern} {status}: {answer.body}"
        self.seen.add((method.lower(), pattern, status))
        promised = self.resolve(operation["responses"][status]).get("content")
        if not promised:
            assert answer.body == b""
            return None
        kind = answer.headers["Content-Type"].split(";")[0]
        assert kind in promised, (method, pattern, status, kind)
        self.validate(answer.json(), promised[kind]["schema"])
        return answer.json()


@pytest.fixture(scope="module")
def document(force):
    answer = force.nobody.get("/v1/openapi.json")
    assert answer.status == 200
    return Document(answer.json())


class Asker:
    """Calls, and checks each answer against the document."""

    def __init__(self, document, client):
        self.document = document
        self.client = client

    def __call__(self, method, path, body=None, expect=None, **more):
        answer = self.client.call(method, path, body, **more)
        found = self.document.check(method, path, answer)
        if expect is not None:
            assert answer.status == expect, answer.body
        return found


@pytest.fixture(scope="module")
def people(force, document):
    """One asker for each person of the demonstration, by what the name begins with."""
    return {name: Asker(document, force.as_person(name)) for name in force.people}


def one_with(force, people, right):
    """Somebody whom the server lets do `right`, by trying: the table of rights is not repeated here."""
    for name, asker in people.items():
        if right(asker):
            return name
    raise AssertionError("nobody has this right")


def draft_body(destination, facts, conditions):
    """A draft that the policy's own conditions for these facts are content with, and who decides after it."""
    return {"role_changes": [{"hours_before": 30, "from": "none", "to": "suspect", "office": "Custody"}],
            "indicators": INDICATORS, "assurance": "none_held", "less_intrusive": "A warning; it would not do.",
            **({"history": HISTORY} if facts["overseas_offending"] != "none" else {}),
            "destination": destination, "occurrence": "OCC-1", "person": "PER-1", "facts": facts,
            "reasons": {name: "Because of what was found." for name in conditions["reasons"]},
            "fields": {name: "1990-01-02" if "date" in name else "Example"
                       for name in conditions["disclose"]}}


@pytest.fixture(scope="module")
def drafted(force, document, people):
    """What `draft` needs: who may, which destination there is, and which fields the policy allows."""
    config = pathlib.Path(next(p["key"] for p in force.people.values() if "key" in p)).parents[1]
    text = (config / "force.toml").read_text()
    destination = re.search(r'\[\[destination\]\]\s*(?:#.*\s*)*id\s*=\s*"([^"]+)"', text).group(1)
    asker = Asker(document, force.service)

    def body(facts):
        answer = asker("POST", "/access/v1/evaluation", {
            "subject": {"type": "person", "id": "x"}, "action": {"name": "share"},
            "resource": {"type": "person_in_occurrence", "id": "1", "properties": facts}})
        return draft_body(destination, facts, answer["context"]["conditions"])

    def may_draft(asker):
        answer = asker.client.post("/v1/referrals", body(FACTS))
        assert answer.status in (201, 403), answer.body
        return answer.status == 201

    return one_with(force, people, may_draft), body


def test_the_document_is_the_one_in_the_source(document):
    assert document.document == json.loads(SOURCE.read_text())
    assert document.document["openapi"].startswith("3.1")


def test_the_document_is_sound(document):
    """Every reference leads somewhere, every schema is one, every operation has its name."""
    for found in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document.document)):
        document.fetched.resolve(found)
    for schema in document.document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    names = [item[m]["operationId"] for item in document.document["paths"].values()
             for m in METHODS if m in item]
    assert len(names) == len(set(names))


def test_a_one_time_password_opens_nothing_but_a_new_one(force, document):
    """Stands before the first test that signs everybody in."""
    name = next(name for name in force.people if name not in force.passwords)
    person = force.sign_in(name, force.people[name]["password"])
    for method, path, body in (("GET", "/v1/referrals", None), ("POST", "/v1/referrals", {}),
                               ("POST", "/access/v1/evaluation", {})):
        answer = person.call(method, path, body)
        document.check(method, path, answer)
        assert answer.status == 403


def test_batches(force, document):
    service = Asker(document, force.service)
    one = {"subject": {"type": "service", "id": "gateway"}, "action": {"name": "share"},
           "resource": {"type": "person_in_occurrence", "id": "1", "properties": FACTS}}
    service("POST", "/access/v1/evaluation", {}, expect=400)
    service("POST", "/access/v1/evaluations", one, expect=200)
    service("POST", "/access/v1/evaluations", {"evaluations": [one, {}, one]}, expect=200)
    service("POST", "/access/v1/evaluations", {"evaluations": "all"}, expect=400)


def test_a_permitted_referral_from_draft_to_release(force, document, people, drafted):
    requester, body = drafted
    made = people[requester]("POST", "/v1/referrals", body(FACTS), expect=201)
    path = "/v1/referrals/" + made["referral"]
    assert people[requester]("GET", path, expect=200)["content"]["draft"]["occurrence"] == "OCC-1"
    sent = people[requester]("POST", path + "/submit", expect=200)
    assert sent["state"] == "submitted"
    for name, asker in people.items():
        found = asker("POST", path + "/release", {"facts": FACTS, "safeguarding": "done", "note": "Moved."})
        if found.get("state") == "released":
            assert name != requester
            break
    else:
        raise AssertionError("nobody may release")
    # Now the gateway may say yes for this recipient, and for no other.
    asked = {"subject": {"type": "person", "id": "x"}, "action": {"name": "share"},
             "resource": {"type": "person_in_occurrence", "id": "1", "properties": FACTS},
             "context": {"referral": made["referral"]}}
    asker = Asker(document, force.service)
    assert asker("POST", "/access/v1/evaluation", asked, expect=200)["decision"] is True
    del asked["context"]
    denied = asker("POST", "/access/v1/evaluation", asked, expect=200)
    assert denied["decision"] is False
    wanted = {**asked, "context": {"referral": made["referral"]}, "denial": {
        "binding_token": denied["context"]["access_request"]["binding_token"],
        "expires_at": denied["context"]["access_request"]["expires_at"]}}
    task = asker("POST", "/access/v1/requests", wanted, expect=201)["task"]
    asker("POST", "/access/v1/requests", {**wanted, "denial": {}}, expect=400)
    asker("GET", "/access/v1/requests/" + task["id"], expect=200)
    asker("GET", "/access/v1/requests/arq_none", expect=404)
    approved = {**asked, "context": {"approval": {"id": "apr_" + task["id"][4:]}}}
    assert asker("POST", "/access/v1/evaluation", approved, expect=200)["decision"] is True
    asker = people[requester]
    asker("POST", path + "/submit", expect=409)
    asker("POST", path + "/withdraw", expect=409)
    asker("POST", path + "/settle", {"as": "delivered", "evidence": "mail_log"})


def test_a_referral_is_begun_saved_submitted_and_forwarded(force, document, people, drafted):
    requester, body = drafted
    asker = people[requester]
    token = "a-token-of-its-own-1"
    begun = asker("POST", "/v1/referrals/begun", {"token": token}, expect=201)
    path = "/v1/referrals/" + begun["referral"]
    assert begun["state"] == "begun" and begun["facets"] == {}
    again = asker("POST", "/v1/referrals/begun", {"token": token, "draft": {"person": "PER-9"}}, expect=201)
    assert again["content_revision"] == 1 and again["referral"] == begun["referral"]
    asker("POST", "/v1/referrals/begun", {"token": "short"}, expect=400)
    saved = asker("POST", path + "/save", {"content_revision": 1, "draft": {"person": "PER-9"}}, expect=200)
    assert saved["content_revision"] == 2
    stale = asker("POST", path + "/save", {"content_revision": 1, "draft": {"person": "PER-8"}}, expect=409)
    assert "changed after you opened it" in stale["detail"]
    asker("POST", path + "/save", {"content_revision": 2, "draft": {"history": "much"}}, expect=400)
    asker("POST", path + "/save", {"draft": {}}, expect=400)
    assert asker("GET", path, expect=200)["content"]["draft"]["person"] == "PER-9"
    assert [r["state"] for r in asker("GET", "/v1/referrals?state=begun", expect=200)["referrals"]] == ["begun"]
    whole = {key: value for key, value in body(FACTS).items() if key != "indicators"}
    asker("POST", path + "/save", {"content_revision": 2, "draft": whole}, expect=200)
    lacking = asker("POST", path + "/submit", expect=400)
    assert lacking["where"] == "indicators"
    asker("POST", path + "/save", {"content_revision": 3, "draft": body(FACTS)}, expect=200)
    assert asker("POST", path + "/submit", expect=200)["state"] == "submitted"
    asker("POST", path + "/forward", {"reason": "complete"}, expect=403)
    people["supervisor"]("POST", path + "/forward", {"reason": "because"}, expect=400)
    forwarded = people["supervisor"]("POST", path + "/forward", {"reason": "complete", "note": "Seen."}, expect=200)
    assert forwarded["forwarded"] is True
    people["supervisor"]("POST", path + "/forward", {"reason": "complete"}, expect=409)
    people["supervisor"]("POST", "/v1/referrals/ref_none/forward", {"reason": "complete"}, expect=404)
    people["supervisor"]("POST", path + "/save", {"content_revision": 4, "draft": {}}, expect=403)


def test_an_exception_is_signed_off_returned_and_refused(force, document, people, drafted):
    requester, body = drafted
    made = people[requester]("POST", "/v1/referrals", body(EXCEPTION), expect=201)
    path = "/v1/referrals/" + made["referral"]
    people[requester]("POST", path + "/submit", {"draft": body(EXCEPTION)}, expect=200)
    answered = {"reason": "incomplete", "note": "Say more."}
    # Not by the chief officer, who could then not decide any more.
    returned = [name for name, asker in people.items() if not name.startswith("chief")
                and asker("POST", path + "/return", answered).get("state") == "draft"]
    assert returned
    people[requester]("POST", path + "/submit", {}, expect=200)
    wrong = {"statement_digest": "sha256:" + "0" * 64, "key": "key_0123456789abcdef",
             "signature": base64.b64encode(bytes(64)).decode()}
    for asker in people.values():
        assert asker("POST", path + "/authorise", wrong)["status"] in (400, 403, 409)
    refused = [name for name, asker in people.items()
               if asker("POST", path + "/refuse", {"reason": "other"}).get("state") == "refused"]
    assert len(refused) == 1 and refused[0] != requester
    again = people[requester]("POST", "/v1/referrals", body(EXCEPTION), expect=201)
    path = "/v1/referrals/" + again["referral"]
    assert people[requester]("POST", path + "/withdraw", {}, expect=200)["state"] == "withdrawn"
    listed = people[requester]("GET", "/v1/referrals?state=withdrawn&state=refused", expect=200)
    assert {found["state"] for found in listed["referrals"]} == {"withdrawn", "refused"}
    people[requester]("GET", "/v1/referrals?state=lost", expect=400)
    people[requester]("GET", "/v1/referrals?colour=red", expect=400)


def test_a_list_comes_in_pages(force, document, people, drafted):
    requester, body = drafted
    asker = people[requester]
    for _ in range(3):
        asker("POST", "/v1/referrals", body(FACTS), expect=201)
    all_of_them = asker("GET", "/v1/referrals", expect=200)["referrals"]
    seen, path = [], "/v1/referrals?limit=2"
    while True:
        page = asker("GET", path, expect=200)
        assert page["total"] == len(all_of_them)
        assert 1 <= len(page["referrals"]) <= 2
        seen += page["referrals"]
        if "next" not in page:
            break
        path = f"/v1/referrals?limit=2&after={page['next']}"
    assert seen == all_of_them
    assert asker("GET", "/v1/referrals?after=0", expect=200)["referrals"] == []
    for wrong in ("limit=0", "limit=1001", "limit=-1", "limit=two", "limit=", "after=1e3", "after=" + "9" * 40):
        asker("GET", "/v1/referrals?" + wrong, expect=400)


from openapi_aftercare import test_erasure_by_two_persons, test_holds_and_consent, test_what_is_held_about_a_person


def test_a_change_of_two_persons(people):
    two_persons.take_every_step(people)


def test_accounts(force, document):
    accounts.check_accounts(Asker, force, document)


def test_links(force, document):
    accounts.check_links(Asker, force, document)


def test_the_wrong_caller_is_told_so_at_every_operation(force, document):
    """401 for nobody at each operation that is not open; and the rest of what is open."""
    nobody = Asker(document, force.nobody)
    for pattern, item in document.document["paths"].items():
        path = pattern.replace("{ref}", "ref_" + "0" * 26).replace("{task}", "arq_" + "0" * 26)
        path = path.replace("{proposal}", "x").replace("{search}", "x")
        path = path.replace("{change}", "change_" + "0" * 26)
        for method in (m for m in METHODS if m in item):
            if item[method].get("security") == []:
                continue
            assert nobody(method.upper(), path, {})["status"] == 401
    nobody("GET", "/healthz", expect=200)
    nobody("GET", "/v1/openapi.json", expect=200)
    nobody("GET", "/.well-known/authzen-configuration", expect=200)


def test_a_service_has_no_part_in_referrals(force, document):
    service = Asker(document, force.service)
    path = "/v1/referrals/ref_" + "0" * 26
    service("GET", "/v1/referrals", expect=403)
    service("POST", "/v1/referrals", {"destination": "x", "facts": {}}, expect=403)
    for step, body in (("submit", {}), ("return", {"reason": "other"}), ("withdraw", {}),
                       ("refuse", {"reason": "other"}), ("release", {"facts": {}}),
                       ("settle", {"as": "delivered", "evidence": "mail_log"}),
                       ("hold", {"reason": "other"}), ("end-hold", {}), ("close", {}),
                       ("consent-withdrawn", {"said_by": "other"}), ("ask-outcome", {}),
                       ("acknowledge", {"received": "2026-01-01"}), ("recall", {"answer": "deleted"}),
                       ("outcome", {"outcome": "unknown", "source": "other", "learnt": "2026-01-01"})):
        assert service("POST", f"{path}/{step}", body)["status"] in (403, 404)


def test_wrong_bodies_at_every_step(force, document, people, drafted):
    asker = people[drafted[0]]
    path = "/v1/referrals/ref_" + "0" * 26
    asker("GET", path, expect=404)
    asker("GET", path + "/signoff-export", expect=404)
    asker("POST", "/v1/referrals", {"destination": "x", "colour": "red"}, expect=400)
    asker("POST", "/v1/referrals", b"[" * 100, expect=400)
    for step in ("submit", "return", "withdraw", "authorise", "refuse", "release", "settle", "hold",
                 "end-hold", "consent-withdrawn", "acknowledge", "ask-outcome", "outcome", "recall", "close"):
        for body in (b"{", {"colour": "red"}, []):
            asker("POST", f"{path}/{step}", body, expect=400)
    asker("POST", path + "/return", {}, expect=400)
    asker("POST", path + "/release", {"facts": {}, "supersede": "yes"}, expect=400)
    asker("POST", path + "/settle", {"as": "lost", "evidence": "mail_log"}, expect=400)
    asker("POST", path + "/settle", {"as": "delivered", "evidence": "hope"}, expect=400)


def test_every_operation_was_asked_with_success_and_error(document):
    """Stands last: the tests above together must have seen every operation both ways."""
    for pattern, item in document.document["paths"].items():
        for method in (m for m in METHODS if m in item):
            statuses = {s for m, p, s in document.seen if (m, p) == (method, pattern)}
            good = {s for s in item[method]["responses"] if s < "300"}
            # A signed authorisation and a message that left need more than this server, which carries none.
            if pattern.split("/")[-1] not in ("settle", "authorise", "signoff-export", "acknowledge", "ask-outcome",
                                              "outcome", "recall", "close"):
                assert statuses & good, f"{method} {pattern} never succeeded: {statuses}"
            if item[method].get("security") != []:
                assert statuses - good, f"{method} {pattern} never failed"
