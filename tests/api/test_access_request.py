# SPDX-License-Identifier: Apache-2.0
"""AuthZEN's draft profiles, Obligations and Access Request and Approval, asked of the real server: a denial
that a referral can resolve leads to a task, the task follows the referral, and only a new evaluation says
yes. The referral is signed off and released as it is without the profile."""
import base64
import json
import pathlib
import re
import subprocess

import pytest

from examples import exceptional_draft, suspect_draft
from test_authzen import MANY, ONE, PERMITTED, REFUSED, SUSPECT

REQUESTS = "/access/v1/requests"
EXCEPTION = dict(REFUSED, ground=["overseas_offending"], overseas_offending="high_harm",
                 prevents_further_offending=True)
CASEWORK = {**suspect_draft(), **exceptional_draft()}  # what deciders weigh, of a sign-off and of a suspect
URN = "urn:openid:authzen:access-request:error:"


def question(facts=EXCEPTION, **more):
    return {"subject": {"type": "person", "id": "an-officer"}, "action": {"name": "share"},
            "resource": {"type": "person_in_occurrence", "id": "OCC-1/PER-1", "properties": facts}, **more}


def denied(client, body, path=ONE):
    answer = client.post(path, body)
    assert answer.status == 200, answer.body
    found = answer.json()
    assert found["decision"] is False
    return found["context"]


def request_for(body, context, **more):
    """The access request that a caller makes of its denial."""
    denial = {"binding_token": context["access_request"]["binding_token"],
              "expires_at": context["access_request"]["expires_at"], "evaluation_id": context["evaluation_id"]}
    return {**body, "context": {**body.get("context", {}), **more}, "denial": denial}


def draft_of(force, context):
    text = (force.folder / "force.toml").read_text()
    destination = re.search(r'\[\[destination\]\]\s*(?:#.*\s*)*id\s*=\s*"([^"]+)"', text).group(1)
    return {"destination": destination, "occurrence": "OCC-1", "person": "PER-1",
            "fields": {name: "1990-01-02" if "date" in name else "Example"
                       for name in context["conditions"]["disclose"]},
            "reasons": {name: "Because of what was found." for name in context["conditions"]["reasons"]},
            **{name: CASEWORK[name] for name in
               (("history", "less_intrusive", "assurance") if context["sign_off"]
                else ("role_changes", "indicators"))}}


def own_question(force, name="officer", facts=EXCEPTION):
    body = question(facts)
    body["subject"]["id"] = name
    return body


def begun(force, name="officer", facts=EXCEPTION):
    """A referral that an officer begins by an access request: (officer, the question, the task)."""
    officer = force.as_person(name)
    body = own_question(force, name, facts)
    context = denied(officer, body)
    answer = officer.post(REQUESTS, request_for(body, context, draft=draft_of(force, context)))
    assert answer.status == 202, answer.body
    task = answer.json()["task"]
    assert answer.headers["Location"] == task["status_endpoint"]
    return officer, body, task


def reference(task):
    return re.search(r"ref_\w+", task["display"]["title"]).group()


def sign_off(force, ref, folder):
    """The chief officer's signature, made with OpenSSL from the key file (src/identity/signoff.h)."""
    chief = force.as_person("chief")
    digest = chief.get("/v1/referrals/" + ref).json()["statement_digest"]
    key = dict(line.split(" ", 1) for line in pathlib.Path(force.people["chief"]["key"]).read_text().splitlines())
    (folder / "key.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(key["secret"]))
    (folder / "signed").write_bytes(b"firebreak sign-off v1\n" + bytes.fromhex(digest.removeprefix("sha256:")))
    subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", "key.der", "-keyform", "DER", "-rawin", "-in", "signed",
                    "-out", "signature"], cwd=folder, check=True)
    signature = base64.b64encode((folder / "signature").read_bytes()).decode()
    answer = chief.post(f"/v1/referrals/{ref}/authorise",
                        {"statement_digest": digest, "key": key["id"], "signature": signature})
    assert answer.status == 200, answer.body


