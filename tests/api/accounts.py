# SPDX-License-Identifier: Apache-2.0
"""What test_openapi.py asks of accounts, sessions and links."""


def check_accounts(Asker, force, document):
    """Signing in, a new password, signing out."""
    nobody = Asker(document, force.nobody)
    name = next(iter(force.people))
    force.as_person(name)
    password = force.passwords[name]
    nobody("POST", "/v1/session", {"name": name, "password": password + "!"}, expect=401)
    nobody("POST", "/v1/session", {"name": "nobody-here", "password": password}, expect=401)
    nobody("POST", "/v1/session", {"name": name}, expect=400)
    for _ in range(5):
        nobody("POST", "/v1/session", {"name": "slowed-down", "password": password}, expect=401)
    slowed = nobody.client.call("POST", "/v1/session", {"name": "slowed-down", "password": password})
    document.check("POST", "/v1/session", slowed)
    assert slowed.status == 429 and 1 <= int(slowed.headers["Retry-After"]) <= 2
    nobody("POST", "/v1/session", {"name": name, "password": password, "x": 1}, expect=400)
    nobody("POST", "/v1/session", {"name": name, "password": "a" * 5000}, expect=413)
    session = nobody("POST", "/v1/session", {"name": name, "password": password}, expect=200)
    person = Asker(document, type(force.nobody)(force.port, session["token"]))
    person("POST", "/v1/password", {"old": "wrong", "new": "another long password"}, expect=401)
    person("POST", "/v1/password", {"old": password, "new": "short"}, expect=400)
    force.passwords[name] = password + " of today"
    renewed = person("POST", "/v1/password", {"old": password, "new": force.passwords[name]}, expect=200)
    assert renewed["token"] != session["token"] and not renewed["must_change_password"]
    person("DELETE", "/v1/session", expect=401)
    person = Asker(document, type(force.nobody)(force.port, renewed["token"]))
    person("DELETE", "/v1/session", expect=204)
    person("DELETE", "/v1/session", expect=401)
    service = Asker(document, force.service)
    service("DELETE", "/v1/session", expect=403)
    service("POST", "/v1/password", {"old": "a", "new": "b"}, expect=403)


def check_links(Asker, force, document):
    """A records system opens "Can I share?" for an officer; what the link then opens is in tests/browser."""
    service = Asker(document, force.service)
    made = service("POST", "/v1/links", {"person": "officer", "facts": {"role": ["victim"]}}, expect=201)
    again = service("POST", "/v1/links", {"person": "officer"}, expect=201)
    assert made["url"] != again["url"]
    service("POST", "/v1/links", {}, expect=400)
    service("POST", "/v1/links", {"person": "officer", "facts": {"leave": "held"}}, expect=400)
    service("POST", "/v1/links", {"person": "officer", "x": 1}, expect=400)
    service("POST", "/v1/links", {"person": "nobody"}, expect=404)
    service("POST", "/v1/links", {"person": "board"}, expect=404)
    service("POST", "/v1/links", {"person": "x" * 20000}, expect=413)
    Asker(document, force.as_person("officer"))("POST", "/v1/links", {"person": "officer"}, expect=403)
    Asker(document, force.nobody)("POST", "/v1/links", {"person": "officer"}, expect=401)
