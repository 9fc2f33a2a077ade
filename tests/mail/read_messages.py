#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads rendered referrals with Python's email package and compares them with what they should hold.

    read_messages.py FILE     one JSON object per line: message (base64), text, json

Ends with 1 and the first difference. Used by src/channel/mail/mime_renderer_test.cc; `read` is used by
the tests beside this file too.
"""

import base64
import email
import email.policy
import json
import sys

HEADERS = ["From", "To", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type"]
TEXT_HEADERS = ["Content-Type", "Content-Transfer-Encoding"]
JSON_HEADERS = TEXT_HEADERS + ["Content-Disposition"]


def read(raw, more_headers=()):
    """The text and the JSON of a referral. `more_headers`: headers that mail servers added."""
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    names = [name for name in message.keys() if name not in more_headers]
    assert names == HEADERS, names
    assert not message.defects, message.defects
    assert message.get_content_type() == "multipart/alternative"
    assert not (message.preamble or "").strip() and not (message.epilogue or "").strip()
    text, data = message.iter_parts()
    assert text.keys() == TEXT_HEADERS and text.get_content_type() == "text/plain", text.keys()
    assert data.keys() == JSON_HEADERS and data.get_content_type() == "application/json", data.keys()
    assert not text.defects and not data.defects
    assert list(message.iter_attachments()) == [data] or not list(message.iter_attachments())
    words = text.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")
    return words, json.loads(data.get_payload(decode=True).decode("utf-8"))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            case = json.loads(line)
            words, data = read(base64.b64decode(case["message"]))
            if words != case["text"] or data != case["json"]:
                sys.exit(f"message {number} reads differently:\n{words!r}\n{case['text']!r}\n{data!r}")
    print(f"{number} messages read the same")


if __name__ == "__main__":
    main()
