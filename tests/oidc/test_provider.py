# SPDX-License-Identifier: Apache-2.0
"""Signing in through a real OpenID Connect provider: npm's oidc-provider, locked in this folder, spoken to by
oidc_client, which is src/identity/oidc on a command line. A small browser of the standard library signs in."""
import html
import http.cookiejar
import http.server
import json
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from firebreak_server import free_port, program_of_tests
from node_scripts import NodeScripts

HERE = pathlib.Path(__file__).resolve().parent
SCRIPTS = NodeScripts(HERE, "oidc")
BACK = "http://127.0.0.1:1/sign-in/oidc/callback"  # nothing listens there: the browser stops before it


class StopAtOurs(urllib.request.HTTPRedirectHandler):
    def __init__(self, back):
        self.back = back

    def redirect_request(self, request, body, code, message, headers, url):
        if url.startswith(self.back):
            raise urllib.error.HTTPError(url, 299, "back at Firebreak", headers, None)
        return super().redirect_request(request, body, code, message, headers, url)


class Browser:
    """Signs in on the provider's own pages and gives the parameters that come back to Firebreak."""

    def __init__(self, back=BACK):
        self.opener = urllib.request.build_opener(StopAtOurs(back), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
                                                  urllib.request.ProxyHandler({}))

    def sign_in(self, url, name):
        form = None
        for _ in range(4):
            try:
                page = self.opener.open(url, form, timeout=30).read().decode()
            except urllib.error.HTTPError as answer:
                assert answer.code == 299, answer.read().decode()
                return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.url).query))
            url = html.unescape(re.search(r'<form[^>]*action="([^"]+)"', page)[1])
            prompt = re.search(r'name="prompt" value="([^"]+)"', page)[1]
            form = urllib.parse.urlencode({"prompt": prompt, "login": name, "password": "any"}).encode()
        raise AssertionError("the provider kept asking")

    def turn_back(self, url):
        """Leaves the provider's page by its link to go back."""
        page = self.opener.open(url, timeout=30).read().decode()
        link = html.unescape(re.search(r'href="([^"]*/abort)"', page)[1])
        try:
            self.opener.open(link if link.startswith("http") else urllib.parse.urljoin(url, link), timeout=30)
        except urllib.error.HTTPError as answer:
            return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.url).query))
        raise AssertionError("the provider did not send the browser back")