def test_the_metadata_tells_what_is_supported(force):
    found = force.nobody.get("/.well-known/authzen-configuration").json()
    assert found["access_request_endpoint"] == found["policy_decision_point"] + REQUESTS
    assert "urn:openid:authzen:capability:access-request" in found["capabilities"]
    assert set(found["supported_obligations"]) == {"custom", "notification"}


@pytest.mark.parametrize("facts, decision", [(EXCEPTION, "sign_off"), (SUSPECT, "permit")])
def test_a_denial_that_a_referral_can_resolve_is_requestable(force, facts, decision):
    context = denied(force.service, question(facts))
    assert context["decision"] == decision
    assert context["reason"] == "approval_required"
    assert context["access_request"]["endpoint"].endswith(REQUESTS)
    assert [one["id"] for one in context["obligations"]] == ["use-referral"]
    again = denied(force.service, question(facts))
    assert again["evaluation_id"] != context["evaluation_id"]


def test_a_refusal_is_not_requestable(force):
    for facts in (REFUSED, {key: REFUSED[key] for key in ("recipient", "role")}):
        context = denied(force.service, question(facts))
        assert not {"access_request", "evaluation_id", "obligations"} & set(context)


def test_obligations_follow_a_permit_and_can_be_declared(force):
    context = force.service.post(ONE, question(PERMITTED)).json()["context"]
    obligations = context.get("obligations", [])
    for one in obligations:
        assert set(one) == {"id", "type", "properties"}
    kept = {one["id"]: one for one in obligations}
    if context["conditions"]["channel"]:
        assert kept["only-by"]["properties"]["channel"] == context["conditions"]["channel"]
    if context["conditions"]["disclose"]:
        assert kept["disclose-only"]["properties"]["fields"] == context["conditions"]["disclose"]
    able = force.service.post(ONE, question(PERMITTED, context={
        "supported_obligations": ["custom", "notification", "step-up"]})).json()
    assert able["decision"] is True
    unable = force.service.post(ONE, question(PERMITTED, context={"supported_obligations": []})).json()
    assert unable["decision"] is (not obligations)
    for wrong in ("custom", [1], {"custom": True}):
        body = question(PERMITTED, context={"supported_obligations": wrong})
        assert force.service.post(ONE, body).status == 400


def test_each_item_of_a_batch_is_requestable_by_itself(force):
    body = {"evaluations": [question(EXCEPTION), question(REFUSED), question(SUSPECT)]}
    found = [one["context"] for one in force.service.post(MANY, body).json()["evaluations"]]
    assert ["access_request" in one for one in found] == [True, False, True]
    assert found[0]["evaluation_id"] != found[2]["evaluation_id"]


def test_a_request_begins_a_referral_and_grants_nothing(force):
    officer, body, task = begun(force)
    assert task["status"] == "pending"
    shown = officer.get("/v1/referrals/" + reference(task)).json()
    assert shown["state"] == "draft"
    assert shown["content"]["draft"]["person"] == "PER-1"
    assert denied(officer, body)["reason"] == "approval_required"
    path = REQUESTS + "/" + task["id"]
    assert officer.get(path).json() == {"task": task}
    officer.post(f"/v1/referrals/{reference(task)}/withdraw", {})
    assert officer.get(path).json()["task"]["status"] == "cancelled"


