# SPDX-License-Identifier: Apache-2.0
"""`phone screen` on a list in a file: answers in words and as JSON, exit codes, and what wrong use says.
All numbers are Ofcom's for drama."""
import json

import pytest

from firebreak_server import firebreak

LIST = """number,destination,closed
0306 999 0123,enforcement_desk,yes
+44 20 7946 0123,enforcement_london,yes

07700 900456,competent_authority,no
"""


@pytest.fixture
def numbers(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text(LIST)
    return path


def screen(numbers, *dialled, stdin=None):
    return firebreak("phone", "screen", "--list", numbers, "--json", "--", *dialled, check=False, stdin=stdin)


@pytest.mark.parametrize("dialled, code, answer", [
    ("999", 0, {"answer": "allow", "why": "emergency_or_short"}),
    ("tel:101", 0, {"answer": "allow", "why": "emergency_or_short"}),
    ("+44 7700 900456", 0, {"answer": "allow", "why": "open_listed", "destination": "competent_authority"}),
    ("01632 960123", 0, {"answer": "allow", "why": "not_listed"}),
    ("0306 999 0123", 3, {"answer": "block", "why": "closed_listed", "destination": "enforcement_desk"}),
    ("tel:9990123;phone-context=+44306", 3, {"answer": "block", "why": "closed_listed", "destination": "enforcement_desk"}),
    ("141 020 7946 0123", 3, {"answer": "block", "why": "closed_contained", "destination": "enforcement_london"}),
    ("*31#03069990123", 3, {"answer": "block", "why": "closed_contained", "destination": "enforcement_desk"}),
    ("+++", 3, {"answer": "block", "why": "unreadable"}),
    ("-", 3, {"answer": "block", "why": "closed_listed", "destination": "enforcement_desk"}),
])
def test_each_answer(numbers, dialled, code, answer):
    done = screen(numbers, dialled, stdin="03069990123\n")
    assert (done.returncode, json.loads(done.stdout)) == (code, [answer])


def test_words_without_the_number(numbers):
    done = firebreak("phone", "screen", "999", "141 0306 999 0123", "--list", numbers, check=False)
    assert done.returncode == 3
    assert done.stdout == (
        "1: allowed: an emergency or short number, which always connects\n"
        '2: blocked: contains the closed number of "enforcement_desk"; a referral goes by e-mail alone\n')
    assert done.stderr == ""
    one = firebreak("phone", "screen", "01632 960123", "--list", numbers)
    assert one.stdout == "allowed: not on the list\n"


def test_standard_input_is_answered_line_by_line(numbers):
    done = screen(numbers, "-", stdin="999\r\n\n03069990123\n01632960123")
    assert [answer["why"] for answer in json.loads(done.stdout)] == [
        "emergency_or_short", "unreadable", "closed_listed", "not_listed"]
    assert done.returncode == 3
    many = screen(numbers, "-", stdin="01632960123\n" * 5000)
    assert many.returncode == 0
    assert len(json.loads(many.stdout)) == 5000


def test_a_list_as_a_spreadsheet_saves_it(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_bytes(b"\xef\xbb\xbf" + LIST.replace("\n", "\r\n").encode())
    assert screen(path, "03069990123").returncode == 3
    assert screen(path, "07700900456").returncode == 0


@pytest.mark.parametrize("text, fault", [
    ("", 'numbers.csv:1: The first line is not "number,destination,closed".'),
    ("0306 999 0123,enforcement_desk,yes\n", 'numbers.csv:1: The first line is not "number,destination,closed".'),
    ("number,destination,closed\n", "numbers.csv: The list holds no closed telephone number"),
    ("number,destination,closed\n07700900456,authority,no\n", "numbers.csv: The list holds no closed telephone number"),
    ("number,destination,closed\n\n0306 999 0123,desk\n", "numbers.csv:3: The line is not a number, a destination and yes or no."),
    ("number,destination,closed\n0306 999 0123,desk,closed\n", "numbers.csv:2: The line is not"),
    ("number,destination,closed\n0306 999 0123,desk,yes,no\n", "numbers.csv:2: The line is not"),
    ("number,destination,closed\n0306 999 0123,,yes\n", "numbers.csv:2: The line names no destination."),
    ("number,destination,closed\n999,desk,yes\n", "numbers.csv:2: This is an emergency or short number"),
    ("number,destination,closed\n0306 999 012,desk,yes\n", "numbers.csv:2: This is no telephone number that a network gives."),
    ("number,destination,closed\n03069990123,a,yes\n+443069990123,b,no\n", "number 2 of the list: The number is listed as closed and as open."),
])
def test_a_faulty_list_is_refused_and_calls_nobody(tmp_path, text, fault):
    path = tmp_path / "numbers.csv"
    path.write_text(text)
    done = firebreak("phone", "screen", "01632960123", "--list", path, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert fault in done.stderr


def test_wrong_use(numbers, tmp_path):
    assert firebreak("phone", "screen", "--list", numbers, check=False).returncode == 2
    assert firebreak("phone", "screen", "999", check=False).returncode == 2
    assert firebreak("phone", check=False).returncode == 2
    nothing = screen(numbers, "-", stdin="")
    assert nothing.returncode == 2
    assert json.loads(nothing.stdout)["message"] == "No number was given."
    missing = firebreak("phone", "screen", "999", "--list", tmp_path / "none.csv", check=False)
    assert missing.returncode == 4
    assert "none.csv" in missing.stderr
    for command in (("phone", "--help"), ("phone", "screen", "--help")):
        assert firebreak(*command).returncode == 0
