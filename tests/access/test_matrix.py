# SPDX-License-Identifier: Apache-2.0
"""Who may do what: every route of the running server, asked by everybody, as matrix.csv says.

matrix.csv has a row for each route (two where a route is about a referral: the caller's own and somebody
else's) and a column for each caller. A cell says what the caller gets:

    yes       what was asked for, or an error that is not about who asks
    401, 403  refused; on a page 403 is a page that says so
    404       told that there is none, although there is
    sign-in   sent to sign in
    password  sent to choose a password first
    -         cannot be: the caller has no referral of their own

A refusal about a referral is in the ledger. Who adds a route adds its row; a route that needs something sent
gets it from SENT, and names in a path stand for what NAMES gives.
"""
import csv
import pathlib
import re
import secrets
import time

import pytest

from callers import CALLERS, ROLES, browser_of, client_of
from examples import SUSPECT_FACTS, evaluation, suspect_draft

MATRIX = pathlib.Path(__file__).with_name("matrix.csv")
WORDS = {"yes", "401", "403", "404", "sign-in", "password", "-"}
OWNERS = ("officer", "supervisor")  # who begins referrals

ROWS = list(csv.DictReader(MATRIX.open(newline=""))) if MATRIX.exists() else []


def is_about_a_referral(path):
    return "{ref}" in path or path.startswith("/access/v1/requests/")


def question(caller, force):
    """A question of the caller's, in their own name."""
    body = evaluation(SUSPECT_FACTS)
    if caller in ROLES:
        body["subject"] = {"type": "person", "id": ROLES[caller]}
    return body


def draft(force, owner, number=[0]):
    """A new referral of that person, for one question of the matrix."""
    number[0] += 1
    made = sessions(force, owner).post("/v1/referrals", suspect_draft(number[0]))
    assert made.status == 201, made.body
    return made.json()["referral"]


ENDS_A_SESSION = ("DELETE /v1/session", "POST /v1/password", "POST /sign-out", "POST /password",
                  "POST /sessions/end")


SESSIONS, BROWSERS = {}, {}  # by port and caller: they last for the module


def sessions(force, caller):
    """A session of the caller."""
    if (force.port, caller) not in SESSIONS:
        SESSIONS[force.port, caller] = client_of(force, caller)
    return SESSIONS[force.port, caller]


def browsers(force, caller):
    """The same on the pages."""
    if (force.port, caller) not in BROWSERS:
        BROWSERS[force.port, caller] = browser_of(force, caller)
    return BROWSERS[force.port, caller]


def task_of(force, caller, ref):
    """The task by which the caller follows the referral; one made up when they may follow none."""
    client, body = sessions(force, caller), question(caller, force)
    answer = client.post("/access/v1/evaluation", body)
    if answer.status == 200:
        hint = answer.json()["context"]["access_request"]
        body["context"]["referral"] = ref
        body["denial"] = {name: hint[name] for name in ("binding_token", "expires_at")}
        answer = client.post("/access/v1/requests", body)
        if answer.status == 202:
            return answer.json()["task"]["id"]
    return "arq_" + ref.removeprefix("ref_") + "_" + "0" * 32


def own_password(force, caller):
    if caller == "one_time_password":
        return force.one_time
    name = ROLES.get(caller, "officer")
    if name not in force.passwords:
        force.as_person(name)
    return force.passwords[name]


def recorded_refusals(force, before, actor, seconds=2):
    """Refused attempts of that person since; an attempt at a page is recorded beside its answer."""
    end = time.monotonic() + seconds
    while True:
        new = [entry for entry in force.entries()[before:]
               if entry["kind"] == "attempt.refused" and entry["actor"] == actor]
        if new or time.monotonic() > end:
            return new
        time.sleep(0.02)


def asset(force):
    return re.search(rb"/assets/([^\"]+)", browsers(force, "nobody").get("/").body).group(1).decode()


def nothing(force, caller):
    return None


def another_address():
    return {"type": "destination", "id": "competent-authority", "recipient": "competent_authority",
            "address": f"desk-{secrets.token_hex(4)}@competent-authority.example", "reason": "They moved."}


