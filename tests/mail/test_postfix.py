# SPDX-License-Identifier: Apache-2.0
"""The mail channel against a real Postfix.

Run by /usr/bin/python3 -m pytest tests/mail. The part in C++ is channel_test's RealRelay: the newest one
in build/*/bin is used, or the one that FIREBREAK_CHANNEL_TEST names.
"""

import os
import pathlib
import smtplib
import ssl
import subprocess

import pytest
import postfix
import read_messages

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADDED = {"Return-Path", "X-Original-To", "Delivered-To", "Received"}  # by Postfix, in front

pytestmark = pytest.mark.skipif(postfix.why_not() is not None, reason=str(postfix.why_not()))


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    with postfix.PostfixRelay(tmp_path_factory.mktemp("postfix")) as running:
        yield running


def channel_test():
    named = os.environ.get("FIREBREAK_CHANNEL_TEST")
    found = [pathlib.Path(named)] if named else list(ROOT.glob("build/*/bin/channel_test"))
    if not found:
        pytest.skip("channel_test is not built")
    return max(found, key=lambda path: path.stat().st_mtime)


def send_by_firebreak(relay, name, ca_file=None):
    environment = os.environ | {"FIREBREAK_TEST_RELAY": relay.url,
                                "FIREBREAK_TEST_CA": str(ca_file or relay.ca_file)}
    result = subprocess.run([channel_test(), f"--gtest_filter=RealRelay.{name}"], env=environment,
                            capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "[  PASSED  ] 1 test" in result.stdout, result.stdout
    return result.stdout


def test_the_relay_takes_mail_over_verified_tls_only(relay):
    before = len(relay.messages())
    with smtplib.SMTP("127.0.0.1", relay.port, timeout=30) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("a@police.example", "b@enforcement.example", "Subject: x\r\n\r\nx")
        client.starttls(context=ssl.create_default_context(cafile=relay.ca_file))
        client.sendmail("a@police.example", "b@enforcement.example", "Subject: x\r\n\r\n.\r\nx")
    raw = relay.wait_for(before + 1)[-1]
    assert raw.endswith(b"\n\n.\nx\n")


def test_a_referral_arrives_whole_and_with_nothing_else(relay):
    before = len(relay.messages())
    output = send_by_firebreak(relay, "TakesAReferral")
    raw = relay.wait_for(before + 1)[-1]
    assert len(relay.messages()) == before + 1
    text, data = read_messages.read(raw, ADDED)
    assert text == ("Referral ref_0123456789abcdefghjkmnpqrs\n\nName\n  Zoë Example\n\n"
                    "Grounds\n  .\n  From here\n  on\n")
    assert data == {"format": "firebreak-referral", "version": 1,
                    "reference": "ref_0123456789abcdefghjkmnpqrs",
                    "fields": {"name": "Zoë Example", "grounds": ".\nFrom here\r\non"}}
    queue_id = output.split("queue id ")[1].split()[0]
    assert f"{queue_id}: message-id=<ref_0123456789abcdefghjkmnpqrs@police.example>" in relay.log


def test_another_authority_is_not_trusted(relay, tmp_path):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                    tmp_path / "key", "-out", tmp_path / "crt", "-subj", "/CN=other"], check=True,
                   capture_output=True)
    before = len(relay.messages())
    send_by_firebreak(relay, "IsNotTrusted", ca_file=tmp_path / "crt")
    assert len(relay.messages()) == before


def test_a_silent_server_is_not_sent(relay):
    before = len(relay.messages())
    relay.pause()
    try:
        send_by_firebreak(relay, "SaysNothing")
    finally:
        relay.resume()
    assert len(relay.messages()) == before


def test_two_instances_do_not_meet(relay, tmp_path):
    with postfix.PostfixRelay(tmp_path) as other:
        assert other.port != relay.port and other.folder != relay.folder
        before = len(relay.messages())
        send_by_firebreak(other, "TakesAReferral")
        assert len(other.wait_for(1)) == 1
        assert len(relay.messages()) == before
        folder, pid = other.folder, other._process.pid
    assert not folder.exists()
    assert not pathlib.Path(f"/proc/{pid}").exists()
