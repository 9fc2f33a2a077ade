# SPDX-License-Identifier: Apache-2.0
"""What the policy commands say to bad input, and that they end: one message with what is wrong, where, and what to
do, the same from every command, as text and as JSON. Whatever the input, nothing runs on without end or crashes.
"""
import json
import os
import threading

import pytest

from bad_input import COMMANDS, HEADER, IN_SMALL, RULE, SOUND, WORDS, folder, run, write  # noqa: F401 (a fixture)

ROLES = "Known: victim, witness, suspect."
ASCII = "has no meaning here: outside texts and comments only the letters a to z, digits and `_ - , ( )` do."
NOT_UTF8 = "This is not UTF-8 text. Save the file as UTF-8."
HIDES = "may stand nowhere, not even in a text: it hides what is there."
CARRIAGE_RETURN = "A carriage return stands here without a line feed. Save the file with the line ends of Unix or Windows."


def findings(path):
    done = run("check", path, "--json")
    report = json.loads(done.stdout)[0]
    assert (done.returncode == 0) == report["passed"]
    return [f for f in report["findings"] if f["severity"] == "error"]


def only_finding(path):
    found = findings(path)
    assert len(found) == 1, found
    return found[0]


def at(finding):
    return f"{finding['line']}:{finding['column']} {finding['message']}"