# What is sent, so that what decides is who asks: the body for the API, the form's fields for a page.
SENT = {
    "POST /access/v1/evaluation": lambda force, caller: question(caller, force),
    "POST /access/v1/evaluations": lambda force, caller: question(caller, force),
    "POST /access/v1/requests": lambda force, caller: question(caller, force),
    "POST /v1/session": lambda force, caller: {"name": "officer", "password": own_password(force, "officer")},
    # A new password that is too short: what comes before that is who asks, and the old one.
    "POST /v1/password": lambda force, caller: {"old": own_password(force, caller), "new": "short"},
    "POST /v1/referrals": lambda force, caller: suspect_draft(1),
    "POST /v1/referrals/begun": lambda force, caller: {"token": secrets.token_hex(8)},
    "POST /v1/referrals/{ref}/return": lambda force, caller: {"reason": "other"},
    "POST /v1/referrals/{ref}/forward": lambda force, caller: {"reason": "other"},
    "POST /v1/referrals/{ref}/save": lambda force, caller: {"content_revision": 1, "draft": suspect_draft()},
    "POST /v1/referrals/{ref}/refuse": lambda force, caller: {"reason": "other"},
    "POST /v1/referrals/{ref}/authorise": lambda force, caller: {
        "statement_digest": "sha256:" + "0" * 64, "key": "key_0123456789abcdef", "signature": "AAAA"},
    "POST /v1/referrals/{ref}/release": lambda force, caller: {"facts": SUSPECT_FACTS},
    "POST /v1/referrals/{ref}/hold": lambda force, caller: {"reason": "safeguarding"},
    "POST /v1/referrals/{ref}/consent-withdrawn": lambda force, caller: {"said_by": "subject"},
    "POST /referrals/{ref}/consent": lambda force, caller: {"said_by": "subject", "note": "By telephone."},
    "POST /v1/referrals/{ref}/recall": lambda force, caller: {"answer": "no_reply"},
    "POST /v1/referrals/{ref}/acknowledge": lambda force, caller: {"received": "2026-01-01"},
    "POST /v1/referrals/{ref}/outcome": lambda force, caller: {
        "outcome": "unknown", "source": "recipient", "learnt": "2026-01-01"},
    "POST /v1/changes": lambda force, caller: another_address(),
    "POST /v1/changes/{change}/refuse": lambda force, caller: {"reason": "No."},
    "POST /changes/{change}/refuse": lambda force, caller: {"reason": "No."},
    "POST /v1/erasures": lambda force, caller: {"because": "retention"},
    "POST /v1/subject-access": lambda force, caller: {"person": "PER-000001"},
    "POST /v1/referrals/{ref}/settle": lambda force, caller: {"as": "delivered", "evidence": "mail_log"},
}


def proposal_of(force, caller, ref):
    """An erasure that a data protection officer proposes, of a referral that its requester withdrew."""
    gone = draft(force, "officer")
    assert sessions(force, "officer").post(f"/v1/referrals/{gone}/withdraw", {}).status == 200
    made = sessions(force, "data_protection_officer").post(
        "/v1/erasures", {"because": "subject_request", "referrals": [gone]})
    assert made.status == 201, made.body
    return made.json()["proposal"]


def search_of(force, caller, ref, kept={}):
    """A search of the data protection officer's; there are only so many at once."""
    if force.port not in kept:
        made = sessions(force, "data_protection_officer").post("/v1/subject-access", {"person": "PER-000001"})
        assert made.status == 202, made.body
        kept[force.port] = made.json()["search"]
        client, path = sessions(force, "data_protection_officer"), "/v1/subject-access/" + kept[force.port]
        while client.get(path).json()["state"] == "running":
            time.sleep(0.05)
    return kept[force.port]


def suspended_person(force):
    """Who can lose nothing more: the questions about a person end their sessions and their password."""
    return next(entry["person"] for entry in force.entries()
                if entry["kind"] == "person.changed" and not entry["active"])


def change_of(force, caller, ref):
    """A change that waits: the administrator proposes another address."""
    made = sessions(force, "administrator").post("/v1/changes", another_address())
    assert made.status == 201, made.body
    return made.json()["change"]


# What the names in paths stand for.
NAMES = {
    "proposal": proposal_of,
    "search": search_of,
    "revision": lambda force, caller, ref: "1",
    # Nobody has a passkey here: tests/browser registers them.
    "person": lambda force, caller, ref: force.people["officer"]["id"],
    "passkey": lambda force, caller, ref: "none",
    "ref": lambda force, caller, ref: ref,
    "task": task_of,
    "change": change_of,
    "type": lambda force, caller, ref: "rank",
    "number": lambda force, caller, ref: "1",
    "token": lambda force, caller, ref: "none",
    "step": lambda force, caller, ref: "hold",
    "attribute": lambda force, caller, ref: "role",
    "file": lambda force, caller, ref: asset(force),
}


