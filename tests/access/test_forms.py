# SPDX-License-Identifier: Apache-2.0
"""Every form of the real pages, found by walking the site as each role, sent wrongly in every way that
forms.py knows: an answer in order each time, never what was typed unescaped, never a sign of a fault, and
nothing changed where nothing may be, and nothing of what was typed in an address, the log or an entry."""
import json
import re
import urllib.parse

import pytest

from callers import ROLES, browser_of, client_of
from examples import exceptional_draft, suspect_draft
from forms import MARKED, NEVER, forms_of, refused, survivable

# Sent in order these end the session; they are tried only where they must be refused.
ENDS_A_SESSION = ("/sign-out", "/quick-exit")
CHANGES_NOTHING = ("attempt.refused", "register.padding", "question.decided")


@pytest.fixture(scope="module")
def refs(force):
    """Referrals as an officer has them: a draft, one that is submitted for a sign-off, one for release."""
    officer = client_of(force, "officer")
    made = []
    for body, steps in ((suspect_draft(1), ()), (exceptional_draft(2), ("submit",)), (suspect_draft(3), ("submit",))):
        answer = officer.post("/v1/referrals", body)
        assert answer.status == 201, answer.body
        made.append(answer.json()["referral"])
        for step in steps:
            assert officer.post(f"/v1/referrals/{made[-1]}/{step}", {}).status == 200
    return made


def starts(force, refs):
    """Where a walk begins: every page whose address needs nothing, and those of the referrals."""
    for route in force.routes:
        if route["method"] != "GET" or route["audience"] != "page" or route["path"].endswith(".csv"):
            continue
        if "{ref}" in route["path"] and route["path"].count("{") == 1:
            yield from (route["path"].replace("{ref}", ref) for ref in refs)
        elif "{" not in route["path"]:
            yield route["path"]


def changes(force):
    return [entry["kind"] for entry in force.entries() if entry["kind"] not in CHANGES_NOTHING]


def holds_marked(text):
    return any(word in urllib.parse.unquote_plus(text) for word in MARKED.split())


def faults(answer):
    if answer.status >= 500 and answer.status != 503:
        return [f"status {answer.status}"]
    return [f"the answer holds {found.group()!r}" for found in (re.search(sign, answer.body) for sign in NEVER) if found]


@pytest.mark.parametrize("caller", ["nobody", *ROLES, "one_time_password"])
def test_every_form_sent_wrongly_is_answered_in_order(force, refs, caller):
    browser = browser_of(force, caller)
    forms = forms_of(browser, starts(force, refs))
    assert forms, "this caller has no form at all, not even to sign in or out"
    other = browser_of(force, "nobody").token
    wrong = []
    for form in forms:
        where = f"{caller} {form.pattern}"
        for name, headers, body in refused(form, browser.token, other):
            before = changes(force)
            answer = browser.call("POST", form.action, body, headers)
            wrong += [f"{where}, {name}: {fault}" for fault in faults(answer)]
            first = caller == "one_time_password" and answer.headers.get("Location", "").startswith("/password")
            if answer.status not in (400, 403, 404, 409, 413) and not first:
                wrong.append(f"{where}, {name}: not refused but {answer.status} {answer.headers.get('Location', '')}")
            if changes(force) != before:
                wrong.append(f"{where}, {name}: something changed: {changes(force)[len(before):]}")
    for form in forms:
        if form.action.split("?")[0] in ENDS_A_SESSION:
            continue
        for name, fields in survivable(form):
            answer = browser.post(form.action, fields)
            wrong += [f"{caller} {form.pattern}, {name}: {fault}" for fault in faults(answer)]
            if holds_marked(answer.headers.get("Location", "")):
                wrong.append(f"{caller} {form.pattern}, {name}: what was typed is in the next address")
            if answer.status == 303:
                shown = browser.get(answer.headers["Location"])
                wrong += [f"{caller} {form.pattern}, {name}, then: {fault}" for fault in faults(shown)]
    wrong += [f"{caller}: what was typed is in the log: {line}" for line in force.log().splitlines() if holds_marked(line)]
    wrong += [f"{caller}: what was typed is in entry {entry['seq']}: {entry}" for entry in force.entries()
              if holds_marked(json.dumps(entry))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("caller", ["officer", "referral_desk", "chief_officer"])
def test_a_form_sent_twice_and_from_an_old_page_is_answered_in_order(force, refs, caller):
    browser = browser_of(force, caller)
    wrong = []
    for form in forms_of(browser, starts(force, refs)):
        if form.action.split("?")[0] in ENDS_A_SESSION:
            continue
        for _ in range(2):
            answer = browser.post(form.action, form.filled())
            wrong += [f"{form.pattern}: {fault}" for fault in faults(answer)]
    signed_out = browser_of(force, caller)
    old = signed_out.token
    assert signed_out.post("/sign-out").status == 303
    for form in forms_of(browser_of(force, caller), starts(force, refs)):
        before = changes(force)
        answer = signed_out.post(form.action, [*form.filled(), ("csrf", old)])
        if answer.status not in (303, 400, 403, 404) or changes(force) != before:
            wrong.append(f"{form.pattern} from an old page: {answer.status}")
    assert not wrong, "\n".join(wrong)
