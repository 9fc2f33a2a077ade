# SPDX-License-Identifier: Apache-2.0
"""Finds the forms of the real pages by walking the site, and makes bad versions of what they send.

    for form in forms_of(browser, force, refs):      # every form that this caller can reach
        for name, fields in survivable(form): ...     # sent with its token; the server must answer in order
        for name, request in refused(form): ...       # must be refused, and change nothing
"""
import html.parser
import re
import urllib.parse

# Plainly invented; typed into every field, and looked for wherever personal data must never be.
MARKED = "Zebedee Quillfeather"
HOSTILE = {
    "a person": MARKED + " of 7 Example Row",
    "html": '<b id=hostile>x</b><script>alert(1)</script>',
    "attribute": '" onfocus="alert(1)" autofocus x="',
    "sql": "x'); DROP TABLE event; --",
    "right-to-left": "abc\u202Edcb\u202C",
    "zero-width": "a\u200Bb\uFEFFc",
    "template": "{{HTML_X:x-component}} ${7*7} %s%n",
    "path": "../../../../etc/passwd",
    "long": "a" * 8000,
    "no character": "",
    "spaces": " \t\r\n ",
    "a nul": "a\0b",
    "format": "9" * 400,
    "emoji": "\U0001F4A9" * 40,
}
# What an answer must never hold: the text unescaped, or what a fault of the program would print.
NEVER = [rb"<b id=hostile", rb'" onfocus="alert', rb"<script>alert", rb"std::", rb"what\(\):", rb"terminate called",
         rb"Traceback", rb"SQLITE_", rb"\.cc:\d", rb"nlohmann", rb"boost::"]


class Page(html.parser.HTMLParser):
    """The links and forms of one page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms = [], []
        self.form = self.choice = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and attributes.get("href", "").startswith("/"):
            self.links.append(attributes["href"].split("#")[0])
        elif tag == "form":
            self.form = {"action": attributes.get("action", ""), "method": attributes.get("method", "get").lower(), "fields": []}
            self.forms.append(self.form)
        elif self.form is not None and tag in ("input", "textarea", "button") and attributes.get("name"):
            self.add(tag, attributes)
        elif self.form is not None and tag == "select":
            self.choice = attributes.get("name")
        elif tag == "option" and self.choice:
            self.form["fields"].append((self.choice, "choice", attributes.get("value", "")))

    def add(self, tag, attributes):
        kind = attributes.get("type", "text") if tag == "input" else tag
        kind = {"radio": "choice", "checkbox": "choice", "button": "choice"}.get(kind, kind)
        self.form["fields"].append((attributes["name"], kind, attributes.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.choice = None


class Form:
    """A form where it was found, with what a person would send who fills everything in."""

    def __init__(self, page, found):
        self.page = page
        self.action = found["action"] or page
        self.fields = {}
        for name, kind, value in found["fields"]:
            self.fields.setdefault(name, (kind, []))[1].append(value)

    @property
    def pattern(self):
        return re.sub(r"(ref|arq|person|passkey|service|key|change|link|task|draft)_[0-9a-z_]+", r"{\1}", self.action.split("?")[0])

    def filled(self, **changes):
        sent = []
        for name, (kind, values) in self.fields.items():
            if name == "csrf":
                continue
            value = values[0] if kind in ("choice", "hidden") else values[0] or "Example text"
            value = changes.get(name, value)
            if value is not None:
                sent.append((name, value))
        return sent

    @property
    def names(self):
        return [name for name in self.fields if name != "csrf"]


def walk(browser, starts, most=400):
    """Every page of this site that links lead to: (path, text)."""
    waiting, seen = list(dict.fromkeys(starts)), set()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen or path.startswith("/assets/") or "format=csv" in path:
            continue
        seen.add(path)
        answer = browser.get(path)
        assert answer.status < 500, (path, answer.body[:500])
        if answer.status == 303:
            waiting.append(urllib.parse.urlsplit(answer.headers["Location"]).path)
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        text = answer.body.decode()
        yield path, text
        waiting += [link for link in Page(text).links if link.split("?")[0] not in {s.split("?")[0] for s in seen}]


def forms_of(browser, starts):
    """One form for each place where its like is sent to."""
    found = {}
    for path, text in walk(browser, starts):
        for one in Page(text).forms:
            if one["method"] == "post":
                form = Form(path.split("?")[0], one)
                found.setdefault((form.pattern, tuple(sorted(form.names))), form)
    return list(found.values())


def survivable(form):
    """Fields that no honest person sends, in a form that is otherwise in order."""
    yield "nothing filled in", []
    for name in form.names:
        yield f"without {name}", form.filled(**{name: None})
        yield f"{name} twice", form.filled() + [(name, "second")]
        for kind, value in HOSTILE.items():
            yield f"{name}: {kind}", form.filled(**{name: value})
    yield "a field that is not there", form.filled() + [("unknown", "x")]


def encoded(fields):
    return urllib.parse.urlencode(fields, errors="surrogatepass").encode()


def refused(form, token, other_token):
    """(name, headers, body) of what must be refused and change nothing."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    whole = form.filled() + [("csrf", token)]
    yield "no token", kind, encoded(form.filled())
    yield "a wrong token", kind, encoded(form.filled() + [("csrf", "0" * 64)])
    yield "another session's token", kind, encoded(form.filled() + [("csrf", other_token)])
    yield "another site's origin", {**kind, "Origin": "https://elsewhere.example"}, encoded(whole)
    yield "sent across sites", {**kind, "Sec-Fetch-Site": "cross-site"}, encoded(whole)
    yield "sent from a sister site", {**kind, "Sec-Fetch-Site": "same-site"}, encoded(whole)
    yield "as text", {"Content-Type": "text/plain"}, encoded(whole)
    yield "as JSON", {"Content-Type": "application/json"}, b'{"csrf": "' + token.encode() + b'"}'
    yield "without a content type", {"Content-Type": ""}, encoded(whole)
    boundary = "x" * 20
    parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in whole)
    file = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.exe"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\nMZ\r\n--{boundary}--\r\n")
    yield "a file", {"Content-Type": f"multipart/form-data; boundary={boundary}"}, (parts + file).encode()
    large = next((name for name, _ in reversed(whole) if name not in ("csrf", "revision", "token", "next")), "more")
    rest = [(name, value) for name, value in whole if name != large]
    yield "a field of a megabyte", kind, encoded(rest) + b"&" + encoded([(large, "")]) + b"a" * (1 << 20)
    yield "an overlong character", kind, encoded(whole) + b"&more=%C0%AF"
    yield "half a character", kind, encoded(whole) + b"&more=%E2%82"
    yield "a broken escape", kind, encoded(whole) + b"&more=%G1"
    yield "a thousand fields", kind, encoded(whole) + b"&a=1" * 1000