def path_of(force, route, caller, ref):
    if route["path"].startswith("/people/{person}"):
        return route["path"].replace("{person}", suspended_person(force))
    path = route["path"].replace("/referrals/{ref}/task/{task}", "/referrals/{ref}/task/person")
    return re.sub(r"{(\w+)}", lambda name: NAMES[name.group(1)](force, caller, ref), path)


def asked(force, route, path, caller):
    """Asks the route as the caller does; gives the answer."""
    key = f"{route['method']} {route['path']}"
    sent = SENT.get(key, nothing)(force, caller)
    fresh = key in ENDS_A_SESSION
    if route["audience"] == "api":
        return (client_of if fresh else sessions)(force, caller).call(route["method"], path, sent)
    browser = (browser_of if fresh else browsers)(force, caller)
    if key == "POST /sessions/end":  # all of them
        SESSIONS.pop((force.port, caller), None)
        BROWSERS.pop((force.port, caller), None)
    return browser.post(path, sent or {}) if route["method"] == "POST" else browser.call(route["method"], path)


def said(answer):
    """The cell that this answer is."""
    location = answer.headers.get("Location", "")
    if answer.status == 303 and location.startswith("/sign-in"):
        return "sign-in"
    if answer.status == 303 and location.startswith("/password"):
        return "password"
    if answer.status in (401, 403):
        return str(answer.status)
    if answer.status == 404:
        return "404"
    assert answer.status < 500, answer.body
    return "yes"


def owner_for(caller, whose):
    """Who begins the referral that the caller is asked about."""
    if whose == "own":
        return caller
    return "supervisor" if caller == "officer" else "officer"


def route_of(force, method, path):
    return next((one for one in force.routes if (one["method"], one["path"]) == (method, path)), None)


def answer_to(force, route, whose, caller):
    """The cell that the server answers with, and whether a refusal about a referral was recorded."""
    about = is_about_a_referral(route["path"])
    ref = draft(force, owner_for(caller, whose)) if about else "ref_" + "0" * 26
    path = path_of(force, route, caller, ref)
    before = len(force.entries())
    found = said(asked(force, route, path, caller))
    if not about or caller not in ROLES or found not in ("403", "404"):
        return found, True
    return found, bool(recorded_refusals(force, before, force.people[ROLES[caller]]["id"]))


def as_it_is(force, method, path, whose):
    """A row with what the server answers now."""
    cells = []
    for caller in CALLERS:
        cannot = whose == "own" and caller not in OWNERS
        cells.append("-" if cannot else answer_to(force, route_of(force, method, path), whose, caller)[0])
    return ",".join([method, path, whose, *cells])


def test_every_route_has_its_rows_and_every_row_its_route(force):
    rows = {(row["method"], row["path"], row["whose"]) for row in ROWS}
    assert len(rows) == len(ROWS), "a row stands twice"
    routes = set()
    for route in force.routes:
        about = is_about_a_referral(route["path"])
        assert about or "{ref" not in route["path"], route
        routes |= {(route["method"], route["path"], whose) for whose in (("own", "other") if about else ("-",))}
    assert sorted(rows - routes) == [], "rows of matrix.csv without a route"
    lacking = "\n".join(as_it_is(force, *row) for row in sorted(routes - rows))
    assert not lacking, f"routes without a row in matrix.csv; what the server says now, to be judged:\n{lacking}"


def test_every_cell_is_filled():
    for row in ROWS:
        assert set(row) == {"method", "path", "whose", *CALLERS}, row
        for caller in CALLERS:
            assert row[caller] in WORDS, (row["method"], row["path"], caller, row[caller])
            cannot = row["whose"] == "own" and caller not in OWNERS
            assert (row[caller] == "-") == cannot, (row["method"], row["path"], caller)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']} {row['path']} {row['whose']}")
def test_everybody_gets_what_the_row_says(force, row):
    route = route_of(force, row["method"], row["path"])
    assert route, "there is no such route"
    asked_ones = [caller for caller in CALLERS if row[caller] != "-"]
    found = {caller: answer_to(force, route, row["whose"], caller) for caller in asked_ones}
    assert {caller: cell for caller, (cell, _) in found.items()} == {caller: row[caller] for caller in asked_ones}
    unrecorded = [caller for caller, (_, recorded) in found.items() if not recorded]
    assert not unrecorded, f"refused and not in the ledger: {unrecorded}"
