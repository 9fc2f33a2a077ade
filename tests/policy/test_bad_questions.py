# SPDX-License-Identifier: Apache-2.0
"""What the policy commands say to facts, statements and settings that are at fault: what is wrong, where, and what is
near, as JSON too.
"""
import json

import pytest

from bad_input import COMMANDS, HEADER, IN_SMALL, SOUND, folder, run, write  # noqa: F401 (folder is a fixture)

FACTS = {
    "empty": (b"", "FILE, line 1, column 1 (byte 1)", "This is not valid JSON."),
    "cut": (b'{\n "age": 1', "FILE, line 2, column 10 (byte 12)", "This is not valid JSON."),
    "not UTF-8": (b'{"age": "\xff"}', "FILE, line 1, column 10 (byte 10)", "This is not valid JSON."),
    "half a pair": (b'{"age": "\\ud800"}', "FILE, line 1, column 16 (byte 16)", "This is not valid JSON."),
    "NaN": (b'{"age": NaN}', "FILE, line 1, column 9 (byte 9)", "This is not valid JSON."),
    "more after it": (b"{} {}", "FILE, line 1, column 4 (byte 4)", "This is not valid JSON."),
    "twice": (b'{"age": 1, "age": 2}', "FILE", "The member `age` is given twice."),
    "member twice": (b'{"role": {"victim": true, "victim": false}}', "FILE", "The member `victim` is given twice."),
    "deep": (b"[" * 100_000, "FILE", "The JSON is nested deeper than 32 levels."),
    "large": (b'{"x": "' + b"a" * 100_000_000 + b'"}', "FILE", "The file is larger than 1 MiB."),
    "no object": (b"[]", "FILE", "Facts are a JSON object of attributes."),
    "unknown": (b'{"rol": ["victim"]}', "facts", "There is no attribute `rol`. Did you mean `role`?"),
    "unknown value": (b'{"role": ["victm"]}', "facts.role", "`role` has no value `victm`. Did you mean `victim`?"),
    "a text for a set": (b'{"role": "victim"}', "facts.role",
                         "`role` takes a list of its values, or an object of values to true or false."),
    "a set for a text": (b'{"action": ["share"]}', "facts.action", "`action` takes one of its values, as a text."),
    "a text for a number": (b'{"age": "18"}', "facts.age", "`age` takes a whole number from 0 to 120."),
    "not whole": (b'{"age": 18.5}', "facts.age", "`age` takes a whole number from 0 to 120."),
    "beyond": (b'{"age": 99999999999999999999}', "facts.age", "`age` takes a whole number from 0 to 120."),
    "one for yes": (b'{"necessary": 1}', "facts.necessary", '`necessary` takes true or false, "yes" or "no".'),
    "null": (b'{"age": null}', "facts.age", "`age` has no value; leave out what is not known."),
    "empty set": (b'{"role": []}', "facts.role", "`role` is never empty; leave it out when it is not known."),
    "member twice in a list": (b'{"role": ["victim", "victim"]}', "facts.role", "`role` names `victim` twice."),
    "cannot be": (b'{"ground": ["offence"], "role": ["victim"]}', "facts",
                  "These facts cannot stand together. A person suspected of an offence has the role of suspect."),
}


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("command", ["decide", "explain", "ask"])
def test_facts_at_fault(folder, command, name):
    content, where, message = FACTS[name]
    policy = write(folder, SOUND)
    facts = write(folder, content, "facts.json")
    done = run(command, policy, "--facts", facts, "--json", stdin="")
    error = json.loads(done.stdout)
    assert (done.returncode, error["message"]) == (2, message)
    assert error["where"] == where.replace("FILE", str(facts))


STATEMENTS = {
    "nothing": ("", "statement:1:1", "Expected `never permit`, `always refuse` or `always permit`, found the end."),
    "half": ("always refuse when", "statement:1:19", "Expected an attribute, `not` or `(`, found the end."),
    "unknown": ("never permit when rol includes victim", "statement:1:19",
                f"There is no attribute `rol` {IN_SMALL} Did you mean `role`?"),
    "more": ("always refuse when necessary extra", "statement:1:30", "Expected nothing more, found `extra`."),
    "beyond": ("always refuse when age above 500", "statement:1:30",
               "Expected a whole number for `age` from 0 to 120, found `500`."),
    "deep": ("always refuse when " + "(" * 50_000, "statement:1:84", "This condition is nested deeper than 64 levels."),
    "line": ("always refuse when\n  necessary & age is 3", "statement:2:13", "`&` has no meaning here."),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_at_fault(folder, name):
    statement, where, message = STATEMENTS[name]
    done = run("prove", write(folder, SOUND), statement, "--json")
    error = json.loads(done.stdout)
    assert (done.returncode, error["where"], error["message"]) == (2, where, message)


def test_settings_at_fault(folder):
    policy = write(folder, HEADER + 'setting signers number 1 to 3 "How many" default 1 under C1\n'
                   "rule r when necessary permit after sign_off by signers of inspector under C1\n")
    for given, where, message in (
            ("signer=2", "settings", "The policy has no setting `signer`. Did you mean `signers`?"),
            ("signers=4", "settings.signers", "The setting `signers` has no value `4`. It is a number from 1 to 3."),
            ("signers=two", "settings.signers", "The setting `signers` has no value `two`. It is a number from 1 to 3."),
            ("signers", "--setting", '"signers" has no value.')):
        for command in ("decide", "prove", "sql"):
            done = run(command, policy, *COMMANDS[command], "--setting", given, "--json")
            error = json.loads(done.stdout)
            assert (done.returncode, error["where"], error["message"]) == (2, where, message)
