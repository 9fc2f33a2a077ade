# SPDX-License-Identifier: Apache-2.0
"""Signing in through a real OpenID Connect provider on the real server's pages: what the good way gives, and that every
other way ends on a page in plain words, signs nobody in, and leaves an event without a name in the log."""
import html
import http.client
import json
import re
import subprocess
import time
import urllib.parse

import pytest

from firebreak_server import ROOT, DataFolder, firebreak, free_port
from test_provider import HERE, Browser, RealProvider

CALLBACK = "/sign-in/oidc/callback"


class Visitor:
    """A browser at Firebreak: keeps cookies, follows nothing."""

    def __init__(self, server):
        self.port = server.port
        self.cookies = {}

    def ask(self, method, path, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept": "text/html"}
            body = urllib.parse.urlencode(form) if form is not None else None
            if body is not None:
                head["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, head)
            answer = connection.getresponse()
            answer.text = html.unescape(answer.read().decode())
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, value = cookie.split(";")[0].split("=", 1)
                self.cookies[name] = value
                if not value:
                    del self.cookies[name]
            return answer
        finally:
            connection.close()

    def get(self, path):
        return self.ask("GET", path)

    def begin(self, next_page="/desk"):
        answer = self.get("/sign-in/oidc?next=" + next_page)
        assert answer.status == 303, answer.text
        return answer.headers["Location"]

    def back_from(self, url, name):
        """What the provider sends back with the browser, as the query of our address."""
        return CALLBACK + "?" + urllib.parse.urlencode(Browser(f"http://127.0.0.1:{self.port}" + CALLBACK).sign_in(url, name))

    def sign_in(self, name):
        return self.get(self.back_from(self.begin(), name))

    def is_in(self):
        return self.get("/sessions").status == 200


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    port = free_port()
    provider = RealProvider(f"http://127.0.0.1:{port}{CALLBACK}")
    folder = DataFolder(tmp_path_factory.mktemp("force") / "data")
    (folder.path / "keys" / "oidc.secret").write_text("not/so secret\n")
    folder.configure("[web]\n", "[web]\nopen_pages_per_minute = 100000\n")
    folder.configure('\norigin = ""', f'\norigin = "http://127.0.0.1:{port}"')
    folder.configure("[sign_in]\n", "[sign_in]\nper_minute = 100000\n")
    settings = f"""
[sign_in.oidc]
issuer = "{provider.issuer}"
client_id = "firebreak"
client_secret_file = "keys/oidc.secret"
claim = "groups"
name_claim = "preferred_username"
[sign_in.oidc.roles]
fb-officer = "officer"
fb-desk = "referral_desk"
fb-admin = "officer"
"""
    with open(folder.path / "force.toml", "a", encoding="utf-8") as file:
        file.write(settings)
    with folder.serve(port=port) as server:
        yield server, provider
    provider.stop()


@pytest.fixture
def server(place):
    place[1].change()
    return place[0]


@pytest.fixture
def provider(place, server):
    return place[1]


def log_of(server):
    return [json.loads(line) for line in server.output().splitlines() if line.startswith("{")]


def is_refused(server, visitor, answer, words):
    assert answer.status in (401, 403, 503), answer.text
    assert "You are not signed in" in answer.text and words in answer.text, answer.text
    assert "eyJ" not in answer.text
    assert "firebreak-session" not in visitor.cookies
    assert not visitor.is_in()
    event = [line for line in log_of(server) if line["event"] == "sign_in.refused"][-1]
    assert event["way"] == "provider" and words in event["message"] + " ", event
    assert set(event) == {"at", "level", "event", "way", "code", "message"}


def test_the_sign_in_page_leads_to_the_provider_and_back_to_where_one_was_going(server):
    visitor = Visitor(server)
    assert 'href="/sign-in/oidc?next=/desk"' in visitor.get("/sign-in?next=/desk").text
    answer = visitor.sign_in("desk")
    assert answer.status == 200 and "You are signed in" in answer.text
    # Not a redirect: coming from another site, the browser would not show the new cookie on it.
    assert answer.headers["Refresh"] == "0; url=/desk"
    cookies = answer.headers.get_all("Set-Cookie")
    assert any("firebreak-session=fbp_" in c and "SameSite=Strict" in c and "HttpOnly" in c for c in cookies)
    assert visitor.get("/desk").status == 200
    assert visitor.get("/question").status in (200, 303)
    page = visitor.get("/sessions").text
    assert "With your force account" in page
    # No password was used, so none is asked to be changed, and none can be.
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', visitor.get("/password").text)[1]
    changed = visitor.ask("POST", "/password", {"csrf": token, "old": "a", "new": "three words together",
                                                "again": "three words together"})
    assert changed.status == 403


def test_groups_give_roles_and_not_the_directory(server):
    visitor = Visitor(server)
    visitor.sign_in("admin")  # an administrator here, an officer by the provider's groups
    assert visitor.get("/desk").status == 403
    assert visitor.get("/question").status == 303


def test_a_rotated_key_is_taken(server, provider):
    """Before the tokens with a made-up key: for those the keys are fetched again, and not within a minute once more."""
    provider.change(rotate=True)
    visitor = Visitor(server)
    visitor.sign_in("officer")
    assert visitor.is_in()


@pytest.mark.parametrize("changes, words", [
    ({"claims": {"iss": "https://stranger.example"}}, "from another issuer"),
    ({"claims": {"aud": "another"}}, "not for this application alone"),
    ({"claims": {"nonce": "another"}}, "belongs to another sign-in"),
    ({"claims": {"exp": int(time.time()) - 3600}}, "has expired"),
    ({"unsigned": True}, "not strict base64url"),
    ({"header": {"alg": "none"}, "unsigned": True}, "signed with neither RS256 nor ES256"),
    ({"header": {"kid": "another"}}, "names a key that the provider does not publish"),
])
def test_a_token_that_does_not_hold_signs_nobody_in(server, provider, changes, words):
    provider.change(**changes)
    visitor = Visitor(server)
    is_refused(server, visitor, visitor.sign_in("officer"), words)


def test_a_callback_is_good_once(server):
    visitor = Visitor(server)
    back = visitor.back_from(visitor.begin(), "officer")
    again = Visitor(server)
    again.cookies = dict(visitor.cookies)
    assert visitor.get(back).status == 200
    is_refused(server, again, again.get(back), "was finished before")


def test_a_callback_works_in_its_own_browser_alone(server):
    visitor, other = Visitor(server), Visitor(server)
    back = visitor.back_from(visitor.begin(), "officer")
    other.begin()
    is_refused(server, other, other.get(back), "began in another browser")
    is_refused(server, visitor, visitor.get(back), "was finished before")


def test_a_callback_without_state_or_for_nothing_under_way(server):
    visitor = Visitor(server)
    back = visitor.back_from(visitor.begin(), "officer")
    without = re.sub(r"state=[^&]*", "", back)
    is_refused(server, visitor, visitor.get(without), "was finished before")
    is_refused(server, visitor, visitor.get(CALLBACK), "was finished before")
    is_refused(server, visitor, visitor.get(CALLBACK + "?state=a&code=b&error=%ff"), "was finished before")


def test_an_account_of_nobody_here_is_refused_and_a_name_is_no_key_once_linked(server, provider):
    visitor = Visitor(server)
    is_refused(server, visitor, visitor.sign_in("visitor"), "in no group that gives a role here")
    first = Visitor(server)
    first.sign_in("officer")
    assert first.is_in()
    # Another account at the provider, which calls itself as the person here is called.
    provider.change(called="officer", claims={"sub": "stranger"})
    is_refused(server, visitor, visitor.sign_in("desk"), "belongs to nobody here")


def test_a_provider_that_does_not_answer_is_said_in_plain_words(place, server):
    provider = place[1]
    visitor = Visitor(server)
    back = visitor.back_from(visitor.begin(), "officer")
    provider.process.send_signal(19)  # SIGSTOP: connections are taken and nothing comes
    try:
        begun = time.monotonic()
        waiting = subprocess.Popen(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-b",
                                    "; ".join(f"{k}={v}" for k, v in visitor.cookies.items()), server.url + back],
                                   stdout=subprocess.PIPE, text=True)
        assert server.call("GET", "/healthz")[0] == 200  # nobody else waits
        assert Visitor(server).get("/sign-in").status == 200
        assert time.monotonic() - begun < 5
        assert waiting.communicate(timeout=30)[0] == "503"
    finally:
        provider.process.send_signal(18)


def test_a_browser_comes_back_signed_in(server):
    """In a real browser, with its rules about cookies of visits from elsewhere; with and without JavaScript."""
    done = subprocess.run(["node", HERE / "browser.mjs", server.url, "officer"], cwd=ROOT, capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def refused_start(tmp_path, settings, words):
    folder = DataFolder(tmp_path / "data")
    with open(folder.path / "force.toml", "a", encoding="utf-8") as file:
        file.write(settings)
    done = firebreak("serve", "--data", folder.path, "--listen", f"127.0.0.1:{free_port()}", check=False)
    assert done.returncode == 2 and words in done.stderr, done.stderr
    return folder


def test_wrong_settings_stop_the_start(tmp_path):
    good = """[sign_in.oidc]
issuer = "https://sign-in.police.example"
client_id = "firebreak"
client_secret_file = "keys/oidc.secret"
claim = "groups"
[sign_in.oidc.roles]
officers = "officer"
"""
    refused_start(tmp_path / "a", good, "[web] origin")
    refused_start(tmp_path / "c", good.replace("issuer", "isuer"), "'issuer' of [sign_in.oidc] is missing")


def test_a_person_is_linked_by_an_administrator(tmp_path):
    folder = DataFolder(tmp_path / "data")
    with open(folder.path / "force.toml", "a", encoding="utf-8") as file:
        file.write('[sign_in.oidc]\nissuer = "https://a.example"\nclient_id = "b"\nclient_secret_file = "c"\n'
                   'claim = "d"\n')
    linked = json.loads(firebreak("person", "link", "officer", "--subject", "s-1", "--data", folder.path, "--json").stdout)
    assert linked == {"name": "officer", "issuer": "https://a.example"}
    taken = firebreak("person", "link", "desk", "--subject", "s-1", "--data", folder.path, check=False)
    assert taken.returncode == 5 and "another person" in taken.stderr
    again = json.loads(firebreak("person", "reset-password", "officer", "--data", folder.path, "--json").stdout)
    assert len(again["password"]) == 24
    assert firebreak("person", "reset-password", "x", "--data", folder.path, check=False).returncode == 4
    assert "verifies" in firebreak("ledger", "verify", "--data", folder.path).stdout
