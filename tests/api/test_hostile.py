# SPDX-License-Identifier: Apache-2.0
"""Bodies that no caller should send, to the real server: 4xx with a reason, bounded memory, and the
server lives. The wire itself is tested in src/web/hostile_test.cc."""
import socket

import pytest

PATHS = ["/access/v1/evaluation", "/access/v1/evaluations", "/v1/referrals", "/v1/session"]
BODIES = {
    "ten_megabytes": (b'{"a": "' + b"a" * (10 << 20) + b'"}', 413),
    "ten_thousand_deep": (b'{"a":' * 10000 + b"1" + b"}" * 10000, None),
    "deep_lists": (b"[" * 10000 + b"]" * 10000, None),
    "empty": (b"", 400),
    "malformed": (b'{"a": }', 400),
    "invalid_utf_8": (b'{"a": "\xc3\x28"}', 400),
    "lone_surrogate": (b'{"a": "\\ud800"}', 400),
    "twice_the_same": (b'{"a": 1, "a": 2}', 400),
    "huge_number": (b'{"a": 1' + b"0" * 5000 + b"}", None),
}


def caller(force, path):
    return force.nobody if path == "/v1/session" else force.service


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", BODIES)
def test_is_refused_with_a_reason(force, path, name):
    body, status = BODIES[name]
    answer = caller(force, path).post(path, body)
    assert 400 <= answer.status < 500
    # What is over a route's own limit is refused before it is read.
    assert status is None or answer.status in (status, 413)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert force.nobody.get("/healthz").status == 200


@pytest.mark.parametrize("token", ["", "service"])
def test_a_body_that_never_ends_is_cut(force, token):
    with socket.create_connection(("127.0.0.1", force.port), timeout=20) as connection:
        head = "POST /access/v1/evaluation HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        head += "Content-Type: application/json\r\n"
        if token:
            head += f"Authorization: Bearer {force.service.token}\r\n"
        connection.sendall((head + "\r\n").encode())
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        sent = 0
        with pytest.raises(OSError):
            while sent < 512 << 20:
                connection.sendall(chunk)
                sent += len(chunk)
    assert force.nobody.get("/healthz").status == 200


def test_a_body_that_drips_is_cut(force):
    with socket.create_connection(("127.0.0.1", force.port), timeout=20) as connection:
        connection.sendall(b"POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
        assert connection.recv(4096).startswith(b"HTTP/1.1 408")


def test_memory_stays_bounded(force):
    before = force.memory()
    for _ in range(30):
        for body, _ in BODIES.values():
            force.service.post("/access/v1/evaluation", body)
    # The sanitizer's quarantine of freed memory is up to 256 MB of this.
    assert force.memory() - before < 400