def test_a_released_referral_is_an_approval_and_only_a_new_evaluation_says_yes(force):
    officer, body, task = begun(force, facts=SUSPECT)
    ref = reference(task)
    assert officer.post(f"/v1/referrals/{ref}/submit", {}).status == 200
    assert officer.get(REQUESTS + "/" + task["id"]).json()["task"]["status"] == "pending"
    released = force.as_person("desk").post(f"/v1/referrals/{ref}/release", {
        "facts": dict(SUSPECT, action="share"), "safeguarding": "not_needed"})
    assert released.status == 200, released.body
    done = officer.get(REQUESTS + "/" + task["id"]).json()
    assert (done["task"]["status"], done["result"]["mode"]) == ("approved", "reevaluate")
    approval = done["result"]["approval"]
    assert denied(officer, body)["reason"] == "approval_required", "an approval is not kept between evaluations"
    again = officer.post(ONE, {**body, "context": {"approval": approval}}).json()
    assert again["decision"] is True
    assert again["context"]["approval"] == approval
    assert [one["id"] for one in again["context"]["obligations"]] == ["sent-by-referral"]
    # Exactly what was asked, by whom it was asked; nothing else.
    other = own_question(force, facts=dict(SUSPECT, crime_type=["hate_crime"]))
    other["context"] = {"approval": approval}
    assert denied(officer, other)["reason"] == "out_of_scope"
    moved = {**body, "resource": {**body["resource"], "id": "OCC-2/PER-2"}, "context": {"approval": approval}}
    found = denied(officer, moved)
    assert (found["reason"], found["next_action"]) == ("out_of_scope", "request")
    assert "access_request" in found
    assert denied(force.service, {**body, "context": {"approval": approval}})["reason"] == "out_of_scope"
    refused = own_question(force, facts=REFUSED)
    refused["context"] = {"approval": approval}
    found = denied(officer, refused)
    assert (found["reason"], found["next_action"]) == ("policy_denied", "none")


def test_a_sign_off_leads_to_a_yes_and_not_before(force, tmp_path):
    officer, body, task = begun(force)
    ref = reference(task)

    def status():
        return officer.get(REQUESTS + "/" + task["id"]).json()["task"]["status"]

    assert officer.post(f"/v1/referrals/{ref}/submit", {}).status == 200
    named = {**body, "context": {"referral": ref}}
    assert denied(officer, named)["decision"] == "sign_off"
    sign_off(force, ref, tmp_path)
    assert status() == "pending", "signed off is not yet released"
    assert denied(officer, named)["decision"] == "sign_off"
    facts = dict(EXCEPTION, action="share")
    assert force.as_person("desk").post(f"/v1/referrals/{ref}/release", {
        "facts": facts, "safeguarding": "done"}).status == 200
    assert status() == "approved"
    approval = officer.get(REQUESTS + "/" + task["id"]).json()["result"]["approval"]
    again = officer.post(ONE, {**body, "context": {"approval": approval}}).json()
    assert (again["decision"], again["context"]["decision"]) == (True, "sign_off")
    assert officer.post(ONE, named).json()["decision"] is True
    many = officer.post(MANY, {**body, "evaluations": [{"context": {"approval": approval}}, {}]}).json()
    assert [one["decision"] for one in many["evaluations"]] == [True, False]


def test_a_service_points_to_a_referral_that_a_person_began(force):
    _, _, task = begun(force)
    ref = reference(task)
    body = question()
    context = denied(force.service, body)
    answer = force.service.post(REQUESTS, request_for(body, context, referral=ref))
    assert answer.status == 202, answer.body
    own = answer.json()["task"]
    assert own["id"] != task["id"]
    assert force.service.post(REQUESTS, request_for(body, context, referral=ref)).json()["task"] == own
    assert force.service.get(REQUESTS + "/" + own["id"]).json()["task"] == own
    assert force.service.get(REQUESTS + "/" + task["id"]).status == 404, "another caller's task"
    without = force.service.post(REQUESTS, request_for(body, context))
    assert (without.status, without.json()["where"]) == (400, "context")
    drafted = force.service.post(REQUESTS, request_for(body, context, draft=draft_of(force, context)))
    assert drafted.status == 403