class Client:
    """oidc_client, running: it keeps what it learns of the provider, as the server does."""

    def __init__(self, issuer, **settings):
        given = {"issuer": issuer, "client_id": "firebreak", "client_secret": "not/so secret", "redirect_uri": BACK,
                 "claim": "groups", "roles": {"fb-officer": "officer", "fb-desk": "referral_desk"}, **settings}
        self.process = subprocess.Popen([program_of_tests("oidc_client"), json.dumps(given)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def start(self):
        return self.say("start")

    def sign_in(self, name):
        back = Browser().sign_in(self.start()["url"], name)
        return self.say(json.dumps(back))


class RealProvider:
    def __init__(self, back=BACK):
        SCRIPTS.install()
        shutil.copy(HERE / "provider.mjs", SCRIPTS.build / "provider.mjs")
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(["node", SCRIPTS.build / "provider.mjs", str(self.port), back], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        while (line := self.process.stdout.readline()) and line != "ready\n":
            pass
        assert line, "the provider did not start"

    def change(self, **changes):
        request = urllib.request.Request(self.issuer + "/test", json.dumps(changes).encode())
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def running():
    provider = RealProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running):
    running.change()
    return running


def refusal(provider, name="officer", **changes):
    provider.change(**changes)
    with Client(provider.issuer) as client:
        return client.sign_in(name).get("error", "")


def test_signing_in_gives_who_it_is_and_the_roles_of_the_groups(provider):
    with Client(provider.issuer) as client:
        assert client.sign_in("officer") == {"issuer": provider.issuer, "subject": "officer", "roles": ["officer"]}
        assert client.sign_in("desk")["roles"] == ["referral_desk"]


def test_a_person_in_no_group_that_counts_is_told_what_to_do(provider):
    assert refusal(provider, "visitor") == (
        "Your account is in no group that gives a role here. "
        "Ask your administrator to put it into one of the groups that Firebreak uses.")


@pytest.mark.parametrize("changes, message", [
    ({"claims": {"iss": "https://stranger.example"}}, "from another issuer"),
    ({"claims": {"aud": "another"}}, "not for this application alone"),
    ({"claims": {"aud": ["firebreak", "another"]}}, "not for this application alone"),
    ({"claims": {"azp": "another"}}, "not for this application alone"),
    ({"claims": {"nonce": "another"}}, "belongs to another sign-in"),
    ({"without": ["nonce"]}, "belongs to another sign-in"),
    ({"claims": {"exp": int(time.time()) - 3600}}, "has expired"),
    ({"claims": {"iat": int(time.time()) + 3600}}, "issued in the future"),
    ({"claims": {"iat": int(time.time()) - 3600}}, "issued too long ago"),
    ({"without": ["sub"]}, "does not name its subject"),
    ({"header": {"alg": "none"}, "unsigned": True}, "signed with neither RS256 nor ES256"),
    ({"header": {"alg": "HS256"}}, "signed with neither RS256 nor ES256"),
    ({"unsigned": True}, "not strict base64url"),
    ({"header": {"alg": "ES256"}}, "names a key that the provider does not publish"),
    ({"header": {"kid": "another"}}, "names a key that the provider does not publish"),
    ({"claims": {"padding": "a" * 40000}}, "larger than 32 KiB"),
])
def test_a_token_that_does_not_hold_is_refused(provider, changes, message):
    error = refusal(provider, **changes)
    assert message in error
    assert "eyJ" not in error


def test_a_changed_token_of_the_same_provider_is_taken_when_it_says_the_same(provider):
    """That the refusals above come from what was changed, not from the changing."""
    assert refusal(provider, claims={"extra": "ä"}) == ""


def test_a_rotated_key_is_taken_at_once(provider):
    with Client(provider.issuer) as client:
        assert client.sign_in("officer")["roles"] == ["officer"]
        provider.change(rotate=True)
        assert client.sign_in("officer")["roles"] == ["officer"]


def test_a_code_is_good_once_and_for_its_own_sign_in(provider):
    with Client(provider.issuer) as client:
        first = Browser().sign_in(client.start()["url"], "officer")
        assert client.say(json.dumps(first))["roles"] == ["officer"]
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(client.start()["url"]).query)["state"][0]
        assert "belongs to another sign-in" in client.say(json.dumps(first))["error"]
        url = client.start()["url"]
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["state"][0]
        assert "used before or is too old" in client.say(json.dumps({**first, "state": state}))["error"]
        # A fresh code of another browser's sign-in: its challenge is not ours.
        stolen = Browser().sign_in(url, "officer")
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(client.start()["url"]).query)["state"][0]
        assert "used before or is too old" in client.say(json.dumps({**stolen, "state": state}))["error"]


def test_turning_back_at_the_provider_signs_nobody_in(provider):
    with Client(provider.issuer) as client:
        back = Browser().turn_back(client.start()["url"])
        assert back["error"] == "access_denied"
        assert "did not sign you in" in client.say(json.dumps(back))["error"]


def test_a_wrong_secret_is_told_to_the_administrator(provider):
    with Client(provider.issuer, client_secret="wrong") as client:
        assert "does not take our client_id and secret" in client.sign_in("officer")["error"]


def test_another_name_for_the_provider_is_not_the_provider(provider):
    with Client(provider.issuer.replace("127.0.0.1", "localhost")) as client:
        assert "calls itself by another issuer" in client.start()["error"]


class Odd(http.server.BaseHTTPRequestHandler):
    target = ""

    def do_GET(self):
        self.send_response(302 if self.path.startswith("/redirect") else 200)
        self.send_header("Location", self.target)
        self.end_headers()
        if self.path.startswith("/huge"):
            try:
                self.wfile.write(b" " * (2 << 20))
            except OSError:
                pass  # the client hung up, as it should

    def log_message(self, *_):
        pass


def test_redirects_huge_answers_and_silence_are_refused(provider):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        Odd.target = provider.issuer + "/.well-known/openid-configuration"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{server.server_port}"
        for path, message in (("/redirect", "does not say what it offers"), ("/huge", "larger than 1 MiB"),
                              ("/empty", "cannot be read")):
            with Client(there + path) as client:
                assert message in client.start()["error"]
        server.shutdown()
    with Client(f"http://127.0.0.1:{free_port()}") as client:
        assert "cannot be reached" in client.start()["error"]
