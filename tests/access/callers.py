# SPDX-License-Identifier: Apache-2.0
"""Everybody who can call the server, as the access matrix names them, on the API and on the pages."""
import functools
import http.cookies
import re
import urllib.parse

ROLES = {  # role -> the demonstration's person
    "officer": "officer", "supervisor": "supervisor", "referral_desk": "desk", "chief_officer": "chief",
    "data_protection_officer": "dpo", "policy_owner": "owner", "board_member": "board", "administrator": "admin",
}
SERVICES = ("records_system", "mail_gateway", "phone_switch", "other")
CALLERS = ("nobody", *ROLES, *SERVICES, "suspended", "one_time_password")
COOKIE = "firebreak-session"
FORM = "application/x-www-form-urlencoded"


class Browser:
    """One caller on the pages: a cookie and the token of its forms."""

    def __init__(self, client, token=None):
        self.client = type(client)(client.port)
        self.cookies = {COOKIE: token} if token else {}

    def call(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.cookies:
            headers.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        answer = self.client.call(method, path, body, headers)
        for value in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        return answer

    def get(self, path, **more):
        return self.call("GET", path, **more)

    @functools.cached_property
    def token(self):
        """The token of this session's forms, from the page that everybody may open."""
        for path in ("/", "/password", "/sign-in"):
            found = re.search(rb'name="csrf" value="([^"]+)"', self.get(path).body)
            if found:
                return found.group(1).decode()
        raise AssertionError("no page of this caller has a form")

    def post(self, path, fields=(), **more):
        """A form, with its token unless the fields bring one."""
        fields = list(fields.items() if isinstance(fields, dict) else fields)
        if not any(name == "csrf" for name, _ in fields):
            fields.append(("csrf", self.token))
        body = urllib.parse.urlencode(fields).encode()
        return self.call("POST", path, body, headers={"Content-Type": FORM, **more.pop("headers", {})})


def client_of(force, caller):
    """A new session of the caller on the API."""
    if caller == "nobody":
        return force.nobody
    if caller in force.services:
        return force.services[caller]
    if caller == "suspended":
        return force.suspended
    if caller == "one_time_password":
        return force.with_one_time_password()
    return force.as_person(ROLES[caller])


def browser_of(force, caller):
    """The same on the pages; a service tries its token as a cookie."""
    return Browser(force.nobody, client_of(force, caller).token)