def test_a_denial_is_bound_to_what_was_asked(force):
    _, _, task = begun(force)
    ref = reference(task)
    body = question()
    context = denied(force.service, body)

    def refusal(change, expected="invalid_denial_binding", status=400):
        sent = json.loads(json.dumps(request_for(body, context, referral=ref)))
        change(sent)
        answer = force.service.post(REQUESTS, sent)
        assert answer.status == status, answer.body
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == URN + expected, answer.body

    refusal(lambda sent: sent["subject"].update(id="another"))
    refusal(lambda sent: sent["resource"].update(id="OCC-9/PER-9"))
    refusal(lambda sent: sent["resource"]["properties"].update(crime_type=["hate_crime"]))
    refusal(lambda sent: sent["context"].update(facts={"consent": "given"}) or
            sent["resource"]["properties"].pop("consent"))
    refusal(lambda sent: sent["denial"].update(evaluation_id="eval_other"))
    refusal(lambda sent: sent["denial"].update(expires_at="2099-01-01T00:00:00.000000Z"))
    refusal(lambda sent: sent["denial"].pop("expires_at"))
    refusal(lambda sent: sent["denial"].update(binding_token="x.y.z"))
    refusal(lambda sent: sent["denial"].update(binding_token="no token"))
    token = context["access_request"]["binding_token"]
    longer = token.split(".")[0] + ".2099-01-01T00:00:00.000000Z." + token.rsplit(".", 1)[1]
    refusal(lambda sent: sent["denial"].update(binding_token=longer, expires_at="2099-01-01T00:00:00.000000Z"))
    refusal(lambda sent: sent["context"].update(referral="ref_" + "0" * 26))
    refusal(lambda sent: sent.pop("denial"), "not_requestable")
    for member in ("items", "callback"):
        assert force.service.post(REQUESTS, {**request_for(body, context, referral=ref), member: []}).status == 400
    officer = force.as_person("officer")
    mine = denied(officer, own_question(force))
    stolen = request_for(own_question(force), mine, referral=ref)
    stolen["denial"] = request_for(body, context)["denial"]
    assert officer.post(REQUESTS, stolen).json()["type"] == URN + "invalid_denial_binding"


def test_another_persons_referral_is_not_to_be_had_and_the_guess_is_recorded(force):
    _, _, task = begun(force, "supervisor")
    ref = reference(task)
    officer = force.as_person("officer")
    body = own_question(force)
    sent = request_for(body, denied(officer, body), referral=ref)
    before = len(force.entries())
    assert officer.post(REQUESTS, sent).json()["type"] == URN + "invalid_denial_binding"
    new = force.entries()[before:]
    assert [(one["kind"], one["code"]) for one in new] == [("attempt.refused", "not_shown")]
    answer = officer.get(REQUESTS + "/" + task["id"])
    assert (answer.status, answer.json()["type"]) == (404, URN + "unknown_task")
    assert force.entries()[-1]["code"] == "not_shown" and len(force.entries()) == before + 2


@pytest.mark.parametrize("task", ["arq_1", "apr_" + "0" * 26 + "_" + "0" * 32, "ref_" + "0" * 26, "..%2f", "%00",
                                  "arq_" + "0" * 26 + "_" + "0" * 32, "arq_" + "z" * 200])
def test_a_task_that_is_none_is_404(force, task):
    for client in (force.service, force.as_person("officer")):
        answer = client.get(REQUESTS + "/" + task)
        assert answer.status in (400, 404), answer.body


@pytest.mark.parametrize("approval", ["apr_1", [], {"id": 7}, {}, None])
def test_an_approval_of_a_wrong_type_is_400(force, approval):
    assert force.service.post(ONE, question(context={"approval": approval})).status == 400


def test_an_unknown_approval_allows_nothing(force):
    for name in ("apr_" + "0" * 26 + "_" + "0" * 32, "apr", "arq_" + "0" * 26 + "_" + "0" * 32):
        assert denied(force.service, question(context={"approval": {"id": name}}))["reason"] == "out_of_scope"