# Replacements in, or additions to, a sound policy, and the one message.
TEXTS = {
    "empty": ("", "1:1 Expected `policy`, found the end."),
    "byte order mark": ("\ufeff" + SOUND, "1:1 The file begins with a byte order mark. Save it as UTF-8 without one."),
    "carriage returns alone": (SOUND.replace("\n", "\r"), "1:19 " + CARRIAGE_RETURN),
    "a carriage return in a comment": (SOUND + "# c\r" + RULE, "11:4 " + CARRIAGE_RETURN),
    "NUL": (SOUND + "\0" * 1000, "11:1 " + NOT_UTF8),
    "UTF-16": (SOUND.encode("utf-16"), "1:1 " + NOT_UTF8),
    "Latin-1": (SOUND.replace("No.", "N\xe9.\xe9").encode("latin-1"), "10:43 " + NOT_UTF8),
    "Latin-1 in a comment": (SOUND.encode() + b"# \xe9\n", "11:3 " + NOT_UTF8),
    "bytes": (bytes(range(256)) * 100, "1:1 " + NOT_UTF8),
    "look-alike letter": (SOUND.replace("when role", "when r\u043ele"), "10:14 `\u043e` (U+043E) " + ASCII),
    "letters not composed": (SOUND.replace("rule r", "rule re\u0301"), "10:8 The character U+0301 " + ASCII),
    "no-break space": (SOUND.replace("rule r", "rule\u00a0r"), "10:5 The character U+00A0 " + ASCII),
    "nothing wide": (SOUND.replace("victim", "vic\u200btim"), "10:30 The character U+200B " + ASCII),
    "curly quotation marks": (SOUND.replace('"No."', "\u201cNo.\u201d"),
                              '10:41 `\u201c` (U+201C) opens no text: texts stand in straight ".'),
    "text turned round": (SOUND.replace("No.", "No\u202e."), "10:44 The character U+202E " + HIDES),
    "comment turned round": (SOUND + "# \u2066\n", "11:3 The character U+2066 " + HIDES),
    "line end of Unicode in a comment": (SOUND + "# c\u2028" + RULE, "11:4 The character U+2028 " + HIDES),
    "tab": (SOUND.replace("  source", "\tsource"),
            "8:1 A tab may not stand here: indentation has a meaning, so use spaces."),
    "text not closed": (SOUND + 'rule s when necessary refuse "No under C1\n' + RULE.replace("rule r", "rule t"),
                        '11:30 A " is missing here or before: the text that begins here runs over `rule` in line 12.'),
    "last text not closed": (SOUND + 'rule s when necessary refuse "No under C1\n',
                             '11:30 This text is not closed: a " is missing.'),
    "another rule": (SOUND + RULE, "11:6 There is another rule `r`, in line 10."),
    "a never of that name": (SOUND + RULE.replace("rule", "never"), "11:7 There is another rule `r`, in line 10."),
    "another clause": (SOUND + 'clause C1 "x"\n  basis known\n', "11:8 There is another clause `C1`, in line 5."),
    "another case": (SOUND + 'case "a" given role victim expect refuse\n' * 2,
                     "12:6 There is another case of this name, in line 11."),
    "another setting": (HEADER + 'setting age number 1 to 2 "w" default 1 under C1\n' + RULE,
                        "10:9 There is an attribute or a setting `age` already."),
    "like itself": (SOUND + 'case "a" like "a" given role victim expect refuse\n', "11:15 No case above has this name."),
    "no such clause": (SOUND.replace('"No." under C1', '"No." under C9'),
                       "10:53 There is no clause `C9`. Did you mean `C1`?"),
    "no such rule": (SOUND + 'case "a" given role victim expect refuse by rr\n',
                     "11:45 There is no rule `rr`. Did you mean `r`?"),
    "lost value": (SOUND.replace("victim", "complainant"), f"10:27 `role` has no value `complainant` {IN_SMALL} {ROLES}"),
    "lost value in a case": (SOUND + 'case "a" given role complainant expect refuse\n',
                             f"11:21 `role` has no value `complainant` {IN_SMALL} {ROLES}"),
    "lost attribute": (SOUND.replace("role includes", "rol includes"),
                       f"10:13 There is no attribute `rol` {IN_SMALL} Did you mean `role`?"),
    "a word as a name": (SOUND.replace("rule r", "rule when"),
                         "10:6 `when` is a word of the language; a rule needs another name."),
    "number beyond": (SOUND + 'rule s when age below 200 refuse "y" under C1\n',
                      "11:23 Expected a whole number for `age` from 0 to 120, found `200`."),
    "number not whole": (SOUND + 'rule s when age below 18.5 refuse "y" under C1\n', "11:25 A number here is a whole number."),
    "persons": (SOUND + "rule s when necessary permit after sign_off by 11 of inspector under C1\n",
                "11:48 Expected a number of persons from 1 to 10, found `11`."),
    "days": (SOUND + "rule s when necessary permit after sign_off by inspector under C1 expires after 9999 days\n",
             "11:81 Expected a number of hours or days from 1 to 8784, found `9999`."),
    "no such day": (SOUND.replace("  title", "  review by 2027-02-30\n  title"), "2:13 There is no such day."),
    "missing vocabulary": (SOUND.replace("small 1", "small 2"),
                           "3:19 The vocabulary small 2 is missing: no file small-2.vocabulary stands beside the policy. "
                           "There are: small-1."),
    "bands that overlap": (
        HEADER + 'rule young when age below 20 refuse "y" under C1\nrule old when age at least 18 permit under C2\n',
        "11:1 `young` and `old` apply together and answer differently: `young` refuses, `old` permits. Make one an exception of the other, or let their "
        "conditions exclude each other."),
    "band that is empty": (SOUND + 'rule s when age below 0 refuse "y" under C1\n',
                           "11:1 `s` can never apply: no situation meets its condition."),
    "parentheses": (HEADER + "rule r when " + "(" * 10_000 + "necessary" + ")" * 10_000 + ' refuse "n" under C1\n',
                    "10:77 This condition is nested deeper than 64 levels."),
    "nots": (HEADER + "rule r when " + "not " * 10_000 + 'necessary refuse "n" under C1\n',
             "10:269 This condition is nested deeper than 64 levels."),
    "exceptions": (SOUND + "".join(f'{" " * (i + 1)}except e{i} when necessary refuse "n" under C1\n' for i in range(2000)),
                   "27:18 Exceptions are nested deeper than 16."),
    "clauses": (SOUND + 'clause K{} "w"\n  basis known\n', "40007:8 A policy has at most 20000 clauses. Split it."),
    "rules": (SOUND + 'rule r{} when necessary refuse "n" under C1\n',
              "20010:1 A policy has at most 20000 rules and exceptions. Split it."),
    "cases": (SOUND + 'case "c{}" given role victim expect refuse\n', "20011:1 A policy has at most 20000 cases. Split it."),
    "assertions": (SOUND + 'assert "c{}" always refuse when role includes victim\n',
                   "20011:1 A policy has at most 20000 assertions. Split it."),
    "settings": (SOUND + 'setting s{} number 1 to 3 "w" default 1 under C1\n',
                 "259:1 A policy has at most 256 settings and attributes. Split it."),
    "support": (SOUND + '  support "s{}"\n', "111:11 One outcome offers at most 100 things."),
    "words": (SOUND + "x" + " x" * 3_000_000, "11:3999926 This file has more than 2000000 words and marks. Split it."),
    "a text of 7 MB": (HEADER + 'rule r when necessary refuse "' + "x" * 7_000_000 + '" under C1\n',
                       "10:30 This text is longer than 20000 bytes."),
    "a name of 7 MB": (HEADER + "rule " + "x" * 7_000_000, "10:6 This name is longer than 400 characters."),
}


def text_of(name):
    """Where a text holds {} its last line is meant 100,000 times."""
    text, message = TEXTS[name]
    if isinstance(text, str) and "{}" in text:
        begin = text.rindex("\n", 0, text.index("{}")) + 1
        text = text[:begin] + "".join(text[begin:].replace("{}", str(i)) for i in range(100_000))
    return text, message


@pytest.mark.parametrize("name", TEXTS)
def test_one_exact_message(folder, name):
    text, message = text_of(name)
    path = write(folder, text)
    finding = only_finding(path)
    assert at(finding) == message
    assert finding["file"] == str(path)
    assert len(finding["caret"]) < 1500


@pytest.mark.parametrize("name", ["byte order mark", "Latin-1", "look-alike letter", "lost value", "no such clause",
                                  "missing vocabulary", "parentheses", "rules", "a name of 7 MB"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_the_same(folder, command, name):
    text, message = text_of(name)
    path = write(folder, text)
    place, words = message.split(" ", 1)
    done = run(command, path, *COMMANDS[command], "--json", stdin="")
    assert done.returncode == 2 and done.stderr == ""
    error = json.loads(done.stdout)
    assert (error["error"], error["message"], error["where"]) == ("bad_input", words, f"{path}:{place}")
    plain = run(command, path, *COMMANDS[command], stdin="")
    assert plain.returncode == 2 and plain.stdout == ""
    assert plain.stderr.startswith(f"firebreak: {path}:{place}: {words}")


@pytest.mark.parametrize("name", ["look-alike letter", "lost value", "missing vocabulary"])
def test_diff_and_fmt_say_the_same(folder, name):
    text, message = text_of(name)
    path = write(folder, text)
    place, words = message.split(" ", 1)
    sound = write(folder, SOUND, "sound.policy")
    for arguments in (["diff", sound, path], ["diff", path, sound], ["fmt", path], ["fmt", "--check", sound, path]):
        done = run(*arguments, "--json")
        error = json.loads(done.stdout)
        assert (done.returncode, error["message"], error["where"]) == (2, words, f"{path}:{place}")
    assert path.read_text() == text


# Replacements in the vocabulary, and the one message, of its file or the policy's.
VOCABULARIES = {
    "empty": (lambda w: "", "small-1.vocabulary:1:1 Expected `vocabulary`, found the end."),
    "another version": (lambda w: w.replace("small version 1", "small version 2"),
                        "x.policy:3:19 The vocabulary at hand is `small` version 2."),
    "attribute twice": (lambda w: w + 'attribute role one of\n question "x"\n a "b"\n',
                        "small-1.vocabulary:51:11 This attribute stands twice: `role`."),
    "value twice": (lambda w: w.replace('witness "W', 'victim "W'),
                    "small-1.vocabulary:23:3 This value stands twice: `victim`."),
    "rank twice": (lambda w: w.replace("inspector, chief", "constable, chief"),
                   "small-1.vocabulary:47:18 This name stands twice: `constable`."),
    "a word as a name": (lambda w: w + 'attribute unless one of\n question "x"\n a "b"\n',
                         "small-1.vocabulary:51:11 `unless` is a word of the language; an attribute needs another name."),
    "no values": (lambda w: w + 'attribute q one of\n question "x"\n', "small-1.vocabulary:51:11 `q` has no values."),
    "numbers the wrong way round": (lambda w: w.replace("0 to 120", "120 to 0"),
                                    "small-1.vocabulary:35:29 Expected the greatest number from 120 to 1000000000, found `0`."),
    "lost value": (lambda w: w.replace('  victim "Victim"\n', ""),
                   f"x.policy:10:27 `role` has no value `victim` {IN_SMALL} Known: witness, suspect."),
    "huge set": (lambda w: w + 'attribute q any of\n question "x"\n' + "".join(f' m{i} "M"\n' for i in range(100_000)),
                 "small-1.vocabulary:117:2 `q` has more than 64 values."),
    "many attributes": (lambda w: w + "".join(f'attribute q{i} yes/no\n question "x"\n' for i in range(100_000)),
                        "small-1.vocabulary:547:11 A vocabulary has at most 256 attributes."),
    "many ranks": (lambda w: w.replace("ranks ", "ranks " + "".join(f"r{i}, " for i in range(100_000))),
                   "small-1.vocabulary:47:1433 This list holds more than 256 words."),
    "many that cannot be": (lambda w: w + 'impossible necessary because "x"\n' * 100_000,
                            "small-1.vocabulary:306:1 A vocabulary has at most 256 impossible situations."),
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_at_fault(folder, name):
    change, message = VOCABULARIES[name]
    path = write(folder, SOUND)
    write(folder, change(WORDS), "small-1.vocabulary")
    finding = only_finding(path)
    assert f"{os.path.basename(finding['file'])}:{at(finding)}" == message


def test_a_vocabulary_that_excludes_everything(folder):
    path = write(folder, SOUND)
    write(folder, WORDS + 'impossible necessary because "x"\nimpossible not necessary because "y"\n', "small-1.vocabulary")
    assert only_finding(path)["message"] == (
        "The vocabulary excludes every situation: its `impossible` in line 52 leaves none. Say there only what cannot be. "
        "(small-1.vocabulary)")


def test_an_older_policy_names_each_place_of_a_lost_value(folder):
    path = write(folder, SOUND + 'case "a" given role victim expect refuse\n')
    write(folder, WORDS.replace('  victim "Victim"\n', ""), "small-1.vocabulary")
    assert [f["line"] for f in findings(path)] == [10, 11]


def test_many_findings_are_cut(folder):
    """Warnings too: 19,000 rules of which one alone says something, also when all stand on one line."""
    for between in ("\n", " "):
        rules = between.join(f'rule r{i} when role includes victim refuse "No." under C1' for i in range(19_000))
        done = run("check", write(folder, HEADER + rules + "\n"))
        assert done.returncode == 0 and done.stdout.count(": warning: ") == 100
        assert "There is more than this; mend what is listed first." in done.stdout


@pytest.mark.parametrize("wide", [
    "rule r when " + " and ".join(["necessary"] * 100_000) + ' refuse "n" under C1\n',
    "rule r when " + " or ".join(["necessary and age above 5"] * 100_000) + ' refuse "n" under C1\n',
    "rule r when role includes any of " + ", ".join(["victim"] * 100_000) + ' refuse "n" under C1\n',
    "".join(f'clause K{i} "w"\n  basis known\n' for i in range(19_000)) +
    'rule r when necessary refuse "n" under ' + ", ".join(f"K{i}" for i in range(19_000)) + "\n",
    "".join(f'rule r{i} when age is {i % 121}\n  and role includes victim\n  refuse "No {i}."\n  under C1\n  # {i}\n'
            for i in range(19_900)),
], ids=["and", "or", "list", "under", "100,000 lines"])
def test_wide_is_no_fault(folder, wide):
    assert findings(write(folder, HEADER + wide)) == []


def test_what_is_no_file(folder):
    fifo = folder / "pipe.policy"
    os.mkfifo(fifo)
    sub = folder / "folder.policy"
    sub.mkdir()
    link = folder / "link.policy"
    link.symlink_to(link)
    facts = write(folder, SOUND)
    for arguments, exit_code, words in (
            (["check", sub], 2, "This is a folder, not a policy. Name a file in it."),
            (["fmt", sub], 2, "This is a folder, not a file. Name a file in it."),
            (["offence", "--check", sub], 2, "This is a folder, not a file. Name a file in it."),
            (["decide", facts, "--facts", sub], 2, "This is a folder, not a file. Name a file in it."),
            (["decide", folder / "none.policy"], 4, "There is no policy of this name. Give the path of a .policy file."),
            (["fmt", link], 6, "The file cannot be opened: Too many levels of symbolic links."),
            (["decide", fifo], 2, "Expected `policy`, found the end."),
            (["fmt", "/dev/zero"], 2, "The file is larger than 8 MiB."),
            (["decide", "/dev/zero"], 2, "The file is larger than 8 MiB."),
            (["offence", "--check", "/dev/zero"], 2, "The file is larger than 8 MiB."),
            (["decide", facts, "--facts", "/dev/zero"], 2, "The file is larger than 1 MiB."),
            (["decide", facts, "--facts", fifo], 2, "This is not valid JSON.")):
        done = run(*arguments, "--json")
        error = json.loads(done.stdout)
        said = f"{error['message']} {error['action']}" if error["action"] and "^" not in error["action"] else error["message"]
        assert (done.returncode, said) == (exit_code, words), arguments


def test_a_pipe_that_somebody_writes_to_is_read(folder):
    policy = write(folder, SOUND)
    pipe = folder / "facts"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text('{"role": ["victim"]}'))
    writer.start()
    done = run("decide", policy, "--facts", pipe, "--json")
    writer.join()
    # Who opens the pipe first is not certain: without a writer it is empty, and that is said.
    assert json.loads(done.stdout).get("decision") == "refuse" or "not valid JSON" in done.stdout
    done = run("decide", policy, "--facts", "/dev/stdin", "--json", stdin='{"role": ["victim"]}')
    assert json.loads(done.stdout)["rule"] == "r"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read(folder):
    path = write(folder, SOUND)
    path.chmod(0)
    assert "Permission denied" in only_finding(path)["message"]


def test_fmt_writes_through_a_link(folder):
    target = write(folder, SOUND)
    link = folder / "link.policy"
    link.symlink_to(target.name)
    assert run("fmt", link).returncode == 0
    assert link.is_symlink() and target.read_text() != SOUND


def test_diff_needs_one_vocabulary(folder):
    one = write(folder, SOUND, "one.policy")
    write(folder, WORDS.replace("version 1", "version 2"), "small-2.vocabulary")
    other = write(folder, SOUND.replace("small 1", "small 2"), "other.policy")
    done = run("diff", one, other, "--json")
    assert done.returncode == 2 and "vocabular" in json.loads(done.stdout)["message"]
    # Two files of one name are two policies all the same.
    assert run("diff", one, write(folder, SOUND, "two.policy")).returncode == 0


def test_a_terminal_is_not_moved(folder):
    """Neither by a text nor by a file's name."""
    path = write(folder, SOUND + "\x1b[2J \x9b \xff", "a\x1bb.policy")
    done = run("check", path)
    assert done.returncode == 1 and "\x1b" not in done.stdout and "\x9b" not in done.stdout
    assert "\x1b" not in run("decide", folder / "none\x1b.policy").stderr
